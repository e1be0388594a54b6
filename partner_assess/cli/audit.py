"""This file holds the command that checks the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from partner_assess.cli import json_lines
from partner_assess.db.session import open_session
from partner_assess.usecases import auditing

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts


@click.group()
def audit() -> None:
    """Check the trail."""


@audit.command()
@click.pass_obj
def verify(parts: Parts) -> int:
    """Walk every agency's chain; exit 1 and the first broken link where one is not whole."""
    with open_session(parts.engine, reading=True) as session:
        found = auditing.verify(session, parts.ports.heads)
    told: dict[str, object] = {
        "ok": found.is_whole,
        "entries": found.entries,
        "table": found.table,
    }
    if found.broken is not None:
        told |= {"agency": found.agency, "number": found.number, "problem": found.broken.value}
    json_lines.write([told])
    return 0 if found.is_whole else 1


commands = (audit,)

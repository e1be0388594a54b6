"""This file holds the command that writes an agency's trust bundle."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.orm import Session

from partner_assess.cli import json_lines
from partner_assess.cli.files import whole_or_not_at_all
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.db import queries
from partner_assess.db.session import open_session
from partner_assess.usecases import statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from partner_assess.cli.main import Parts


@click.command()
@click.option("--agency", "code", required=True, help="Short code of an agency of this database.")
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path))
@click.pass_obj
def bundle(parts: Parts, code: str, *, file: Path) -> None:
    """Write what an agency hands to others, signed: its root, its revocations, its status list.

    Other agencies take it in as a file, so that an office without a network learns what became
    of the documents it holds.
    """
    with open_session(parts.engine, reading=True) as session:
        if queries.agencies.by_code(session, code) is None:
            raise BadInput(f"There is no agency {quoted(code)}; see `agency list`.")

    def read(deed: Callable[[Session], bytes]) -> bytes:
        with open_session(parts.engine, reading=True) as session:
            return deed(session)

    with whole_or_not_at_all(file) as unfinished:
        content = statuses.sign_bundle(read, parts.ports, agency_code=code, now=parts.now())
        unfinished.write_bytes(content)
    json_lines.write(
        [
            {
                "agency": code,
                "made_at": parts.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
                "file": str(file),
            }
        ]
    )

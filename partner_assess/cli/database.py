"""This file holds the commands about the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from partner_assess.cli import json_lines
from partner_assess.db import migrations

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_obj
def upgrade(parts: Parts) -> None:
    """Bring the database up to date."""
    json_lines.write([{"revision": migrations.upgrade(parts.engine)}])


commands = (db,)

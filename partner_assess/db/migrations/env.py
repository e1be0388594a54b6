"""This file holds what Alembic runs, on the connection it is handed."""

from __future__ import annotations

from typing import Literal

from alembic import context

from partner_assess.db import models
from partner_assess.db.base import Model, UtcDateTime, tell_postgresql

KNOWN = models.__all__  # imported so that the metadata knows every table


def _plain(kind: str, item: object, _context: object) -> str | Literal[False]:
    # A revision is history: it names the column as the database has it, not our class.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: object) -> None:
    tell_postgresql()
    context.configure(
        connection=connection,  # pyright: ignore[reportArgumentType]
        target_metadata=Model.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])

"""This file holds the benchmark's database: the demo, and a thousand partners made from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, or_, select
from sqlalchemy.orm import Session

from partner_assess.cli import demo
from partner_assess.db import migrations
from partner_assess.db.base import Model
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.session import make_engine, unit_of_work
from partner_assess.domain.partner import name_key
from partner_assess.usecases.ports import Ports
from tests import postgres
from tests.client import NOW

PARTNERS = 1000
TENFOLD = 10

# What belongs to a partner, and is copied with it.
_BELONGINGS = frozenset(
    {
        "assessment",
        "standard_answer",
        "evidence",
        "review_comment",
        "special_record",
        "partnership",
        "approval",
        "plan",
        "plan_action",
        "suspension_case",
        "life_saving_exception",
        "event",
    }
)
# What the world calls it by: each copy needs its own.
_REFERENCES = ("number", "reference", "document_number", "vendor_number", "unpp_id")

Row = tuple[Table, dict[str, Any]]


@contextmanager
def sqlite(folder: Path) -> Iterator[Engine]:
    """Yield a SQLite file with every table."""
    with _migrated(f"sqlite:///{folder / 'bench.db'}") as engine:
        yield engine


@contextmanager
def postgresql(server_url: str) -> Iterator[Engine]:
    """Yield a throw-away database of a PostgreSQL server, with every table."""
    with postgres.throwaway_database(server_url) as url, _migrated(url) as engine:
        yield engine


@contextmanager
def _migrated(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


def tell(engine: Engine, ports: Ports) -> None:
    """Tell the demo: some twenty partners, through the use cases."""
    with Session(engine) as opened, unit_of_work(opened) as session:
        demo.load(session, ports, now=NOW)


@contextmanager
def told(engine: Engine, ports: Ports) -> Iterator[Measured]:
    """Fill an empty database with the demo alone, and yield whose pages are measured."""
    migrations.upgrade(engine)
    tell(engine, ports)
    yield measured(engine)
    engine.dispose()


def crowd(engine: Engine) -> None:
    """Add copies of the demo's partners, with all that belongs to them, until there are enough."""
    with engine.begin() as connection:
        told = connection.scalars(select(Partner.id).order_by(Partner.number)).all()
        families = [_family(connection, "partner", one, with_root=True) for one in told]
        wanted = islice(cycle(families), PARTNERS - len(told))
        _add(connection, [_copied(rows, copy) for copy, rows in enumerate(wanted, start=1)])
    _look_again(engine)


def tenfold(engine: Engine, *, partner_id: UUID, assessment_id: UUID) -> None:
    """Give one partner, and one open assessment, ten times what they have."""
    with engine.begin() as connection:
        of_partner = _family(connection, "partner", partner_id, with_root=False)
        of_assessment = [
            row
            for row in _family(connection, "assessment", assessment_id, with_root=False)
            if row[0].name in {"evidence", "review_comment"}
        ]
        more = range(PARTNERS, PARTNERS + TENFOLD - 1)
        _add(connection, [_copied(of_partner + of_assessment, copy) for copy in more])
    _look_again(engine)


def _family(connection: Connection, name: str, root_id: UUID, *, with_root: bool) -> list[Row]:
    """Return the rows that belong to one row, directly or through others."""
    root = Model.metadata.tables[name]
    ids: dict[str, list[Any]] = {name: [root_id]}
    found: list[Row] = []
    if with_root:
        found.append((root, dict(_rows(connection, root, root.c.id == root_id)[0])))
    for table in Model.metadata.sorted_tables:
        if table.name not in _BELONGINGS or table.name in ids:
            continue
        belongs = [
            key.parent.in_(ids[key.column.table.name])
            for key in table.foreign_keys
            if key.column.table.name in ids
        ]
        if belongs:
            rows = _rows(connection, table, or_(*belongs))
            ids[table.name] = [row["id"] for row in rows]
            found += [(table, dict(row)) for row in rows]
    return found


def _rows(connection: Connection, table: Table, condition: Any) -> Any:
    return connection.execute(select(table).where(condition)).mappings().all()


def _copied(rows: list[Row], copy: int) -> list[Row]:
    """Return rows that differ from these in who they are, and stand to each other as these do."""
    ids = {row["id"]: uuid.uuid4() for _table, row in rows if isinstance(row["id"], UUID)}
    return [(table, _renamed(table, row, ids, copy)) for table, row in rows]


def _renamed(table: Table, row: dict[str, Any], ids: dict[UUID, UUID], copy: int) -> dict[str, Any]:
    new = {
        name: ids.get(value, value) if isinstance(value, UUID) else value
        for name, value in row.items()
    }
    if not isinstance(row["id"], UUID):
        del new["id"]  # the database counts these
    for name in _REFERENCES:
        if new.get(name):
            new[name] = f"{new[name]}-{copy}"
    if table.name == "partner":
        new["name"] = f"{row['name']} {copy}"
        new["name_key"] = name_key(new["name"])
    return new


def _add(connection: Connection, families: list[list[Row]]) -> None:
    for table in Model.metadata.sorted_tables:
        rows = [row for family in families for one, row in family if one is table]
        if rows:
            connection.execute(table.insert(), rows)


def _look_again(engine: Engine) -> None:
    """Let the database count its rows, as it does by itself where it runs for longer."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


@dataclass(frozen=True)
class Measured:
    """The records whose pages are measured.

    Attributes:
        partner_id: Has results, partnerships, approvals and a plan.
        final_id: Its result in force.
        draft_id: An assessment the officer is at work on, of a partner assessed before.
    """

    partner_id: UUID
    final_id: UUID
    draft_id: UUID


def measured(engine: Engine) -> Measured:
    """Return the records of the demo whose pages are measured."""
    with Session(engine) as session:
        partner = session.scalars(
            select(Partner).where(
                Partner.name == "Demo: Harbour Aid Network", Partner.current_record_id.is_not(None)
            )
        ).one()
        draft = session.scalars(
            select(Assessment)
            .join(Partner, Partner.id == Assessment.partner_id)
            .where(Partner.name == "Demo: Riverbend Women’s Association")
            .order_by(Assessment.created_at.desc())
            .limit(1)
        ).one()
        assert partner.current_record_id is not None
        return Measured(partner.id, partner.current_record_id, draft.id)

"""This file holds that the revisions make the tables the models speak of, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Engine, MetaData, Uuid, column, insert, inspect, select
from sqlalchemy import table as a_table
from sqlalchemy.orm import Session

from partner_assess.adapters.trail_heads import HeadsInFolder
from partner_assess.db import migrations, models
from partner_assess.db.base import Model, UtcDateTime
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.session import make_engine, open_session
from partner_assess.usecases import auditing
from partner_assess.usecases.auditing import Checked
from partner_assess.usecases.ports import Ports
from tests import postgres
from tests.factories import EIGHT, make_final, make_house, make_partner

assert models.__all__  # imported so that `Model.metadata` knows every table
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
VERSIONS = Path(migrations.__file__).parent / "versions"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Yield an engine on an empty database."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "postgresql":
            if not postgres.is_available():
                pytest.skip("no PostgreSQL runs here and none is installed")
            server = stack.enter_context(postgres.server())
            url = stack.enter_context(postgres.throwaway_database(server))
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_the_revisions_make_what_the_models_say(empty: Engine) -> None:
    migrations.upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []
    assert migrations.is_current(empty)


def test_checks_and_indexes_are_those_of_the_models(empty: Engine, tmp_path: Path) -> None:
    migrations.upgrade(empty)
    found = inspect(empty)
    for table in Model.metadata.sorted_tables:
        checks = {one["name"] for one in found.get_check_constraints(table.name)}
        wanted = {
            str(one.name)
            for one in table.constraints
            if type(one).__name__ == "CheckConstraint" and one.name
        }
        assert wanted <= checks, table.name
        indexes = {one["name"] for one in found.get_indexes(table.name)}
        assert {str(one.name) for one in table.indexes} <= indexes, table.name


def test_a_revision_goes_back_and_forth(empty: Engine) -> None:
    migrations.upgrade(empty)
    migrations.downgrade(empty, "base")
    left = set(inspect(empty).get_table_names()) - {"alembic_version"}
    assert left == set()
    assert not migrations.is_current(empty)
    migrations.upgrade(empty)
    assert migrations.is_current(empty)


def test_who_made_a_result_preliminary_is_taken_from_the_history(
    empty: Engine, ports: Ports
) -> None:
    # Given
    migrations.upgrade(empty)
    with Session(empty) as session:
        house = make_house(session)
        make_final(
            session, ports, house, make_partner(session, house), framework_id=EIGHT, every="no"
        )
        session.commit()
    migrations.downgrade(empty, "0001")

    # When
    migrations.upgrade(empty)

    # Then
    with Session(empty) as session:
        (made,) = session.scalars(select(Assessment)).all()
        assert made.determined_by == house.focal_point.user_id


def test_bringing_an_up_to_date_database_up_to_date_changes_nothing(empty: Engine) -> None:
    assert migrations.upgrade(empty) == migrations.upgrade(empty) == migrations.head()


def test_an_empty_database_is_not_current(empty: Engine) -> None:
    assert not migrations.is_current(empty)


def test_the_revisions_are_one_line_in_the_order_of_their_names() -> None:
    from alembic.script import ScriptDirectory

    script: Any = ScriptDirectory.from_config(migrations._config())
    line = [one.revision for one in script.walk_revisions()][::-1]
    assert line == sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    assert len(script.get_heads()) == 1


def test_events_from_before_there_were_chains_are_chained(empty: Engine, tmp_path: Path) -> None:
    config = migrations._config()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    agencies = [uuid4(), uuid4()]
    with empty.begin() as connection:
        for code, agency_id in zip(("UNA", "UNB"), agencies, strict=True):
            texts = ("policy_name", "contact_name", "contact_url", "report_channel_name")
            columns = dict.fromkeys((*texts, "report_channel_url", "name"), "x")
            connection.execute(
                insert(a_table("agency", *map(column, ("code", *columns)), column("id", Uuid()))),
                {"id": agency_id, "code": code, **columns},
            )
        for number in range(3):
            connection.execute(
                insert(_EVENT),
                {
                    "agency_id": agencies[number % 2],
                    "about": "partner",
                    "about_id": uuid4(),
                    "action": "registered",
                    "from_state": "",
                    "to_state": "",
                    "at": datetime(2026, 11, 22, 9, number, 0, 123_456, tzinfo=UTC),
                    "comment": "Demo: مرحبا",
                    "facts": {"b": "1", "a": "2"},
                },
            )

    migrations.upgrade(empty)

    with open_session(empty, reading=True) as session:
        assert auditing.verify(session, HeadsInFolder(tmp_path)) == Checked(entries=3)


_EVENT = a_table(
    "event",
    column("agency_id", Uuid()),
    column("about_id", Uuid()),
    column("at", UtcDateTime()),
    column("facts", JSON()),
    *map(column, ("about", "action", "from_state", "to_state", "comment")),
)


_WORDS = {
    "partner_type": "ngo",
    "scope": "national",
    "current_basis": "none",
    "kind": "own",
    "state": "draft",
}


def _value(column: Any, rows: dict[str, Any]) -> Any:
    if column.foreign_keys:
        return rows[next(iter(column.foreign_keys)).column.table.name]
    kind = column.type.python_type
    made: dict[type, Any] = {datetime: NOW, date: NOW.date(), int: 1, bool: True, dict: {}}
    if column.name == "id" and kind in {UUID, str}:
        return uuid4() if kind is UUID else uuid4().hex
    return _WORDS.get(column.name, made.get(kind, "x"))


def test_rows_that_others_refer_to_survive_a_table_made_anew(empty: Engine) -> None:
    config = migrations._config()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    tables = MetaData()
    tables.reflect(empty)
    rows: dict[str, Any] = {}
    with empty.begin() as connection:
        for name in ("agency", "office", "user", "partner", "assessment", "standard_answer"):
            needed = [one for one in tables.tables[name].columns if not one.nullable]
            row = {one.name: _value(one, rows) for one in needed}
            connection.execute(insert(tables.tables[name]), row)
            rows[name] = row["id"]

    migrations.upgrade(empty)

    with empty.connect() as connection:
        found = connection.scalar(select(a_table("standard_answer", column("assessment_id"))))
        assert str(found).replace("-", "") == str(rows["assessment"]).replace("-", "")
        if empty.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1

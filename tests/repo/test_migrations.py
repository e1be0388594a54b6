"""This file holds that the revisions make the tables the models speak of, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from partner_assess.db import migrations, models
from partner_assess.db.base import Model
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.session import make_engine
from partner_assess.usecases.ports import Ports
from tests import postgres
from tests.factories import EIGHT, make_final, make_house, make_partner

assert models.__all__  # imported so that `Model.metadata` knows every table
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
    config = migrations._config()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
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
    config = migrations._config()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")

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

"""This file holds that the trail is chained, stays as it is, and shows where it was broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from partner_assess.adapters.trail_heads import HeadsInFolder
from partner_assess.db import queries
from partner_assess.db.models.event import APPEND_ONLY, Installation
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.permissions import Actor
from partner_assess.domain.trail import Break
from partner_assess.usecases import auditing, partners
from partner_assess.usecases.auditing import Checked
from tests.factories import NOW, House, identity, make_house
from tests.two_at_once import at_once


class Trail:
    """A database with two agencies, of which partners are registered."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.heads = engine, HeadsInFolder(folder)
        with open_session(engine) as opened, unit_of_work(opened) as session:
            session.add(Installation(id=uuid4()))  # the migrations do
            self.houses = [make_house(session, code) for code in ("UNA", "UNB")]

    def run(self, deed: Callable[[Session], Any]) -> Any:
        with open_session(self.engine) as opened, unit_of_work(opened) as session:
            return deed(session)

    def register(self, name: str, house: House | None = None) -> Callable[[Session], UUID]:
        home = house or self.houses[0]

        def deed(session: Session) -> UUID:
            return partners.register(
                session,
                office_id=home.office.id,
                identity=identity(name=name),
                actor=self.actor(home),
                now=NOW,
            ).id

        return deed

    @staticmethod
    def actor(house: House) -> Actor:
        return house.officer

    def checked(self) -> Checked:
        with open_session(self.engine, reading=True) as session:
            return auditing.verify(session, self.heads)

    def unguarded(self, statement: str) -> None:
        """Do what only somebody can who may change the tables themselves."""
        with self.engine.begin() as connection:
            for trigger in ("event_is_not_changed", "event_is_not_removed"):
                on = "" if self.engine.dialect.name == "sqlite" else " ON event"
                connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
            connection.execute(text(statement))
            for guard in APPEND_ONLY[self.engine.dialect.name]:
                if "event_is_not_emptied" not in guard:
                    connection.execute(text(guard))


@pytest.fixture
def trail(committing_engine: Engine, tmp_path: Path) -> Trail:
    made = Trail(committing_engine, tmp_path)
    for number in range(1, 5):
        made.run(made.register(f"Demo: partner {number}"))
    made.run(made.register("Demo: partner of another", made.houses[1]))
    return made


def test_every_agency_has_a_chain_of_its_own(trail: Trail) -> None:
    assert trail.checked() == Checked(entries=5)
    with open_session(trail.engine, reading=True) as session:
        numbers = [
            [one.number for one in queries.events.chain(session, house.agency.id)]
            for house in trail.houses
        ]
    assert numbers == [[1, 2, 3, 4], [1]]


def test_what_was_rolled_back_leaves_no_gap(trail: Trail) -> None:
    def fails(session: Session) -> None:
        trail.register("Demo: never there")(session)
        raise ValueError("after the deed")

    with pytest.raises(ValueError, match="after the deed"):
        trail.run(fails)
    trail.run(trail.register("Demo: next"))
    assert trail.checked() == Checked(entries=6)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET comment = 'changed' WHERE number = 2",
        "UPDATE event SET number = NULL, digest = NULL WHERE number = 2",
        "DELETE FROM event WHERE number = 2",
        "DELETE FROM event",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_chained(
    trail: Trail, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"), trail.engine.begin() as connection:
        connection.execute(text(statement))
    assert trail.checked() == Checked(entries=5)


@pytest.mark.postgresql
def test_postgresql_refuses_to_empty_it(trail: Trail) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"), trail.engine.begin() as connection:
        connection.execute(text("TRUNCATE event CASCADE"))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE event SET comment = 'changed' WHERE number = 2", (1, Break.CHANGED, 2)),
        ('UPDATE event SET facts = \'{"a": "b"}\' WHERE number = 3', (2, Break.CHANGED, 3)),
        ("DELETE FROM event WHERE number = 2", (1, Break.MISSING, 2)),
        ("DELETE FROM event WHERE number = 4", (3, Break.CUT_OFF, 4)),
        (
            "UPDATE event SET number = NULL, digest = NULL WHERE number = 4",
            (0, Break.NOT_CHAINED, 1),
        ),
        ("UPDATE chain_head SET number = 3 WHERE number = 4", (4, Break.HEAD_CHANGED, 3)),
    ],
)
def test_what_somebody_does_behind_its_back_shows(
    trail: Trail, statement: str, expected: tuple[int, Break, int]
) -> None:
    trail.unguarded(statement)
    entries, broken, number = expected
    assert trail.checked() == Checked(entries, "UNA", broken, number)


def test_cutting_off_entries_and_moving_the_head_back_shows_by_the_copy(trail: Trail) -> None:
    auditing.copy_heads(trail.run, trail.heads)
    trail.unguarded("DELETE FROM event WHERE number = 4")
    trail.unguarded(
        "UPDATE chain_head SET number = 3, digest ="
        " (SELECT digest FROM event WHERE number = 3) WHERE number = 4"
    )
    assert trail.checked() == Checked(3, "UNA", Break.CUT_OFF, 4)


def test_copies_are_kept_once_and_a_second_database_disturbs_none(
    trail: Trail, tmp_path: Path
) -> None:
    auditing.copy_heads(trail.run, trail.heads)
    auditing.copy_heads(trail.run, trail.heads)
    files = sorted(tmp_path.glob("*/*.jsonl"))
    assert [len(one.read_text().splitlines()) for one in files] == [1, 1]
    assert {one.parent.name for one in files} == {files[0].parent.name}
    trail.run(trail.register("Demo: one more"))
    auditing.copy_heads(trail.run, trail.heads)
    assert sorted(len(one.read_text().splitlines()) for one in files) == [1, 2]
    files[0].write_text(files[0].read_text() + '{"number": 9')  # cut short by a loss of power
    assert trail.checked() == Checked(entries=6)


def test_two_at_once_make_one_chain(trail: Trail) -> None:
    came = at_once(trail.engine, *(trail.register(f"Demo: at once {n}") for n in range(6)))
    assert [one for one in came if isinstance(one, Exception)] == []
    assert trail.checked() == Checked(entries=11)

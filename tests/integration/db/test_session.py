from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.agency import Agency
from partner_assess.db.models.event import Event
from partner_assess.db.models.partner import Partner
from partner_assess.db.session import has_unsaved, open_session, unit_of_work
from partner_assess.domain.errors import RuleError
from tests.factories import NOW, make_agency, make_house, make_partner


def test_a_unit_of_work_keeps_what_was_written(committing_engine: Engine) -> None:
    with open_session(committing_engine) as session, unit_of_work(session):
        make_agency(session)

    with open_session(committing_engine, reading=True) as session:
        assert [agency.code for agency in queries.agencies.all_agencies(session)] == ["UNA"]


@pytest.mark.parametrize("flushed", [True, False])
def test_a_unit_of_work_that_is_refused_keeps_nothing(
    committing_engine: Engine, flushed: bool
) -> None:
    def refuse(session: Session) -> None:
        with unit_of_work(session):
            session.add(Agency(code="UNA", name="Demo: agency"))
            if flushed:
                session.flush()
            raise RuleError

    with open_session(committing_engine) as session:
        with pytest.raises(RuleError):
            refuse(session)
        assert not has_unsaved(session)

    with open_session(committing_engine, reading=True) as session:
        assert queries.agencies.all_agencies(session) == []


def test_a_write_that_the_database_refuses_leaves_nothing_of_the_rest(
    committing_engine: Engine,
) -> None:
    def write(session: Session) -> None:
        with unit_of_work(session):
            session.add(Agency(code="UNB", name="Demo: agency"))
            session.flush()
            session.add(Agency(code="UNA", name="Demo: a second of this code"))

    with open_session(committing_engine) as session, unit_of_work(session):
        make_agency(session, "UNA")

    with open_session(committing_engine) as session, pytest.raises(IntegrityError):
        write(session)

    with open_session(committing_engine, reading=True) as session:
        assert [agency.code for agency in queries.agencies.all_agencies(session)] == ["UNA"]


def test_unsaved_work_is_noticed(session: Session) -> None:
    agency = make_agency(session)
    session.commit()
    assert not has_unsaved(session)

    agency.name = "Demo: other"

    assert has_unsaved(session)


def test_a_reader_does_not_wait_for_a_writer(committing_engine: Engine) -> None:
    with open_session(committing_engine) as writer:
        make_agency(writer)

        with open_session(committing_engine, reading=True) as reader:
            assert queries.agencies.all_agencies(reader) == []

        writer.commit()


def test_an_instant_has_a_zone_and_comes_back_in_utc(session: Session) -> None:
    partner = make_partner(session, make_house(session))
    nairobi = timezone(timedelta(hours=3))
    partner.registered_at = datetime(2026, 11, 22, 1, 30, tzinfo=nairobi)
    session.flush()
    session.expire(partner)

    (found,) = session.scalars(select(Partner.registered_at))

    assert (found, found.tzinfo) == (datetime(2026, 11, 21, 22, 30, tzinfo=UTC), UTC)
    partner.registered_at = datetime(2026, 11, 22)  # noqa: DTZ001 - refused for just that
    with pytest.raises(StatementError, match="an instant has a time zone"):
        session.flush()


def test_a_choice_is_stored_by_its_value(session: Session) -> None:
    make_partner(session, make_house(session))

    row = session.execute(text("SELECT partner_type, scope, current_basis FROM partner")).one()

    assert tuple(row) == ("ngo", "national", "none")


def test_a_record_must_exist_to_be_referred_to(session: Session) -> None:
    session.add(
        Event(agency_id=uuid4(), about="partner", about_id=uuid4(), action="registered", at=NOW)
    )

    with pytest.raises(IntegrityError):
        session.flush()

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from partner_assess.db.session import open_session, unit_of_work
from partner_assess.usecases import numbers
from tests.factories import make_agency
from tests.two_at_once import at_once


def test_numbers_begin_at_one_and_count_on(session: Session) -> None:
    agency = make_agency(session)

    taken = [numbers.take(session, agency_id=agency.id, name="partner:KE") for _ in range(3)]

    assert taken == [1, 2, 3]


def test_each_agency_and_each_kind_counts_for_itself(session: Session) -> None:
    one, two = make_agency(session, "UNA"), make_agency(session, "UNB")

    assert numbers.take(session, agency_id=one.id, name="partner:KE") == 1
    assert numbers.take(session, agency_id=one.id, name="partner:SO") == 1
    assert numbers.take(session, agency_id=two.id, name="partner:KE") == 1


def test_a_number_that_was_rolled_back_is_given_again(session: Session) -> None:
    agency = make_agency(session)
    session.commit()
    numbers.take(session, agency_id=agency.id, name="document:2026")
    session.rollback()

    assert numbers.take(session, agency_id=agency.id, name="document:2026") == 1


@pytest.mark.parametrize("begun", [True, False], ids=["a counter that runs", "the first number"])
def test_nobody_gets_the_number_of_another_at_the_same_moment(
    committing_engine: Engine, begun: bool
) -> None:
    # Given
    with open_session(committing_engine) as session, unit_of_work(session):
        agency_id = make_agency(session).id
        if begun:
            numbers.take(session, agency_id=agency_id, name="partner:KE")

    # When
    taken = at_once(
        committing_engine,
        *[lambda own: numbers.take(own, agency_id=agency_id, name="partner:KE")] * 8,
    )

    # Then
    first = 2 if begun else 1
    assert set(taken) == set(range(first, first + 8))

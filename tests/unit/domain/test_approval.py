from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from partner_assess.domain.approval import (
    Justification,
    State,
    decide_by,
    is_valid,
    missing,
    over_from,
    require_complete,
)
from partner_assess.domain.deadlines import DateOutOfRange
from partner_assess.domain.errors import NotReady
from partner_assess.domain.partnership import NO_RESULT, Basis, Result
from partner_assess.domain.risk import Capacity, Risk

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 23)
PARTS = ("why_this_partner", "alternatives", "mitigation", "assurance", "monitored_by", "review_on")
WHOLE = Justification("why", "others", "how", "visits", "the officer", date(2027, 2, 22))
RESULT = Result(Basis.ASSESSED, Capacity.LOW, Risk.HIGH, YESTERDAY, TOMORROW, digest="found")


def test_a_whole_justification_lacks_nothing() -> None:
    assert missing(WHOLE) == ()
    require_complete(WHOLE)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_a_justification_is_asked_for(part: str) -> None:
    without = replace(WHOLE, **{part: None if part == "review_on" else " \n"})
    assert missing(without) == (part,)


def test_an_empty_justification_lacks_all_parts_in_the_order_of_the_form() -> None:
    empty = Justification("", "", "", "", "", None)
    assert missing(empty) == PARTS
    with pytest.raises(NotReady) as refusal:
        require_complete(empty)
    assert refusal.value.code == "justification_incomplete"
    assert refusal.value.problems == PARTS


@pytest.mark.parametrize(
    ("state", "digest", "valid_until", "result", "valid"),
    [
        (State.APPROVED, "found", None, RESULT, True),
        (State.APPROVED, "found", TOMORROW, RESULT, True),
        (State.APPROVED, "found", TODAY, RESULT, True),
        (State.APPROVED, "found", YESTERDAY, RESULT, False),
        (State.APPROVED, "found", None, replace(RESULT, expires_on=TODAY), True),
        (State.APPROVED, "found", None, replace(RESULT, expires_on=YESTERDAY), False),
        (State.APPROVED, "other", None, RESULT, False),
        (State.APPROVED, "", None, replace(RESULT, digest=""), False),
        (State.APPROVED, "", None, NO_RESULT, False),
        (State.REQUIRED, "found", None, RESULT, False),
        (State.DECLINED, "found", None, RESULT, False),
        (State.LAPSED, "found", None, RESULT, False),
    ],
)
def test_an_approval_carries_only_the_result_it_was_given_for_while_both_last(
    state: State, digest: str, valid_until: date | None, result: Result, valid: bool
) -> None:
    assert valid is is_valid(
        state, digest=digest, valid_until=valid_until, result=result, today=TODAY
    )


@pytest.mark.parametrize(
    ("state", "decided_on", "valid_until", "lapsed_on", "day"),
    [
        pytest.param(State.REQUIRED, None, None, None, None, id="waits"),
        pytest.param(State.APPROVED, YESTERDAY, None, None, None, id="approved without an end"),
        pytest.param(State.APPROVED, YESTERDAY, TODAY, None, TOMORROW, id="after its own end"),
        pytest.param(State.DECLINED, TODAY, None, None, TODAY, id="declined"),
        pytest.param(State.LAPSED, None, None, TODAY, TODAY, id="a request that lapsed"),
        pytest.param(State.LAPSED, YESTERDAY, TOMORROW, TODAY, TODAY, id="lapsed before its end"),
        pytest.param(State.LAPSED, YESTERDAY, YESTERDAY, TOMORROW, TODAY, id="a late sweep"),
    ],
)
def test_what_is_over_is_over_from_a_day(
    state: State,
    decided_on: date | None,
    valid_until: date | None,
    lapsed_on: date | None,
    day: date | None,
) -> None:
    assert day == over_from(
        state, decided_on=decided_on, valid_until=valid_until, lapsed_on=lapsed_on
    )


@pytest.mark.parametrize(
    ("asked", "last_day"), [("2026-11-22", "2026-12-22"), ("2027-02-01", "2027-03-03")]
)
def test_a_request_is_decided_within_thirty_days(asked: str, last_day: str) -> None:
    assert decide_by(date.fromisoformat(asked), days=30) == date.fromisoformat(last_day)


def test_a_decision_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(DateOutOfRange):
        decide_by(date.max, days=30)

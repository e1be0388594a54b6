from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from partner_assess.domain.deadlines import DateOutOfRange
from partner_assess.domain.partnership import (
    NO_RESULT,
    Basis,
    Hindrance,
    Result,
    State,
    approval_due_on,
    current_result,
    hindrances,
    last_result,
    may_be_amended,
    reassessment_is_due,
)
from partner_assess.domain.risk import Capacity, Risk

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 23)
EARLIER, LATER = date(2024, 3, 1), date(2025, 6, 1)


def a_result(
    risk: Risk = Risk.HIGH,
    basis: Basis = Basis.ASSESSED,
    since: date | None = LATER,
    until: date | None = TOMORROW,
    order: float = 0.0,
) -> Result:
    capacity = {Risk.HIGH: Capacity.LOW, Risk.MODERATE: Capacity.MEDIUM, Risk.LOW: Capacity.FULL}
    return Result(basis, capacity[risk], risk, since, until, digest="d", order=order)


EMERGENCY = a_result(basis=Basis.EMERGENCY)
WAIVER = a_result(Risk.LOW, Basis.NO_CONTACT, until=None)


@pytest.mark.parametrize(
    ("until", "valid"), [(YESTERDAY, False), (TODAY, True), (TOMORROW, True), (None, True)]
)
def test_a_result_is_valid_on_its_last_day_and_not_after(until: date | None, valid: bool) -> None:
    assert a_result(until=until).is_valid(TODAY) is valid


def test_no_result_is_never_valid() -> None:
    assert not NO_RESULT.is_valid(TODAY)
    assert not NO_RESULT.is_valid(date.min)


OLD = a_result(Risk.LOW, since=EARLIER)
NEW = a_result(Risk.HIGH, since=LATER)
GONE = a_result(Risk.LOW, since=TODAY, until=YESTERDAY)
IMPORTED = a_result(Risk.MODERATE, Basis.IMPORTED, since=TODAY)
SAME_DAY_LATER = a_result(Risk.MODERATE, since=LATER, order=1.0)
LATE_EMERGENCY = a_result(basis=Basis.EMERGENCY, since=TODAY)
ENDED_EMERGENCY = a_result(basis=Basis.EMERGENCY, since=TODAY, until=YESTERDAY)
UNDATED = a_result(since=None)


@pytest.mark.parametrize(
    ("results", "current"),
    [
        pytest.param([], NO_RESULT, id="nothing yet"),
        pytest.param([GONE], NO_RESULT, id="only an expired one"),
        pytest.param([NO_RESULT], NO_RESULT, id="a record of none"),
        pytest.param([OLD, NEW], NEW, id="the one that took effect last"),
        pytest.param([OLD, NEW, GONE], NEW, id="whatever expired does not count"),
        pytest.param([NEW, IMPORTED], IMPORTED, id="an import counts as one's own"),
        pytest.param([NEW, SAME_DAY_LATER], SAME_DAY_LATER, id="of one day, the later one"),
        pytest.param([UNDATED, OLD], OLD, id="one without a day counts as oldest"),
        pytest.param([OLD, LATE_EMERGENCY], OLD, id="an emergency record yields to a result"),
        pytest.param([OLD, WAIVER], OLD, id="a waiver yields to a result"),
        pytest.param([GONE, LATE_EMERGENCY], LATE_EMERGENCY, id="and counts where there is none"),
        pytest.param([WAIVER, LATE_EMERGENCY], LATE_EMERGENCY, id="of two records, the later"),
        pytest.param([WAIVER, ENDED_EMERGENCY], WAIVER, id="an emergency that ended is none"),
        pytest.param([ENDED_EMERGENCY], NO_RESULT, id="and leaves nothing behind"),
    ],
)
def test_the_current_result_is_the_unexpired_one_that_took_effect_last(
    results: list[Result], current: Result
) -> None:
    for order in permutations(results):
        assert current_result(order, today=TODAY) is current


@pytest.mark.parametrize(
    ("results", "last"),
    [
        ([], NO_RESULT),
        ([OLD, GONE], GONE),
        ([OLD, NEW, SAME_DAY_LATER], SAME_DAY_LATER),
        ([UNDATED, OLD], OLD),
    ],
)
def test_the_last_result_took_effect_last_even_if_it_counts_no_more(
    results: list[Result], last: Result
) -> None:
    for order in permutations(results):
        assert last_result(order) is last


@pytest.mark.parametrize(
    ("result", "approved", "found"),
    [
        (a_result(Risk.LOW), False, ()),
        (a_result(Risk.MODERATE), False, ()),
        (a_result(Risk.HIGH), True, ()),
        (a_result(Risk.HIGH), False, (Hindrance.APPROVAL_MISSING,)),
        (a_result(Risk.HIGH, until=TODAY), True, ()),
        (a_result(Risk.HIGH, until=YESTERDAY), True, (Hindrance.NO_RESULT,)),
        (a_result(Risk.LOW, until=YESTERDAY), False, (Hindrance.NO_RESULT,)),
        (NO_RESULT, True, (Hindrance.NO_RESULT,)),
        (EMERGENCY, False, (Hindrance.APPROVAL_MISSING,)),
        (EMERGENCY, True, ()),
        (WAIVER, False, ()),
    ],
)
def test_a_result_lets_a_partnership_run_or_says_why_not(
    result: Result, approved: bool, found: tuple[Hindrance, ...]
) -> None:
    assert found == hindrances(
        result,
        today=TODAY,
        approved=approved,
        deadline_passed=False,
        suspended_for_cause=False,
    )


@pytest.mark.parametrize("result", [a_result(Risk.LOW), a_result(Risk.HIGH), WAIVER])
def test_a_passed_deadline_or_another_suspension_hinders_whatever_the_result(
    result: Result,
) -> None:
    assert hindrances(
        result, today=TODAY, approved=True, deadline_passed=True, suspended_for_cause=True
    ) == (Hindrance.DEADLINE_PASSED, Hindrance.SUSPENDED_ELSEWHERE)


def test_everything_that_hinders_is_named_at_once() -> None:
    assert hindrances(
        NO_RESULT, today=TODAY, approved=False, deadline_passed=True, suspended_for_cause=True
    ) == (Hindrance.NO_RESULT, Hindrance.DEADLINE_PASSED, Hindrance.SUSPENDED_ELSEWHERE)


@pytest.mark.parametrize(
    ("state", "result", "approved", "due"),
    [
        (State.ACTIVE, a_result(), False, date(2025, 7, 1)),
        (State.ACTIVE, a_result(since=date(2026, 2, 1)), False, date(2026, 3, 3)),
        (State.ACTIVE, EMERGENCY, False, date(2025, 7, 1)),
        (State.ACTIVE, a_result(), True, None),
        (State.ACTIVE, a_result(Risk.MODERATE), False, None),
        (State.ACTIVE, a_result(Risk.LOW), False, None),
        (State.ACTIVE, a_result(until=YESTERDAY), False, None),
        (State.ACTIVE, a_result(since=None), False, None),
        (State.ACTIVE, NO_RESULT, False, None),
        (State.PROPOSED, a_result(), False, None),
        (State.SUSPENDED, a_result(), False, None),
        (State.ENDED, a_result(), False, None),
    ],
)
def test_a_running_high_risk_partnership_is_decided_within_thirty_days(
    state: State, result: Result, approved: bool, due: date | None
) -> None:
    assert approval_due_on(state, result, today=TODAY, approved=approved, days=30) == due


@pytest.mark.parametrize(
    ("open_again", "due"),
    [
        pytest.param([], "2025-07-01", id="the day the result took effect"),
        pytest.param(["2025-01-01"], "2025-07-01", id="before the result"),
        pytest.param(["2026-11-01"], "2026-12-01", id="after it"),
        pytest.param(["2026-11-10", "2026-11-01"], "2026-12-10", id="the last of several"),
        pytest.param([str(TODAY)], "2026-12-22", id="today"),
        pytest.param(["2026-11-23", "2026-11-01"], "2026-12-01", id="what is to come is not"),
    ],
)
def test_the_thirty_days_begin_again_when_the_question_does(
    open_again: list[str], due: str
) -> None:
    days = [date.fromisoformat(one) for one in open_again]
    assert approval_due_on(
        State.ACTIVE, a_result(), today=TODAY, approved=False, open_again=days, days=30
    ) == date.fromisoformat(due)


def test_a_decision_beyond_the_calendar_is_refused() -> None:
    late = a_result(since=date.max, until=None)
    with pytest.raises(DateOutOfRange):
        approval_due_on(State.ACTIVE, late, today=TODAY, approved=False, days=30)


@pytest.mark.parametrize(
    ("state", "result", "due"),
    [
        (State.ACTIVE, a_result(until=TODAY), False),
        (State.ACTIVE, a_result(until=YESTERDAY), True),
        (State.ACTIVE, NO_RESULT, True),
        (State.ACTIVE, WAIVER, False),
        (State.PROPOSED, NO_RESULT, False),
        (State.SUSPENDED, NO_RESULT, False),
        (State.ENDED, NO_RESULT, False),
    ],
)
def test_a_running_partnership_without_a_valid_result_is_to_be_assessed_again(
    state: State, result: Result, due: bool
) -> None:
    assert reassessment_is_due(state, result, today=TODAY) is due


@pytest.mark.parametrize(
    ("state", "result", "approved", "amended"),
    [
        (State.ACTIVE, a_result(until=TODAY), False, False),
        (State.ACTIVE, a_result(until=TODAY), True, True),
        (State.ACTIVE, a_result(until=YESTERDAY), False, True),
        (State.ACTIVE, a_result(Risk.MODERATE), False, True),
        (State.ACTIVE, EMERGENCY, False, False),
        (State.ACTIVE, NO_RESULT, False, True),
        (State.PROPOSED, a_result(), False, True),
        (State.SUSPENDED, a_result(), True, False),
        (State.SUSPENDED, a_result(Risk.LOW), False, False),
    ],
)
def test_a_suspended_partnership_or_one_whose_approval_is_due_is_not_amended(
    state: State, result: Result, approved: bool, amended: bool
) -> None:
    found = may_be_amended(
        state,
        result,
        today=TODAY,
        approved=approved,
        deadline_passed=False,
        suspended_for_cause=False,
    )
    assert found is amended


@pytest.mark.parametrize(
    ("state", "deadline_passed", "suspended_for_cause", "amended"),
    [
        (State.ACTIVE, False, False, True),
        (State.ACTIVE, True, False, False),
        (State.ACTIVE, False, True, False),
        (State.PROPOSED, True, True, True),
        (State.SUSPENDED, False, False, False),
    ],
)
def test_what_runs_with_an_overdue_or_suspended_partner_is_not_amended(
    state: State, deadline_passed: bool, suspended_for_cause: bool, amended: bool
) -> None:
    found = may_be_amended(
        state,
        a_result(),
        today=TODAY,
        approved=True,
        deadline_passed=deadline_passed,
        suspended_for_cause=suspended_for_cause,
    )
    assert found is amended

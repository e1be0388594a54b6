from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from partner_assess.domain.policy import OnDeadline
from partner_assess.domain.suspension import (
    LIFE,
    OPEN,
    Action,
    State,
    confirmation_holds,
    next_step,
    outcome,
    since,
)

LIMIT, DAY_AFTER, LATER = date(2027, 2, 28), date(2027, 3, 1), date(2027, 9, 1)
SUSPENDED, DECISION_DUE, CONTINUES = State.SUSPENDED, State.DECISION_DUE, State.CONTINUES
SUSPEND, DECIDE = OnDeadline.SUSPEND, OnDeadline.DECIDE


@pytest.mark.parametrize(
    ("today", "suspends_on", "finished"),
    [
        pytest.param(LIMIT, DAY_AFTER, False, id="the last day is in time"),
        pytest.param(DAY_AFTER, DAY_AFTER, True, id="finished"),
        pytest.param(LATER, DAY_AFTER, True, id="finished late"),
        pytest.param(date.max, None, False, id="a plan that suspends nothing"),
    ],
)
def test_the_clock_does_nothing(today: date, suspends_on: date | None, finished: bool) -> None:
    for lives_at_risk, on_deadline in product((True, False), OnDeadline):
        due = outcome(
            today=today,
            suspends_on=suspends_on,
            finished=finished,
            exception_until=LATER,
            lives_at_risk=lives_at_risk,
            on_deadline=on_deadline,
        )
        assert due is None


@pytest.mark.parametrize(
    ("today", "exception_until", "lives_at_risk", "on_deadline", "due"),
    [
        (DAY_AFTER, None, False, SUSPEND, SUSPENDED),
        (DAY_AFTER, None, True, SUSPEND, DECISION_DUE),
        (DAY_AFTER, None, False, DECIDE, DECISION_DUE),
        (DAY_AFTER, None, True, DECIDE, DECISION_DUE),
        (DAY_AFTER, LATER, False, SUSPEND, CONTINUES),
        (DAY_AFTER, LATER, True, DECIDE, CONTINUES),
        (DAY_AFTER, DAY_AFTER, False, SUSPEND, CONTINUES),
        (DAY_AFTER, LIMIT, False, SUSPEND, SUSPENDED),
        (DAY_AFTER, LIMIT, True, SUSPEND, DECISION_DUE),
        (DAY_AFTER, LIMIT, False, DECIDE, DECISION_DUE),
        (LATER, None, False, SUSPEND, SUSPENDED),
    ],
)
def test_from_the_day_after_an_exception_goes_before_lives_at_risk_before_the_clock(
    today: date,
    exception_until: date | None,
    lives_at_risk: bool,
    on_deadline: OnDeadline,
    due: State,
) -> None:
    assert due is outcome(
        today=today,
        suspends_on=DAY_AFTER,
        finished=False,
        exception_until=exception_until,
        lives_at_risk=lives_at_risk,
        on_deadline=on_deadline,
    )


def test_confirmed_lives_at_risk_are_never_suspended_by_the_clock() -> None:
    for exception_until, on_deadline in product((None, LIMIT, DAY_AFTER), OnDeadline):
        due = outcome(
            today=DAY_AFTER,
            suspends_on=DAY_AFTER,
            finished=False,
            exception_until=exception_until,
            lives_at_risk=True,
            on_deadline=on_deadline,
        )
        assert due is not SUSPENDED


STEPS = {
    (None, SUSPENDED): SUSPENDED,
    (None, DECISION_DUE): DECISION_DUE,
    (None, CONTINUES): CONTINUES,
    (State.CLOSED, SUSPENDED): SUSPENDED,
    (State.CLOSED, DECISION_DUE): DECISION_DUE,
    (State.CLOSED, CONTINUES): CONTINUES,
    (CONTINUES, SUSPENDED): Action.SUSPEND,
    (CONTINUES, DECISION_DUE): Action.CALL_FOR_DECISION,
}


def test_the_clock_acts_once_for_each_date_and_on_nothing_else() -> None:
    for case, due in product((None, *State), (None, SUSPENDED, DECISION_DUE, CONTINUES)):
        assert next_step(case, due) == STEPS.get((case, due))


def test_a_step_on_a_case_is_a_move_that_leads_to_what_is_due() -> None:
    for (case, due), step in STEPS.items():
        if case is not None and isinstance(step, Action):
            assert LIFE.next(case, step) is due
        else:
            assert due in OPEN


@pytest.mark.parametrize(
    ("confirmed_on", "today", "holds"),
    [
        (None, "2026-11-22", False),
        ("2026-11-22", "2026-11-22", True),
        ("2025-11-22", "2026-11-22", True),
        ("2025-11-21", "2026-11-22", False),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
    ],
)
def test_a_confirmation_holds_for_a_year_its_last_day_included(
    confirmed_on: str | None, today: str, holds: bool
) -> None:
    confirmed = date.fromisoformat(confirmed_on) if confirmed_on else None
    assert confirmation_holds(confirmed, months=12, today=date.fromisoformat(today)) is holds


@pytest.mark.parametrize(
    ("exceptions", "expected"),
    [
        pytest.param([], "2027-03-01", id="the day after the 12-month date"),
        pytest.param([("2026-12-01", "2027-02-28")], "2027-03-01", id="ended on that date"),
        pytest.param([("2026-12-01", "2027-03-01")], "2027-03-02", id="ended a day later"),
        pytest.param([("2026-12-01", "2027-09-01")], "2027-03-01", id="in force, on its last day"),
        pytest.param([("2027-05-01", "2027-09-02")], "2027-05-01", id="granted late, in force"),
        pytest.param(
            [("2026-12-01", "2027-04-30"), ("2027-05-01", "2027-08-31")],
            "2027-09-01",
            id="renewed once, both over",
        ),
    ],
)
def test_what_the_clock_does_counts_from_its_own_day(
    exceptions: list[tuple[str, str]], expected: str
) -> None:
    days = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in exceptions]
    assert since(DAY_AFTER, days, today=LATER) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("took_effect_on", "exceptions", "expected"),
    [
        pytest.param("2026-02-28", [], "2027-03-01", id="long before"),
        pytest.param("2027-03-01", [], "2027-03-01", id="on the day after the date"),
        pytest.param("2027-05-10", [], "2027-05-10", id="when the date had passed"),
        pytest.param("2027-05-10", [("2027-01-01", "2027-06-30")], "2027-07-01", id="exception"),
    ],
)
def test_a_result_found_when_the_date_had_passed_counts_from_its_own_day(
    took_effect_on: str, exceptions: list[tuple[str, str]], expected: str
) -> None:
    days = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in exceptions]
    found_on = date.fromisoformat(took_effect_on)
    assert since(DAY_AFTER, days, took_effect_on=found_on, today=LATER) == date.fromisoformat(
        expected
    )

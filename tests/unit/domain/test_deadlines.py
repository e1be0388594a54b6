from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.deadlines import (
    DateOutOfRange,
    PlanDates,
    Turn,
    add_days,
    add_months,
    clock_starts_on,
    days_left,
    expires_on,
    is_expired,
    plan_dates,
    plan_due_on,
    reminders,
    running_since,
    suspends_on,
)
from partner_assess.domain.policy import ClockStart
from partner_assess.domain.risk import Risk
from tests.builders import a_plan_length, a_policy

SIX, EIGHT = "unicef-six-2020", "un-harmonized-eight-2020"
HIGH, MODERATE, LOW = Risk.HIGH, Risk.MODERATE, Risk.LOW
FINAL, APPROVED, AGREED = date(2026, 1, 31), date(2026, 2, 15), date(2026, 3, 1)
CENTURY = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "result"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", 60, "2029-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-11-30", 13, "2027-12-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-15", 0, "2026-05-15"),
        ("2000-02-29", 1200, "2100-02-28"),
        ("9999-11-30", 1, "9999-12-30"),
        ("0001-02-28", -1, "0001-01-28"),
    ],
)
def test_months_keep_the_day_or_end_with_the_shorter_month(
    start: str, months: int, result: str
) -> None:
    assert add_months(day(start), months) == day(result)


@pytest.mark.parametrize(
    ("start", "months"), [("9999-12-01", 1), ("9999-01-31", 12), ("0001-01-31", -1)]
)
def test_months_beyond_the_calendar_are_refused(start: str, months: int) -> None:
    with pytest.raises(DateOutOfRange) as refusal:
        add_months(day(start), months)
    assert refusal.value.params == {"day": start, "months": months}


@pytest.mark.parametrize(("start", "days"), [("9999-12-31", 1), ("0001-01-01", -1)])
def test_days_beyond_the_calendar_are_refused(start: str, days: int) -> None:
    with pytest.raises(DateOutOfRange) as refusal:
        add_days(day(start), days)
    assert refusal.value.params == {"day": start, "days": days}


@given(start=CENTURY, months=st.integers(-240, 240))
def test_add_months_never_skips_a_month_nor_moves_the_day_on(start: date, months: int) -> None:
    result = add_months(start, months)
    assert (result.year * 12 + result.month) - (start.year * 12 + start.month) == months
    assert result.day == start.day or (
        result.day < start.day and (result + timedelta(days=1)).day == 1
    )


@given(first=CENTURY, second=CENTURY, months=st.integers(0, 240))
def test_a_later_start_never_gives_an_earlier_date(first: date, second: date, months: int) -> None:
    earlier, later = sorted((first, second))
    assert add_months(earlier, months) <= add_months(later, months)


@pytest.mark.parametrize(
    ("start", "months", "due", "suspends"),
    [
        ("2026-11-22", 12, "2027-11-22", "2027-11-23"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2026-08-31", 6, "2027-02-28", "2027-03-01"),
        ("2025-12-31", 12, "2026-12-31", "2027-01-01"),
        ("2026-11-22", 1, "2026-12-22", "2026-12-23"),
    ],
)
def test_a_plan_suspends_on_the_day_after_its_last_day_in_time(
    start: str, months: int, due: str, suspends: str
) -> None:
    assert plan_due_on(day(start), months=months) == day(due)
    assert suspends_on(day(start), months=months) == day(suspends)


def test_the_last_day_of_the_calendar_has_no_day_after() -> None:
    assert plan_due_on(date(9998, 12, 31), months=12) == date.max
    with pytest.raises(DateOutOfRange):
        suspends_on(date(9998, 12, 31), months=12)


@pytest.mark.parametrize("months", [0, -1])
def test_a_plan_lasts_a_month_or_more(months: int) -> None:
    with pytest.raises(ValueError, match="a month or more"):
        plan_due_on(FINAL, months=months)
    with pytest.raises(ValueError, match="a month or more"):
        suspends_on(FINAL, months=months)


@pytest.mark.parametrize(
    ("final_on", "last_valid_day"),
    [("2024-02-29", "2029-02-28"), ("2021-11-22", "2026-11-22"), ("2020-12-31", "2025-12-31")],
)
def test_a_result_is_valid_for_sixty_months_its_last_day_included(
    final_on: str, last_valid_day: str
) -> None:
    last = expires_on(day(final_on), months=60)
    assert last == day(last_valid_day)
    assert not is_expired(last, today=last)
    assert is_expired(last, today=last + timedelta(days=1))


def test_what_has_no_last_valid_day_never_expires() -> None:
    assert not is_expired(None, today=date.max)


@pytest.mark.parametrize(
    ("today", "left"), [("2027-01-30", 1), ("2027-01-31", 0), ("2027-02-01", -1)]
)
def test_days_left_are_none_on_the_last_day_and_negative_after(today: str, left: int) -> None:
    assert days_left(date(2027, 1, 31), today=day(today)) == left


def test_reminders_come_on_their_days_before_ascending() -> None:
    assert reminders(date(2027, 3, 1), days_before=(90, 60, 30, 14, 7, 1, 0)) == (
        date(2026, 12, 1),
        date(2026, 12, 31),
        date(2027, 1, 30),
        date(2027, 2, 15),
        date(2027, 2, 22),
        date(2027, 2, 28),
        date(2027, 3, 1),
    )


@pytest.mark.parametrize(
    ("start", "risk", "approved_on", "agreed_on", "starts_on"),
    [
        (ClockStart.FINAL, HIGH, None, None, FINAL),
        (ClockStart.FINAL, HIGH, APPROVED, AGREED, FINAL),
        (ClockStart.APPROVED, HIGH, None, None, None),
        (ClockStart.APPROVED, HIGH, None, AGREED, None),
        (ClockStart.APPROVED, HIGH, APPROVED, None, APPROVED),
        (ClockStart.APPROVED, MODERATE, None, None, FINAL),
        (ClockStart.APPROVED, MODERATE, APPROVED, None, APPROVED),
        (ClockStart.AGREED, HIGH, APPROVED, None, None),
        (ClockStart.AGREED, HIGH, None, AGREED, AGREED),
        (ClockStart.AGREED, MODERATE, None, None, None),
    ],
)
def test_the_clock_starts_on_the_day_the_policy_names(
    start: ClockStart,
    risk: Risk,
    approved_on: date | None,
    agreed_on: date | None,
    starts_on: date | None,
) -> None:
    policy = a_policy(clock_start=start)
    assert starts_on == clock_starts_on(
        policy, risk, final_on=FINAL, approved_on=approved_on, agreed_on=agreed_on
    )


@pytest.mark.parametrize(
    ("framework", "risk", "due", "limit", "suspends"),
    [
        (SIX, HIGH, "2027-01-31", "2027-01-31", "2027-02-01"),
        (SIX, MODERATE, "2027-01-31", None, None),
        (SIX, LOW, None, None, None),
        (EIGHT, HIGH, "2026-07-31", "2027-01-31", "2027-02-01"),
        (EIGHT, MODERATE, "2026-07-31", None, None),
        (EIGHT, LOW, None, None, None),
        ("a-third", HIGH, "2027-01-31", "2027-01-31", "2027-02-01"),
    ],
)
def test_a_result_gives_its_plan_the_dates_of_its_instrument(
    framework: str, risk: Risk, due: str | None, limit: str | None, suspends: str | None
) -> None:
    dates = plan_dates(a_policy(), framework, risk, final_on=FINAL)
    expected = [text and day(text) for text in (due, limit, suspends)]
    assert [dates.plan_due_on, dates.limit_on, dates.suspends_on] == expected
    assert dates.started_on == (FINAL if due else None)
    assert dates.reminders[-1:] == ((day(due),) if due else ())


def test_a_plan_has_no_date_while_its_clock_waits() -> None:
    waiting = a_policy(clock_start=ClockStart.AGREED)
    assert plan_dates(waiting, SIX, HIGH, final_on=FINAL) == PlanDates()
    agreed = plan_dates(waiting, SIX, HIGH, final_on=FINAL, agreed_on=AGREED)
    assert (agreed.started_on, agreed.suspends_on) == (AGREED, date(2027, 3, 2))


@pytest.mark.parametrize("start", list(ClockStart))
def test_a_clock_that_runs_keeps_its_start_whatever_the_policy_counts_from(
    start: ClockStart,
) -> None:
    running = date(2025, 10, 1)
    dates = plan_dates(
        a_policy(clock_start=start),
        SIX,
        HIGH,
        final_on=FINAL,
        approved_on=APPROVED,
        agreed_on=AGREED,
        running_since=running,
    )
    assert (dates.started_on, dates.plan_due_on) == (running, date(2026, 10, 1))


@pytest.mark.parametrize(
    ("risk", "lengths", "due"),
    [
        pytest.param(HIGH, (6, 6, 12, 3, 1), "2026-10-31", id="the eight: three months more"),
        pytest.param(MODERATE, (6, 6, 12, 3, 1), "2026-10-31", id="Moderate as well"),
        pytest.param(HIGH, (6, 6, 12, 6, 1), "2027-01-31", id="up to the 12-month date"),
        pytest.param(HIGH, (6, 6, 12, 7, 1), "2027-01-31", id="never past it"),
        pytest.param(HIGH, (6, 6, 12, 3, 0), "2026-07-31", id="only where the policy has one"),
        pytest.param(HIGH, (12, 12, 12, 3, 1), "2027-01-31", id="none left"),
        pytest.param(MODERATE, (12, 24, 12, 3, 1), "2028-01-31", id="never earlier than without"),
        pytest.param(LOW, (6, 6, 12, 3, 1), None, id="nothing to extend"),
    ],
)
def test_an_extension_moves_the_plans_date_and_no_suspension(
    risk: Risk, lengths: tuple[int, int, int, int, int], due: str | None
) -> None:
    policy = a_policy(plans=(a_plan_length("longer", *lengths),))
    before = plan_dates(policy, "longer", risk, final_on=FINAL)
    after = plan_dates(policy, "longer", risk, final_on=FINAL, extended=True)
    assert after.plan_due_on == (due and day(due))
    assert (after.limit_on, after.suspends_on) == (before.limit_on, before.suspends_on)


@given(
    risk=st.sampled_from(list(Risk)),
    framework=st.sampled_from([SIX, EIGHT]),
    start=CENTURY,
    extended=st.booleans(),
)
def test_only_high_suspends_and_never_before_its_plan_is_due(
    risk: Risk, framework: str, start: date, extended: bool
) -> None:
    dates = plan_dates(a_policy(), framework, risk, final_on=start, extended=extended)
    assert (dates.suspends_on is not None) == (risk is HIGH)
    assert (dates.plan_due_on is None) == (risk is LOW)
    if dates.limit_on and dates.suspends_on and dates.plan_due_on:
        assert start < dates.plan_due_on <= dates.limit_on
        assert dates.suspends_on - dates.limit_on == timedelta(days=1)


FIRST, THEN = date(2026, 11, 22), date(2027, 3, 1)
HIGH_FIRST, HIGH_THEN, HIGH_WAITING = Turn(Risk.HIGH, FIRST), Turn(Risk.HIGH, THEN), Turn(Risk.HIGH)
MODERATE_FOUND, LOW_FOUND = Turn(Risk.MODERATE, THEN), Turn(Risk.LOW)


@pytest.mark.parametrize(
    ("turns", "since"),
    [
        pytest.param([], None, id="nothing found yet"),
        pytest.param([HIGH_FIRST], FIRST, id="High starts it"),
        pytest.param([HIGH_FIRST, HIGH_THEN], FIRST, id="the next High keeps it"),
        pytest.param([HIGH_FIRST, MODERATE_FOUND], None, id="Moderate ends it"),
        pytest.param([HIGH_FIRST, LOW_FOUND], None, id="Low ends it"),
        pytest.param([HIGH_FIRST, LOW_FOUND, HIGH_THEN], THEN, id="the next starts anew"),
        pytest.param([MODERATE_FOUND, HIGH_THEN], THEN, id="Moderate starts none"),
        pytest.param([replace(HIGH_FIRST, withdrawn=True)], FIRST, id="High withdrawn"),
        pytest.param([HIGH_FIRST, replace(LOW_FOUND, withdrawn=True)], FIRST, id="Low withdrawn"),
        pytest.param([HIGH_WAITING], None, id="the policy waits for a day"),
        pytest.param([HIGH_WAITING, HIGH_THEN], THEN, id="the first day that came"),
    ],
)
def test_a_partner_has_one_clock_whatever_the_instruments(
    turns: list[Turn], since: date | None
) -> None:
    assert running_since(turns) == since

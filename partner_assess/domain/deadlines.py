"""This file holds the arithmetic of dates: months, last days, first late days, reminders."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from partner_assess.domain.errors import RuleError
from partner_assess.domain.policy import ClockStart, Policy
from partner_assess.domain.risk import Risk


class DateOutOfRange(RuleError):
    """The calendar of the computer ends (year 1 to 9999) before this date."""

    code = "date_out_of_range"


def add_months(day: date, months: int) -> date:
    """Return the same day of the month, `months` calendar months later.

    Where that month is shorter, its last day: 29 February 2024 and 12 months give
    28 February 2025; 31 August and 6 months give the last of February.

    Source: ours; docs/decisions/0007

    Raises:
        DateOutOfRange: the result is before year 1 or after year 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise DateOutOfRange(day=day.isoformat(), months=months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_days(day: date, days: int) -> date:
    """Return the day `days` later, or earlier where it is negative.

    Raises:
        DateOutOfRange: the result is before year 1 or after year 9999.
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise DateOutOfRange(day=day.isoformat(), days=days) from None


def plan_due_on(clock_started_on: date, *, months: int) -> date:
    """Return the last day in time for a plan of `months` whole calendar months.

    Source: SA 55 (12 months)

    Raises:
        ValueError: `months` is less than 1.
    """
    if months < 1:
        raise ValueError("a plan lasts a month or more")
    return add_months(clock_started_on, months)


def suspends_on(clock_started_on: date, *, months: int) -> date:
    """Return the first day on which an unfinished plan suspends.

    The plan may be finished on the same day of the last month, or on that
    month's last day where it is shorter; this is the day after.

    Source: SA 55 (12 months); the day after is ours, docs/decisions/0007

    Args:
        clock_started_on: A day in the office's calendar.
        months: Whole calendar months, 1 or more; from the policy.

    Raises:
        ValueError: `months` is less than 1.
    """
    return add_days(plan_due_on(clock_started_on, months=months), 1)


def expires_on(final_on: date, *, months: int) -> date:
    """Return the last day on which a result is valid.

    Source: P3 (five years)
    """
    return add_months(final_on, months)


def is_expired(last_valid_day: date | None, *, today: date) -> bool:
    """Return whether `today` is after the last valid day; None never ends.

    Source: ours; docs/decisions/0007
    """
    return last_valid_day is not None and today > last_valid_day


def days_left(due_on: date, *, today: date) -> int:
    """Return days until the last day in time: 0 on it, negative when late."""
    return (due_on - today).days


def reminders(due_on: date, *, days_before: tuple[int, ...]) -> tuple[date, ...]:
    """Return the days of the reminders before `due_on`, ascending.

    Source: ours; docs/decisions/0007 (90, 60, 30, 14, 7, 1 and 0 days)
    """
    return tuple(sorted(add_days(due_on, -days) for days in days_before))


@dataclass(frozen=True, slots=True)
class PlanDates:
    """The dates of a plan; None where there is none.

    Attributes:
        started_on: First day of the clock.
        plan_due_on: Last day in time.
        limit_on: Last day before suspension (High only): the 12-month date.
        suspends_on: The day after `limit_on`.
        reminders: Before `plan_due_on`, ascending.
    """

    started_on: date | None = None
    plan_due_on: date | None = None
    limit_on: date | None = None
    suspends_on: date | None = None
    reminders: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What one result of a partner means for its clock.

    Attributes:
        started_on: First day of its plan's clock; None without a plan, or while that waits.
        withdrawn: Taken back since.
    """

    risk: Risk
    started_on: date | None = None
    withdrawn: bool = False


def running_since(turns: Iterable[Turn]) -> date | None:
    """Return the start of the clock that runs after these results, oldest first; None if none does.

    A partner has one clock in an agency, whatever the instruments: a High result starts it, the
    next High one keeps it, and only a Moderate or Low one ends it. Taking a High one back does
    not end it; a Moderate or Low one that was taken back never has.

    Source: SA 55; ours, domain.md 3.3, 3.6, docs/decisions/0015
    """
    start: date | None = None
    for turn in turns:
        if turn.risk is Risk.HIGH:
            start = start or turn.started_on
        elif not turn.withdrawn:
            start = None
    return start


def clock_starts_on(
    policy: Policy,
    risk: Risk,
    *,
    final_on: date,
    approved_on: date | None = None,
    agreed_on: date | None = None,
) -> date | None:
    """Return the day the clock starts by the policy, None while that day is not known.

    Only a High result waits for an approval: under a policy that counts from there, any other
    one counts from its own day.

    Source: SA 55; ours, docs/decisions/0007 (the day of the result, unless the policy says else)
    """
    if policy.clock_start is ClockStart.APPROVED and risk is not Risk.HIGH:
        return approved_on or final_on
    return {
        ClockStart.FINAL: final_on,
        ClockStart.APPROVED: approved_on,
        ClockStart.AGREED: agreed_on,
    }[policy.clock_start]


def plan_dates(
    policy: Policy,
    framework_id: str,
    risk: Risk,
    *,
    final_on: date,
    approved_on: date | None = None,
    agreed_on: date | None = None,
    running_since: date | None = None,
    extended: bool = False,
) -> PlanDates:
    """Return the dates that a result gives its plan.

    A Low result has no date. A clock that runs already (`running_since`: a High result after a
    High one, or a correction) keeps its start. An extension moves the plan's date later, never
    past the 12-month date, and moves no suspension.

    Source: SA 55; ours, docs/decisions/0007
    """
    length = policy.plan_length(framework_id)
    months = length.months(risk)
    start = running_since or clock_starts_on(
        policy, risk, final_on=final_on, approved_on=approved_on, agreed_on=agreed_on
    )
    if months is None or start is None:
        return PlanDates(started_on=start if months else None)
    if extended and length.extensions:
        months = max(months, min(months + length.extension_months, length.suspension_months))
    due_on = plan_due_on(start, months=months)
    is_high = risk is Risk.HIGH
    return PlanDates(
        started_on=start,
        plan_due_on=due_on,
        limit_on=plan_due_on(start, months=length.suspension_months) if is_high else None,
        suspends_on=suspends_on(start, months=length.suspension_months) if is_high else None,
        reminders=reminders(due_on, days_before=policy.reminders),
    )

"""This file holds suspension: what the clock does, and the exception that saves lives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from partner_assess.domain.deadlines import add_days, add_months
from partner_assess.domain.machine import Machine, Move
from partner_assess.domain.policy import OnDeadline


class State(StrEnum):
    """Where a case is: one partnership past one 12-month date. Source: SA 55; domain.md 3.5."""

    SUSPENDED = "suspended"
    DECISION_DUE = "decision_due"
    CONTINUES = "continues"
    LIFTED = "lifted"
    CLOSED = "closed"


class Action(StrEnum):
    """What can be done to a case."""

    SUSPEND = "suspend"
    CALL_FOR_DECISION = "call_for_decision"
    EXCEPT = "except"
    LIFT = "lift"
    CLOSE = "close"


LIFE = Machine(
    (
        Move(State.SUSPENDED, Action.LIFT, State.LIFTED),
        Move(State.SUSPENDED, Action.EXCEPT, State.CONTINUES),
        Move(State.SUSPENDED, Action.CLOSE, State.CLOSED),
        Move(State.DECISION_DUE, Action.SUSPEND, State.SUSPENDED),
        Move(State.DECISION_DUE, Action.EXCEPT, State.CONTINUES),
        Move(State.DECISION_DUE, Action.CLOSE, State.CLOSED),
        Move(State.CONTINUES, Action.SUSPEND, State.SUSPENDED),
        Move(State.CONTINUES, Action.CALL_FOR_DECISION, State.DECISION_DUE),
        Move(State.CONTINUES, Action.CLOSE, State.CLOSED),
    )
)

# While a case is in one of these the 12-month date is open: nothing new with the partner.
OPEN = frozenset({State.SUSPENDED, State.DECISION_DUE, State.CONTINUES})


class Cause(StrEnum):
    """Why a partnership was suspended. Words of the reason are general, never case facts."""

    DEADLINE = "deadline"
    OTHER = "other"


def outcome(
    *,
    today: date,
    suspends_on: date | None,
    finished: bool,
    exception_until: date | None,
    lives_at_risk: bool,
    on_deadline: OnDeadline,
) -> State | None:
    """Return what a passed 12-month date means for one active partnership, None before it.

    An exception in force (its end inclusive) lets it continue; else confirmed lives at risk, or
    a policy that always asks, makes it *decision due*; else the clock suspends it.

    Source: SA 55; ours, domain.md 3.5

    Args:
        today: The office's calendar day.
        suspends_on: The day after the 12-month date; None for a plan that suspends nothing.
        finished: Every mandatory action is verified.
        exception_until: Last day of the life-saving exception in force, if any.
        lives_at_risk: Marked by the officer and confirmed by the head of office.
        on_deadline: From the policy.
    """
    if suspends_on is None or finished or today < suspends_on:
        return None
    if exception_until is not None and today <= exception_until:
        return State.CONTINUES
    if lives_at_risk or on_deadline is OnDeadline.DECIDE:
        return State.DECISION_DUE
    return State.SUSPENDED


def since(
    suspends_on: date,
    exceptions: Iterable[tuple[date, date]],
    *,
    took_effect_on: date | None = None,
    today: date,
) -> date:
    """Return the day from which an outcome counts, however late somebody writes it down.

    The day after the 12-month date; the day after an exception that ended since; the first day
    of the one in force. A result that was found when the date had passed counts from its day.

    Source: ours; domain.md 3.5, 3.6

    Args:
        suspends_on: The day after the 12-month date.
        exceptions: First and last day of each exception that has begun by `today`.
        took_effect_on: First day of the result whose plan it is.
        today: The office's calendar day.
    """
    days = [
        from_on if today <= ends_on else add_days(ends_on, 1) for from_on, ends_on in exceptions
    ]
    return max([suspends_on, took_effect_on or suspends_on, *days])


def next_step(case: State | None, due: State | None) -> Action | State | None:
    """Return how a case follows from what is due: a state to open it in, a move, or nothing.

    A lifted case is never opened again for the same date. A closed one is, as if there had been
    none: its question fell away with its result, and nobody decided it. An exception that ended
    unrenewed is suspended or called for decision that day.

    Source: ours; domain.md 3.6
    """
    if due is None:
        return None
    if case in {None, State.CLOSED}:
        return due
    if case is State.CONTINUES and due is State.SUSPENDED:
        return Action.SUSPEND
    if case is State.CONTINUES and due is State.DECISION_DUE:
        return Action.CALL_FOR_DECISION
    return None


def confirmation_holds(confirmed_on: date | None, *, months: int, today: date) -> bool:
    """Return whether the mark *lives at risk* counts: confirmed, and not longer ago than a year.

    The same day a year later still counts, the day after does not.

    Source: ours; domain.md 3.5
    """
    return confirmed_on is not None and today <= add_months(confirmed_on, months)

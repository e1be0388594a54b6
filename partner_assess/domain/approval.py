"""This file holds the approval of a high-risk partnership: its life, what a request must hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partner_assess.domain.deadlines import add_days
from partner_assess.domain.errors import NotReady
from partner_assess.domain.machine import Machine, Move
from partner_assess.domain.partnership import Result


class State(StrEnum):
    """Where an approval is. Source: SA 55; domain.md 3.3."""

    REQUIRED = "required"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Action(StrEnum):
    """What can be done to an approval."""

    APPROVE = "approve"
    DECLINE = "decline"
    LAPSE = "lapse"


LIFE = Machine(
    (
        Move(State.REQUIRED, Action.APPROVE, State.APPROVED),
        Move(State.REQUIRED, Action.DECLINE, State.DECLINED),
        Move(State.REQUIRED, Action.LAPSE, State.LAPSED),
        Move(State.APPROVED, Action.LAPSE, State.LAPSED),
    )
)


@dataclass(frozen=True, slots=True)
class Justification:
    """What the officer writes to ask for an approval. Source: SA 55; ours, domain.md 3.3."""

    why_this_partner: str
    alternatives: str
    mitigation: str
    assurance: str
    monitored_by: str
    review_on: date | None


def missing(justification: Justification) -> tuple[str, ...]:
    """Return the names of the parts that are still empty, in the order of the form.

    Source: SA 55 (written justification); the parts are ours, domain.md 3.3
    """
    texts = (
        "why_this_partner",
        "alternatives",
        "mitigation",
        "assurance",
        "monitored_by",
    )
    empty = [name for name in texts if not str(getattr(justification, name)).strip()]
    return tuple(empty) + (("review_on",) if justification.review_on is None else ())


def require_complete(justification: Justification) -> None:
    """Raise NotReady when a part of the justification is empty."""
    if parts := missing(justification):
        raise NotReady(parts, "justification_incomplete")


def is_valid(
    state: State, *, digest: str, valid_until: date | None, result: Result, today: date
) -> bool:
    """Return whether an approval still carries a partnership.

    It is approved, bound to the current result by its digest, and neither the result nor the
    approval itself is past its end; the last day counts.

    Source: SA 55; ours, domain.md 3.3
    """
    if state is not State.APPROVED or not digest or digest != result.digest:
        return False
    if not result.is_valid(today):
        return False
    return valid_until is None or today <= valid_until


def over_from(
    state: State, *, decided_on: date | None, valid_until: date | None, lapsed_on: date | None
) -> date | None:
    """Return the first day on which a request or approval carries nothing any more.

    A declined one from the day it was declined; an approved one from the day after its own end;
    a lapsed one from the day it lapsed, or after its own end where that came first.

    Source: ours; domain.md 3.3
    """
    if state is State.DECLINED:
        return decided_on
    days = [add_days(valid_until, 1)] if valid_until is not None else []
    if state is State.LAPSED and lapsed_on is not None:
        days.append(lapsed_on)
    return min(days, default=None)


def decide_by(requested_on: date, *, days: int) -> date:
    """Return the last day in time for a decision.

    Source: ours; domain.md 3.3 (30 days)
    """
    return add_days(requested_on, days)

"""This file holds the life of a partnership, and what a result allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from partner_assess.domain.deadlines import add_days
from partner_assess.domain.machine import Machine, Move
from partner_assess.domain.risk import Capacity, Risk


class State(StrEnum):
    """Where a partnership is. Source: ours; domain.md 3.3."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Action(StrEnum):
    """What can be done to a partnership."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    LIFT = "lift"
    END = "end"


LIFE = Machine(
    (
        Move(State.PROPOSED, Action.ACTIVATE, State.ACTIVE),
        Move(State.PROPOSED, Action.END, State.ENDED),
        Move(State.ACTIVE, Action.SUSPEND, State.SUSPENDED),
        Move(State.ACTIVE, Action.END, State.ENDED),
        Move(State.SUSPENDED, Action.LIFT, State.ACTIVE),
        Move(State.SUSPENDED, Action.END, State.ENDED),
    )
)


class Basis(StrEnum):
    """What a capacity and a risk rest on. Source: E5; domain.md 1.4."""

    ASSESSED = "assessed"
    IMPORTED = "imported"
    EMERGENCY = "emergency"
    NO_CONTACT = "no_contact"
    NONE = "none"


# Special records count only where there is no assessment or import. Source: domain.md 3.3
_RECORDED = frozenset({Basis.EMERGENCY, Basis.NO_CONTACT})


@dataclass(frozen=True, slots=True)
class Result:
    """A capacity and a risk, since when and until when.

    Attributes:
        digest: What an approval binds to.
        expires_on: Last valid day; None has no end.
        record_id: The assessment or the special record; None for no result.
    """

    basis: Basis
    capacity: Capacity | None = None
    risk: Risk | None = None
    took_effect_on: date | None = None
    expires_on: date | None = None
    digest: str = ""
    framework_id: str = ""
    record_id: UUID | None = None
    order: float = 0.0

    def is_valid(self, today: date) -> bool:
        """Return whether it counts on `today`; the last valid day is inclusive."""
        if self.basis is Basis.NONE:
            return False
        return self.expires_on is None or today <= self.expires_on


NO_RESULT = Result(Basis.NONE)


def current_result(results: Iterable[Result], *, today: date) -> Result:
    """Return the unexpired result that took effect last, whatever its instrument.

    An emergency or waiver record counts only where no assessment or import does. `order`
    breaks a tie of days: the higher was later.

    Source: ours; domain.md 3.3, docs/decisions/0008
    """
    valid = [result for result in results if result.is_valid(today)]
    counted = [result for result in valid if result.basis not in _RECORDED] or valid
    return max(
        counted,
        key=lambda r: (r.took_effect_on or date.min, r.order),
        default=NO_RESULT,
    )


def last_result(results: Iterable[Result]) -> Result:
    """Return the result that took effect last, whether or not it still counts.

    It is what a page calls the *last result* once nothing is valid any more.

    Source: ours; domain.md 3.3, docs/decisions/0008
    """
    return max(results, key=lambda r: (r.took_effect_on or date.min, r.order), default=NO_RESULT)


class Hindrance(StrEnum):
    """Why a partnership may not become active."""

    NO_RESULT = "no_result"
    APPROVAL_MISSING = "approval_missing"
    DEADLINE_PASSED = "deadline_passed"
    SUSPENDED_ELSEWHERE = "suspended_elsewhere"


def hindrances(
    result: Result,
    *,
    today: date,
    approved: bool,
    deadline_passed: bool,
    suspended_for_cause: bool,
) -> tuple[Hindrance, ...]:
    """Return what keeps a proposed partnership from becoming active, empty when nothing does.

    Args:
        result: The partner's current result in this agency.
        today: The office's calendar day.
        approved: A valid approval of this very partnership on this very result exists.
        deadline_passed: The partner's 12-month date has passed unfinished in this agency.
        suspended_for_cause: Any partnership of the partner in this agency is suspended for
            another cause.

    Source: SA 55 (prior approval); ours, domain.md 3.3
    """
    found: list[Hindrance] = []
    if not result.is_valid(today):
        found.append(Hindrance.NO_RESULT)
    elif result.risk is Risk.HIGH and not approved:
        found.append(Hindrance.APPROVAL_MISSING)
    if deadline_passed:
        found.append(Hindrance.DEADLINE_PASSED)
    if suspended_for_cause:
        found.append(Hindrance.SUSPENDED_ELSEWHERE)
    return tuple(found)


def approval_due_on(
    state: State,
    result: Result,
    *,
    today: date,
    approved: bool,
    open_again: Iterable[date] = (),
    days: int,
) -> date | None:
    """Return the day by which a running high-risk partnership must be decided, None if not at all.

    `days` after the High result took effect, or after the question opened again if that was
    later, the last day inclusive.

    Source: SA 55; ours, domain.md 3.3 (30 days)

    Args:
        state: Of the partnership.
        result: The partner's current result in this agency.
        today: The office's calendar day.
        approved: A valid approval of this very partnership on this very result exists.
        open_again: First days without an approval that was there, after a request that was
            declined, or after a suspension that was lifted; days to come do not count.
        days: From the policy.
    """
    if state is not State.ACTIVE or approved or not result.is_valid(today):
        return None
    if result.risk is not Risk.HIGH or result.took_effect_on is None:
        return None
    begun = [day for day in open_again if day <= today]
    return add_days(max([result.took_effect_on, *begun]), days)


def may_be_amended(
    state: State,
    result: Result,
    *,
    today: date,
    approved: bool,
    deadline_passed: bool,
    suspended_for_cause: bool,
) -> bool:
    """Return whether a partnership's terms may be changed or its time prolonged.

    Not while it is suspended; not while it runs at High risk without a valid approval, or with
    a partner whose 12-month date has passed unfinished or who is suspended for another cause.
    One that is only proposed may always be changed: it cannot become active before that is over.

    Source: SA 55; ours, domain.md 3.3, 3.5
    """
    if state is not State.ACTIVE:
        return state is not State.SUSPENDED
    if deadline_passed or suspended_for_cause:
        return False
    return approved or not (result.is_valid(today) and result.risk is Risk.HIGH)


def reassessment_is_due(state: State, result: Result, *, today: date) -> bool:
    """Return whether a running partnership stands on no valid result.

    Source: ours; domain.md 3.3
    """
    return state is State.ACTIVE and not result.is_valid(today)

"""This file holds what a plan's 12-month date means for each partnership of its partner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from partner_assess.domain import suspension
from partner_assess.domain.partnership import State as PartnershipState
from partner_assess.domain.policy import OnDeadline, Policy
from partner_assess.domain.suspension import State
from partner_assess.usecases import suspensions

if TYPE_CHECKING:
    from partner_assess.db.models.partnership import Partnership
    from partner_assess.db.models.plan import Plan
    from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens, or has happened, to one partnership.

    Attributes:
        on: The day from which it is so.
        is_ahead: That day is still to come.
        until: Last day of the exception under which it goes on.
        by_policy: The policy lets the head of office decide, whatever is marked.
        is_unconfirmed: It is marked *lives at risk*, and the mark does not count.
    """

    title: str
    url: str
    state: State
    on: date
    is_ahead: bool
    until: date | None
    by_policy: bool
    is_unconfirmed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What was loaded about the partnerships of a plan's partner."""

    partnerships: Iterable[Partnership]
    cases: Iterable[SuspensionCase]
    exceptions: Iterable[LifeSavingException]
    due: Iterable[suspensions.Due]


def of(plan: Plan, policy: Policy, known: Known, *, today: date) -> tuple[Fate, ...]:
    """Return the fate of each partnership, computed from dates: no sweep need have run."""
    if plan.suspends_on is None or plan.progress().is_complete:
        return ()
    due = {one.partnership.id: one for one in known.due}
    cases = {c.partnership_id: c for c in known.cases if c.deadline_on == plan.limit_on}
    ends: dict[UUID, date] = {}
    for one in known.exceptions:
        if one.from_on <= max(today, plan.suspends_on):
            ends.setdefault(one.partnership_id, one.ends_on)
    fates = [
        _fate(plan, policy, one, due.get(one.id), cases.get(one.id), ends.get(one.id), today=today)
        for one in known.partnerships
        if one.state in {PartnershipState.ACTIVE, PartnershipState.SUSPENDED}
    ]
    return tuple(fate for fate in fates if fate is not None)


def _fate(
    plan: Plan,
    policy: Policy,
    found: Partnership,
    due: suspensions.Due | None,
    case: SuspensionCase | None,
    exception_until: date | None,
    *,
    today: date,
) -> Fate | None:
    day = plan.suspends_on
    if day is None:
        return None
    counts = suspensions.lives_at_risk(policy, found, today=max(today, day))
    if today < day:
        state = suspension.outcome(
            today=day,
            suspends_on=day,
            finished=False,
            exception_until=exception_until,
            lives_at_risk=counts,
            on_deadline=policy.on_deadline,
        )
        since = day
    elif due is not None:
        state = due.to
        since = due.since
    elif case is not None:
        state, since = case.state, case.since
    else:
        return None
    if state is None or (today < day and found.state is PartnershipState.SUSPENDED):
        return None
    return Fate(
        title=found.title,
        url=_url(found, case),
        state=state,
        on=since,
        is_ahead=today < day,
        until=exception_until if state is State.CONTINUES else None,
        by_policy=policy.on_deadline is OnDeadline.DECIDE and not counts,
        is_unconfirmed=found.lives_at_risk and not counts,
    )


def _url(found: Partnership, case: SuspensionCase | None) -> str:
    if case is not None:
        return url_for("suspensions.show", case_id=case.id)
    return url_for("partnerships.show", partnership_id=found.id)

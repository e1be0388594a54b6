"""This file holds what the clock does to overdue partnerships, computed before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase
from partner_assess.domain import partnership, suspension
from partner_assess.domain.plan import OPEN as OPEN_PLAN
from partner_assess.domain.policy import Policy
from partner_assess.domain.suspension import LIFE, Action, Cause, State
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.suspensions import cases


@dataclass(frozen=True, slots=True)
class Due:
    """What a passed 12-month date means for one partnership, before anybody has written it.

    Attributes:
        since: The day from which it is so, however late the sweep.
    """

    plan: Plan
    partnership: Partnership
    case: SuspensionCase | None
    step: Action | State
    to: State
    since: date


def due(session: Session, ports: Ports, plans: Sequence[Plan], *, today: date) -> Iterator[Due]:
    """Yield what the clock has to do for these plans on `today`; pages show it before it is done.

    Three queries, however many plans are past their date.

    Source: SA 55; domain.md 3.5, 3.6
    """
    late = [one for one in plans if one.suspends_on is not None and today >= one.suspends_on]
    if not late:
        return
    everything = queries.partnerships.of_partners(session, {plan.partner_id for plan in late})
    running = [one for one in everything if one.state is partnership.State.ACTIVE]
    ids = [one.id for one in running]
    found_cases = queries.suspensions.of_partnerships(session, ids)
    exceptions: dict[UUID, list[LifeSavingException]] = {}
    for one in queries.suspensions.exceptions(session, ids):
        if one.from_on <= today:
            exceptions.setdefault(one.partnership_id, []).append(one)
    for plan in late:
        of_plan = {c.partnership_id: c for c in found_cases if c.deadline_on == plan.limit_on}
        for found in running:
            if found.partner_id != plan.partner_id:
                continue
            case = of_plan.get(found.id)
            granted = exceptions.get(found.id, [])
            exception_until = max((one.ends_on for one in granted), default=None)
            to = _outcome(ports, plan, found, exception_until=exception_until, today=today)
            step = suspension.next_step(case.state if case else None, to)
            if step is not None and to is not None and plan.suspends_on is not None:
                since = suspension.since(
                    plan.suspends_on,
                    [(one.from_on, one.ends_on) for one in granted],
                    took_effect_on=plan.rests_on.effective_on,
                    today=today,
                )
                yield Due(plan, found, case, step, to, since)


def _outcome(
    ports: Ports, plan: Plan, found: Partnership, *, exception_until: date | None, today: date
) -> State | None:
    policy = ports.policy(plan.policy_name)
    if plan.suspends_on is None:
        return None
    return suspension.outcome(
        today=today,
        suspends_on=plan.suspends_on,
        finished=plan.progress().is_complete,
        exception_until=exception_until,
        lives_at_risk=lives_at_risk(policy, found, today=today),
        on_deadline=policy.on_deadline,
    )


def lives_at_risk(policy: Policy, found: Partnership, *, today: date) -> bool:
    """Return whether the mark counts on `today`: set, and confirmed within the year."""
    return found.lives_at_risk and suspension.confirmation_holds(
        found.lives_confirmed_on, months=policy.lives_at_risk_confirm_months, today=today
    )


def act_on_deadlines(
    session: Session, ports: Ports, *, plan_id: UUID, agency_id: UUID, now: datetime, today: date
) -> dict[State, int]:
    """Do what the clock has to do for one plan; return how many cases came to each state.

    Doing it twice changes nothing.
    """
    found = queries.plans.lock(session, plan_id, agency_id=agency_id)
    if found.state not in OPEN_PLAN:
        return {}  # closed or completed since the sweep looked
    # Locked before they are judged, so that an exception granted meanwhile is not overlooked.
    queries.partnerships.lock_of_partner(session, found.partner_id)
    done: dict[State, int] = {}
    for one in list(due(session, ports, [found], today=today)):
        if one.case is None:
            cases.open_case(
                session,
                one.partnership,
                to=one.to,
                cause=Cause.DEADLINE,
                plan=one.plan,
                by=None,
                at=now,
                on=one.since,
                reason="",
            )
        else:
            one.case.plan_id = one.plan.id  # of the result that has the date now
            # A state and no move: it was closed without a decision, and is opened again.
            step = one.step
            to = step if isinstance(step, State) else LIFE.next(one.case.state, step)
            cases.move(
                session, one.case, one.partnership, to, by=None, at=now, on=one.since, reason=""
            )
        done[one.to] = done.get(one.to, 0) + 1
    return done


def close_settled_questions(session: Session, partner_id: UUID, *, at: datetime, on: date) -> None:
    """Close the cases that only waited for a decision on a date that no open plan has any more.

    What is suspended stays so until the head of office lifts it.
    """
    # By the date and not by the plan: a High result after a High one keeps the date.
    plans = queries.plans.open_plans(session, partner_ids=[partner_id])
    open_dates = {plan.limit_on for plan in plans}
    by_id = {one.id: one for one in queries.partnerships.of_partner(session, partner_id)}
    for case in queries.suspensions.of_partnerships(session, list(by_id)):
        is_settled = case.cause is Cause.DEADLINE and case.deadline_on not in open_dates
        if is_settled and case.state in {State.DECISION_DUE, State.CONTINUES}:
            to = LIFE.next(case.state, Action.CLOSE)
            cases.move(
                session, case, by_id[case.partnership_id], to, by=None, at=at, on=on, reason=""
            )

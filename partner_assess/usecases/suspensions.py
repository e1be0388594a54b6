"""This file holds what the clock does to overdue partnerships, and what the head decides."""

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
from partner_assess.domain import deadlines, partnership, permissions, suspension
from partner_assess.domain.errors import NotReady
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.policy import Policy
from partner_assess.domain.suspension import LIFE, Action, Cause, State
from partner_assess.usecases import reasons, trail
from partner_assess.usecases.ports import Ports


@dataclass(frozen=True, slots=True)
class Due:
    """What a passed 12-month date means for one partnership, before anybody has written it."""

    plan: Plan
    partnership: Partnership
    case: SuspensionCase | None
    step: Action | State
    to: State


def due(session: Session, ports: Ports, plans: Sequence[Plan], *, today: date) -> Iterator[Due]:
    """Yield what the clock has to do for these plans on `today`; pages show it before it is done.

    Two queries for each plan past its date, none for the others.

    Source: SA 55; domain.md 3.5, 3.6
    """
    for plan in plans:
        if plan.suspends_on is None or today < plan.suspends_on:
            continue
        running = [
            one
            for one in queries.partnerships.of_partner(session, plan.partner_id)
            if one.state is partnership.State.ACTIVE
        ]
        ids = [one.id for one in running]
        cases = {
            case.partnership_id: case
            for case in queries.suspensions.of_partnerships(session, ids)
            if case.deadline_on == plan.limit_on
        }
        exceptions: dict[UUID, date] = {}
        for one in queries.suspensions.exceptions(session, ids):
            if one.from_on <= today:
                exceptions.setdefault(one.partnership_id, one.ends_on)
        for found in running:
            to = suspension.outcome(
                today=today,
                suspends_on=plan.suspends_on,
                finished=plan.progress().is_complete,
                exception_until=exceptions.get(found.id),
                lives_at_risk=lives_at_risk(ports.policy(plan.policy_name), found, today=today),
                on_deadline=ports.policy(plan.policy_name).on_deadline,
            )
            case = cases.get(found.id)
            step = suspension.next_step(case.state if case else None, to)
            if step is not None and to is not None:
                yield Due(plan, found, case, step, to)


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
    # Locked before they are judged, so that an exception granted meanwhile is not overlooked.
    queries.partnerships.lock_of_partner(session, found.partner_id)
    done: dict[State, int] = {}
    for one in list(due(session, ports, [found], today=today)):
        if one.case is None:
            open_case(
                session,
                one.partnership,
                to=one.to,
                cause=Cause.DEADLINE,
                plan=one.plan,
                by=None,
                at=now,
                on=today,
                reason="",
            )
        else:
            to = LIFE.next(one.case.state, Action(one.step.value))
            _move(session, one.case, one.partnership, to, by=None, at=now, on=today, reason="")
        done[one.to] = done.get(one.to, 0) + 1
    return done


def open_case(
    session: Session,
    found: Partnership,
    *,
    to: State,
    cause: Cause,
    plan: Plan | None,
    by: UUID | None,
    at: datetime,
    on: date,
    reason: str,
) -> SuspensionCase:
    """Open a case for a running partnership; a suspended one makes no new commitments."""
    case = SuspensionCase(
        partnership_id=found.id,
        plan_id=plan.id if plan else None,
        cause=cause,
        deadline_on=plan.limit_on if plan else None,
        state=to,
        opened_at=at,
        since=on,
        decided_by=by,
        reason=reason,
    )
    session.add(case)
    session.flush()
    _settle(found, to, on=on)
    _record(session, case, found, to.value, by=by, at=at, moved=("", to.value), comment=reason)
    return case


def grant_exception(
    session: Session,
    ports: Ports,
    *,
    partnership_id: UUID,
    seen: int,
    reason: str,
    ends_on: date,
    policy_name: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> LifeSavingException:
    """Let a partnership go on although its plan is overdue, since stopping would threaten lives.

    Raises:
        NotReady: no reason, or an end that is not ahead.
        ActionNotAllowed: the partnership is neither running nor suspended.

    Source: SA 55, SC 28; domain.md 3.5
    """
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.SUSPENSION_DECIDE, found.standing())
    if found.state is not partnership.State.SUSPENDED:
        partnership.LIFE.next(found.state, partnership.Action.SUSPEND)
    reasons.require(reason)
    if ends_on < today:
        raise NotReady(("ends_on",), "exception_end_not_ahead")

    months = ports.policy(policy_name).exception_review_months
    review_on = min(deadlines.add_months(today, months), ends_on)
    granted = LifeSavingException(
        partnership_id=found.id,
        reason=reason,
        from_on=today,
        ends_on=ends_on,
        review_on=review_on,
        granted_by=actor.user_id,
        granted_at=now,
    )
    session.add(granted)
    session.flush()
    trail.record(
        session,
        granted,
        "exception_granted",
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=actor.user_id,
        at=now,
        comment=reason,
        ends_on=ends_on.isoformat(),
        title=found.title,
    )
    for case in queries.suspensions.of_partnerships(session, [found.id]):
        if case.cause is Cause.DEADLINE and LIFE.allows(case.state, Action.EXCEPT):
            to = LIFE.next(case.state, Action.EXCEPT)
            _move(session, case, found, to, by=actor.user_id, at=now, on=today, reason=reason)
    return granted


def suspend(
    session: Session,
    *,
    case_id: UUID,
    seen: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> SuspensionCase:
    """Suspend where a decision was due."""
    case, found = _lock(session, case_id, seen, actor)

    permissions.require(actor, Permission.SUSPENSION_DECIDE, case.standing())
    reasons.require(reason)

    to = LIFE.next(case.state, Action.SUSPEND)

    _move(session, case, found, to, by=actor.user_id, at=now, on=today, reason=reason)
    return case


def lift(
    session: Session,
    *,
    case_id: UUID,
    seen: int,
    reason: str,
    review_on: date,
    actor: Actor,
    now: datetime,
    today: date,
) -> SuspensionCase:
    """Lift a suspension, with a reason and a day of review; the clock leaves that date alone.

    Raises:
        NotReady: no reason, or a review that is not ahead.

    Source: SA 55; domain.md 3.6
    """
    case, found = _lock(session, case_id, seen, actor)

    permissions.require(actor, Permission.SUSPENSION_DECIDE, case.standing())
    reasons.require(reason)
    if review_on <= today:
        raise NotReady(("review_on",), "review_day_not_ahead")

    to = LIFE.next(case.state, Action.LIFT)

    _move(
        session,
        case,
        found,
        to,
        by=actor.user_id,
        at=now,
        on=today,
        reason=reason,
        review_on=review_on,
    )
    return case


def close_open_questions(session: Session, plan: Plan, *, at: datetime, on: date) -> None:
    """Close the cases that only waited for a decision, now that the plan's date is settled.

    What is suspended stays so until the head of office lifts it.
    """
    running = queries.partnerships.of_partner(session, plan.partner_id)
    by_id = {one.id: one for one in running}
    for case in queries.suspensions.of_partnerships(session, list(by_id)):
        # By its date and not by its plan: a High result after a High one keeps the date.
        is_of_date = case.cause is Cause.DEADLINE and case.deadline_on == plan.limit_on
        if is_of_date and case.state in {State.DECISION_DUE, State.CONTINUES}:
            to = LIFE.next(case.state, Action.CLOSE)
            _move(session, case, by_id[case.partnership_id], to, by=None, at=at, on=on, reason="")


def _lock(
    session: Session, case_id: UUID, seen: int, actor: Actor
) -> tuple[SuspensionCase, Partnership]:
    # The partnership first, as everywhere, so that two never wait for each other.
    known = queries.suspensions.get(session, case_id, agency_id=actor.agency_id)
    found = queries.partnerships.lock(session, known.partnership_id, agency_id=actor.agency_id)
    case = queries.suspensions.lock(session, case_id, agency_id=actor.agency_id, seen=seen)
    return case, found


def _move(
    session: Session,
    case: SuspensionCase,
    found: Partnership,
    to: State,
    *,
    by: UUID | None,
    at: datetime,
    on: date,
    reason: str,
    review_on: date | None = None,
) -> None:
    before = case.state
    case.move(to, on=on, by=by, reason=reason, review_on=review_on)
    _settle(found, to, on=on)
    _record(
        session,
        case,
        found,
        to.value,
        by=by,
        at=at,
        moved=(before.value, to.value),
        comment=reason,
    )


def _settle(found: Partnership, to: State, *, on: date) -> None:
    """Bring the partnership into the state that the case means."""
    if to is State.SUSPENDED and found.state is partnership.State.ACTIVE:
        found.move(partnership.LIFE.next(found.state, partnership.Action.SUSPEND), on=on)
    if to in {State.LIFTED, State.CONTINUES} and found.state is partnership.State.SUSPENDED:
        found.move(partnership.LIFE.next(found.state, partnership.Action.LIFT), on=on)


def _record(
    session: Session,
    case: SuspensionCase,
    found: Partnership,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str],
    comment: str,
) -> None:
    trail.record(
        session,
        case,
        action,
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
        title=found.title,
    )

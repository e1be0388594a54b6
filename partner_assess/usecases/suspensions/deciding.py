"""This file holds what the head of office decides: exception, suspension, lifting."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase
from partner_assess.domain import deadlines, partnership, permissions
from partner_assess.domain.errors import NotReady, RuleError
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.suspension import LIFE, OPEN, Action, Cause
from partner_assess.usecases import reasons, trail
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.suspensions import cases


class NothingToExcept(RuleError):
    """No 12-month date hangs over the partnership."""

    code = "nothing_to_except"


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
        NothingToExcept: no 12-month date hangs over it, passed or to come.

    Source: SA 55, SC 28; domain.md 3.5
    """
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.SUSPENSION_DECIDE, found.standing())
    if found.state is not partnership.State.SUSPENDED:
        partnership.LIFE.next(found.state, partnership.Action.SUSPEND)
    reasons.require(reason)
    if ends_on < today:
        raise NotReady(("ends_on",), "exception_end_not_ahead")
    if not _has_date(session, found):
        raise NothingToExcept

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
            cases.move(session, case, found, to, by=actor.user_id, at=now, on=today, reason=reason)
    return granted


def _has_date(session: Session, found: Partnership) -> bool:
    """Return whether a 12-month date concerns the partnership: ahead of it, or in a case."""
    plans = queries.plans.open_plans(session, partner_ids=[found.partner_id])
    cases = queries.suspensions.of_partnerships(session, [found.id])
    return any(plan.suspends_on is not None for plan in plans) or any(
        case.cause is Cause.DEADLINE and case.state in OPEN for case in cases
    )


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

    cases.move(session, case, found, to, by=actor.user_id, at=now, on=today, reason=reason)
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

    cases.move(
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


def _lock(
    session: Session, case_id: UUID, seen: int, actor: Actor
) -> tuple[SuspensionCase, Partnership]:
    # The partnership first, as everywhere, so that two never wait for each other.
    known = queries.suspensions.get(session, case_id, agency_id=actor.agency_id)
    found = queries.partnerships.lock(session, known.partnership_id, agency_id=actor.agency_id)
    case = queries.suspensions.lock(session, case_id, agency_id=actor.agency_id, seen=seen)
    return case, found

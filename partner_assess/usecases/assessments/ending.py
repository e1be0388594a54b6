"""This file holds how an assessment ends: given up, taken back, expired."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.domain import deadlines, permissions
from partner_assess.domain.assessment import LIFE, Action, State
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases import partners, plans, reasons
from partner_assess.usecases.assessments import moves
from partner_assess.usecases.ports import Ports


def cancel(
    session: Session, *, assessment_id: UUID, seen: int, reason: str, actor: Actor, now: datetime
) -> Assessment:
    """Give an open assessment up, with a reason.

    Raises:
        NotReady: no reason was given.
    """
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_CANCEL, assessment.standing())
    if assessment.state is State.PRELIMINARY:
        # A plan and perhaps an approval hang on it by then.
        raise ActionNotAllowed(state=assessment.state.value, action=Action.CANCEL.value)

    to = LIFE.next(assessment.state, Action.CANCEL)
    reasons.require(reason)

    assessment.ended_reason = reason
    moves.move(session, assessment, to, "cancelled", by=actor.user_id, at=now, comment=reason)
    return assessment


def withdraw(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    seen: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment:
    """Take a final result back, with a reason; it stays readable, and counts no more.

    Raises:
        NotReady: no reason was given.
    """
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_WITHDRAW, assessment.standing())

    LIFE.next(assessment.state, Action.WITHDRAW)
    reasons.require(reason)

    assessment.ended_reason = reason
    moves.end(session, assessment, Action.WITHDRAW, "withdrawn", by=actor.user_id, at=now)
    found = queries.partners.lock(session, assessment.partner_id, agency_id=actor.agency_id)
    session.flush()
    partners.refresh_current(session, found, now=now, today=today)
    plans.follow_withdrawal(session, ports, assessment, by=actor.user_id, now=now, today=today)
    return assessment


def expire(
    session: Session, *, assessment_id: UUID, agency_id: UUID, now: datetime, today: date
) -> bool:
    """Let the clock end a final result whose last valid day has passed; return whether it did."""
    assessment = queries.assessments.lock(session, assessment_id, agency_id=agency_id)
    if not LIFE.allows(assessment.state, Action.EXPIRE) or not deadlines.is_expired(
        assessment.expires_on, today=today
    ):
        return False
    moves.end(session, assessment, Action.EXPIRE, "expired", by=None, at=now)
    session.flush()
    found = queries.partners.lock(session, assessment.partner_id, agency_id=agency_id)
    partners.refresh_current(session, found, now=now, today=today)
    return True

"""This file holds how an assessment changes its state, and how that is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db.models.assessment import Assessment
from partner_assess.domain.assessment import LIFE, Action, State
from partner_assess.usecases import trail


def end(
    session: Session,
    assessment: Assessment,
    action: Action,
    name: str,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    """End a result: superseded, expired or withdrawn."""
    to = LIFE.next(assessment.state, action)
    move(session, assessment, to, name, by=by, at=at, comment=assessment.ended_reason)


def move(
    session: Session,
    assessment: Assessment,
    to: State,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    comment: str = "",
) -> None:
    """Change the state, and write it down."""
    before = assessment.state
    assessment.state = to
    assessment.touched_at = at
    record(
        session,
        assessment,
        action,
        by=by,
        at=at,
        moved=(before.value, to.value),
        comment=comment,
    )


def record(
    session: Session,
    assessment: Assessment,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    comment: str = "",
) -> None:
    """Write one deed down."""
    trail.record(
        session,
        assessment,
        action,
        agency_id=assessment.agency_id,
        partner_id=assessment.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
    )

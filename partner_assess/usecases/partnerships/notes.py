"""This file holds how a deed about a partnership is written down, and told to who decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain import approval
from partner_assess.usecases import trail


def record(
    session: Session,
    found: Partnership,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    comment: str = "",
) -> None:
    """Write down a deed about a partnership."""
    trail.record(
        session,
        found,
        action,
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
        title=found.title,
    )


def touch_requests(session: Session, found: Partnership) -> None:
    """Make the request that waits another version than the one the head of office has seen."""
    for one in queries.approvals.of_partnerships(session, [found.id]):
        if one.state is approval.State.REQUIRED:
            one.touch()

"""This file holds how a deed about a partnership is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db.models.partnership import Partnership
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

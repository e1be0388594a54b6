"""This file holds how a deed about a received report is written down, and how its state moves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.usecases import trail


def record(
    session: Session,
    found: ReceivedReport,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    comment: str = "",
    **facts: str,
) -> None:
    """Write one deed down."""
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
        title=f"{found.reference}-{found.issue}",
        issuer=found.issuer_code,
        **facts,
    )

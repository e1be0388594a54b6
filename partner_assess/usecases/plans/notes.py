"""This file holds how a deed about a plan is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.usecases import trail


def record(
    session: Session,
    found: Plan,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    action_of: PlanAction | None = None,
    comment: str = "",
    because: str = "",
) -> None:
    """Write down a deed about a plan, and which of its actions it was about."""
    facts = {"because": because} if because else {}
    if action_of is not None:
        facts |= {"standard_id": action_of.standard_id, "action_id": str(action_of.id)}
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
        **facts,
    )

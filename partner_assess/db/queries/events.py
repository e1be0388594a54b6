"""This file holds the questions about events."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from partner_assess.db.models.event import Event
from partner_assess.db.models.user import User

# What the whole agency may know of a partner's history; the rest is its office's.
AGENCY_WIDE = frozenset({"partner", "partnership", "suspension"})


def of_partner(
    session: Session, partner_id: UUID, *, limit: int, agency_wide_only: bool
) -> Sequence[Event]:
    """Return what happened around a partner, newest first, with who did it."""
    query = (
        select(Event)
        .where(Event.partner_id == partner_id)
        .options(joinedload(Event.by).selectinload(User.grants))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(limit)
    )
    if agency_wide_only:
        query = query.where(Event.about.in_(AGENCY_WIDE))
    return session.scalars(query).all()


def count_of_partner(session: Session, partner_id: UUID, *, agency_wide_only: bool) -> int:
    """Return how many events there are around a partner."""
    query = select(func.count()).select_from(Event).where(Event.partner_id == partner_id)
    if agency_wide_only:
        query = query.where(Event.about.in_(AGENCY_WIDE))
    return session.scalar(query) or 0

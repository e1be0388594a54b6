"""This file holds the questions about events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from partner_assess.db.models.agency import Agency
from partner_assess.db.models.event import ChainHead, Event, Installation
from partner_assess.db.models.user import User

_AT_A_TIME = 1000

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


def chain(session: Session, agency_id: UUID) -> Iterator[Event]:
    """Yield every event of an agency along its chain, a few at a time; one not chained first."""
    of_agency = select(Event).where(Event.agency_id == agency_id)
    yield from session.scalars(of_agency.where(Event.number.is_(None)).order_by(Event.id).limit(1))
    last = 0
    while rows := session.scalars(
        of_agency.where(Event.number > last).order_by(Event.number).limit(_AT_A_TIME)
    ).all():
        yield from rows
        last = rows[-1].number or last
        session.expunge_all()  # a trail is long: what was looked at is let go


def heads(session: Session) -> Sequence[tuple[Agency, ChainHead | None]]:
    """Return every agency with the end of its chain, by code."""
    query = (
        select(Agency, ChainHead)
        .outerjoin(ChainHead, ChainHead.agency_id == Agency.id)
        .order_by(Agency.code, Agency.id)
    )
    return [(agency, head) for agency, head in session.execute(query)]


def installation_id(session: Session) -> UUID | None:
    """Return the id of this very database, None before it has one."""
    return session.scalars(select(Installation.id).order_by(Installation.id)).first()

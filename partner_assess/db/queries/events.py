"""This file holds the questions about events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from partner_assess.db.models.agency import Agency
from partner_assess.db.models.approval import Approval
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.event import ChainHead, Event, Installation
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.models.shared_report import Recipient, ReportIssue
from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase
from partner_assess.db.models.user import User

_AT_A_TIME = 1000

# What the whole agency may know of a partner's history; the rest is the office's concerned.
AGENCY_WIDE = frozenset({"partner", "partnership", "suspension"})


@dataclass(frozen=True, slots=True)
class Known:
    """An event, and whether its details are the reader's to know."""

    event: Event
    details: bool


def of_partner(
    session: Session, partner_id: UUID, *, limit: int, offices: frozenset[UUID] | None
) -> Sequence[Known]:
    """Return what happened around a partner, newest first, with who did it.

    People of these offices (None: of all) read what concerns them, and of others' what the
    whole agency may know.
    """
    concerns = _concerns(offices)
    query = (
        select(Event, concerns)
        .where(Event.partner_id == partner_id, _readable(concerns))
        .options(joinedload(Event.by).selectinload(User.grants))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(limit)
    )
    return [Known(event, bool(details)) for event, details in session.execute(query)]


def count_of_partner(session: Session, partner_id: UUID, *, offices: frozenset[UUID] | None) -> int:
    """Return how many of a partner's events people of these offices may read."""
    query = (
        select(func.count())
        .select_from(Event)
        .where(Event.partner_id == partner_id, _readable(_concerns(offices)))
    )
    return session.scalar(query) or 0


def _readable(concerns: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(Event.about.in_(AGENCY_WIDE), concerns)


def _concerns(offices: frozenset[UUID] | None) -> ColumnElement[bool]:
    """Return whether the record that an event is about is of one of these offices."""
    if offices is None:
        return true()
    # An id is never given twice, so the kind of the record need not be asked.
    own = [
        select(kind.id).where(kind.id == Event.about_id, kind.office_id.in_(offices))
        for kind in (Partner, Partnership, Assessment, Plan, ReceivedReport)
    ]
    of_partnership = [
        select(kind.id)
        .join(Partnership, Partnership.id == kind.partnership_id)
        .where(kind.id == Event.about_id, Partnership.office_id.in_(offices))
        for kind in (Approval, SuspensionCase, LifeSavingException)
    ]
    of_assessment = (
        select(ReportIssue.id)
        .join(Assessment, Assessment.id == ReportIssue.assessment_id)
        .where(ReportIssue.id == Event.about_id, Assessment.office_id.in_(offices))
    )
    of_issue = (
        select(Recipient.id)
        .join(ReportIssue, ReportIssue.id == Recipient.issue_id)
        .join(Assessment, Assessment.id == ReportIssue.assessment_id)
        .where(Recipient.id == Event.about_id, Assessment.office_id.in_(offices))
    )
    found = [*own, *of_partnership, of_assessment, of_issue]
    return or_(*(one.correlate(Event).exists() for one in found))


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

"""This file holds the questions about the reports of other agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from partner_assess.db.models.agency import Agency
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain.acceptance import OPEN, State
from partner_assess.domain.partner import name_key

MOST = 200

_WHOLE = (
    selectinload(ReceivedReport.partner).selectinload(Partner.office),
    selectinload(ReceivedReport.office),
    selectinload(ReceivedReport.proposer),
    selectinload(ReceivedReport.decider),
)


@dataclass(frozen=True, slots=True)
class Document:
    """Which document of which agency, whatever its issue."""

    issuer_code: str
    document_id: str


def get(session: Session, received_id: UUID, *, agency_id: UUID) -> ReceivedReport:
    """Return a whole received report of the agency. Raises NoResultFound."""
    return session.execute(_one(received_id, agency_id)).scalar_one()


def lock(
    session: Session, received_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> ReceivedReport:
    """Return the whole received report, locked, as it was seen."""
    return one_as_seen(session, _one(received_id, agency_id), of=ReceivedReport, seen=seen)


def _one(received_id: UUID, agency_id: UUID) -> Select[ReceivedReport]:
    return (
        select(ReceivedReport)
        .where(ReceivedReport.id == received_id, ReceivedReport.agency_id == agency_id)
        .options(*_WHOLE)
    )


def one_at_a_time(session: Session, agency_id: UUID) -> None:
    """Wait until nobody else receives a report in this agency; hold others off until the end."""
    query = select(Agency.id).where(Agency.id == agency_id)
    session.execute(query.with_for_update(key_share=True)).scalar_one()


def of_document(
    session: Session, document: Document, *, agency_id: UUID
) -> Sequence[ReceivedReport]:
    """Return what the agency received of a document, newest issue first."""
    query = (
        select(ReceivedReport)
        .where(
            ReceivedReport.agency_id == agency_id,
            ReceivedReport.issuer_code == document.issuer_code,
            ReceivedReport.document_id == document.document_id,
        )
        .options(*_WHOLE)
        .order_by(ReceivedReport.issue.desc(), ReceivedReport.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def partners_that_may_be(
    session: Session, *, agency_id: UUID, unpp_id: str, name: str, acronym: str
) -> Sequence[Partner]:
    """Return partners of the agency that an outside record may be about, the likeliest first.

    First by the UN Partner Portal id, which is one for all agencies; then by the whole name; then
    by the name as it is searched; then by the acronym. With their office.
    """
    likely = case(
        (Partner.unpp_id == unpp_id, 0),
        (Partner.name == name, 1),
        (Partner.name_key == name_key(name)[:400], 2),
        else_=3,
    )
    asked: list[ColumnElement[bool]] = [Partner.name_key == name_key(name)[:400]]
    if unpp_id:
        asked.append(Partner.unpp_id == unpp_id)
    if acronym:
        asked.append(func.lower(Partner.acronym) == acronym.lower())
    query = (
        select(Partner)
        .where(Partner.agency_id == agency_id, or_(*asked))
        .options(joinedload(Partner.office))
        .order_by(likely, Partner.name_key, Partner.id)
        .limit(5)
    )
    return session.scalars(query).all()


def accepted(session: Session, partner_id: UUID) -> Sequence[ReceivedReport]:
    """Return the reports about a partner that count, oldest decision first."""
    query = (
        select(ReceivedReport)
        .where(ReceivedReport.partner_id == partner_id, ReceivedReport.state == State.ACCEPTED)
        .order_by(ReceivedReport.decided_at, ReceivedReport.id)
    )
    return session.scalars(query).all()


def of_partner(session: Session, partner_id: UUID) -> Sequence[ReceivedReport]:
    """Return the reports about a partner, newest first."""
    query = (
        select(ReceivedReport)
        .where(ReceivedReport.partner_id == partner_id)
        .options(*_WHOLE, defer(ReceivedReport.payload))
        .order_by(ReceivedReport.received_at.desc(), ReceivedReport.id)
    )
    return session.scalars(query).all()


def listed(
    session: Session,
    *,
    agency_id: UUID,
    offices: frozenset[UUID] | None,
    states: frozenset[State] = frozenset(State),
    counts_until: date | None = None,
) -> Sequence[ReceivedReport]:
    """Return reports in these states, newest first, with partner and office.

    `counts_until`: only accepted ones whose last day comes by then.
    """
    conditions: list[ColumnElement[bool]] = [
        ReceivedReport.agency_id == agency_id,
        ReceivedReport.state.in_(states),
    ]
    if offices is not None:
        conditions.append(ReceivedReport.office_id.in_(offices))
    if counts_until is not None:
        conditions.append(ReceivedReport.counts_until <= counts_until)
    query = (
        select(ReceivedReport)
        .where(*conditions)
        .options(*_WHOLE, defer(ReceivedReport.payload))
        .order_by(ReceivedReport.received_at.desc(), ReceivedReport.id)
        .limit(MOST)
    )
    return session.scalars(query).all()


def told_about(
    session: Session, *, agency_id: UUID | None = None, office_id: UUID | None = None
) -> Sequence[UUID]:
    """Return the reports that a word of their agency can still change, by id."""
    query = select(ReceivedReport.id).where(ReceivedReport.state.in_(OPEN))
    if agency_id is not None:
        query = query.where(ReceivedReport.agency_id == agency_id)
    if office_id is not None:
        query = query.where(ReceivedReport.office_id == office_id)
    return session.scalars(query.order_by(ReceivedReport.id)).all()


def agency_of(session: Session, received_id: UUID) -> tuple[UUID, str]:
    """Return whose it is, and the time zone of its office. Raises NoResultFound."""
    query = (
        select(ReceivedReport)
        .where(ReceivedReport.id == received_id)
        .options(selectinload(ReceivedReport.office), defer(ReceivedReport.payload))
    )
    found = session.scalars(query).one()
    return found.agency_id, found.office.timezone

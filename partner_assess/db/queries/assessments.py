"""This file holds the questions about assessments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from partner_assess.db.models.assessment import (
    Assessment,
    Evidence,
    ReviewComment,
    StandardAnswer,
)
from partner_assess.db.models.partner import Partner
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain.assessment import FROZEN, IN_FORCE, OPEN, State

_WHOLE = (
    selectinload(Assessment.partner).selectinload(Partner.office),
    selectinload(Assessment.office),
    selectinload(Assessment.assessor),
    selectinload(Assessment.finaliser),
    selectinload(Assessment.answers),
    selectinload(Assessment.evidence),
)


def get(session: Session, assessment_id: UUID, *, agency_id: UUID) -> Assessment:
    """Return a whole assessment of the agency. Raises NoResultFound."""
    return session.execute(_one(assessment_id, agency_id)).scalar_one()


def lock(
    session: Session, assessment_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> Assessment:
    """Return the whole assessment, locked, as it was seen."""
    return one_as_seen(session, _one(assessment_id, agency_id), of=Assessment, seen=seen)


def _one(assessment_id: UUID, agency_id: UUID) -> Select[Assessment]:
    return (
        select(Assessment)
        .where(Assessment.id == assessment_id, Assessment.agency_id == agency_id)
        .options(*_WHOLE)
    )


def by_document_number(session: Session, document_number: str) -> Assessment | None:
    """Return the assessment whose document has this reference, in any agency."""
    query = select(Assessment).where(Assessment.document_number == document_number).options(*_WHOLE)
    return session.scalars(query).one_or_none()


def has_place(session: Session, place: int, *, agency_id: UUID) -> bool:
    """Return whether an assessment of the agency has this place in its status list."""
    query = select(Assessment.id).where(
        Assessment.agency_id == agency_id, Assessment.status_index == place
    )
    return session.scalars(query).one_or_none() is not None


def with_documents(session: Session) -> Sequence[Assessment]:
    """Return every assessment that can be shared, by its document's reference."""
    query = (
        select(Assessment)
        .where(Assessment.document_number.is_not(None))
        .options(
            selectinload(Assessment.partner),
            selectinload(Assessment.office),
        )
        .order_by(Assessment.document_number, Assessment.id)
    )
    return session.scalars(query).all()


def open_one(session: Session, *, partner_id: UUID, framework_id: str) -> Assessment | None:
    """Return the partner's open assessment with this instrument, if any."""
    query = select(Assessment).where(
        Assessment.partner_id == partner_id,
        Assessment.framework_id == framework_id,
        Assessment.state.in_(OPEN),
    )
    return session.scalars(query).one_or_none()


def begun_from(session: Session, received_id: UUID) -> Assessment | None:
    """Return the assessment that began from another agency's report, if any."""
    query = (
        select(Assessment)
        .where(Assessment.starting_point_id == received_id)
        .order_by(Assessment.created_at.desc(), Assessment.id)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def of_partner(session: Session, partner_id: UUID) -> Sequence[Assessment]:
    """Return the partner's assessments, newest first, with their answers."""
    query = (
        select(Assessment)
        .where(Assessment.partner_id == partner_id, Assessment.state != State.CANCELLED)
        .options(selectinload(Assessment.answers), joinedload(Assessment.assessor))
        .order_by(Assessment.created_at.desc(), Assessment.id)
    )
    return session.scalars(query).all()


def in_force(session: Session, *, partner_id: UUID, framework_id: str) -> Sequence[Assessment]:
    """Return the partner's results in force of one instrument, oldest first."""
    query = (
        select(Assessment)
        .where(
            Assessment.partner_id == partner_id,
            Assessment.framework_id == framework_id,
            Assessment.state.in_(IN_FORCE),
        )
        .options(selectinload(Assessment.answers))
        .order_by(Assessment.finalised_at, Assessment.id)
    )
    return session.scalars(query).all()


def previous(
    session: Session, assessment: Assessment, *, states: frozenset[State] = FROZEN
) -> Assessment | None:
    """Return the result of the same instrument that came before this one, with its answers."""
    query = (
        select(Assessment)
        .where(
            Assessment.partner_id == assessment.partner_id,
            Assessment.framework_id == assessment.framework_id,
            Assessment.id != assessment.id,
            Assessment.state.in_(states),
        )
        .options(selectinload(Assessment.answers))
        .order_by(Assessment.finalised_at.desc(), Assessment.id)
        .limit(1)
    )
    if assessment.finalised_at is not None:
        query = query.where(Assessment.finalised_at < assessment.finalised_at)
    return session.scalars(query).one_or_none()


def following(session: Session, assessment: Assessment) -> Assessment | None:
    """Return the result of the same instrument that took the place of this one, if any."""
    query = (
        select(Assessment)
        .where(
            Assessment.partner_id == assessment.partner_id,
            Assessment.framework_id == assessment.framework_id,
            Assessment.state.in_(FROZEN),
            Assessment.finalised_at > assessment.finalised_at,
        )
        .order_by(Assessment.effective_on, Assessment.finalised_at, Assessment.id)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def answer(session: Session, assessment_id: UUID, standard_id: str) -> StandardAnswer | None:
    """Return what was answered about a standard, if it was begun."""
    query = select(StandardAnswer).where(
        StandardAnswer.assessment_id == assessment_id, StandardAnswer.standard_id == standard_id
    )
    return session.scalars(query).one_or_none()


def evidence(session: Session, evidence_id: UUID, *, assessment_id: UUID) -> Evidence:
    """Return a piece of evidence of an assessment. Raises NoResultFound."""
    query = select(Evidence).where(
        Evidence.id == evidence_id, Evidence.assessment_id == assessment_id
    )
    return session.execute(query).scalar_one()


def comments(session: Session, assessment_id: UUID) -> Sequence[ReviewComment]:
    """Return what reviewers said, newest first."""
    query = (
        select(ReviewComment)
        .where(ReviewComment.assessment_id == assessment_id)
        .order_by(ReviewComment.said_at.desc(), ReviewComment.standard_id, ReviewComment.id)
    )
    return session.scalars(query).all()


def waiting(
    session: Session,
    *,
    agency_id: UUID,
    states: frozenset[State],
    offices: frozenset[UUID] | None,
    assessor_id: UUID | None = None,
) -> Sequence[Assessment]:
    """Return assessments in these states, longest untouched first, with partner and answers."""
    conditions: list[ColumnElement[bool]] = [
        Assessment.agency_id == agency_id,
        Assessment.state.in_(states),
    ]
    if offices is not None:
        conditions.append(Assessment.office_id.in_(offices))
    if assessor_id is not None:
        conditions.append(Assessment.assessor_id == assessor_id)
    query = (
        select(Assessment)
        .where(*conditions)
        .options(selectinload(Assessment.partner), selectinload(Assessment.answers))
        .order_by(Assessment.touched_at, Assessment.id)
        .limit(200)
    )
    return session.scalars(query).all()


def expiring(
    session: Session,
    *,
    agency_id: UUID,
    offices: frozenset[UUID] | None,
    until: date,
) -> Sequence[Assessment]:
    """Return finals whose last valid day comes by `until`, soonest first, with partner."""
    conditions: list[ColumnElement[bool]] = [
        Assessment.agency_id == agency_id,
        Assessment.state == State.FINAL,
        Assessment.expires_on <= until,
    ]
    if offices is not None:
        conditions.append(Assessment.office_id.in_(offices))
    query = (
        select(Assessment)
        .where(*conditions)
        .options(selectinload(Assessment.partner))
        .order_by(Assessment.expires_on, Assessment.id)
        .limit(200)
    )
    return session.scalars(query).all()


def expired(session: Session, *, office_id: UUID, today: date) -> Sequence[UUID]:
    """Return the finals of an office whose last valid day was before `today`."""
    query = (
        select(Assessment.id)
        .where(
            Assessment.office_id == office_id,
            Assessment.state == State.FINAL,
            Assessment.expires_on < today,
        )
        .order_by(Assessment.expires_on, Assessment.id)
    )
    return session.scalars(query).all()

"""This file holds the questions about what an agency says of its documents by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from partner_assess.db.models.agency import Agency, Office
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.db.models.suspension import SuspensionCase
from partner_assess.db.models.trust import StatusList
from partner_assess.domain.assessment import State
from partner_assess.domain.suspension import Cause
from partner_assess.domain.suspension import State as CaseState


@dataclass(frozen=True, slots=True)
class Shared:
    """What decides the status of one assessment's document."""

    place: int
    state: State
    partner_id: UUID
    newest_issue: int


def shared(session: Session, *, agency_id: UUID) -> Sequence[Shared]:
    """Return every assessment of the agency that has a place in its list, by place."""
    query = (
        select(
            Assessment.status_index,
            Assessment.state,
            Assessment.partner_id,
            func.max(ReportIssue.number),
        )
        .join(ReportIssue, ReportIssue.assessment_id == Assessment.id)
        .where(Assessment.agency_id == agency_id, Assessment.status_index.is_not(None))
        .group_by(Assessment.id, Assessment.status_index, Assessment.state, Assessment.partner_id)
        .order_by(Assessment.status_index, Assessment.id)
    )
    return [
        Shared(place, state, partner_id, number)
        for place, state, partner_id, number in session.execute(query)
        if place is not None
    ]


def suspended_for_cause(session: Session, *, agency_id: UUID) -> frozenset[UUID]:
    """Return the partners with a partnership of the agency that is suspended for cause."""
    query = (
        select(Partnership.partner_id)
        .join(SuspensionCase, SuspensionCase.partnership_id == Partnership.id)
        .where(
            Partnership.agency_id == agency_id,
            SuspensionCase.cause == Cause.OTHER,
            SuspensionCase.state == CaseState.SUSPENDED,
        )
        .order_by(Partnership.partner_id)
    )
    return frozenset(session.scalars(query))


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that an agency of this installation has issued."""

    agency_id: UUID
    partner_id: UUID
    state: State
    expires_on: date | None
    timezone: str
    newest_issue: int


def issued(session: Session, *, agency_code: str, document_id: UUID) -> Issued | None:
    """Return a document of an agency of this installation, None where there is none."""
    newest = (
        select(func.max(ReportIssue.number))
        .where(ReportIssue.assessment_id == document_id)
        .scalar_subquery()
    )
    query = (
        select(
            Assessment.agency_id,
            Assessment.partner_id,
            Assessment.state,
            Assessment.expires_on,
            Office.timezone,
            newest,
        )
        .join(Agency, Agency.id == Assessment.agency_id)
        .join(Office, Office.id == Assessment.office_id)
        .where(Agency.code == agency_code, Assessment.id == document_id, newest.is_not(None))
    )
    row = session.execute(query).one_or_none()
    return Issued(*row) if row is not None else None


def newest_list(
    session: Session, *, agency_code: str, name: str, reader_id: UUID | None
) -> StatusList | None:
    """Return the newest list of this name that came to a reader, or to all agencies here."""
    query = (
        select(StatusList)
        .where(
            StatusList.agency_code == agency_code,
            StatusList.name == name,
            or_(StatusList.list_agency_id.is_(None), StatusList.list_agency_id == reader_id),
        )
        .order_by(StatusList.made_at.desc(), StatusList.id)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def lock_list(
    session: Session, *, agency_code: str, name: str, list_of: UUID | None
) -> StatusList | None:
    """Return the list of this name that came to one agency (None: to all), locked."""
    query = (
        select(StatusList)
        .where(
            StatusList.agency_code == agency_code,
            StatusList.name == name,
            StatusList.list_agency_id.is_(None)
            if list_of is None
            else StatusList.list_agency_id == list_of,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one_or_none()

"""This file holds the questions about issues of shared documents."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.domain.report import Profile

_WHOLE = (
    selectinload(ReportIssue.assessment)
    .selectinload(Assessment.partner)
    .selectinload(Partner.office),
    selectinload(ReportIssue.assessment).selectinload(Assessment.office),
    selectinload(ReportIssue.assessment).selectinload(Assessment.answers),
)


def get(session: Session, issue_id: UUID, *, agency_id: UUID) -> ReportIssue:
    """Return an issue of the agency. Raises NoResultFound."""
    query = (
        select(ReportIssue)
        .join(Assessment, Assessment.id == ReportIssue.assessment_id)
        .where(ReportIssue.id == issue_id, Assessment.agency_id == agency_id)
        .options(*_WHOLE)
    )
    return session.execute(query).scalar_one()


def by_check_code(session: Session, code: str) -> ReportIssue | None:
    """Return the issue that bears this code, of whichever agency, if there is one."""
    query = select(ReportIssue).where(ReportIssue.check_code == code).options(*_WHOLE)
    return session.scalars(query).one_or_none()


def lock(session: Session, issue_id: UUID) -> ReportIssue:
    """Return the issue, locked. Raises NoResultFound."""
    query = select(ReportIssue).where(ReportIssue.id == issue_id).with_for_update(key_share=True)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def with_facts(
    session: Session, *, assessment_id: UUID, language: str, profile: Profile, facts_digest: str
) -> ReportIssue | None:
    """Return the issue that says just these facts, if there is one."""
    query = (
        select(ReportIssue)
        .where(
            ReportIssue.assessment_id == assessment_id,
            ReportIssue.language == language,
            ReportIssue.profile == profile,
            ReportIssue.facts_digest == facts_digest,
        )
        .options(*_WHOLE)
    )
    return session.scalars(query).one_or_none()


def of_assessment(session: Session, assessment_id: UUID) -> Sequence[ReportIssue]:
    """Return the issues of an assessment, newest first."""
    query = (
        select(ReportIssue)
        .where(ReportIssue.assessment_id == assessment_id)
        .order_by(ReportIssue.number.desc(), ReportIssue.id)
    )
    return session.scalars(query).all()


def last_number(session: Session, assessment_id: UUID) -> int:
    """Return the number of the newest issue, 0 before the first."""
    query = select(func.max(ReportIssue.number)).where(ReportIssue.assessment_id == assessment_id)
    return session.scalar(query) or 0

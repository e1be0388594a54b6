"""This file holds the questions about who got which document, and about share links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db.models.agency import Agency
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.models.shared_report import Recipient, ReportIssue
from partner_assess.db.models.trust import TrustedRoot
from partner_assess.db.models.user import User
from partner_assess.domain.assessment import State
from partner_assess.domain.trust import State as RootState

_ASSESSMENT = selectinload(Recipient.issue).selectinload(ReportIssue.assessment)
_WHOLE = (
    _ASSESSMENT.selectinload(Assessment.answers),
    _ASSESSMENT.selectinload(Assessment.office),
    selectinload(Recipient.reads),
    selectinload(Recipient.giver).selectinload(User.grants),
)


def get(session: Session, recipient_id: UUID, *, agency_id: UUID) -> Recipient:
    """Return a recipient of the agency. Raises NoResultFound."""
    return session.execute(_one(recipient_id, agency_id)).scalar_one()


def lock(session: Session, recipient_id: UUID, *, agency_id: UUID) -> Recipient:
    """Return the recipient, locked. Raises NoResultFound."""
    return session.execute(_locked(_one(recipient_id, agency_id))).scalar_one()


def _one(recipient_id: UUID, agency_id: UUID) -> Select[Recipient]:
    return (
        select(Recipient)
        .where(Recipient.id == recipient_id, Recipient.agency_id == agency_id)
        .options(*_WHOLE)
    )


def by_token(session: Session, token_sha256: str, *, locked: bool = False) -> Recipient | None:
    """Return the recipient whose share link has this secret, by its SHA-256."""
    query = select(Recipient).where(Recipient.token_sha256 == token_sha256).options(*_WHOLE)
    return session.scalars(_locked(query) if locked else query).one_or_none()


def _locked(query: Select[Recipient]) -> Select[Recipient]:
    return query.with_for_update(of=Recipient, key_share=True).execution_options(
        populate_existing=True
    )


def of_assessment(session: Session, assessment_id: UUID) -> Sequence[Recipient]:
    """Return who got the document of an assessment, in whichever issue, newest first."""
    query = (
        select(Recipient)
        .join(ReportIssue, ReportIssue.id == Recipient.issue_id)
        .where(ReportIssue.assessment_id == assessment_id)
        .options(*_WHOLE)
        .order_by(Recipient.at.desc(), Recipient.id)
    )
    return session.scalars(query).all()


def of_bundle(session: Session, *, agency_id: UUID) -> Sequence[Recipient]:
    """Return who got the agency's trust bundle by a link, newest first."""
    query = (
        select(Recipient)
        .where(Recipient.agency_id == agency_id, Recipient.issue_id.is_(None))
        .options(*_WHOLE[2:])
        .order_by(Recipient.at.desc(), Recipient.id)
        .limit(200)
    )
    return session.scalars(query).all()


def of_ended(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None
) -> Sequence[Recipient]:
    """Return whom nobody has told yet that their document was superseded or withdrawn.

    A link that was never read has given nothing to anybody. With assessment and partner, by the
    document's reference.
    """
    conditions: list[ColumnElement[bool]] = [
        Recipient.agency_id == agency_id,
        Recipient.told_at.is_(None),
        Assessment.state.in_((State.SUPERSEDED, State.WITHDRAWN)),
        or_(Recipient.token_sha256.is_(None), Recipient.reads.any()),
    ]
    if offices is not None:
        conditions.append(Assessment.office_id.in_(offices))
    query = (
        select(Recipient)
        .join(ReportIssue, ReportIssue.id == Recipient.issue_id)
        .join(Assessment, Assessment.id == ReportIssue.assessment_id)
        .where(*conditions)
        .options(_ASSESSMENT.selectinload(Assessment.partner))
        .order_by(Assessment.document_number, Recipient.at, Recipient.id)
        .limit(500)
    )
    return session.scalars(query).all()


def holders(session: Session, document_ids: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return which agencies of this installation hold which documents: (code, document)."""
    query = (
        select(Agency.code, ReceivedReport.document_id)
        .join(Agency, Agency.id == ReceivedReport.agency_id)
        .where(ReceivedReport.document_id.in_(sorted(document_ids)))
        .order_by(Agency.code, ReceivedReport.document_id)
    )
    return frozenset((code, document_id) for code, document_id in session.execute(query))


def trusted_codes(session: Session, *, agency_id: UUID) -> tuple[str, ...]:
    """Return the short codes of the agencies whose signatures count for this one."""
    query = (
        select(TrustedRoot.agency_code)
        .where(
            TrustedRoot.state == RootState.TRUSTED,
            or_(TrustedRoot.list_agency_id.is_(None), TrustedRoot.list_agency_id == agency_id),
        )
        .distinct()
        .order_by(TrustedRoot.agency_code)
    )
    return tuple(session.scalars(query))

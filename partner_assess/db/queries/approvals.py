"""This file holds the questions about approvals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db.models.approval import Approval
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain.approval import State

_WHOLE = (
    selectinload(Approval.partnership)
    .selectinload(Partnership.partner)
    .selectinload(Partner.office),
    selectinload(Approval.partnership).selectinload(Partnership.office),
    selectinload(Approval.assessment).selectinload(Assessment.answers),
    selectinload(Approval.assessment).selectinload(Assessment.evidence),
    selectinload(Approval.assessment).selectinload(Assessment.assessor),
    selectinload(Approval.assessment).selectinload(Assessment.determiner),
    selectinload(Approval.assessment).selectinload(Assessment.finaliser),
    selectinload(Approval.special_record),
    selectinload(Approval.received).selectinload(ReceivedReport.proposer),
    selectinload(Approval.received).selectinload(ReceivedReport.decider),
)


def get(session: Session, approval_id: UUID, *, agency_id: UUID) -> Approval:
    """Return a whole approval of the agency. Raises NoResultFound."""
    return session.execute(_one(approval_id, agency_id)).scalar_one()


def lock(
    session: Session, approval_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> Approval:
    """Return the whole approval, locked, as it was seen."""
    return one_as_seen(session, _one(approval_id, agency_id), of=Approval, seen=seen)


def _one(approval_id: UUID, agency_id: UUID) -> Select[Approval]:
    return (
        select(Approval)
        .join(Partnership, Partnership.id == Approval.partnership_id)
        .where(Approval.id == approval_id, Partnership.agency_id == agency_id)
        .options(*_WHOLE)
    )


def of_partnerships(session: Session, partnership_ids: Iterable[UUID]) -> Sequence[Approval]:
    """Return the approvals of these partnerships, newest request first."""
    query = (
        select(Approval)
        .where(Approval.partnership_id.in_(list(partnership_ids)))
        .order_by(Approval.requested_at.desc(), Approval.id)
    )
    return session.scalars(query).all()


def lock_undecided_or_valid(session: Session, partner_id: UUID) -> Sequence[Approval]:
    """Return the partner's approvals that are asked for or carry a partnership, locked, by id."""
    query = (
        select(Approval)
        .join(Partnership, Partnership.id == Approval.partnership_id)
        .where(
            Partnership.partner_id == partner_id,
            Approval.state.in_((State.REQUIRED, State.APPROVED)),
        )
        .options(selectinload(Approval.partnership))
        .order_by(Approval.id)
        .with_for_update(of=Approval, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def of_assessment(session: Session, assessment_id: UUID) -> Sequence[Approval]:
    """Return the approvals that rest on an assessment, oldest first, with the partnership."""
    query = (
        select(Approval)
        .where(Approval.assessment_id == assessment_id)
        .options(selectinload(Approval.partnership))
        .order_by(Approval.requested_at, Approval.id)
    )
    return session.scalars(query).all()


def partners_past_end(session: Session, *, office_id: UUID, today: date) -> Sequence[UUID]:
    """Return the partners of an office with an approval whose own last day was before `today`."""
    query = (
        select(Partner.id)
        .join(Partnership, Partnership.partner_id == Partner.id)
        .join(Approval, Approval.partnership_id == Partnership.id)
        .where(
            Partner.office_id == office_id,
            Approval.state == State.APPROVED,
            Approval.valid_until < today,
        )
        .distinct()
        .order_by(Partner.id)
    )
    return session.scalars(query).all()


def waiting(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None
) -> Sequence[Approval]:
    """Return undecided requests, soonest first, with partnership and partner."""
    conditions: list[ColumnElement[bool]] = [
        Partnership.agency_id == agency_id,
        Approval.state == State.REQUIRED,
    ]
    if offices is not None:
        conditions.append(Partnership.office_id.in_(offices))
    query = (
        select(Approval)
        .join(Partnership, Partnership.id == Approval.partnership_id)
        .where(*conditions)
        .options(
            selectinload(Approval.partnership).selectinload(Partnership.partner),
            selectinload(Approval.assessment).selectinload(Assessment.answers),
            selectinload(Approval.received),
        )
        .order_by(Approval.decide_by, Approval.id)
        .limit(200)
    )
    return session.scalars(query).all()

"""This file holds the questions about action plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from partner_assess.db.models.agency import Office
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain import acceptance
from partner_assess.domain.acceptance import Ending
from partner_assess.domain.assessment import FROZEN
from partner_assess.domain.assessment import State as AssessmentState
from partner_assess.domain.deadlines import Turn
from partner_assess.domain.plan import OPEN

_WHOLE = (
    selectinload(Plan.partner).selectinload(Partner.office),
    selectinload(Plan.office).selectinload(Office.agency),
    selectinload(Plan.assessment),
    selectinload(Plan.received),
    selectinload(Plan.actions),
)
# The same for pages, in fewer questions. What is locked is read as above: each question after
# the lock, so that nothing is older than it.
_WHOLE_FOR_PAGES = (
    joinedload(Plan.partner).joinedload(Partner.office),
    joinedload(Plan.office).joinedload(Office.agency),
    joinedload(Plan.assessment),
    joinedload(Plan.received),
    selectinload(Plan.actions),
)


def get(session: Session, plan_id: UUID, *, agency_id: UUID) -> Plan:
    """Return a whole plan of the agency. Raises NoResultFound."""
    return session.execute(_one(plan_id, agency_id)).scalar_one()


def lock(session: Session, plan_id: UUID, *, agency_id: UUID, seen: int | None = None) -> Plan:
    """Return the whole plan, locked, as it was seen."""
    return one_as_seen(session, _one(plan_id, agency_id), of=Plan, seen=seen)


def _one(plan_id: UUID, agency_id: UUID) -> Select[Plan]:
    return select(Plan).where(Plan.id == plan_id, Plan.agency_id == agency_id).options(*_WHOLE)


def lock_action(
    session: Session, action_id: UUID, *, plan_id: UUID, seen: int | None
) -> PlanAction:
    """Return an action of the plan, locked, as it was seen."""
    query = select(PlanAction).where(PlanAction.id == action_id, PlanAction.plan_id == plan_id)
    return one_as_seen(session, query, of=PlanAction, seen=seen)


def of_partner(session: Session, partner_id: UUID) -> Sequence[Plan]:
    """Return the partner's plans, newest first, whole."""
    query = (
        select(Plan)
        .where(Plan.partner_id == partner_id)
        .options(*_WHOLE_FOR_PAGES)
        .order_by(Plan.created_at.desc(), Plan.id)
    )
    return session.scalars(query).all()


def of_result(session: Session, record_id: UUID) -> Plan | None:
    """Return the plan that an assessment or an accepted report opened, whole, if any."""
    rests_on_it = or_(Plan.assessment_id == record_id, Plan.received_id == record_id)
    query = select(Plan).where(rests_on_it).options(*_WHOLE)
    return session.scalars(query).one_or_none()


def turns(session: Session, partner_id: UUID) -> list[Turn]:
    """Return what each result of a partner means for its clock, in the order they took effect."""
    own = (
        select(
            Assessment.effective_on,
            Assessment.finalised_at,
            Assessment.risk,
            Plan.started_on,
            Assessment.state == AssessmentState.WITHDRAWN,
        )
        .outerjoin(Plan, Plan.assessment_id == Assessment.id)
        .where(Assessment.partner_id == partner_id, Assessment.state.in_(FROZEN))
        .order_by(Assessment.id)
    )
    withdrawn = ReceivedReport.ended_because == Ending.WITHDRAWN_AT_SOURCE
    accepted = (
        select(
            ReceivedReport.decided_on,
            ReceivedReport.decided_at,
            ReceivedReport.risk,
            Plan.started_on,
            func.coalesce(withdrawn, false()),
        )
        .outerjoin(Plan, Plan.received_id == ReceivedReport.id)
        .where(
            ReceivedReport.partner_id == partner_id,
            ReceivedReport.state.in_((acceptance.State.ACCEPTED, acceptance.State.ENDED)),
        )
        .order_by(ReceivedReport.id)
    )
    rows = [*session.execute(own), *session.execute(accepted)]
    return [
        Turn(risk, started_on, withdrawn=bool(is_withdrawn))
        for _on, _at, risk, started_on, is_withdrawn in sorted(rows, key=lambda row: row[:2])
        if risk is not None
    ]


def open_plans(
    session: Session,
    *,
    agency_id: UUID | None = None,
    offices: frozenset[UUID] | None = None,
    partner_ids: Sequence[UUID] | None = None,
    limit: int | None = None,
) -> Sequence[Plan]:
    """Return open plans, soonest due first (without a date last), whole."""
    conditions: list[ColumnElement[bool]] = [Plan.state.in_(OPEN)]
    if agency_id is not None:
        conditions.append(Plan.agency_id == agency_id)
    if offices is not None:
        conditions.append(Plan.office_id.in_(offices))
    if partner_ids is not None:
        conditions.append(Plan.partner_id.in_(partner_ids))
    query = (
        select(Plan)
        .where(*conditions)
        .options(*_WHOLE_FOR_PAGES)
        .order_by(Plan.due_on.is_(None), Plan.due_on, Plan.created_at, Plan.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def past_limit(
    session: Session, *, today: date, office_id: UUID | None = None, partner_id: UUID | None = None
) -> Sequence[Plan]:
    """Return open plans whose day of suspension has come by `today`, whole."""
    conditions: list[ColumnElement[bool]] = [Plan.state.in_(OPEN), Plan.suspends_on <= today]
    if office_id is not None:
        conditions.append(Plan.office_id == office_id)
    if partner_id is not None:
        conditions.append(Plan.partner_id == partner_id)
    query = select(Plan).where(*conditions).options(*_WHOLE).order_by(Plan.suspends_on, Plan.id)
    return session.scalars(query).all()

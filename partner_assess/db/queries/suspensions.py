"""This file holds the questions about suspension cases and exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain.suspension import OPEN, State

_WHOLE = (
    selectinload(SuspensionCase.partnership)
    .selectinload(Partnership.partner)
    .selectinload(Partner.office),
    selectinload(SuspensionCase.partnership).selectinload(Partnership.office),
    selectinload(SuspensionCase.plan),
)


def get(session: Session, case_id: UUID, *, agency_id: UUID) -> SuspensionCase:
    """Return a case of the agency. Raises NoResultFound."""
    return session.execute(_one(case_id, agency_id)).scalar_one()


def lock(
    session: Session, case_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> SuspensionCase:
    """Return the case, locked, as it was seen."""
    return one_as_seen(session, _one(case_id, agency_id), of=SuspensionCase, seen=seen)


def _one(case_id: UUID, agency_id: UUID) -> Select[SuspensionCase]:
    return (
        select(SuspensionCase)
        .join(Partnership, Partnership.id == SuspensionCase.partnership_id)
        .where(SuspensionCase.id == case_id, Partnership.agency_id == agency_id)
        .options(*_WHOLE)
    )


def of_partnerships(session: Session, partnership_ids: Iterable[UUID]) -> Sequence[SuspensionCase]:
    """Return the cases of these partnerships, oldest first."""
    query = (
        select(SuspensionCase)
        .where(SuspensionCase.partnership_id.in_(list(partnership_ids)))
        .order_by(SuspensionCase.opened_at, SuspensionCase.id)
    )
    return session.scalars(query).all()


def exceptions(session: Session, partnership_ids: Iterable[UUID]) -> Sequence[LifeSavingException]:
    """Return the life-saving exceptions of these partnerships, the one that ends last first."""
    query = (
        select(LifeSavingException)
        .where(LifeSavingException.partnership_id.in_(list(partnership_ids)))
        .order_by(LifeSavingException.ends_on.desc(), LifeSavingException.id)
    )
    return session.scalars(query).all()


def waiting(
    session: Session,
    *,
    agency_id: UUID,
    offices: frozenset[UUID] | None,
    states: frozenset[State] = OPEN,
) -> Sequence[SuspensionCase]:
    """Return cases in these states, longest first, with partnership and partner."""
    conditions: list[ColumnElement[bool]] = [
        Partnership.agency_id == agency_id,
        SuspensionCase.state.in_(states),
    ]
    if offices is not None:
        conditions.append(Partnership.office_id.in_(offices))
    query = (
        select(SuspensionCase)
        .join(Partnership, Partnership.id == SuspensionCase.partnership_id)
        .where(*conditions)
        .options(*_WHOLE)
        .order_by(SuspensionCase.since, SuspensionCase.id)
        .limit(200)
    )
    return session.scalars(query).all()


def exceptions_to_review(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None, today: date
) -> Sequence[LifeSavingException]:
    """Return the exceptions in force on `today`, soonest review first, with the partnership."""
    conditions: list[ColumnElement[bool]] = [
        Partnership.agency_id == agency_id,
        LifeSavingException.from_on <= today,
        LifeSavingException.ends_on >= today,
    ]
    if offices is not None:
        conditions.append(Partnership.office_id.in_(offices))
    query = (
        select(LifeSavingException)
        .join(Partnership, Partnership.id == LifeSavingException.partnership_id)
        .where(*conditions)
        .options(selectinload(LifeSavingException.partnership).selectinload(Partnership.partner))
        .order_by(LifeSavingException.review_on, LifeSavingException.id)
        .limit(200)
    )
    return session.scalars(query).all()

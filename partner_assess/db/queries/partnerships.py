"""This file holds the questions about partnerships."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from partner_assess.db.models.agency import Office
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.queries import partners
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain.partnership import Basis, State
from partner_assess.domain.risk import Risk

_WHOLE = (
    selectinload(Partnership.partner).selectinload(Partner.office),
    selectinload(Partnership.office).selectinload(Office.agency),
)
# The same for pages, in one question. What is locked is read as above: each question after the
# lock, so that nothing is older than it.
_WHOLE_FOR_PAGES = (
    joinedload(Partnership.partner).joinedload(Partner.office),
    joinedload(Partnership.office).joinedload(Office.agency),
)


def get(session: Session, partnership_id: UUID, *, agency_id: UUID) -> Partnership:
    """Return a partnership of the agency with its partner. Raises NoResultFound."""
    return session.execute(_one(partnership_id, agency_id)).scalar_one()


def lock(
    session: Session, partnership_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> Partnership:
    """Return the partnership, locked, as it was seen."""
    return one_as_seen(session, _one(partnership_id, agency_id), of=Partnership, seen=seen)


def lock_after_partner(
    session: Session, partnership_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> Partnership:
    """Return the partnership, locked, as it was seen; its partner is locked before it.

    For whatever rests on the partner's result, so that no result changes meanwhile.
    """
    known = get(session, partnership_id, agency_id=agency_id)
    partners.lock(session, known.partner_id, agency_id=agency_id)
    return lock(session, partnership_id, agency_id=agency_id, seen=seen)


def _one(partnership_id: UUID, agency_id: UUID) -> Select[Partnership]:
    return (
        select(Partnership)
        .where(Partnership.id == partnership_id, Partnership.agency_id == agency_id)
        .options(*_WHOLE)
    )


def lock_of_partner(session: Session, partner_id: UUID) -> Sequence[Partnership]:
    """Return the partner's partnerships, locked, by id."""
    query = (
        select(Partnership)
        .where(Partnership.partner_id == partner_id)
        .options(*_WHOLE)
        .order_by(Partnership.id)
        .with_for_update(of=Partnership, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def of_partner(session: Session, partner_id: UUID) -> Sequence[Partnership]:
    """Return the partner's partnerships, newest start first, with their office."""
    return of_partners(session, [partner_id])


def of_partners(session: Session, partner_ids: Iterable[UUID]) -> Sequence[Partnership]:
    """Return the partnerships of these partners, newest start first, with their office."""
    query = (
        select(Partnership)
        .where(Partnership.partner_id.in_(list(partner_ids)))
        .options(*_WHOLE_FOR_PAGES)
        .order_by(Partnership.starts_on.desc(), Partnership.id)
    )
    return session.scalars(query).all()


def all_partnerships(session: Session) -> Sequence[Partnership]:
    """Return every partnership of the installation, by reference."""
    query = select(Partnership).options(*_WHOLE).order_by(Partnership.reference, Partnership.id)
    return session.scalars(query).all()


def with_reference(session: Session, reference: str, *, agency_id: UUID) -> Partnership | None:
    """Return the agency's partnership with this reference, if any."""
    query = select(Partnership).where(
        Partnership.reference == reference, Partnership.agency_id == agency_id
    )
    return session.scalars(query).one_or_none()


def active_high(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None, today: date
) -> Sequence[Partnership]:
    """Return running partnerships with partners whose current result is High on `today`."""
    return _high(session, State.ACTIVE, agency_id=agency_id, offices=offices, today=today)


def proposed_high(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None, today: date
) -> Sequence[Partnership]:
    """Return proposed partnerships with partners whose current result is High on `today`."""
    return _high(session, State.PROPOSED, agency_id=agency_id, offices=offices, today=today)


def _high(
    session: Session,
    state: State,
    *,
    agency_id: UUID,
    offices: frozenset[UUID] | None,
    today: date,
) -> Sequence[Partnership]:
    conditions: list[ColumnElement[bool]] = [
        Partnership.agency_id == agency_id,
        Partnership.state == state,
        Partner.current_risk == Risk.HIGH,
        Partner.current_expires_on.is_(None) | (Partner.current_expires_on >= today),
    ]
    if offices is not None:
        conditions.append(Partnership.office_id.in_(offices))
    query = (
        select(Partnership)
        .join(Partner, Partner.id == Partnership.partner_id)
        .where(*conditions)
        .options(*_WHOLE)
        .order_by(Partner.current_from, Partnership.id)
        .limit(200)
    )
    return session.scalars(query).all()


def unconfirmed_lives_at_risk(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None
) -> Sequence[Partnership]:
    """Return running partnerships whose mark *lives at risk* the head has not confirmed."""
    conditions: list[ColumnElement[bool]] = [
        Partnership.agency_id == agency_id,
        Partnership.state.in_((State.PROPOSED, State.ACTIVE)),
        Partnership.lives_at_risk.is_(True),
        Partnership.lives_confirmed_on.is_(None),
    ]
    if offices is not None:
        conditions.append(Partnership.office_id.in_(offices))
    query = (
        select(Partnership)
        .where(*conditions)
        .options(*_WHOLE)
        .order_by(Partnership.starts_on, Partnership.id)
        .limit(200)
    )
    return session.scalars(query).all()


def active_without_result(
    session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None, today: date
) -> Sequence[Partnership]:
    """Return running partnerships without a valid result on `today`, oldest end first."""
    conditions: list[ColumnElement[bool]] = [
        Partnership.agency_id == agency_id,
        Partnership.state == State.ACTIVE,
        (Partner.current_basis == Basis.NONE) | (Partner.current_expires_on < today),
    ]
    if offices is not None:
        conditions.append(Partnership.office_id.in_(offices))
    query = (
        select(Partnership)
        .join(Partner, Partner.id == Partnership.partner_id)
        .where(*conditions)
        .options(*_WHOLE)
        .order_by(Partner.current_expires_on, Partnership.id)
        .limit(200)
    )
    return session.scalars(query).all()

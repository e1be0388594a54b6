"""This file holds the questions about agencies, offices and counters."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db.models.agency import Agency, Counter, Office


def get(session: Session, agency_id: UUID) -> Agency:
    """Return the agency. Raises NoResultFound."""
    return session.execute(select(Agency).where(Agency.id == agency_id)).scalar_one()


def all_agencies(session: Session) -> Sequence[Agency]:
    """Return every agency of the installation, by code."""
    return session.scalars(select(Agency).order_by(Agency.code, Agency.id)).all()


def by_code(session: Session, code: str) -> Agency | None:
    """Return the agency with this short code, if any."""
    return session.scalars(select(Agency).where(Agency.code == code)).one_or_none()


def lock(session: Session, agency_id: UUID | None) -> Sequence[Agency]:
    """Return an agency, or (None) all of them by code, locked until the transaction ends.

    What is only ever written under this lock is written by one after the other.
    """
    query = select(Agency).order_by(Agency.code, Agency.id)
    if agency_id is not None:
        query = query.where(Agency.id == agency_id)
    return session.scalars(query.with_for_update(key_share=True)).all()


def office(session: Session, office_id: UUID, *, agency_id: UUID) -> Office:
    """Return an office of the agency. Raises NoResultFound."""
    query = select(Office).where(Office.id == office_id, Office.agency_id == agency_id)
    return session.execute(query).scalar_one()


def offices(session: Session, *, agency_id: UUID | None = None) -> Sequence[Office]:
    """Return the offices of an agency, or of all, by name; with their agency."""
    query = (
        select(Office)
        .join(Agency, Agency.id == Office.agency_id)
        .options(selectinload(Office.agency))
        .order_by(Agency.code, Office.name, Office.id)
    )
    if agency_id is not None:
        query = query.where(Office.agency_id == agency_id)
    return session.scalars(query).all()


def lock_counter(session: Session, *, agency_id: UUID, name: str) -> Counter | None:
    """Return the counter, locked until the transaction ends; None before its first number."""
    query = select(Counter).where(Counter.agency_id == agency_id, Counter.name == name)
    return session.scalars(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()

"""This file holds how references are numbered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db.models.agency import Counter
from partner_assess.db.queries import agencies


def take(session: Session, *, agency_id: UUID, name: str) -> int:
    """Return the next number of a kind, from 1; no number is given out twice.

    The counter's row is locked until the transaction ends. Two first numbers at the same
    moment meet at the primary key: the second waits for the first, and counts on from it.
    """
    counter = agencies.lock_counter(session, agency_id=agency_id, name=name)
    if counter is None:
        _begin(session, agency_id=agency_id, name=name)
        counter = agencies.lock_counter(session, agency_id=agency_id, name=name)
    if counter is None:
        raise LookupError(name)
    counter.value += 1
    session.flush()
    return counter.value


def _begin(session: Session, *, agency_id: UUID, name: str) -> None:
    try:
        with session.begin_nested():
            session.add(Counter(agency_id=agency_id, name=name, value=0))
    except IntegrityError:
        return  # somebody else has just begun it

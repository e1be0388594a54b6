"""This file holds how references are numbered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db.models.agency import Counter
from partner_assess.db.queries import agencies


def take(session: Session, *, agency_id: UUID, name: str) -> int:
    """Return the next number of a kind, from 1; no number is given out twice.

    The counter's row is locked until the transaction ends. Two first numbers at the same
    moment meet at the primary key: one transaction fails whole, nothing is half-written.
    """
    counter = agencies.lock_counter(session, agency_id=agency_id, name=name)
    if counter is None:
        counter = Counter(agency_id=agency_id, name=name, value=0)
        session.add(counter)
    counter.value += 1
    session.flush()
    return counter.value

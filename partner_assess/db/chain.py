"""This file holds how the entries of a transaction join the chain of their agency."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from partner_assess.db.models.event import ChainHead, Event
from partner_assess.domain.trail import Head, digest_of

_PENDING = "events to be chained"


def add(session: Session, event: Event) -> None:
    """Add an entry; the unit of work chains it at its end."""
    session.add(event)
    session.info.setdefault(_PENDING, []).append(event)


def chain(session: Session) -> None:
    """Number and chain what this transaction has added.

    The last thing before the commit: the head of an agency's chain is locked for an instant,
    and after everything else, so that two transactions never wait for each other in a ring.
    """
    pending: list[Event] = session.info.pop(_PENDING, [])
    # What was added in a savepoint that was rolled back is not in the session any more.
    added = [one for one in pending if one in session]
    if not added:
        return
    session.flush()
    added.sort(key=lambda one: (one.agency_id, one.id))
    for agency_id, events in groupby(added, key=lambda one: one.agency_id):
        head = _lock_head(session, agency_id)
        last = head.head()
        for one in events:
            number = last.number + 1
            last = Head(number, digest_of(one.entry(), number=number, before=last.digest))
            one.number, one.digest = last.number, last.digest
        head.move(last)
    session.flush()


def _lock_head(session: Session, agency_id: UUID) -> ChainHead:
    query = select(ChainHead).where(ChainHead.agency_id == agency_id).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()

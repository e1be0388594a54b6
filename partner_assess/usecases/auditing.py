"""This file holds how the trail is checked, and the ends of its chains kept elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.event import Event
from partner_assess.domain import trail
from partner_assess.domain.trail import Break, Head, Walked
from partner_assess.usecases.ports import Heads


@dataclass(frozen=True, slots=True)
class Checked:
    """What a walk along every chain found.

    Attributes:
        entries: How many good entries were walked, in all chains.
        agency: Short code of the first agency whose chain is broken; None where all are whole.
        broken: What is wrong there.
        number: The number of the entry concerned, where there is one.
    """

    entries: int
    agency: str | None = None
    broken: Break | None = None
    number: int | None = None

    table = Event.__tablename__

    @property
    def is_whole(self) -> bool:
        """Return whether every chain is whole."""
        return self.broken is None


def verify(session: Session, heads: Heads) -> Checked:
    """Walk the chain of every agency, against its head and the heads kept outside.

    Source: ours; docs/decisions/0021
    """
    database_id = queries.events.installation_id(session)
    entries = 0
    for agency, head in queries.events.heads(session):
        copies: Mapping[int, str] = heads.kept(database_id, agency.id) if database_id else {}
        events = queries.events.chain(session, agency.id)
        walked = (
            trail.walk((one.entry() for one in events), head=head.head(), copies=copies)
            if head
            else Walked(0, Break.HEAD_CHANGED)
        )
        entries += walked.entries
        if walked.broken is not None:
            return Checked(entries, agency.code, walked.broken, walked.number)
    return Checked(entries)


def copy_heads(run: Callable[[Callable[[Session], Any]], Any], heads: Heads) -> None:
    """Keep the end of every chain outside the database, filed under the database's own id."""
    ends: list[tuple[UUID, UUID, Head]] = run(_ends) or []
    for database_id, agency_id, head in ends:
        heads.keep(database_id, agency_id, head)


def _ends(session: Session) -> list[tuple[UUID, UUID, Head]]:
    database_id = queries.events.installation_id(session)
    if database_id is None:
        return []
    found = [(one.id, head.head()) for one, head in queries.events.heads(session) if head]
    return [(database_id, agency_id, head) for agency_id, head in found if head.number]

"""This file holds how lists of what no longer counts are taken in: revoked, withdrawn, replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.trust import RevocationList as StoredList
from partner_assess.domain import trust
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.permissions import Actor
from partner_assess.domain.trust import BadSignedContent, RevocationList, SignedContent, Trust
from partner_assess.usecases import trail
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.trust.roots import readers, require_administrator


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed in, and what the gate says it is.

    Attributes:
        file: As it came.
        told: A revocation list, or what an agency signed: a status list, a trust bundle.
    """

    file: bytes
    told: RevocationList | SignedContent

    @property
    def kind(self) -> str:
        """Return "revocation_list" or "signed"."""
        return "revocation_list" if isinstance(self.told, RevocationList) else "signed"


def read(ports: Ports, file: bytes, trusted: Trust, *, at: datetime) -> Handed:
    """Return what a file is, if somebody trusted has signed it.

    Reading takes a process of its own and up to seconds: no transaction is open meanwhile.

    Raises:
        BadSignedContent: it is none of these, or nobody trusted has signed it.
    """
    try:
        return Handed(file, ports.gate.read_revocation_list(file, trusted))
    except BadSignedContent as error:
        if error.code != BadSignedContent.code:
            raise
    return Handed(file, ports.gate.open_signed(file, trusted, at=at))


def take(
    session: Session,
    ports: Ports,
    *,
    handed: Handed,
    list_of: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> str:
    """Keep a list in place of the older one; return whose it is, by short code.

    Raises:
        NotPermitted: the actor is no administrator of that agency.
        Older: the one that is stored is as new.
        BadSignedContent: it is signed, but is none of the kinds we know.

    Source: ours; docs/decisions/0017
    """
    require_administrator(actor, list_of)
    if isinstance(handed.told, RevocationList):
        take_revocation_list(session, handed.told, list_of=list_of, actor=actor, now=now)
    else:
        raise BadSignedContent
    return handed.told.agency_code


def take_revocation_list(
    session: Session,
    told: RevocationList,
    *,
    list_of: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Keep what a root has revoked; the very list that is stored changes nothing.

    Raises:
        Older: the one that is stored is as new.
        ChangedMeanwhile: somebody brought the first one at the same moment.

    Source: ours; docs/decisions/0017
    """
    stored = queries.trust.lock_revocation_list(session, told.issuer_fingerprint)
    if stored is not None:
        if stored.content == told.content:
            return
        trust.require_newer(told.made_at, stored.made_at)
    else:
        stored = StoredList(issuer_fingerprint=told.issuer_fingerprint)
        session.add(stored)

    stored.replace(
        told.content,
        made_at=told.made_at,
        next_update=told.next_update,
        by=actor.user_id if actor else None,
        at=now,
    )
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    for agency_id in readers(session, list_of):
        trail.record(
            session,
            stored,
            "revocation_list_taken",
            agency_id=agency_id,
            partner_id=None,
            by=actor.user_id if actor else None,
            at=now,
            agency=told.agency_code,
            made_at=told.made_at.isoformat(),
        )

"""This file holds how lists of what no longer counts are taken in: revoked, withdrawn, replaced."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.trust import RevocationList as StoredList
from partner_assess.domain import trust
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.permissions import Actor
from partner_assess.domain.trust import (
    BadCertificate,
    BadSignedContent,
    Certificate,
    Older,
    RevocationList,
    SignedContent,
    SpeaksForAnother,
    Trust,
)
from partner_assess.usecases import statuses, trail
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.trust.roots import add, readers, require_administrator

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed in, and what the gate says it is.

    Attributes:
        file: As it came.
        told: A revocation list, or what an agency signed: a status list, a trust bundle.
        revoked: What a trust bundle says of roots that count.
        proposed: The roots in a trust bundle that do not count yet.
    """

    file: bytes
    told: RevocationList | SignedContent
    revoked: tuple[RevocationList, ...] = ()
    proposed: tuple[Certificate, ...] = ()

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
    signed = ports.gate.open_signed(file, trusted, at=at)
    bundle = statuses.bundle_in(signed)
    if bundle is None:
        return Handed(file, signed)
    revoked = [
        _read(ports.gate.read_revocation_list, one, trusted) for one in bundle.revocation_lists
    ]
    roots = [_read(ports.gate.read_root, one.encode(), at=at) for one in bundle.roots]
    counting = {one.certificate for one in trusted}
    return Handed(
        file,
        signed,
        revoked=tuple(one for one in revoked if one is not None),
        proposed=tuple(one for one in roots if one is not None and one.der not in counting),
    )


def _read(reader: Callable[..., T], *given: Any, **more: Any) -> T | None:
    """Return what a part of a bundle says; None for one that says nothing to us."""
    try:
        return reader(*given, **more)
    except (BadSignedContent, BadCertificate):
        return None


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

    A trust bundle is as new as its status list. Of a newer one, revocations that are older are
    left, and its roots wait on the list for a person, as any other. A root that somebody has
    removed from the list is not proposed again.

    Raises:
        NotPermitted: the actor is no administrator of that agency.
        Older: the one that is stored is as new.
        BadStatusList: it is signed, but is none of the kinds we know.

    Source: ours; docs/decisions/0017
    """
    require_administrator(actor, list_of)
    if isinstance(handed.told, RevocationList):
        take_revocation_list(session, handed.told, list_of=list_of, actor=actor, now=now)
    else:
        _take_status_lists(session, handed.told, handed.file, list_of=list_of, actor=actor, now=now)
    for one in handed.revoked:
        with suppress(Older):
            take_revocation_list(session, one, list_of=list_of, actor=actor, now=now)
    for root in handed.proposed:
        if queries.trust.was_ever_listed(session, root.fingerprint, list_of=list_of):
            continue
        with suppress(SpeaksForAnother):
            add(
                session,
                ports,
                certificate=root,
                agency_code=handed.told.agency_code,
                list_of=list_of,
                actor=actor,
                now=now,
            )
    return handed.told.agency_code


def _take_status_lists(
    session: Session,
    signed: SignedContent,
    file: bytes,
    *,
    list_of: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> None:
    by = actor.user_id if actor else None
    for kept in statuses.take(session, signed=signed, file=file, list_of=list_of, by=by, now=now):
        for agency_id in readers(session, list_of):
            trail.record(
                session,
                kept,
                "status_list_taken",
                agency_id=agency_id,
                partner_id=None,
                by=by,
                at=now,
                agency=kept.agency_code,
                made_at=kept.made_at.isoformat(),
            )


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

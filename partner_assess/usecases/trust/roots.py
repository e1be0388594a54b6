"""This file holds how a root comes on a list, begins to count, and leaves it.

An agency's administrators look after the agency's list; without an actor it is the operator at
the command line, who also looks after the list of the whole installation (`list_of` None).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.trust import TrustedRoot
from partner_assess.domain import permissions, trust
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.permissions import Actor, Permission, Standing
from partner_assess.domain.trust import LIFE, Action, Certificate, State
from partner_assess.usecases import trail
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.trust.reading import own_roots

# Whose list that of the whole installation is: no agency's, so no administrator may change it.
_NOBODY = UUID(int=0)


def add(
    session: Session,
    ports: Ports,
    *,
    certificate: Certificate,
    agency_code: str,
    list_of: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> TrustedRoot:
    """Put a root on a list, where it waits; one that is there already is returned as it is.

    A renewed root of the same agency stands beside the older one: both count until one of them
    is removed. The file is read before: `ports.gate.read_root`.

    Raises:
        NotPermitted: the actor is no administrator of that agency.
        BadAgencyCode: no agency signs under such a code.
        SpeaksForAnother: the root is known to speak for another agency.
        ChangedMeanwhile: somebody added it at the same moment.

    Source: ours; docs/decisions/0017
    """
    # Locked: of two who add to the same list, the second finds what the first has written.
    queries.agencies.lock(session, list_of)
    known = queries.trust.with_fingerprint(session, certificate.fingerprint)

    require_administrator(actor, list_of)

    code = trust.require_code(agency_code)
    read_together = [one for one in known if None in {list_of, one.list_agency_id}]
    on_list = [one for one in known if one.list_agency_id == list_of]
    own = [one for one in own_roots(session, ports) if one.certificate == certificate.der]
    trust.require_one_agency(code, [one.agency_code for one in (*read_together, *on_list, *own)])
    if on_list:
        return on_list[0]

    added = TrustedRoot(
        list_agency_id=list_of,
        agency_code=code,
        fingerprint=certificate.fingerprint,
        subject=certificate.subject[:300],
        certificate=certificate.der,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        state=State.PENDING,
        added_by=actor.user_id if actor else None,
        added_at=now,
    )
    session.add(added)
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    _record(session, added, "added", actor, now)
    return added


def confirm(
    session: Session,
    *,
    root_id: UUID,
    seen: int | None,
    typed: str,
    list_of: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> TrustedRoot:
    """Let a root count: its fingerprint is repeated, by somebody else than who added it.

    Raises:
        NotPermitted: the actor is no administrator of that agency.
        ActionNotAllowed: it counts already, or was removed.
        SecondPersonNeeded: the actor added it.
        FingerprintDiffers: that is another certificate's.

    Source: ours; docs/decisions/0017
    """
    found = queries.trust.lock(session, root_id, list_of=list_of, seen=seen)

    require_administrator(actor, list_of)

    LIFE.next(found.state, Action.CONFIRM)
    if actor is not None:
        trust.require_second_person(found.added_by, actor.user_id)
    trust.require_same(found.fingerprint, typed)

    found.confirm(by=actor.user_id if actor else None, at=now)
    _record(session, found, "confirmed", actor, now, before=State.PENDING)
    return found


def remove(
    session: Session,
    *,
    root_id: UUID,
    seen: int | None,
    reason: str,
    list_of: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> TrustedRoot:
    """Take a root off a list. What was verified by it before stays verified.

    Raises:
        NotPermitted: the actor is no administrator of that agency.
        ActionNotAllowed: it was removed already.
        NotReady: no reason was given.

    Source: ours; docs/decisions/0017
    """
    found = queries.trust.lock(session, root_id, list_of=list_of, seen=seen)

    require_administrator(actor, list_of)

    LIFE.next(found.state, Action.REMOVE)
    if not reason.strip():
        raise NotReady(("reason",), "reason_missing")

    before = found.state
    found.remove(by=actor.user_id if actor else None, at=now, reason=reason.strip())
    _record(session, found, "removed", actor, now, before=before)
    return found


def require_administrator(actor: Actor | None, list_of: UUID | None) -> None:
    """Raise NotPermitted unless the actor may change that list; the operator (None) may."""
    if actor is not None:
        permissions.require(actor, Permission.TRUST_EDIT, Standing(list_of or _NOBODY))


def _record(
    session: Session,
    about: TrustedRoot,
    action: str,
    actor: Actor | None,
    now: datetime,
    before: State | None = None,
) -> None:
    # Everybody's list is in the trail of every agency, for each relies on it.
    for agency_id in readers(session, about.list_agency_id):
        trail.record(
            session,
            about,
            action,
            agency_id=agency_id,
            partner_id=None,
            by=actor.user_id if actor else None,
            at=now,
            moved=(before.value if before else "", about.state.value),
            comment=about.removal_reason,
            agency=about.agency_code,
            fingerprint=about.fingerprint,
        )


def readers(session: Session, list_of: UUID | None) -> list[UUID]:
    """Return the agencies that go by a list."""
    if list_of is not None:
        return [list_of]
    return [one.id for one in queries.agencies.all_agencies(session)]

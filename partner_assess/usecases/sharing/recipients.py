"""This file holds who got which document, and the links that stand for a file."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.shared_report import Consent, LinkRead, Recipient, ReportIssue
from partner_assess.domain import permissions
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Actor, Permission, Standing
from partner_assess.domain.sharing import link_ends, require_open, require_recipient
from partner_assess.domain.trust import NoSeal
from partner_assess.usecases import trail
from partner_assess.usecases.ports import Ports

# 192 random bits. Source: ours; docs/decisions/0018
_TOKEN_BYTES = 24


class NoSuchLink(RuleError):
    """No share link has this secret."""

    code = "no_such_link"


class NotMadeYet(RuleError):
    """What lies behind the link is still being made."""

    code = "document_not_made_yet"


@dataclass(frozen=True, slots=True)
class Receiver:
    """For whom a document is meant, and what for; name and purpose are both there or both empty.

    Attributes:
        name: An office or agency, never a person.
        agency_code: Of an agency that we know of, else empty.
        consent: What the partner's consent rests on.
    """

    name: str = ""
    purpose: str = ""
    agency_code: str = ""
    consent: Consent = Consent.NOT_STATED


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """An agency that a document can be handed to by name."""

    code: str
    name: str


def known_agencies(session: Session, *, agency_id: UUID) -> list[KnownAgency]:
    """Return the other agencies of this installation, and those whose signatures count."""
    here = queries.agencies.all_agencies(session)
    own = {one.code for one in here if one.id == agency_id}
    named = {one.code: one.name for one in here}
    for code in queries.recipients.trusted_codes(session, agency_id=agency_id):
        named.setdefault(code, code)
    return [KnownAgency(code, named[code]) for code in sorted(named) if code not in own]


def known_as(session: Session, receiver: Receiver, *, agency_id: UUID) -> Receiver:
    """Return the receiver with the short code of the agency that it names, if we know that one."""
    typed = receiver.name.strip().casefold()
    for one in known_agencies(session, agency_id=agency_id):
        if typed in {one.code.casefold(), one.name.casefold()}:
            return replace(receiver, name=one.name, agency_code=one.code)
    return receiver


def hand_over(
    session: Session,
    *,
    issue_id: UUID,
    agency_id: UUID,
    receiver: Receiver,
    actor: Actor | None,
    now: datetime,
) -> Recipient:
    """Write down that an issue is handed to somebody as a file; None is the operator.

    Raises:
        NotPermitted: the actor may not export.
        RecipientIncomplete: it does not say who or what for.

    Source: domain.md 5.2 (recipient, purpose and profile recorded at each export)
    """
    issue = queries.shared_reports.get(session, issue_id, agency_id=agency_id)

    if actor is not None:
        permissions.require(actor, Permission.DOCUMENT_EXPORT, issue.assessment.standing())

    require_recipient(receiver.name, receiver.purpose)

    made = _recipient(agency_id, issue, receiver, by=actor.user_id if actor else None, at=now)
    session.add(made)
    session.flush()
    _record(session, made, issue, "exported", by=made.by, at=now)
    return made


def link(
    session: Session,
    ports: Ports,
    *,
    issue_id: UUID | None,
    receiver: Receiver,
    days: int,
    actor: Actor,
    now: datetime,
) -> tuple[Recipient, str]:
    """Make a share link to an issue, or (None) to the agency's trust bundle.

    Only the SHA-256 of its secret is kept: the address that is returned is shown once.

    Raises:
        NotPermitted: the actor may not hand that out.
        RecipientIncomplete: it does not say who or what for.
        LinkDaysOutOfRange: it would live for too long, or not at all.
        NoSeal: the agency signs nothing here, so it has no bundle.

    Source: ours; docs/decisions/0018
    """
    issue = (
        queries.shared_reports.get(session, issue_id, agency_id=actor.agency_id)
        if issue_id is not None
        else None
    )

    _require_may_hand_out(actor, issue)

    require_recipient(receiver.name, receiver.purpose)
    expires_at = link_ends(now, days)
    agency = queries.agencies.get(session, actor.agency_id)
    if issue is None and not ports.seals.has(agency.code):
        raise NoSeal(agency=agency.code)

    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = _recipient(actor.agency_id, issue, receiver, by=actor.user_id, at=now)
    made.token_sha256, made.expires_at = _digest(token), expires_at
    session.add(made)
    session.flush()
    _record(session, made, issue, "linked", by=actor.user_id, at=now)
    return made, f"{ports.base_url}/shared/{token}"


def revoke(session: Session, *, recipient_id: UUID, actor: Actor, now: datetime) -> Recipient:
    """Take a share link back; whoever has not fetched by now gets nothing any more.

    Raises:
        NotPermitted: the actor may not hand that out.
        LinkEnded: it has expired, or was taken back already.

    Source: ours; docs/decisions/0018
    """
    found = queries.recipients.lock(session, recipient_id, agency_id=actor.agency_id)

    _require_may_hand_out(actor, found.issue)

    require_open(found.expires_at, found.revoked_at, now=now)

    found.revoke(by=actor.user_id, at=now)
    _record(session, found, found.issue, "link_revoked", by=actor.user_id, at=now)
    return found


def behind(session: Session, *, token: str, now: datetime) -> Recipient:
    """Return what lies behind a share link, without fetching it: nothing is counted.

    Raises:
        NoSuchLink: nobody made a link with this secret.
        LinkEnded: it has expired, or was taken back.
    """
    found = queries.recipients.by_token(session, _digest(token))
    if found is None:
        raise NoSuchLink
    require_open(found.expires_at, found.revoked_at, now=now)
    return found


def fetch(session: Session, *, token: str, now: datetime) -> Recipient:
    """Return what lies behind a share link, and write down when it was fetched, not by whom.

    The link is locked: of a reader and of who takes it back, one comes first.

    Raises:
        NoSuchLink: nobody made a link with this secret.
        LinkEnded: it has expired, or was taken back.
        NotMadeYet: the document is still being made.

    Source: ours; docs/decisions/0018
    """
    found = queries.recipients.by_token(session, _digest(token), locked=True)
    if found is None:
        raise NoSuchLink
    require_open(found.expires_at, found.revoked_at, now=now)
    if found.issue is not None and found.issue.pdf_sha256 is None:
        raise NotMadeYet

    session.add(LinkRead(recipient_id=found.id, at=now))
    return found


def tell(session: Session, *, recipient_id: UUID, actor: Actor, now: datetime) -> Recipient:
    """Note that a recipient was told what became of the document; a second time changes nothing.

    Raises:
        NotPermitted: the actor may not export.
    """
    found = queries.recipients.lock(session, recipient_id, agency_id=actor.agency_id)

    _require_may_hand_out(actor, found.issue)

    if found.told_at is None:
        found.told_at = now
        _record(session, found, found.issue, "told", by=actor.user_id, at=now)
    return found


def _require_may_hand_out(actor: Actor, issue: ReportIssue | None) -> None:
    if issue is None:
        permissions.require(actor, Permission.TRUST_SHARE, Standing(actor.agency_id))
    else:
        permissions.require(actor, Permission.DOCUMENT_EXPORT, issue.assessment.standing())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _recipient(
    agency_id: UUID, issue: ReportIssue | None, receiver: Receiver, *, by: UUID | None, at: datetime
) -> Recipient:
    return Recipient(
        agency_id=agency_id,
        issue_id=issue.id if issue else None,
        name=receiver.name.strip(),
        agency_code=receiver.agency_code,
        purpose=receiver.purpose.strip(),
        consent=receiver.consent,
        by=by,
        at=at,
    )


def _record(
    session: Session,
    about: Recipient,
    issue: ReportIssue | None,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    # A trust bundle has none of the three.
    title = f"{issue.assessment.document_number}-{issue.number}" if issue else ""
    trail.record(
        session,
        about,
        action,
        agency_id=about.agency_id,
        partner_id=issue.assessment.partner_id if issue else None,
        by=by,
        at=at,
        title=title,
        profile=issue.profile.value if issue else "",
        language=issue.language if issue else "",
        recipient=about.name,
        purpose=about.purpose,
        consent=about.consent.value,
    )

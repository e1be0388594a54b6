"""This file holds whose signatures count: roots, their life, and what is handed to the gate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from partner_assess.domain.errors import RuleError
from partner_assess.domain.machine import Machine, Move

# How long before a root ends its administrators are told. Source: ours; docs/decisions/0017
WARNING_DAYS = 90

# What a document may call the agency that made it.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class State(StrEnum):
    """Where a root is on a list. Source: ours; docs/decisions/0017."""

    PENDING = "pending"
    TRUSTED = "trusted"
    REMOVED = "removed"


class Action(StrEnum):
    """What can be done to a root."""

    CONFIRM = "confirm"
    REMOVE = "remove"


LIFE = Machine(
    (
        Move(State.PENDING, Action.CONFIRM, State.TRUSTED),
        Move(State.PENDING, Action.REMOVE, State.REMOVED),
        Move(State.TRUSTED, Action.REMOVE, State.REMOVED),
    )
)


class FingerprintDiffers(RuleError):
    """What was repeated is not the fingerprint of this certificate."""

    code = "fingerprint_differs"


class SecondPersonNeeded(RuleError):
    """Who added a root cannot confirm it."""

    code = "second_person_needed"


class BadAgencyCode(RuleError):
    """No agency signs documents under such a short code."""

    code = "bad_agency_code"


class SpeaksForAnother(RuleError):
    """The root is on a list already, for another agency."""

    code = "speaks_for_another"


class Older(RuleError):
    """What was handed in is older than what is stored, or says the same moment differently."""

    code = "older"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is known of a certificate.

    Attributes:
        der: Its bytes.
        fingerprint: SHA-256 of them, hex, lower case.
        subject: Its name, for people.
        not_after: The last instant at which it counts.
    """

    der: bytes
    fingerprint: str
    subject: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Root:
    """A root that counts: whom it speaks for, and what it has revoked as far as is known.

    Attributes:
        agency_code: The agency whose documents it vouches for.
        revocation_lists: DER of the newest list of each issuer below it.
    """

    agency_code: str
    certificate: bytes
    revocation_lists: tuple[bytes, ...] = ()


# What a reader goes by: the roots of one agency's list, with its own seal's root always among them.
Trust = tuple[Root, ...]


def normal_fingerprint(typed: str) -> str:
    """Return a fingerprint as it is compared: colons, spaces and case don't matter.

    Source: interfaces.md (`trust add`)
    """
    return "".join(sign for sign in typed.lower() if not (sign.isspace() or sign in ":-"))


def require_code(typed: str) -> str:
    """Return a short code that an agency can sign documents under. Raises BadAgencyCode.

    Source: ours; docs/decisions/0017
    """
    code = typed.strip()
    if not _CODE.fullmatch(code):
        raise BadAgencyCode(agency=code)
    return code


def require_one_agency(agency_code: str, known: Iterable[str]) -> None:
    """Raise SpeaksForAnother where the same root is known to speak for another agency.

    Source: ours; docs/decisions/0017 (one root speaks for one agency)
    """
    for other in known:
        if other != agency_code:
            raise SpeaksForAnother(agency=other)


def require_newer(made_at: datetime, stored: datetime) -> None:
    """Raise Older unless a list was made after the one that is stored.

    Source: ours; docs/decisions/0017
    """
    if made_at <= stored:
        raise Older


def require_same(fingerprint: str, typed: str) -> None:
    """Raise FingerprintDiffers unless the fingerprint was repeated.

    Source: ours; docs/decisions/0017
    """
    if normal_fingerprint(typed) != fingerprint:
        raise FingerprintDiffers


def require_second_person(added_by: UUID | None, confirming: UUID) -> None:
    """Raise SecondPersonNeeded where one and the same person added a root and confirms it.

    Source: ours; docs/decisions/0017 (nothing is trusted because one person says so)
    """
    if added_by == confirming:
        raise SecondPersonNeeded


def ends_soon(not_after: datetime, *, now: datetime) -> bool:
    """Return whether a certificate ends within WARNING_DAYS, or has ended.

    Source: ours; docs/decisions/0017
    """
    return not_after - now <= timedelta(days=WARNING_DAYS)


def is_old(next_update: datetime | None, *, now: datetime) -> bool:
    """Return whether a list should have been replaced by now.

    It still counts: what was revoked stays revoked. Pages say that it is old.

    Source: ours; docs/decisions/0017
    """
    return next_update is not None and next_update < now


@dataclass(frozen=True, slots=True)
class SignedContent:
    """Content that an agency signed outside a document: a status list or a trust bundle."""

    agency_code: str
    content: bytes
    signed_at: datetime | None
    fingerprint: str


class BadSignedContent(RuleError):
    """A signed file that cannot be read, or that nobody trusted has signed.

    `code` says which: "unreadable", "untrusted", "tampered", "revoked", "expired_certificate".
    """

    code = "unreadable"


class BadCertificate(RuleError):
    """A file that holds no root certificate; `code` says why.

    "no_certificate", "several_certificates", "not_a_root", "certificate_expired".
    """

    code = "no_certificate"


@dataclass(frozen=True, slots=True)
class RevocationList:
    """What a root has revoked.

    Attributes:
        issuer_fingerprint: SHA-256 of the certificate that signed it, hex.
        agency_code: Whom that root speaks for.
    """

    content: bytes
    issuer_fingerprint: str
    agency_code: str
    made_at: datetime
    next_update: datetime | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed file, and by which certificate (SHA-256, hex)."""

    content: bytes
    seal: str


class NoSeal(RuleError):
    """The agency has no seal in this installation."""

    code = "no_seal"


class SealFailed(RuleError):
    """The document could not be signed; `detail` is for the log, never for a page."""

    code = "seal_failed"

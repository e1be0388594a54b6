"""This file holds what the gate says of a document that somebody hands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from partner_assess.domain.report.facts import Report


class Refusal(StrEnum):
    """Why a document is not relied on: one stable code for machines, one sentence for people.

    Source: ours; docs/decisions/0020
    """

    # No document of ours at all.
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_PDF = "not-pdf"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_COMPLEX = "too-complex"
    # Its signature.
    UNSIGNED = "unsigned"
    SEVERAL_SIGNATURES = "several-signatures"
    NOT_CERTIFIED = "not-certified"
    SIGNATURE_FORM = "signature-form"
    TAMPERED = "tampered"
    MODIFIED_AFTER_SIGNING = "modified-after-signing"
    # Who signed.
    UNTRUSTED = "untrusted"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NOT_YET_VALID = "certificate-not-yet-valid"
    SIGNED_IN_FUTURE = "signed-in-future"
    WEAK_ALGORITHM = "weak-algorithm"
    TIME_STAMP = "time-stamp"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation-unknown"
    KEY_USAGE = "key-usage"
    ISSUER_MISMATCH = "issuer-mismatch"
    # What it holds.
    EMBEDDED_FILES = "embedded-files"
    NO_DATA = "no-data"
    NOT_CANONICAL = "not-canonical"
    SCHEMA = "schema"
    CONTRADICTION = "contradiction"
    UNKNOWN_FRAMEWORK = "unknown-framework"
    NOT_FINAL = "not-final"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found.

    Attributes:
        problems: Why it is not relied on; empty for a document that is trusted.
        issuer: Short code of the agency whose root the signature leads to; None where to none.
        signed_at: When, as the signer says or a time-stamp authority proves.
        timestamped: Whether an authority proves it.
        seal: SHA-256 of the signing certificate, hex.
        root: SHA-256 of the root it leads to, hex.
        seal_ended: The certificate has ended by now, but counted at `signed_at`.
        file_sha256: Of the whole file.
        payload: The canonical JSON from the signed revision; None where it could not be read.
        report: The facts in it; None where they could not be read. Never relied on, and shown
            to nobody as true, while there is a problem.
    """

    problems: tuple[Refusal, ...]
    file_sha256: str
    issuer: str | None = None
    signed_at: datetime | None = None
    timestamped: bool = False
    seal: str | None = None
    root: str | None = None
    seal_ended: bool = False
    payload: bytes | None = None
    report: Report | None = None

    @property
    def trusted(self) -> bool:
        """Return whether signature, issuer, integrity, schema and instrument are all right."""
        return not self.problems

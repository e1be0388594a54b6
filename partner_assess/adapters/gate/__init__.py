"""This package holds the gate: the one reader of what others hand in.

The gate itself reads nothing: it hands each file to a child process with limits on time and
memory (`worker.py`), and takes a verdict back. docs/decisions/0020
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from partner_assess.adapters.gate import wire
from partner_assess.adapters.gate.sizes import LARGEST_CERTIFICATE, LARGEST_FILE, LIMITS
from partner_assess.adapters.workshop import Outcome, WorkFailed, Workshop
from partner_assess.domain.report import BadBundle, from_json
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import (
    BadCertificate,
    BadSignedContent,
    Certificate,
    RevocationList,
    SignedContent,
    Trust,
)

_WORKER = "partner_assess.adapters.gate.worker"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class LimitedGate:
    """Reads any bytes at all, each file in a child of its own. May be used by many threads."""

    def __init__(self, workshop: Workshop | None = None) -> None:
        self._workshop = workshop or Workshop(_WORKER)

    def close(self) -> None:
        """End the processes that wait for work."""
        self._workshop.close()

    def verify(self, files: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
        """Return a verdict for each file, in order; a hostile one spoils no other."""
        return [self._verdict(file, trust, at) for file in files]

    def open_signed(self, data: bytes, trust: Trust, *, at: datetime) -> SignedContent:
        """Return the content that an agency signed. Raises BadSignedContent."""
        told, blobs = self._read("open", data, trust, at)
        if told["code"]:
            raise BadSignedContent(told["code"])
        signed_at = datetime.fromisoformat(told["signed_at"])
        return SignedContent(told["agency"], blobs[0], signed_at, told["fingerprint"])

    def read_root(self, data: bytes, *, at: datetime) -> Certificate:
        """Return the one root certificate in a PEM or DER file. Raises BadCertificate."""
        if len(data) > LARGEST_CERTIFICATE:
            raise BadCertificate
        told, blobs = self._read("root", data, (), at, otherwise="no_certificate")
        if told["code"]:
            raise BadCertificate(told["code"])
        return Certificate(
            der=blobs[0],
            fingerprint=hashlib.sha256(blobs[0]).hexdigest(),
            subject=told["subject"],
            not_before=datetime.fromisoformat(told["not_before"]),
            not_after=datetime.fromisoformat(told["not_after"]),
        )

    def read_revocation_list(self, data: bytes, trust: Trust) -> RevocationList:
        """Return a revocation list that one of the roots signed. Raises BadSignedContent."""
        told, blobs = self._read("list", data, trust, _NEVER)
        if told["code"]:
            raise BadSignedContent(told["code"])
        root, until = trust[int(told["root"])], told["next_update"]
        return RevocationList(
            content=blobs[0],
            issuer_fingerprint=hashlib.sha256(root.certificate).hexdigest(),
            agency_code=root.agency_code,
            made_at=datetime.fromisoformat(told["made_at"]),
            next_update=datetime.fromisoformat(until) if until else None,
        )

    def _verdict(self, file: bytes, trust: Trust, at: datetime) -> Verdict:
        sha256 = hashlib.sha256(file).hexdigest()
        plain = _plainly(file)
        if plain:
            return Verdict((plain,), sha256)
        try:
            return _told(*self._ask("verify", file, trust, at), sha256)
        except WorkFailed as failed:
            costly = failed.outcome is Outcome.TIMEOUT or "MemoryError" in failed.detail
            return Verdict((Refusal.TOO_COMPLEX if costly else Refusal.DAMAGED,), sha256)
        except (ValueError, KeyError, TypeError):
            return Verdict((Refusal.DAMAGED,), sha256)  # the child told no sense

    def _read(
        self, work: str, data: bytes, trust: Trust, at: datetime, otherwise: str = "unreadable"
    ) -> tuple[dict[str, Any], list[bytes]]:
        if len(data) > LARGEST_FILE:
            return {"code": otherwise}, []
        try:
            return self._ask(work, data, trust, at)
        except (WorkFailed, ValueError):
            return {"code": otherwise}, []

    def _ask(
        self, work: str, data: bytes, trust: Trust, at: datetime
    ) -> tuple[dict[str, Any], list[bytes]]:
        return wire.unpack(self._workshop.do(wire.asked(work, data, trust, at), LIMITS))


def _plainly(file: bytes) -> Refusal | None:
    """Return what can be said without reading the file."""
    if not file:
        return Refusal.EMPTY
    if len(file) > LARGEST_FILE:
        return Refusal.TOO_LARGE
    return None if file.startswith(b"%PDF-") else Refusal.NOT_PDF


def _told(told: dict[str, Any], blobs: list[bytes], sha256: str) -> Verdict:
    """Return the verdict that a child told. Raises ValueError, KeyError, TypeError."""
    problems = tuple(Refusal(one) for one in told["problems"])
    payload = blobs[0] if blobs else None
    try:
        report = from_json(payload) if payload is not None else None
    except BadBundle:
        report = None
        problems = problems or (Refusal.SCHEMA,)
    if report is None and not problems:
        problems = (Refusal.NO_DATA,)
    signed_at = told.get("signed_at")
    return Verdict(
        problems=problems,
        file_sha256=sha256,
        issuer=told.get("issuer"),
        signed_at=datetime.fromisoformat(signed_at) if signed_at else None,
        timestamped=told.get("timestamped", False),
        seal=told.get("seal"),
        root=told.get("root"),
        seal_ended=told.get("seal_ended", False),
        payload=payload if report is not None else None,
        report=report,
    )

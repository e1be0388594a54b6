"""This file holds a gate and seals for tests: certificates and signatures are plain JSON.

A file of theirs proves nothing, so it is made in a line: `a_root("UNB")`. Nothing here signs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ssl import PEM_cert_to_DER_cert
from typing import Any

from partner_assess.adapters.seals import NoSeals
from partner_assess.domain.trust import (
    BadCertificate,
    BadSignedContent,
    Certificate,
    RevocationList,
    Root,
    SignedContent,
    Trust,
)
from tests.gates import ClosedGate

_FAR = "2060-01-01T00:00:00+00:00"


def a_root(name: str, *, ends: datetime = datetime(2036, 1, 1, tzinfo=UTC)) -> bytes:
    """Return the file of a root certificate."""
    return json.dumps({"root": name, "ends": ends.isoformat()}).encode()


def revoked_by(
    root: bytes, *, made: datetime, update: datetime | None = None, serial: int = 1
) -> bytes:
    """Return the file of what a root has revoked."""
    told = {"revoked_by": fingerprint(root), "made": made.isoformat(), "serial": serial}
    return json.dumps(told | {"update": update.isoformat() if update else None}).encode()


def signed_by(root: bytes, content: str, *, at: datetime) -> bytes:
    """Return content that the owner of a root signed."""
    told = {"signed_by": fingerprint(root), "content": content, "at": at.isoformat()}
    return json.dumps(told).encode()


def fingerprint(root: bytes) -> str:
    return hashlib.sha256(root).hexdigest()


class FakeGate(ClosedGate):
    """A gate that reads the files above; documents it lets in none."""

    def read_root(self, data: bytes, *, at: datetime) -> Certificate:
        if data.startswith(b"-----BEGIN CERTIFICATE-----"):
            data = PEM_cert_to_DER_cert(data.decode())
        told = _told(data, "root") or ({"root": "UNC", "ends": _FAR} if data[:1] == b"0" else None)
        if told is None:
            raise BadCertificate
        ends = datetime.fromisoformat(told["ends"])
        if ends < at:
            raise BadCertificate("certificate_expired")
        began = datetime(2026, 1, 1, tzinfo=UTC)
        return Certificate(data, fingerprint(data), f"Demo: root of {told['root']}", began, ends)

    def read_revocation_list(self, data: bytes, trust: Trust) -> RevocationList:
        told = _told(data, "revoked_by")
        if told is None:
            raise BadSignedContent
        update = told["update"] and datetime.fromisoformat(told["update"])
        made = datetime.fromisoformat(told["made"])
        code = _trusted(trust, told["revoked_by"])
        return RevocationList(data, told["revoked_by"], code, made, update)

    def open_signed(self, data: bytes, trust: Trust, *, at: datetime) -> SignedContent:
        told = _told(data, "signed_by")
        if told is None:
            raise BadSignedContent
        code = _trusted(trust, told["signed_by"])
        signed = datetime.fromisoformat(told["at"])
        return SignedContent(code, told["content"].encode(), signed, told["signed_by"])


@dataclass(frozen=True)
class FakeSeals(NoSeals):
    """Seals of the agencies named; each has its root, and what that has revoked."""

    codes: Sequence[str] = ("UNA", "UNB")
    revoked: dict[str, tuple[bytes, ...]] = field(default_factory=dict)

    def has(self, agency_code: str) -> bool:
        return agency_code in self.codes

    def root(self, agency_code: str) -> Root:
        if not self.has(agency_code):
            return super().root(agency_code)
        return Root(agency_code, a_root(agency_code), self.revoked.get(agency_code, ()))


def _told(data: bytes, kind: str) -> dict[str, Any] | None:
    try:
        told = json.loads(data)
    except ValueError:
        return None
    return told if isinstance(told, dict) and kind in told else None


def _trusted(trust: Trust, name: str) -> str:
    for root in trust:
        if fingerprint(root.certificate) == name:
            return root.agency_code
    raise BadSignedContent("untrusted")

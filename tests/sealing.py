"""This file holds seals that sign by a marker: for tests that ask who signed what, not how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partner_assess.adapters.seals import NoSeals
from partner_assess.domain.trust import Root, Sealed, SignedContent

_MARK = b"signed by "


@dataclass(frozen=True)
class MarkSeals(NoSeals):
    """Every agency has a seal, and signing puts its name before the content."""

    def has(self, agency_code: str) -> bool:
        return True

    def root(self, agency_code: str) -> Root:
        return Root(agency_code, f"root of {agency_code}".encode(), (b"revoked",))

    def sign(self, content: bytes, *, agency_code: str, at: datetime) -> Sealed:
        return Sealed(_MARK + agency_code.encode() + b"\n" + content, "5e" * 32)


def opened(data: bytes) -> SignedContent:
    """Return what the gate would say of content that `MarkSeals` signed."""
    first, _, content = data.partition(b"\n")
    assert first.startswith(_MARK)
    return SignedContent(first.removeprefix(_MARK).decode(), content, None, "5e" * 32)

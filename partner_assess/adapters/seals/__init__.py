"""This package holds the keys of the agencies and what is signed with them."""

from __future__ import annotations

from datetime import datetime

from partner_assess.domain.trust import NoSeal, Root, Sealed


class NoSeals:
    """An installation without keys: its documents say that they are not signed."""

    def has(self, agency_code: str) -> bool:
        """Return that nobody can sign here."""
        return False

    def root(self, agency_code: str) -> Root:
        """Raise NoSeal."""
        raise NoSeal(agency=agency_code)

    def seal(self, pdf: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Raise NoSeal."""
        raise NoSeal(agency=agency_code)

    def sign(self, content: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Raise NoSeal."""
        raise NoSeal(agency=agency_code)

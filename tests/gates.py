"""This file holds a gate for tests that lets nothing in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import (
    BadCertificate,
    BadSignedContent,
    Certificate,
    RevocationList,
    SignedContent,
    Trust,
)


class ClosedGate:
    """A gate that lets nothing in."""

    def verify(self, files: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
        """Return that nobody is trusted."""
        return [
            Verdict((Refusal.UNTRUSTED,), file_sha256=hashlib.sha256(one).hexdigest())
            for one in files
        ]

    def open_signed(self, data: bytes, trust: Trust, *, at: datetime) -> SignedContent:
        """Raise BadSignedContent."""
        raise BadSignedContent

    def read_root(self, data: bytes, *, at: datetime) -> Certificate:
        """Raise BadCertificate."""
        raise BadCertificate

    def read_revocation_list(self, data: bytes, trust: Trust) -> RevocationList:
        """Raise BadSignedContent."""
        raise BadSignedContent

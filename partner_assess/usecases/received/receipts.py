"""This file holds the receipt of a check: what the gate found, and who looked."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Any

from partner_assess import __version__
from partner_assess.domain.report.verdict import Verdict


@cache
def verifier() -> str:
    """Return who looks: this app, and the library that reads signatures."""
    try:
        return f"PartnerAssess {__version__}, pyHanko {metadata.version('pyhanko')}"
    except metadata.PackageNotFoundError:
        return f"PartnerAssess {__version__}"


def of(verdict: Verdict, verifier: str, *, at: datetime) -> dict[str, Any]:
    """Return what the gate found, for the day when the seal has ended and nobody can look again."""
    return {
        "verified_at": at.isoformat(),
        "verifier": verifier,
        "issuer": verdict.issuer,
        "seal": verdict.seal,
        "root": verdict.root,
        "signed_at": verdict.signed_at.isoformat() if verdict.signed_at else None,
        "timestamped": verdict.timestamped,
        "seal_ended": verdict.seal_ended,
        "file_sha256": verdict.file_sha256,
    }

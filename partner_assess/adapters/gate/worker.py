"""This file holds the work of the gate, as it is done in a limited child (`adapters/workshop.py`).

pyHanko is imported here and in the files that this one calls, never in the web process.
"""

from __future__ import annotations

import logging
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from partner_assess.adapters.gate import certificates, contents, documents, wire
from partner_assess.adapters.gate.sizes import PROCESSOR_SECONDS
from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Root, Trust

_SAMPLE = Path(__file__).parent / "sample"
_SAMPLE_READ_AT = datetime(2026, 12, 1, tzinfo=UTC)

Reply = tuple[dict[str, Any], list[bytes]]


def handle(request: bytes) -> bytes:
    """Return what was asked for."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    work, data, trust, at = wire.asking(request)
    told, blobs = _WORKS[work](data, trust, at)
    most = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"kilobytes": most.ru_maxrss, "seconds": most.ru_utime + most.ru_stime}
    return wire.pack({**told, "cost": cost}, blobs)


def _verify(file: bytes, trust: Trust, at: datetime) -> Reply:
    found = documents.examine(file, trust, at=at)
    seal = found.seal
    told: dict[str, Any] = {"problems": [one.value for one in found.problems]}
    if seal is not None:
        told |= {
            "issuer": found.issuer,
            "signed_at": seal.signed_at.isoformat(),
            "timestamped": seal.timestamped,
            "seal_ended": seal.ends < at,
            "seal": seal.seal.sha256.hex(),
            "root": seal.chain[0].sha256.hex() if seal.chain else None,
        }
    return told, [] if found.payload is None else [found.payload]


def _open(data: bytes, trust: Trust, at: datetime) -> Reply:
    found = contents.opened(data, trust, at=at)
    return {
        "code": found.code,
        "agency": found.agency_code,
        "signed_at": found.signed_at.isoformat() if found.signed_at else None,
        "fingerprint": found.fingerprint,
    }, [found.content]


def _read_root(data: bytes, _trust: Trust, at: datetime) -> Reply:
    try:
        root = certificates.root_in(data, at=at)
    except certificates.NotRead as why:
        return {"code": str(why)}, []
    return {
        "code": None,
        "subject": root.subject.rfc4514_string(),
        "not_before": root.not_valid_before_utc.isoformat(),
        "not_after": root.not_valid_after_utc.isoformat(),
    }, [certificates.der_of(root)]


def _read_list(data: bytes, trust: Trust, _at: datetime) -> Reply:
    try:
        found, read, signer = certificates.list_in(data, trust)
    except certificates.NotRead as why:
        return {"code": str(why)}, []
    next_update = read.next_update_utc
    return {
        "code": None,
        "root": signer,
        "made_at": read.last_update_utc.isoformat(),
        "next_update": next_update.isoformat() if next_update else None,
    }, [found]


def _nothing(_data: bytes, _trust: Trust, _at: datetime) -> Reply:
    """Do nothing: what a child costs by itself, for `make bench`."""
    return {}, []


_WORKS: dict[str, Callable[[bytes, Trust, datetime], Reply]] = {
    "verify": _verify,
    "open": _open,
    "root": _read_root,
    "list": _read_list,
    "nothing": _nothing,
}


def warm_up() -> None:
    """Judge a document that is known, and the same with a byte changed, before any other.

    A gate whose libraries do not do what they did ends here. And what is set up on first use is
    set up once, not in each child.

    Raises:
        RuntimeError: the gate is broken.
    """
    # What a hostile file makes pyHanko say would fill the logs; the verdict says it in a word.
    logging.disable(logging.CRITICAL)
    good = (_SAMPLE / "document.pdf").read_bytes()
    trust = (Root("UNA", (_SAMPLE / "root.der").read_bytes()),)
    changed = good.replace(b"(Demo: report)", b"(Demo: Report)")
    known, spoiled = (documents.examine(one, trust, at=_SAMPLE_READ_AT) for one in (good, changed))
    # Not whether its facts fit: the sample stays as it is when the schema grows.
    is_let_in = known.seal is not None and not known.seal.problems and known.payload is not None
    if not is_let_in or spoiled.problems != [Refusal.TAMPERED]:
        raise RuntimeError("the gate does not tell a good document from a changed one")

"""This file holds what goes between the gate and its children: plain values and bytes.

No pickles: what comes out of a child that read hostile bytes may be hostile itself.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from partner_assess.domain.trust import Root, Trust

_LENGTH = struct.Struct("!I")


def pack(told: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return values and bytes as one message."""
    head = json.dumps({"told": told, "lengths": [len(blob) for blob in blobs]}).encode()
    return b"".join((_LENGTH.pack(len(head)), head, *blobs))


def unpack(message: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return the values and bytes of a message. Raises ValueError."""
    try:
        (length,) = _LENGTH.unpack_from(message)
        place = _LENGTH.size + length
        head = json.loads(message[_LENGTH.size : place])
        blobs: list[bytes] = []
        for size in head["lengths"]:
            blobs.append(message[place : place + size])
            place += size
        told: dict[str, Any] = head["told"]
    except (struct.error, KeyError, TypeError) as broken:
        raise ValueError("no message") from broken
    return told, blobs


def asked(work: str, data: bytes, trust: Trust, at: datetime) -> bytes:
    """Return a request: what to do with these bytes, going by these roots."""
    roots = [{"agency": root.agency_code, "lists": len(root.revocation_lists)} for root in trust]
    blobs = [data]
    for root in trust:
        blobs += [root.certificate, *root.revocation_lists]
    return pack({"work": work, "at": at.isoformat(), "roots": roots}, blobs)


def asking(message: bytes) -> tuple[str, bytes, Trust, datetime]:
    """Return what was asked."""
    told, (data, *rest) = unpack(message)
    roots: list[Root] = []
    for root in told["roots"]:
        certificate, *rest = rest
        lists, rest = rest[: root["lists"]], rest[root["lists"] :]
        roots.append(Root(root["agency"], certificate, tuple(lists)))
    return told["work"], data, tuple(roots), datetime.fromisoformat(told["at"])

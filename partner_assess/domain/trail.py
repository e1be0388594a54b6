"""This file holds the chain that the entries of a trail make, and what breaks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

# What the first entry of a chain follows. Source: ours; docs/decisions/0021
START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an agency's trail, as it is chained.

    Attributes:
        number: Counted within its agency, from 1, without a gap.
        digest: What it was chained with; None while it is not chained.
    """

    number: int | None
    digest: str | None
    agency_id: UUID
    partner_id: UUID | None
    about: str
    about_id: UUID
    action: str
    from_state: str
    to_state: str
    by_id: UUID | None
    at: datetime
    comment: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: the number and digest of its last entry."""

    number: int = 0
    digest: str = START


class Break(StrEnum):
    """What is wrong with a chain. Source: ours; docs/decisions/0021."""

    NOT_CHAINED = "not_chained"
    MISSING = "missing"
    CHANGED = "changed"
    CUT_OFF = "cut_off"
    HEAD_CHANGED = "head_changed"
    COPY_DIFFERS = "copy_differs"


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk along a chain found.

    Attributes:
        entries: How many were good, up to the first that is not.
        broken: None for a whole chain.
        number: Of the entry where it breaks.
    """

    entries: int
    broken: Break | None = None
    number: int | None = None


def digest_of(entry: Entry, *, number: int, before: str) -> str:
    """Return the SHA-256 (hex) that chains an entry to the one before it.

    It covers every column, the number and the digest before: none of them can be changed, taken
    out or put elsewhere without changing every digest that follows.

    Source: ours; docs/decisions/0021
    """
    told = [
        before,
        number,
        entry.agency_id.hex,
        entry.partner_id.hex if entry.partner_id else None,
        entry.about,
        entry.about_id.hex,
        entry.action,
        entry.from_state,
        entry.to_state,
        entry.by_id.hex if entry.by_id else None,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.comment,
        dict(entry.facts),
    ]
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def walk(entries: Iterable[Entry], *, head: Head, copies: Mapping[int, str]) -> Walked:
    """Return whether a chain is whole, or where it breaks first.

    Args:
        entries: Every entry of one agency in the order of their numbers, those without one first.
        head: Where the chain says that it ends.
        copies: Digests by number, as they were copied outside the database: who could change
            entries and head alike could not change these.

    Source: ours; docs/decisions/0021
    """
    last = Head()
    for entry in entries:
        number = last.number + 1
        broken = _break_at(entry, number, last.digest, copies)
        if broken is not None:
            return Walked(last.number, broken, number)
        last = Head(number, entry.digest or "")
    if last != head:
        is_short = last.number < head.number
        return Walked(last.number, Break.CUT_OFF if is_short else Break.HEAD_CHANGED, head.number)
    farthest = max(copies, default=0)
    if farthest > last.number:
        return Walked(last.number, Break.CUT_OFF, farthest)
    return Walked(last.number)


def _break_at(entry: Entry, number: int, before: str, copies: Mapping[int, str]) -> Break | None:
    if entry.number is None or entry.digest is None:
        return Break.NOT_CHAINED
    if entry.number != number:
        return Break.MISSING
    if entry.digest != digest_of(entry, number=number, before=before):
        return Break.CHANGED
    if copies.get(number, entry.digest) != entry.digest:
        return Break.COPY_DIFFERS
    return None

"""This file holds what an agency says of all its documents at once: a list to sign and to carry.

A document names its place in the list. Expiry is not in it: it follows from the document's dates.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Annotated, cast

from partner_assess.domain.assessment import State
from partner_assess.domain.errors import RuleError
from partner_assess.domain.report.codec import Record
from partner_assess.domain.report.kinds import Text
from partner_assess.domain.report.scalars import Code, WebAddress
from partner_assess.domain.report.status import LIST_SIZE, Status
from partner_assess.domain.report.strict_json import canonical, parse

SCHEMA = "partner-assess/status-list/1"

# How long a list is fresh; from then on a page says so. Source: ours; docs/decisions/0018
FRESH_DAYS = 7
# The longest that a list of somebody else may call itself fresh. Source: ours; docs/decisions/0018
LONGEST_FRESH_DAYS = 92
# The last issue that has a number in a list: one byte a place. Source: ours; docs/decisions/0018
LAST_ISSUE = 255

_MARKS_SIZE = LIST_SIZE // 4
_MOST_BASE64 = 1_900_000


class Mark(IntEnum):
    """What two bits say of one assessment. Source: ours; pdf-sharing.md 8, docs/decisions/0018."""

    CURRENT = 0
    SUPERSEDED = 1
    WITHDRAWN = 2
    SUSPENDED_FOR_CAUSE = 3


_STATUSES = {
    Mark.CURRENT: Status.CURRENT,
    Mark.SUPERSEDED: Status.SUPERSEDED,
    Mark.WITHDRAWN: Status.WITHDRAWN,
    Mark.SUSPENDED_FOR_CAUSE: Status.CURRENT,
}


_MARKS = {State.SUPERSEDED: Mark.SUPERSEDED, State.WITHDRAWN: Mark.WITHDRAWN}


def mark_of(state: State, *, suspended_for_cause: bool) -> Mark:
    """Return what the list says of an assessment that was final once.

    What has expired is unmarked: its dates say so. A suspension by the clock is none for cause:
    the document itself tells it.

    Source: ours; domain.md 5, docs/decisions/0018
    """
    if state is State.FINAL and suspended_for_cause:
        return Mark.SUSPENDED_FOR_CAUSE
    return _MARKS.get(state, Mark.CURRENT)


class BadStatusList(RuleError):
    """What was read is no status list, or one that no agency of ours would have written."""

    code = "bad_status_list"


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is to say of one assessment: its mark, and the number of its newest issue."""

    place: int
    mark: Mark
    newest_issue: int


@dataclass(frozen=True, slots=True)
class StatusList:
    """What an agency says of its documents as of a moment.

    Attributes:
        issuer: Short code of the agency.
        name: The address that its documents name as their list.
        next_update: From then on it is old.
        marks: Two bits a place, the first place in the lowest bits of the first byte.
        newest: One byte a place: the number of the newest issue, 0 where that is the first.
    """

    issuer: str
    name: str
    made_at: datetime
    next_update: datetime
    marks: bytes
    newest: bytes

    @classmethod
    def of(
        cls, entries: Iterable[Entry], *, issuer: str, name: str, made_at: datetime
    ) -> StatusList:
        """Return the list of these assessments; any other place is current, in its first issue."""
        marks, newest = bytearray(_MARKS_SIZE), bytearray(LIST_SIZE)
        for entry in entries:
            marks[entry.place // 4] |= entry.mark << entry.place % 4 * 2
            if entry.newest_issue > 1:
                newest[entry.place] = min(entry.newest_issue, LAST_ISSUE)
        moment = made_at.replace(microsecond=0)
        return cls(
            issuer=issuer,
            name=name,
            made_at=moment,
            next_update=moment + timedelta(days=FRESH_DAYS),
            marks=bytes(marks),
            newest=bytes(newest),
        )

    def mark(self, place: int) -> Mark:
        """Return what the list says of a place. Raises IndexError for one outside it."""
        if not 0 <= place < LIST_SIZE:
            raise IndexError(place)
        return Mark(self.marks[place // 4] >> place % 4 * 2 & 3)

    def status(self, place: int) -> Status:
        """Return the status of the document at a place, as far as the list can know it."""
        return _STATUSES[self.mark(place)]

    def newest_issue(self, place: int) -> int:
        """Return the number of the newest issue of the document at a place."""
        return self.newest[place] or 1


@dataclass(frozen=True, slots=True)
class Written:
    """A list as it is exchanged: its two columns compressed."""

    schema: Annotated[str, Text(64, SCHEMA)]
    issuer: Code
    name: WebAddress
    made_at: datetime
    next_update: datetime
    marks: Annotated[str, Text(_MOST_BASE64, r"[A-Za-z0-9+/]*={0,2}")]
    newest: Annotated[str, Text(_MOST_BASE64, r"[A-Za-z0-9+/]*={0,2}")]


_RECORD = Record(Written)


def written(made: StatusList) -> Written:
    """Return a list as it is exchanged."""
    return Written(
        schema=SCHEMA,
        issuer=made.issuer,
        name=made.name,
        made_at=made.made_at,
        next_update=made.next_update,
        marks=_packed(made.marks),
        newest=_packed(made.newest),
    )


def read(told: Written) -> StatusList:
    """Return the list that was exchanged.

    Raises:
        BadStatusList: its columns are too long, too short or damaged, or it is fresh for too long.

    Source: ours; docs/decisions/0018
    """
    fresh = told.next_update - told.made_at
    if not timedelta(0) < fresh <= timedelta(days=LONGEST_FRESH_DAYS):
        raise BadStatusList
    return StatusList(
        issuer=told.issuer,
        name=told.name,
        made_at=told.made_at,
        next_update=told.next_update,
        marks=_unpacked(told.marks, _MARKS_SIZE),
        newest=_unpacked(told.newest, LIST_SIZE),
    )


def to_json(made: StatusList) -> bytes:
    """Return the canonical bytes, which the agency signs."""
    return canonical(_RECORD.encode(written(made)))


def from_json(data: bytes) -> StatusList:
    """Return the list in these bytes.

    Raises:
        BadStatusList: they are no list, not canonical, or say what no list may say.
    """
    value, problems = parse(data)
    told = None if problems else _RECORD.decode(value, "", problems)
    if problems or canonical(value) != data:
        raise BadStatusList
    return read(cast("Written", told))


def _packed(column: bytes) -> str:
    return base64.b64encode(zlib.compress(column)).decode("ascii")


def _unpacked(text: str, size: int) -> bytes:
    """Return a column of exactly this size; whatever it would inflate to, no more is held."""
    inflating = zlib.decompressobj()
    try:
        compressed = base64.b64decode(text, validate=True)
        column = inflating.decompress(compressed, size + 1)
    except (binascii.Error, zlib.error):
        raise BadStatusList from None
    if base64.b64encode(compressed).decode("ascii") != text:
        raise BadStatusList
    if len(column) != size or not inflating.eof or inflating.unused_data:
        raise BadStatusList
    return column

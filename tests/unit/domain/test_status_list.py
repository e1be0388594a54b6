from __future__ import annotations

import base64
import json
import random
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partner_assess.domain.assessment import State
from partner_assess.domain.report import status_list
from partner_assess.domain.report.status import LIST_SIZE, Status
from partner_assess.domain.report.status_list import (
    BadStatusList,
    Entry,
    Mark,
    StatusList,
    from_json,
    mark_of,
    to_json,
)
from partner_assess.domain.report.strict_json import LARGEST, canonical

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NAME = "https://app.example/status/UNA"

entries = st.lists(
    st.builds(
        Entry,
        st.integers(0, LIST_SIZE - 1),
        st.sampled_from(Mark),
        st.integers(1, status_list.LAST_ISSUE),
    ),
    unique_by=lambda entry: entry.place,
    max_size=30,
)


def listed(*told: Entry) -> StatusList:
    return StatusList.of(told, issuer="UNA", name=NAME, made_at=MADE)


def changed(**changes: Any) -> bytes:
    """Return a list as JSON, with other values in it."""
    said = {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in changes.items()
    }
    return canonical(json.loads(to_json(listed())) | said)


@settings(max_examples=25, deadline=None)
@given(entries)
def test_what_is_written_is_what_is_read(told: list[Entry]) -> None:
    read = from_json(to_json(listed(*told)))

    assert read == listed(*told)
    for entry in told:
        assert read.mark(entry.place) is entry.mark
        assert read.newest_issue(entry.place) == entry.newest_issue
    unnamed = next(place for place in range(31) if place not in {one.place for one in told})
    assert (read.status(unnamed), read.newest_issue(unnamed)) == (Status.CURRENT, 1)


@pytest.mark.parametrize(
    ("state", "for_cause", "mark", "status"),
    [
        (State.FINAL, False, Mark.CURRENT, Status.CURRENT),
        (State.FINAL, True, Mark.SUSPENDED_FOR_CAUSE, Status.CURRENT),
        (State.EXPIRED, True, Mark.CURRENT, Status.CURRENT),
        (State.SUPERSEDED, True, Mark.SUPERSEDED, Status.SUPERSEDED),
        (State.WITHDRAWN, False, Mark.WITHDRAWN, Status.WITHDRAWN),
    ],
)
def test_two_bits_say_what_the_dates_of_a_document_do_not(
    state: State, for_cause: bool, mark: Mark, status: Status
) -> None:
    assert mark_of(state, suspended_for_cause=for_cause) is mark
    assert listed(Entry(7, mark, 1)).status(7) is status


def test_a_list_is_fresh_for_a_week_and_knows_issues_up_to_a_byte() -> None:
    made = listed(Entry(0, Mark.CURRENT, 300))
    assert made.next_update - made.made_at == timedelta(days=status_list.FRESH_DAYS)
    assert made.newest_issue(0) == status_list.LAST_ISSUE


@pytest.mark.parametrize("place", [-1, LIST_SIZE])
def test_a_place_outside_the_list_is_none(place: int) -> None:
    with pytest.raises(IndexError):
        listed().mark(place)


BOMB = zlib.compress(bytes(300_000_000), 9)
HOSTILE = {
    "empty": b"",
    "no JSON": b"PK\x03\x04",
    "no object": b"[]",
    "absurdly deep": b"[" * 100_000,
    "absurdly large": b'"' + b"x" * LARGEST + b'"',
    "another schema": changed(schema="partner-assess/report/1"),
    "an unknown key": changed(partner="Demo: Acacia Relief"),
    "pretty-printed": json.dumps(json.loads(to_json(listed())), indent=1).encode(),
    "a key twice": to_json(listed()).replace(b'{"issuer"', b'{"issuer":"UNB","issuer"', 1),
    "a script as name": changed(name="javascript:alert(1)"),
    "no base64": changed(marks="%%%%"),
    "base64 cut off": changed(marks="AAAAA"),
    "not compressed": changed(marks=b"x" * 100),
    "a bomb": changed(marks=BOMB),
    "a bomb of numbers": changed(newest=BOMB),
    "a column too short": changed(marks=zlib.compress(bytes(LIST_SIZE // 4 - 1))),
    "a column too long": changed(newest=zlib.compress(bytes(LIST_SIZE + 1))),
    "a column cut off": changed(newest=zlib.compress(bytes(LIST_SIZE))[:-5]),
    "something after a column": changed(marks=zlib.compress(bytes(LIST_SIZE // 4)) + b"PK"),
    "fresh before it was made": changed(next_update="2026-11-22T09:29:59Z"),
    "fresh for ever": changed(next_update="2126-11-22T09:30:00Z"),
    "no such day": changed(made_at="2026-02-30T00:00:00Z"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_damaged_or_hostile_list_is_refused(data: bytes) -> None:
    with pytest.raises(BadStatusList):
        from_json(data)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_byte_changed_is_refused_or_says_so(data: st.DataObject) -> None:
    whole = to_json(listed(Entry(5, Mark.WITHDRAWN, 2)))
    place = data.draw(st.integers(0, len(whole) - 1))
    other = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    with suppress(BadStatusList):
        assert from_json(other) != from_json(whole)


def test_a_hundred_thousand_assessments_make_a_small_list() -> None:
    chance = random.Random(55)  # noqa: S311 - a test that is the same each time
    places = chance.sample(range(LIST_SIZE), 100_000)
    marks = [Mark.CURRENT] * 98 + [Mark.SUPERSEDED, Mark.WITHDRAWN]
    made = to_json(
        listed(*(Entry(place, chance.choice(marks), chance.choice((1, 1, 2))) for place in places))
    )
    assert len(made) < 200_000, f"{len(made):,} bytes"


def test_a_column_that_is_written_in_another_way_is_refused() -> None:
    # Two texts stand for one content where the last sign has bits to spare.
    column = next(one for one in (b"x", b"xy", b"xyz") if len(zlib.compress(one)) % 3 == 1)
    text = base64.b64encode(zlib.compress(column)).decode()
    other = f"{text[:-3]}{chr(ord(text[-3]) + 1)}=="
    assert base64.b64decode(other, validate=True) == zlib.compress(column)
    assert status_list._unpacked(text, len(column)) == column
    with pytest.raises(BadStatusList):
        status_list._unpacked(other, len(column))

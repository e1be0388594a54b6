"""This file holds that a chain of entries shows whatever is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.trail import START, Break, Entry, Head, Walked, digest_of, walk

ENTRY = Entry(
    number=None,
    digest=None,
    agency_id=UUID(int=1),
    partner_id=UUID(int=2),
    about="partner",
    about_id=UUID(int=3),
    action="edited",
    from_state="",
    to_state="",
    by_id=UUID(int=4),
    at=datetime(2026, 11, 25, 9, tzinfo=UTC),
    comment="",
    facts={},
)


def chained(entries: list[Entry]) -> list[Entry]:
    before, found = START, []
    for number, entry in enumerate(entries, start=1):
        before = digest_of(entry, number=number, before=before)
        found.append(replace(entry, number=number, digest=before))
    return found


def head_of(entries: list[Entry]) -> Head:
    return Head(entries[-1].number or 0, entries[-1].digest or "") if entries else Head()


CHAIN = chained(
    [replace(ENTRY, action=word) for word in ("registered", "edited", "waived", "ended")]
)
COPIES: Mapping[int, str] = {2: CHAIN[1].digest or "", 4: CHAIN[3].digest or ""}


def test_a_whole_chain_is_whole() -> None:
    assert walk(CHAIN, head=head_of(CHAIN), copies=COPIES) == Walked(4)
    assert walk([], head=Head(), copies={}) == Walked(0)


Tampering = Callable[[list[Entry]], list[Entry]]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda c: [replace(c[0], comment="other"), *c[1:]], Walked(0, Break.CHANGED, 1)),
        (lambda c: [*c[:3], replace(c[3], by_id=None)], Walked(3, Break.CHANGED, 4)),
        (lambda c: c[1:], Walked(0, Break.MISSING, 1)),
        (lambda c: [c[0], *c[2:]], Walked(1, Break.MISSING, 2)),
        (lambda c: [c[1], c[0], *c[2:]], Walked(0, Break.MISSING, 1)),
        (lambda c: c[:3], Walked(3, Break.CUT_OFF, 4)),
        (lambda c: [], Walked(0, Break.CUT_OFF, 4)),
        (lambda c: [ENTRY, *c], Walked(0, Break.NOT_CHAINED, 1)),
        # Who chains a changed trail anew needs the head too, and the copy outside gives him away.
        (lambda c: chained([ENTRY, *c[1:]]), Walked(1, Break.COPY_DIFFERS, 2)),
        (lambda c: [*c, *chained([*c, ENTRY])[4:]], Walked(5, Break.HEAD_CHANGED, 4)),
    ],
)
def test_whatever_is_done_to_a_chain_shows(tamper: Tampering, expected: Walked) -> None:
    assert walk(tamper(CHAIN), head=head_of(CHAIN), copies=COPIES) == expected


def test_a_chain_cut_off_together_with_its_head_shows_by_the_copy() -> None:
    short = CHAIN[:3]
    assert walk(short, head=head_of(short), copies=COPIES) == Walked(3, Break.CUT_OFF, 4)


def test_a_head_that_says_another_digest_shows() -> None:
    assert walk(CHAIN, head=Head(4, START), copies={}) == Walked(4, Break.HEAD_CHANGED, 4)


OTHER: Mapping[str, object] = {
    "agency_id": UUID(int=9),
    "partner_id": None,
    "about": "plan",
    "about_id": UUID(int=9),
    "action": "other",
    "from_state": "x",
    "to_state": "x",
    "by_id": None,
    "at": ENTRY.at + timedelta(microseconds=1),
    "comment": "x",
    "facts": {"a": "b"},
}


@pytest.mark.parametrize(
    "name", [f.name for f in fields(Entry) if f.name not in {"number", "digest"}]
)
def test_every_column_is_in_the_digest(name: str) -> None:
    changed = replace(ENTRY, **{name: OTHER[name]})
    assert digest_of(changed, number=1, before=START) != digest_of(ENTRY, number=1, before=START)


@pytest.mark.parametrize(("number", "before"), [(2, START), (1, "1" * 64)])
def test_place_and_predecessor_are_in_the_digest(number: int, before: str) -> None:
    assert digest_of(ENTRY, number=number, before=before) != digest_of(
        ENTRY, number=1, before=START
    )


def test_the_zone_of_a_moment_and_the_order_of_facts_are_not() -> None:
    elsewhere = replace(ENTRY, at=ENTRY.at.astimezone(timezone(timedelta(hours=5))))
    assert digest_of(elsewhere, number=1, before=START) == digest_of(ENTRY, number=1, before=START)
    a, b = replace(ENTRY, facts={"a": "1", "b": "2"}), replace(ENTRY, facts={"b": "2", "a": "1"})
    assert digest_of(a, number=1, before=START) == digest_of(b, number=1, before=START)


@given(st.lists(st.text(max_size=20), max_size=12), st.data())
def test_taking_out_any_entry_shows(comments: list[str], data: st.DataObject) -> None:
    whole = chained([replace(ENTRY, comment=comment) for comment in comments])
    assert walk(whole, head=head_of(whole), copies={}) == Walked(len(whole))
    if whole:
        place = data.draw(st.integers(0, len(whole) - 1))
        found = walk(whole[:place] + whole[place + 1 :], head=head_of(whole), copies={})
        assert found.entries == place
        assert found.broken in {Break.MISSING, Break.CUT_OFF}

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.trust import (
    WARNING_DAYS,
    BadAgencyCode,
    FingerprintDiffers,
    Older,
    SecondPersonNeeded,
    SpeaksForAnother,
    ends_soon,
    is_old,
    normal_fingerprint,
    require_code,
    require_newer,
    require_one_agency,
    require_same,
    require_second_person,
)

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FINGERPRINT = "0a1b" * 16
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    "typed",
    [
        FINGERPRINT,
        FINGERPRINT.upper(),
        ":".join(["0A", "1B"] * 16),
        " ".join(["0a1b"] * 16),
        "-".join(["0A1B"] * 16),
        f"\t{FINGERPRINT}\r\n",
    ],
)
def test_colons_spaces_and_case_of_a_fingerprint_do_not_matter(typed: str) -> None:
    assert normal_fingerprint(typed) == FINGERPRINT
    require_same(FINGERPRINT, typed)


@pytest.mark.parametrize("typed", ["", FINGERPRINT[:-1], FINGERPRINT + "0", "0a1c" * 16, "…"])
def test_anything_else_is_another_fingerprint(typed: str) -> None:
    with pytest.raises(FingerprintDiffers):
        require_same(FINGERPRINT, typed)


@given(st.text())
def test_no_text_but_the_fingerprint_itself_is_taken_for_it(typed: str) -> None:
    with pytest.raises(FingerprintDiffers):
        require_same(FINGERPRINT, typed + "1")


@pytest.mark.parametrize("added_by", [OTHER, None])
def test_a_second_person_confirms_also_what_the_operator_added(added_by: UUID | None) -> None:
    require_second_person(added_by, ONE)


def test_who_added_a_root_does_not_confirm_it() -> None:
    with pytest.raises(SecondPersonNeeded):
        require_second_person(ONE, ONE)


@pytest.mark.parametrize("typed", ["UNA", " UNA\n", "un-other.1", "x", "A" * 64])
def test_a_short_code_is_what_a_document_may_call_its_agency(typed: str) -> None:
    assert require_code(typed) == typed.strip()


@pytest.mark.parametrize("typed", ["", " ", "-UNA", "UN A", "UNA/1", "Ünä", "A" * 65, "UNA\nUNB"])
def test_what_no_document_can_call_its_agency_is_no_short_code(typed: str) -> None:
    with pytest.raises(BadAgencyCode):
        require_code(typed)


def test_a_root_speaks_for_one_agency() -> None:
    require_one_agency("UNA", [])
    require_one_agency("UNA", ["UNA", "UNA"])
    with pytest.raises(SpeaksForAnother) as caught:
        require_one_agency("UNA", ["UNA", "UNB"])
    assert caught.value.params == {"agency": "UNB"}


@pytest.mark.parametrize(
    ("left", "soon"),
    [
        (WARNING_DAYS * DAY + SECOND, False),
        (WARNING_DAYS * DAY, True),
        (SECOND, True),
        (-DAY, True),
    ],
)
def test_the_end_of_a_root_is_told_ninety_days_before(left: timedelta, soon: bool) -> None:
    assert ends_soon(NOW + left, now=NOW) is soon


def test_only_a_list_made_later_takes_the_place_of_another() -> None:
    require_newer(NOW + SECOND, NOW)
    for made_at in (NOW, NOW - SECOND):
        with pytest.raises(Older):
            require_newer(made_at, NOW)


@pytest.mark.parametrize(
    ("next_update", "old"),
    [(NOW + SECOND, False), (NOW, False), (NOW - SECOND, True), (None, False)],
)
def test_a_list_is_old_once_it_should_have_been_replaced(
    next_update: datetime | None, old: bool
) -> None:
    assert is_old(next_update, now=NOW) is old

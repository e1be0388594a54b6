from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.partner import PartnerType, Scope, is_assessed, name_key


@pytest.mark.parametrize("partner_type", list(PartnerType))
def test_only_governments_and_un_entities_are_outside_the_assessment(
    partner_type: PartnerType,
) -> None:
    outside = {PartnerType.GOVERNMENT, PartnerType.UN_ENTITY}
    assert is_assessed(partner_type) is (partner_type not in outside)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        pytest.param("Secours Éclair", "SECOURS ECLAIR", id="case and accents"),
        pytest.param("E\u0301clair", "Éclair", id="two ways of writing an accent"),
        pytest.param("  Two   words\n", "two words", id="spaces"),
        pytest.param("Two\u00a0words", "two words", id="a space that does not break"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("ﬁrst", "first", id="a ligature"),
        pytest.param("ℌelp", "help", id="a capital that shows only when decomposed"),
        pytest.param("İstanbul", "istanbul", id="dotted capital i"),
        pytest.param("أمل", "امل", id="alef with hamza above"),
        pytest.param("إغاثة", "اغاثه", id="alef with hamza below, final ta marbuta"),
        pytest.param("آمال", "امال", id="alef with madda"),
        pytest.param("ٱلأمل", "الامل", id="alef wasla"),
        pytest.param("هدى", "هدي", id="final alef maksura"),
        pytest.param("أمـــل", "امل", id="tatweel"),
        pytest.param("أَمَلٌ", "امل", id="vowel signs"),
        pytest.param("\u200fأمل\u200e", "امل", id="marks of direction"),
        pytest.param("Help\u200bless\u00ad", "helpless", id="characters that print nothing"),
    ],
)
def test_one_spelling_of_a_name_finds_another(written: str, searched: str) -> None:
    assert name_key(written) == name_key(searched)


@pytest.mark.parametrize(("one", "other"), [("Aid 1", "Aid 2"), ("आशा", "आश"), ("Aid-A", "Aid A")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_a_key_is_its_own_key_and_spaced_by_one(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert key == " ".join(key.split())


def test_of_an_international_organization_its_part_in_the_country_is_assessed() -> None:
    assert Scope.NATIONAL.assessed_part == "headquarters"
    assert Scope.INTERNATIONAL.assessed_part == "country_office"

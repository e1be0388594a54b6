"""This file holds how a check code is read from paper."""

from __future__ import annotations

import pytest

from partner_assess.domain.sharing import CODE_LENGTH, CODE_SIGNS, code_as_issued


@pytest.mark.parametrize(
    ("typed", "issued"),
    [
        ("7K3M09QXT1", "7K3M09QXT1"),
        ("7k3m09qxt1", "7K3M09QXT1"),
        ("7K3M0-9QXT1", "7K3M09QXT1"),
        (" 7K3M0 9QXT1 ", "7K3M09QXT1"),
        ("7K3MO9QXTl", "7K3M09QXT1"),
        ("7K3Mo9QXTi", "7K3M09QXT1"),
        ("", ""),
        ("ü%", "Ü%"),
    ],
)
def test_a_code_is_read_whatever_looks_alike(typed: str, issued: str) -> None:
    assert code_as_issued(typed) == issued


def test_a_code_has_no_signs_that_look_alike_and_a_hundred_bits() -> None:
    assert len(CODE_SIGNS) == len(set(CODE_SIGNS)) == 32
    assert set(CODE_SIGNS).isdisjoint("ILOU")
    assert CODE_LENGTH * 5 == 100
    assert code_as_issued(CODE_SIGNS) == CODE_SIGNS

"""What the gate rests on: one way to write ASN.1, and messages that say no more than they must."""

from __future__ import annotations

import pytest

from partner_assess.adapters import gate
from partner_assess.adapters.gate import der, wire
from partner_assess.domain.report import to_json
from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Root
from tests import pki
from tests.sample_report import a_report


@pytest.mark.parametrize(
    ("written", "is_der"),
    [
        ("020101", True),
        ("02020001", False),  # a zero too many in front
        ("02020080", True),
        ("0202ff80", False),
        ("0200", False),
        ("0101ff", True),
        ("010101", False),  # true is one bit pattern
        ("0500", True),
        ("050100", False),
        ("0603550403", True),
        ("060355048003", False),
        ("06025580", False),
        ("0600", False),
        ("030100", True),
        ("03020780", True),
        ("03020781", False),  # bits that do not count
        ("0300", False),
        ("030108", False),
        ("3003020101", True),
        ("3003020101" + "00", False),  # something after it
        ("3080020101" + "0000", False),  # a length that is not said
        ("308103020101", False),  # a length in a longer form
        ("3004020101", False),
        ("10020500", False),
        ("2403040101", False),  # a string in pieces
        ("3106" + "020101" + "020102", True),
        ("3106" + "020102" + "020101", False),  # a set out of order
        ("3106" + "020101" + "020101", False),
        ("0000", False),  # what ends a length that is not said
        ("30020000", False),
        ("a003020101", True),
        ("a00402020001", False),
        ("8001ff", True),
        ("1f810101" + "00", False),
        ("", False),
        ("02", False),
        ("30" * 60, False),
    ],
)
def test_der_is_the_one_way_to_write_a_value(written: str, is_der: bool) -> None:
    assert der.is_der(bytes.fromhex(written)) is is_der


def test_what_is_nested_without_an_end_is_no_der() -> None:
    made = b"\x05\x00"
    for _ in range(60):
        made = b"\x30" + bytes([len(made)]) + made
    assert not der.is_der(made)


def test_a_question_comes_through_as_it_was_asked() -> None:
    trust = (Root("UNA", b"one", (b"", b"list")), Root("UNB", b"two"))
    assert wire.asking(wire.asked("verify", b"file", trust, pki.NOW)) == (
        "verify",
        b"file",
        trust,
        pki.NOW,
    )


@pytest.mark.parametrize("message", [b"", b"\0\0", b"\0\0\0\2{}", b"\0\0\0\2[]", b"\0\0\0\1x"])
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.unpack(message)


def test_a_child_that_lies_about_the_data_is_not_believed() -> None:
    assert gate._told({"problems": []}, [b"{}"], "0").problems == (Refusal.SCHEMA,)
    assert gate._told({"problems": []}, [], "0").problems == (Refusal.NO_DATA,)
    believed = gate._told({"problems": []}, [to_json(a_report())], "0")
    assert believed.report == a_report()
    with pytest.raises(ValueError, match="superb"):
        gate._told({"problems": ["superb"]}, [], "0")

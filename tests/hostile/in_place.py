"""This file holds a good document with some of its bytes exchanged, none added or taken away."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests import signed_pdf

GAP = re.compile(rb"/Contents\s*<([0-9A-F]+)>")


def exchanged(old: bytes, new: bytes, pdf: bytes | None = None) -> bytes:
    """Return a document with some of its bytes exchanged for as many others."""
    whole = pdf or signed_pdf.good()
    assert old in whole
    assert len(old) == len(new)
    return whole.replace(old, new, 1)


def data_swapped() -> bytes:
    plain = signed_pdf.document(compress=False)
    return exchanged(b'"risk":"high"', b'"risk":"low" ', plain)


def text_swapped() -> bytes:
    return exchanged(b"(Demo: report)", b"(Demo: REPORT)")


def date_swapped() -> bytes:
    return exchanged(b"220261122", b"220271122")


def permission_swapped() -> bytes:
    return exchanged(b"/P 1", b"/P 2")


def contents_of_zeros() -> bytes:
    return GAP.sub(lambda found: b"/Contents <" + b"0" * len(found[1]) + b">", signed_pdf.good())


def with_contents(change: Callable[[str], str]) -> bytes:
    """Return the document with the hex of its signature changed."""
    whole = signed_pdf.good()
    found = GAP.search(whole)
    assert found
    return whole.replace(found[1], change(found[1].decode()).encode())


def contents_of_noise() -> bytes:
    return with_contents(lambda old: "5A" * (len(old) // 2))


def padding_used() -> bytes:
    return with_contents(lambda old: old[:-4] + "BEEF")


def first_padding_byte_used() -> bytes:
    def change(old: str) -> str:
        data = bytes.fromhex(old)
        length = 4 + int.from_bytes(data[2:4], "big")
        return (data[:length] + b"\1" + data[length + 1 :]).hex().upper()

    return with_contents(change)


def hex_in_small_letters() -> bytes:
    """Return a document with half of its signature in small letters: the same bytes to readers."""
    return with_contents(lambda old: old[:400].lower() + old[400:])


def ranges(change: Callable[[list[int]], list[int]]) -> bytes:
    """Return the document with other numbers of what was signed, as long as the old ones."""
    whole = signed_pdf.good()
    found = re.search(rb"/ByteRange \[([0-9 ]+)\]", whole)
    assert found
    numbers = change([int(one) for one in found[1].split()])
    said = " ".join(map(str, numbers)).encode().ljust(len(found[1]))
    return whole.replace(found[1], said)


def range_with_a_hole() -> bytes:
    return ranges(lambda old: [old[0], old[1] - 100, old[2], old[3]])


def range_to_the_middle() -> bytes:
    return ranges(lambda old: [old[0], old[1], old[2], old[3] - 50])


def range_not_from_the_begin() -> bytes:
    return ranges(lambda old: [1, old[1] - 1, old[2], old[3]])


def range_beyond_the_end() -> bytes:
    return ranges(lambda old: [old[0], old[1], old[2], old[3] + 9])


def range_below_zero() -> bytes:
    return ranges(lambda old: [0, -1, old[2], old[3]])


def flips(pdf: bytes, places: range) -> list[bytes]:
    """Return a copy for each place, with one bit of the byte there turned."""

    def flipped(place: int) -> bytes:
        other = bytes([pdf[place] ^ (1 << place % 8)])
        return pdf[:place] + other + pdf[place + 1 :]

    return [flipped(place) for place in places]

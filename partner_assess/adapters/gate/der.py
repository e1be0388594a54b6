"""This file holds whether bytes are DER: the one way to write an ASN.1 value.

Readers of ASN.1 forgive. A byte that a reader forgives is one that can be changed under a
signature which goes on to verify; so what is no DER is refused before it is read.
"""

from __future__ import annotations

from itertools import pairwise

_DEEPEST = 40
_CONSTRUCTED, _CLASS, _NUMBER = 0x20, 0xC0, 0x1F
_BOOLEAN, _INTEGER, _BITS, _NULL, _OID, _SEQUENCE, _SET = 1, 2, 3, 5, 6, 16, 17


def is_der(data: bytes) -> bool:
    """Return whether these are the bytes of one value, written in the one way.

    >>> is_der(bytes.fromhex("020101")), is_der(bytes.fromhex("02020001"))
    (True, False)
    """
    try:
        return _element(data, 0, len(data), 0) == len(data)
    except (ValueError, IndexError):
        return False


def length_of(data: bytes) -> int:
    """Return how many bytes the first value takes. Raises ValueError, IndexError."""
    start, length = _length(data, 1)
    return start + length


def parts(data: bytes) -> list[bytes]:
    """Return the values inside a value. Raises ValueError, IndexError where it is no DER."""
    place, length = _length(data, 1)
    stop = place + length
    found: list[bytes] = []
    while place < stop:
        after = _element(data, place, stop, 0)
        found.append(data[place:after])
        place = after
    return found


def is_sorted(values: list[bytes]) -> bool:
    """Return whether encoded values stand as in a DER set: in order, none of them twice."""
    return all(first < second for first, second in pairwise(values))


def _element(data: bytes, place: int, end: int, depth: int) -> int:
    """Return where the value that begins here ends. Raises ValueError if it is no DER."""
    tag = data[place]
    start, length = _length(data, place + 1)
    stop = start + length
    if stop > end or depth > _DEEPEST or tag & _NUMBER == _NUMBER or tag == 0:
        raise ValueError  # a tag of 0 ends what has no length: there is nothing of the kind
    if tag & _CONSTRUCTED:
        _inside(data, start, stop, tag, depth)
    elif not tag & _CLASS and not _is_well_written(tag & _NUMBER, data[start:stop]):
        raise ValueError
    return stop


def _length(data: bytes, place: int) -> tuple[int, int]:
    """Return where the content begins, and its length: in the shortest form."""
    first = data[place]
    if first < 0x80:
        return place + 1, first
    size = first & 0x7F
    said = data[place + 1 : place + 1 + size]
    if not 1 <= size <= 4 or len(said) < size or said[0] == 0:
        raise ValueError
    length = int.from_bytes(said, "big")
    if length < 0x80:
        raise ValueError
    return place + 1 + size, length


def _inside(data: bytes, start: int, stop: int, tag: int, depth: int) -> None:
    universal = not tag & _CLASS
    if universal and tag & _NUMBER not in {_SEQUENCE, _SET}:
        raise ValueError  # a string in pieces
    values: list[bytes] = []
    place = start
    while place < stop:
        after = _element(data, place, stop, depth + 1)
        values.append(data[place:after])
        place = after
    if universal and tag & _NUMBER == _SET and not is_sorted(values):
        raise ValueError


def _is_well_written(number: int, content: bytes) -> bool:
    if number in {_SEQUENCE, _SET}:
        return False
    if number == _BOOLEAN:
        return content in {b"\x00", b"\xff"}
    if number == _INTEGER:
        return len(content) == 1 or (
            len(content) > 1 and int.from_bytes(content[:2], "big") >> 7 not in {0, 0x1FF}
        )
    if number == _NULL:
        return not content
    if number == _BITS:
        return _is_bit_string(content)
    if number == _OID:
        return _is_identifier(content)
    return True


def _is_bit_string(content: bytes) -> bool:
    if not content or content[0] > 7 or (content[0] and len(content) == 1):
        return False
    return not content[-1] & ((1 << content[0]) - 1) if content[0] else True


def _is_identifier(content: bytes) -> bool:
    """Return whether each part is written without leading zeros, and the last one ends."""
    starts = (0, *(place + 1 for place, byte in enumerate(content[:-1]) if byte < 0x80))
    return bool(content) and content[-1] < 0x80 and all(content[one] != 0x80 for one in starts)

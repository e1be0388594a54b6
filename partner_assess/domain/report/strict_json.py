"""This file holds JSON as it is exchanged: one way to write it, and nothing else read."""

from __future__ import annotations

import json
import re

from partner_assess.domain.report.kinds import Problem

LARGEST = 2_000_000
DEEPEST = 12


def canonical(value: object) -> bytes:
    """Return the one way to write a value: keys sorted, no spaces, UTF-8, no last newline.

    Source: ours; domain.md 5 (same facts, same bytes), pdf-sharing.md 8.
    """
    text = json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode("utf-8")


def parse(data: bytes) -> tuple[object, list[Problem]]:
    """Return the value and what is wrong with it; None as value where it could not be read.

    Floats have no place in what is exchanged, and a key that comes twice would let two readers
    see two documents.
    """
    if len(data) > LARGEST:
        return None, [Problem("too_large")]
    if _depth(data) > DEEPEST:
        return None, [Problem("too_deep")]
    problems: list[Problem] = []

    def refuse_number(number: str) -> None:
        problems.append(Problem("float", number[:30]))

    def once_only(pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = sorted(key[:60] for key in read if keys.count(key) > 1)
            problems.extend(Problem("duplicate_key", key) for key in twice)
        return read

    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=once_only,
            parse_float=refuse_number,
            parse_constant=refuse_number,
        )
    except UnicodeDecodeError:
        return None, [Problem("not_utf8")]
    except ValueError:
        return None, [Problem("not_json")]
    return value, problems


def _depth(data: bytes) -> int:
    outside_strings = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", data, flags=re.DOTALL)
    deepest = now = 0
    for sign in re.findall(rb"[\[{\]}]", outside_strings):
        now += 1 if sign in b"[{" else -1
        deepest = max(deepest, now)
    return deepest

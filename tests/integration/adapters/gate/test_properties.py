"""Whatever a report says, it comes through signing and the gate as it was; and two readers agree.

The second reader of the schema is jsonschema, which knows nothing of our classes.
"""

from __future__ import annotations

import json
import random
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from partner_assess.adapters.gate.documents import examine
from partner_assess.domain.report import BadBundle, Report, from_json, json_schema, to_json
from tests import pki
from tests.random_reports import reports
from tests.signed_pdf import document, sealed_report

SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
SECOND = jsonschema.Draft202012Validator(json_schema())
# What a schema cannot say: how values go together, and how bytes are written.
BEYOND_A_SCHEMA = {"contradiction", "not_canonical", "too_large", "too_deep", "duplicate_key"}


@given(reports())
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_a_report_comes_through_as_it_was(report: Report) -> None:
    found = examine(document(to_json(report)), pki.trust(pki.agency()[0]), at=pki.NOW)
    assert found.problems == []
    assert found.payload
    assert from_json(found.payload) == report


@given(reports())
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_the_second_reader_takes_what_we_write(report: Report) -> None:
    SECOND.validate(json.loads(to_json(report)))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to each value in a JSON document."""
    if not isinstance(value, dict | list):
        return [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(way for key, one in inside for way in places(one, (*path, key)))]


def spoiled(seed: int) -> dict[str, Any]:
    """Return the facts with one value exchanged, left out, or one too many."""
    told: dict[str, Any] = json.loads(to_json(sealed_report()))
    chance = random.Random(seed)  # noqa: S311 (to spoil, not to hide)
    *way, last = chance.choice(places(told)[1:])
    inside: Any = told
    for step in way:
        inside = inside[step]
    others = (None, True, -1, 10**9, "", "x", " ", "2026-02-30", [], {}, {"a": 1}, "é" * 400)
    if chance.random() < 0.2 and isinstance(inside, dict):
        inside[f"{last}_"] = inside.pop(last)
    else:
        inside[last] = chance.choice(others)
    return told


@pytest.mark.parametrize("seed", range(400))
def test_two_readers_agree_on_what_is_spoiled(seed: int) -> None:
    told = spoiled(seed)
    data = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    try:
        from_json(data)
        ours: set[str] = set()
    except BadBundle as bad:
        ours = {problem.code for problem in bad.problems}
    theirs = not SECOND.is_valid(told)
    if ours <= BEYOND_A_SCHEMA:
        assert not theirs
    else:
        assert theirs or "calendar" in _only_the_calendar(told, ours)


def _only_the_calendar(told: dict[str, Any], ours: set[str]) -> str:
    """Return "calendar" where what we refuse is a day that has a day's form but does not exist."""
    return "calendar" if ours == {"wrong_value"} and "2026-02-30" in json.dumps(told) else ""

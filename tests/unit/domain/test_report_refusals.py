"""Bytes that are no report, or say what no report may say, are refused with every problem named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from partner_assess.domain.report import BadBundle, Report, from_json, to_json
from partner_assess.domain.report.codec import LONGEST_LIST
from partner_assess.domain.report.strict_json import LARGEST
from tests.sample_report import a_draft, a_report, with_comment


def changed(report: Report, change: Callable[[dict[str, Any]], object]) -> bytes:
    value = json.loads(to_json(report))
    change(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def problems_in(data: bytes) -> set[tuple[str, str]]:
    with pytest.raises(BadBundle) as refused:
        from_json(data)
    assert refused.value.code == "bad_bundle"
    return {(problem.code, problem.where) for problem in refused.value.problems}


def put(path: str, new: object) -> Callable[[dict[str, Any]], None]:
    def change(value: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place: Any = value
        for step in way:
            place = place[step]
        place[last] = new

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (put("schema", "partner-assess/report/2"), ("wrong_schema", "schema")),
        (put("survivors", []), ("unknown_key", "survivors")),
        (put("owner.email", "x"), ("unknown_key", "owner.email")),
        (lambda value: value["totals"].pop("score"), ("missing_key", "totals.score")),
        (put("partner", None), ("wrong_type", "partner")),
        (put("results", {}), ("wrong_type", "results")),
        (put("results.0.number", True), ("wrong_type", "results[0].number")),
        (put("results.0.number", 0), ("wrong_value", "results[0].number")),
        (put("results.0.comment", 3), ("wrong_type", "results[0].comment")),
        (put("results.0.comment", "x" * 20_001), ("wrong_value", "results[0].comment")),
        (put("results.0.comment", "a\x00b"), ("wrong_value", "results[0].comment")),
        (put("results.0.rating", "PROGRESSING"), ("wrong_value", "results[0].rating")),
        (
            put("results.0.evidence", [{}] * (LONGEST_LIST + 1)),
            ("wrong_value", "results[0].evidence"),
        ),
        (put("partner.legal_name", " "), ("wrong_value", "partner.legal_name")),
        (put("totals.risk", "extreme"), ("wrong_value", "totals.risk")),
        (put("totals.risk", 1), ("wrong_type", "totals.risk")),
        (put("is_final", 1), ("wrong_type", "is_final")),
        (put("dates.final_on", "20261116"), ("wrong_value", "dates.final_on")),
        (put("dates.final_on", "2026-02-30"), ("wrong_value", "dates.final_on")),
        (put("dates.final_on", 5), ("wrong_type", "dates.final_on")),
        (
            put("identity.generated_at", "2026-11-22T09:30:00"),
            ("wrong_value", "identity.generated_at"),
        ),
        (
            put("provenance.contact_web", "javascript:alert(1)"),
            ("wrong_value", "provenance.contact_web"),
        ),
        (put("results.0.number", 7), ("contradiction", "results[0].number")),
        (put("results.0.rating", "yes"), ("contradiction", "results[0].rating")),
        (put("results.0.rating_only", True), ("contradiction", "results[0].rating_only")),
        (put("results.1.id", "policy"), ("contradiction", "results")),
        (put("results", []), ("contradiction", "results")),
        (put("totals.critical_gaps", ["elsewhere"]), ("contradiction", "totals.critical_gaps")),
        (put("plan.actions.0.standard", "elsewhere"), ("contradiction", "totals.critical_gaps")),
        (put("totals.score", None), ("contradiction", "is_final")),
        (put("is_final", False), ("contradiction", "identity.status")),
        (put("identity.status", None), ("contradiction", "identity.status")),
        (put("identity.status", "lost"), ("wrong_value", "identity.status")),
        (put("identity.status", "expired"), ("contradiction", "identity.ended_on")),
        (put("identity.ended_on", "2026-11-20"), ("contradiction", "identity.ended_on")),
        (put("identity.replaced_by", "UNA/2026/0043"), ("contradiction", "identity.replaced_by")),
        (put("identity.profile", "summary"), ("contradiction", "identity.profile")),
    ],
)
def test_what_may_not_be_is_refused_and_named(
    change: Callable[[dict[str, Any]], None], problem: tuple[str, str]
) -> None:
    assert problem in problems_in(changed(a_report(), change))


def test_a_draft_claims_neither_a_check_code_nor_a_seal() -> None:
    for claim in (put("provenance.check_code", "7K4F-92MD"), put("provenance.signed", True)):
        assert problems_in(changed(a_draft(), claim)) == {("contradiction", "is_final")}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ("not_json", "")),
        (b"\xff", ("not_utf8", "")),
        (b"[]", ("wrong_type", "")),
        (b"{}", ("wrong_schema", "schema")),
        (b'{"a":1,"a":2}', ("duplicate_key", "a")),
        (b'{"a":1.5}', ("float", "1.5")),
        (b'{"a":NaN}', ("float", "NaN")),
        (b"[" * 100_000, ("too_deep", "")),
        (b'{"a":"' + b"[" * 20 + b'"}', ("wrong_schema", "schema")),
        (b" " * (LARGEST + 1), ("too_large", "")),
        (to_json(a_report()) + b"\n", ("not_canonical", "")),
        (json.dumps(json.loads(to_json(a_report()))).encode(), ("not_canonical", "")),
    ],
    ids=range(12),
)
def test_what_is_no_canonical_json_is_refused(data: bytes, problem: tuple[str, str]) -> None:
    assert problem in problems_in(data)


def test_a_lone_surrogate_does_not_pass_as_text() -> None:
    data = to_json(with_comment(a_report(), "mark")).replace(b"mark", b"\\ud800")
    assert problems_in(data) == {("wrong_value", "results[0].comment")}


def test_every_problem_is_named_at_once() -> None:
    def change(value: dict[str, Any]) -> None:
        put("is_final", 1)(value)
        put("dates.final_on", "soon")(value)

    found = problems_in(changed(a_report(), change))
    assert found == {("wrong_type", "is_final"), ("wrong_value", "dates.final_on")}

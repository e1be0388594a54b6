"""This file holds a report as the bytes that are exchanged: written one way, read strictly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from partner_assess.domain.errors import RuleError
from partner_assess.domain.report.codec import Record
from partner_assess.domain.report.facts import Profile, Report
from partner_assess.domain.report.kinds import Problem
from partner_assess.domain.report.status import Status
from partner_assess.domain.report.strict_json import canonical, parse

SCHEMA = "partner-assess/report/1"

_RECORD = Record(Report)


class BadBundle(RuleError):
    """What was read is no report, or says what no report may say.

    Attributes:
        problems: Everything found, each with a stable code and its place.
    """

    code = "bad_bundle"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems=problems)
        self.problems = problems


def to_json(report: Report) -> bytes:
    """Return the canonical bytes: UTF-8, keys sorted, no spaces, no newline at the end.

    Raises:
        BadBundle: If these bytes would be refused by whoever receives them.
    """
    data = canonical({"schema": SCHEMA, **cast("dict[str, object]", _RECORD.encode(report))})
    if from_json(data) != report:
        raise BadBundle((Problem("wrong_value", "identity.generated_at"),))
    return data


def from_json(data: bytes) -> Report:
    """Return the report in these bytes, if they are exactly what `to_json` would have written.

    Raises:
        BadBundle: With every problem found.
    """
    value, problems = parse(data)
    if problems:
        raise BadBundle(tuple(problems))
    if not isinstance(value, dict):
        raise BadBundle((Problem("wrong_type"),))
    given = cast("dict[str, object]", value)
    if given.get("schema") != SCHEMA:
        raise BadBundle((Problem("wrong_schema", "schema"),))
    body = {key: one for key, one in given.items() if key != "schema"}
    report = _RECORD.decode(body, "", problems)
    if not problems:
        problems.extend(contradictions(cast("Report", report)))
    if not problems and canonical(given) != data:
        problems.append(Problem("not_canonical"))
    if problems:
        raise BadBundle(tuple(problems))
    return cast("Report", report)


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of what `to_json` writes."""
    definitions: dict[str, dict[str, object]] = {}
    _RECORD.schema(definitions)
    whole = definitions.pop("Report")
    properties = cast("dict[str, object]", whole["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:partner-assess:report:1",
        "title": SCHEMA,
        **whole,
        "properties": {"schema": {"const": SCHEMA}, **properties},
        "required": ["schema", *cast("list[str]", whole["required"])],
        "$defs": definitions,
    }


def summary(report: Report) -> Report:
    """Return the same facts without comments, evidence and actions: profile `summary`."""
    plan = report.plan and replace(report.plan, actions=())
    return replace(
        report,
        identity=replace(report.identity, profile=Profile.SUMMARY),
        results=tuple(replace(one, comment="", evidence=()) for one in report.results),
        plan=plan,
    )


def contradictions(report: Report) -> Iterator[Problem]:
    """Yield what cannot be true together, although each value alone is well-formed."""
    known = [one.id for one in report.results]
    if not known or len(set(known)) < len(known):
        yield Problem("contradiction", "results")
    for place, one in enumerate(report.results):
        if one.number != place + 1:
            yield Problem("contradiction", f"results[{place}].number")
        if one.rating is not None and one.points(one.rating) is None:
            yield Problem("contradiction", f"results[{place}].rating")
        if one.rating_only and (one.comment or one.evidence):
            yield Problem("contradiction", f"results[{place}].rating_only")
    actions = report.plan.actions if report.plan else ()
    if not {*report.totals.critical_gaps, *(action.standard for action in actions)} <= {*known}:
        yield Problem("contradiction", "totals.critical_gaps")
    yield from _untrue_finality(report)
    yield from _untrue_status(report)
    if report.identity.profile is Profile.SUMMARY and summary(report) != report:
        yield Problem("contradiction", "identity.profile")


def _untrue_finality(report: Report) -> Iterator[Problem]:
    facts = (
        report.identity.issue,
        report.identity.content_digest,
        report.dates.final_on,
        report.totals.score,
        report.totals.capacity,
        report.totals.risk,
        *(one.rating for one in report.results),
    )
    if report.is_final and None in facts:
        yield Problem("contradiction", "is_final")
    if not report.is_final and (report.provenance.check_code or report.provenance.signed):
        yield Problem("contradiction", "is_final")


def _untrue_status(report: Report) -> Iterator[Problem]:
    identity = report.identity
    if (identity.status is None) is report.is_final:
        yield Problem("contradiction", "identity.status")
    if (identity.status in {None, Status.CURRENT}) is not (identity.ended_on is None):
        yield Problem("contradiction", "identity.ended_on")
    if identity.replaced_by is not None and identity.status is not Status.SUPERSEDED:
        yield Problem("contradiction", "identity.replaced_by")

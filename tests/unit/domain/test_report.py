"""A report holds what may be shared and nothing else, and its bytes come back as they were."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from partner_assess.domain.report import (
    BadBundle,
    EvidenceSeen,
    Profile,
    Report,
    from_json,
    json_schema,
    summary,
    to_json,
)
from partner_assess.domain.report.codec import kind_of
from tests.sample_report import a_draft, a_report, a_superseded_report

# Every fact that leaves the house. A new one is a decision: domain.md 5.1 says what may be shared,
# 5.2 what must not.
SHARED = {
    "Report": "is_final identity partner owner dates results totals previous plan "
    "approval_required approvals limits provenance",
    "Identity": "document_id reference issue profile instrument language notice generated_at "
    "content_digest replaces status ended_on replaced_by",
    "Instrument": "id version digest",
    "Partner": "legal_name acronym kind reach countries scope un_partner_portal_id vendor_number",
    "Owner": "agency agency_code office assessed_by finalised_by kind ingo_reason",
    "Dates": "assessed_on final_on expires_on last_monitored_on",
    "StandardResult": "id number weight options rating was rating_only comment evidence",
    "RatingOption": "id points",
    "EvidenceSeen": "type dated_on",
    "Totals": "score min_score max_score capacity risk critical_gaps bands",
    "Band": "from_points to_points capacity risk",
    "PreviousResult": "reference instrument final_on score capacity risk",
    "Plan": "state starts_on starts_from due_on extended_to suspends_on exception_in_force "
    "suspended_since mandatory_count verified_count actions",
    "PlannedAction": "standard text owner due_on state verified_on mandatory",
    "Approval": "approved_on valid_until conditions",
    "Limits": "scope not_assessed self_score",
    "Provenance": "audience contact_desk contact_web check_code check_web status_list status_index "
    "signed",
}
NEVER = (
    "allegation", "survivor", "victim", "complain", "perpetrator", "witness", "case", "phone",
    "mail", "person", "staff", "justif", "indicator", "differ", "title", "filename", "investig",
)  # fmt: skip


def records(made: type, found: dict[str, str]) -> dict[str, str]:
    found[made.__name__] = " ".join(field.name for field in fields(made))
    for hint in get_type_hints(made).values():
        for inner in (hint, *get_args(hint)):
            if is_dataclass(inner) and isinstance(inner, type) and inner.__name__ not in found:
                records(inner, found)
    return found


def test_exactly_these_facts_are_shared() -> None:
    assert records(Report, {}) == SHARED


def keys_of(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema), set())
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", {}))
    return own.union(*map(keys_of, schema.values()))


def test_no_key_speaks_of_people_cases_or_ways_to_reach_somebody() -> None:
    assert [key for key in keys_of(json_schema()) if any(word in key for word in NEVER)] == []


def test_ids_of_standards_and_evidence_are_values_and_never_keys() -> None:
    report = a_report()
    ids = {one.id for one in report.results} | {
        seen.type for one in report.results for seen in one.evidence
    }
    assert keys_of(json_schema()) & ids == set()


SIGNS = st.characters(exclude_categories=["Cc", "Cs"])
PROSE = st.text(SIGNS | st.sampled_from("\t\r\n"), max_size=80)
DAYS = st.dates() | st.none()
INSTANTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
EVIDENCE = st.lists(
    st.builds(EvidenceSeen, st.from_regex(r"\A[a-z][a-z_]{0,9}\Z"), DAYS), max_size=3
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    whole = draw(st.sampled_from([a_report(), a_draft(), a_superseded_report(language="ar")]))
    first = replace(
        whole.results[0],
        comment=draw(PROSE),
        evidence=tuple(draw(EVIDENCE)),
        was=draw(st.none() | st.just("absent")),
    )
    return replace(
        whole,
        identity=replace(whole.identity, generated_at=draw(INSTANTS), notice=draw(PROSE)),
        partner=replace(
            whole.partner,
            legal_name="Demo: " + draw(st.text(SIGNS, max_size=40)),
            countries=tuple(draw(st.lists(st.sampled_from(["Demo: A", "Demo: B"]), max_size=2))),
        ),
        dates=replace(whole.dates, assessed_on=draw(DAYS), last_monitored_on=draw(DAYS)),
        results=(first, *whole.results[1:]),
        approval_required=draw(st.booleans()),
        limits=replace(whole.limits, self_score=draw(st.none() | st.integers(0, 10_000))),
    )


@given(reports())
def test_what_is_written_is_read_as_it_was(report: Report) -> None:
    assert from_json(to_json(report)) == report


@given(reports())
def test_the_schema_takes_what_is_written(report: Report) -> None:
    schema = Draft202012Validator(json_schema(), format_checker=FormatChecker())
    assert list(schema.iter_errors(json.loads(to_json(report)))) == []


@given(reports())
def test_a_summary_keeps_the_result_and_leaves_out_the_reasons(report: Report) -> None:
    short = summary(report)
    assert from_json(to_json(short)) == short
    assert short.totals == report.totals
    assert {(one.comment, one.evidence) for one in short.results} == {("", ())}
    assert short.plan is None or short.plan.actions == ()
    assert summary(short) == short


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_the_bytes_are_canonical_and_the_same_each_time() -> None:
    data = to_json(a_report())
    value = json.loads(data)
    again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert data == again.encode()
    assert value["schema"] == "partner-assess/report/1"
    assert value["identity"]["generated_at"] == "2026-11-22T09:30:00Z"
    assert data == to_json(a_report())


def test_a_moment_of_another_zone_is_no_other_document() -> None:
    report = a_report()
    there = report.identity.generated_at.astimezone(timezone(timedelta(hours=3)))
    moved = replace(report, identity=replace(report.identity, generated_at=there))
    assert to_json(moved) == to_json(report)


def test_a_moment_with_a_fraction_of_a_second_is_not_written() -> None:
    report = a_report()
    odd = report.identity.generated_at.replace(microsecond=1)
    with pytest.raises(BadBundle):
        to_json(replace(report, identity=replace(report.identity, generated_at=odd)))


def test_points_are_known_for_the_options_of_a_standard_alone() -> None:
    policy = a_report().results[0]
    assert [policy.points(rating) for rating in ("absent", "adequate", "yes", None)] == [
        1,
        3,
        None,
        None,
    ]


@pytest.mark.parametrize("hint", [float, object, dict[str, str], list[int]])
def test_a_type_without_place_in_a_report_is_refused(hint: object) -> None:
    with pytest.raises(TypeError):
        kind_of(hint)


def test_profiles_differ_in_name_alone_where_there_is_nothing_to_leave_out() -> None:
    short = summary(a_draft())
    assert short.identity.profile is Profile.SUMMARY
    assert short.identity.generated_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert short.dates.assessed_on == date(2026, 11, 12)

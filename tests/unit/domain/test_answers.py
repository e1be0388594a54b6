from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from partner_assess.domain.answers import (
    AnswerSheet,
    EvidenceItem,
    Gap,
    StandardAnswers,
    gaps,
    suggested,
)
from partner_assess.domain.framework import Framework, Indicator, Met, Need, Option, Standard
from tests.builders import a_standard, eight, evidence, proven_answers, six

TODAY = date(2026, 11, 22)
MET, PARTLY, NOT_MET, NA = Met.MET, Met.PARTLY, Met.NOT_MET, Met.NOT_APPLICABLE
STANDARD = a_standard()
BOTH = evidence("1.1", "1.2")
FIRST = evidence("1.1")

PAST = Indicator(
    "6.4",
    Need.REQUIRED,
    answers=(MET, NOT_MET, NA),
    answer_only=True,
    accepted_when_not_met=("absent", "progressing"),
)
WITH_PAST = replace(STANDARD, indicators=(*STANDARD.indicators, PAST))


def said(*required: Met, seen: tuple[EvidenceItem, ...] = ()) -> StandardAnswers:
    ids = ("1.1", "1.2", "6.4")
    return StandardAnswers(indicators=dict(zip(ids, required, strict=False)), evidence=seen)


@pytest.mark.parametrize(
    ("first", "second", "seen", "rating"),
    [
        (MET, MET, (BOTH,), "adequate"),
        (MET, MET, (FIRST,), "progressing"),
        (MET, MET, (), "absent"),
        (MET, PARTLY, (BOTH,), "progressing"),
        (MET, PARTLY, (), "absent"),
        (MET, NOT_MET, (FIRST,), "progressing"),
        (MET, NOT_MET, (evidence("1.2"),), "progressing"),
        (PARTLY, NOT_MET, (FIRST,), "progressing"),
        (PARTLY, PARTLY, (evidence("1.3"),), "absent"),
        (PARTLY, PARTLY, (), "absent"),
        (NOT_MET, NOT_MET, (BOTH,), "absent"),
        (NOT_MET, NOT_MET, (), "absent"),
        (MET, NA, (FIRST,), "adequate"),
        (NOT_MET, NA, (FIRST,), "absent"),
    ],
)
def test_required_indicators_suggest_a_rating(
    first: Met, second: Met, seen: tuple[EvidenceItem, ...], rating: str
) -> None:
    suggestion = suggested(STANDARD, said(first, second, seen=seen))
    assert suggestion is not None
    assert (suggestion.rating, suggestion.accepted) == (rating, frozenset({rating}))


@pytest.mark.parametrize("supporting", list(Met))
def test_a_supporting_indicator_never_changes_the_suggestion(supporting: Met) -> None:
    answers = said(MET, MET, seen=(BOTH,))
    answers = replace(answers, indicators={**answers.indicators, "1.3": supporting})
    suggestion = suggested(STANDARD, answers)
    assert suggestion is not None
    assert suggestion.rating == "adequate"


def test_met_without_evidence_is_counted_as_partly() -> None:
    suggestion = suggested(STANDARD, said(MET, MET, seen=(FIRST,)))
    assert suggestion is not None
    counts = (suggestion.met_count, suggestion.partly_count, suggestion.required_count)
    assert counts == (1, 1, 2)


@pytest.mark.parametrize(
    ("past", "rating", "accepted"),
    [
        (MET, "adequate", {"adequate"}),
        (NA, "adequate", {"adequate"}),
        (NOT_MET, "progressing", {"absent", "progressing"}),
    ],
)
def test_past_handling_counts_as_proven_when_met(
    past: Met, rating: str, accepted: set[str]
) -> None:
    suggestion = suggested(WITH_PAST, said(MET, MET, past, seen=(BOTH,)))
    assert suggestion is not None
    assert (suggestion.rating, suggestion.accepted) == (rating, accepted)


@pytest.mark.parametrize("seen", [(), (evidence("6.4"),)])
def test_past_handling_takes_no_evidence_and_stands_for_none(
    seen: tuple[EvidenceItem, ...],
) -> None:
    suggestion = suggested(WITH_PAST, said(MET, MET, MET, seen=seen))
    assert suggestion is not None
    assert suggestion.rating == "absent"


def test_past_handling_not_met_accepts_progressing_where_absent_is_suggested() -> None:
    suggestion = suggested(WITH_PAST, said(NOT_MET, NOT_MET, NOT_MET))
    assert suggestion is not None
    assert (suggestion.rating, suggestion.accepted) == ("absent", {"absent", "progressing"})


@pytest.mark.parametrize(
    ("standard", "answers"),
    [
        (STANDARD, said(MET)),
        (STANDARD, said(NA, NA)),
        (replace(STANDARD, indicators=()), StandardAnswers()),
        (replace(STANDARD, options=(Option("no", 0), Option("yes", 1))), said(MET, MET)),
    ],
    ids=["one unanswered", "none applies", "no indicators", "options suggest nothing"],
)
def test_there_may_be_no_suggestion(standard: Standard, answers: StandardAnswers) -> None:
    assert suggested(standard, answers) is None


def whole_sheet(framework: Framework, **others: StandardAnswers) -> AnswerSheet:
    answers = {standard.id: proven_answers(standard) for standard in framework.standards}
    return AnswerSheet({**answers, **others})


def found(framework: Framework, sheet: AnswerSheet) -> list[Gap]:
    return list(gaps(framework, sheet, assessed_on=TODAY, today=TODAY))


def test_a_whole_sheet_has_no_gaps() -> None:
    assert found(six(), whole_sheet(six())) == []


def test_a_standard_not_begun_lacks_its_indicators_and_its_rating() -> None:
    assert found(six(), whole_sheet(six(), training=StandardAnswers())) == [
        Gap("indicator_missing", "training", "3.1"),
        Gap("indicator_missing", "training", "3.2"),
        Gap("rating_missing", "training"),
    ]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("", [Gap("reason_missing", "policy")]),
        ("  \n", [Gap("reason_missing", "policy")]),
        ("So.", []),
    ],
)
def test_a_rating_that_differs_needs_a_reason(reason: str, expected: list[Gap]) -> None:
    answers = replace(proven_answers(STANDARD, "absent"), reason_for_difference=reason)
    assert found(six(), whole_sheet(six(), policy=answers)) == expected


@pytest.mark.parametrize(("title", "count"), [("", 1), (" ", 1), ("A letter", 0)])
def test_other_evidence_says_what_it_is(title: str, count: int) -> None:
    answers = proven_answers(STANDARD)
    other = evidence(kind="other", title=title)
    answers = replace(answers, evidence=(*answers.evidence, other))
    gap = [Gap("evidence_title_missing", "policy")] * count
    assert found(six(), whole_sheet(six(), policy=answers)) == gap


@pytest.mark.parametrize(
    ("assessed_on", "expected"),
    [
        (None, [Gap("assessed_on_missing")]),
        (date(2026, 11, 23), [Gap("assessed_on_in_future")]),
        (date(2026, 11, 22), []),
        (date(2026, 11, 21), []),
    ],
)
def test_the_day_of_the_assessment_is_known_and_not_ahead(
    assessed_on: date | None, expected: list[Gap]
) -> None:
    assert list(gaps(six(), whole_sheet(six()), assessed_on=assessed_on, today=TODAY)) == expected


FILED = EvidenceItem("document", "Title", has_file=True)
UNFILED = EvidenceItem("document", "Title")


@pytest.mark.parametrize(
    ("rating", "seen", "codes"),
    [
        ("yes", (FILED,), []),
        ("yes", (), ["file_missing"]),
        ("yes", (UNFILED,), ["file_missing"]),
        ("yes", (FILED, UNFILED), ["file_missing"]),
        ("no", (), []),
    ],
)
def test_a_yes_needs_files(rating: str, seen: tuple[EvidenceItem, ...], codes: list[str]) -> None:
    answers = StandardAnswers(rating, evidence=seen, comment="Seen.")
    sheet = AnswerSheet(dict.fromkeys((s.id for s in eight().standards), answers))
    assert [gap.code for gap in found(eight(), sheet)] == codes * 8


def test_each_standard_of_the_eight_needs_a_comment_but_the_last() -> None:
    no = StandardAnswers("no")
    sheet = AnswerSheet(dict.fromkeys((s.id for s in eight().standards), no))
    without = [gap.standard_id for gap in found(eight(), sheet) if gap.code == "comment_missing"]
    assert without == [standard.id for standard in eight().standards[:-1]]

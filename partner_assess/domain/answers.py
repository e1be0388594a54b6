"""This file holds the answers to an instrument, what they suggest, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from partner_assess.domain import scoring
from partner_assess.domain.framework import (
    EvidenceType,
    Framework,
    Indicator,
    Met,
    Need,
    Option,
    Standard,
    SuggestedWhen,
)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of evidence seen: its type, its own date, and the indicators it proves."""

    type_id: str
    title: str
    dated_on: date | None = None
    proves: frozenset[str] = frozenset()
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class StandardAnswers:
    """What an assessor has said about one standard so far."""

    rating: str | None = None
    indicators: Mapping[str, Met] = field(default_factory=dict[str, Met])
    evidence: tuple[EvidenceItem, ...] = ()
    comment: str = ""
    reason_for_difference: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """All answers of one assessment, by standard id. A standard not begun may be absent."""

    standards: Mapping[str, StandardAnswers] = field(default_factory=dict[str, StandardAnswers])

    def of(self, standard_id: str) -> StandardAnswers:
        """Return the answers to a standard, empty if it was not begun."""
        return self.standards.get(standard_id, StandardAnswers())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the indicators suggest for a standard.

    Attributes:
        rating: The suggested option.
        accepted: Ratings that need no reason for differing; holds `rating`.
        met_count: Required indicators met and proven.
        partly_count: Required indicators met or partly, without full proof.
        required_count: Required indicators that apply.
    """

    rating: str
    accepted: frozenset[str]
    met_count: int
    partly_count: int
    required_count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must be filled in before submitting.

    Attributes:
        code: "rating_missing", "indicator_missing", "reason_missing", "comment_missing",
            "file_missing", "evidence_title_missing", "assessed_on_missing",
            "assessed_on_in_future".
        standard_id: Where, or None for the assessment as a whole.
        indicator_id: Which indicator, where the code is about one.
    """

    code: str
    standard_id: str | None = None
    indicator_id: str | None = None


def suggested(standard: Standard, answers: StandardAnswers) -> Suggestion | None:
    """Return what the required indicators suggest, None while one of them is unanswered.

    Only required indicators that apply count. All met and proven suggest the option for
    "all"; none met or partly, or no evidence named for any of them, the option for "none";
    anything else the option for "some". Met without evidence counts as partly. A standard
    without required indicators, or whose options suggest nothing, has no suggestion.

    Source: ours; docs/decisions/0009 (consistent with E1, E2)
    """
    required = [i for i in standard.indicators if i.need is Need.REQUIRED]
    if any(i.id not in answers.indicators for i in required):
        return None
    applying = [i for i in required if answers.indicators[i.id] is not Met.NOT_APPLICABLE]
    met = [i for i in applying if is_proven(i, answers)]
    partly = [i for i in applying if _is_begun(i, answers) and i not in met]
    option = _suggested_option(standard, _finding(applying, met, partly, answers))
    if option is None or not applying:
        return None
    accepted = {option.id}
    for indicator in applying:
        if answers.indicators[indicator.id] is Met.NOT_MET:
            accepted.update(indicator.accepted_when_not_met)
    return Suggestion(
        rating=option.id,
        accepted=frozenset(accepted),
        met_count=len(met),
        partly_count=len(partly),
        required_count=len(applying),
    )


def gaps(
    framework: Framework, sheet: AnswerSheet, *, assessed_on: date | None, today: date
) -> tuple[Gap, ...]:
    """Return what must be filled in before submitting, in the order of the questionnaire.

    Every standard is rated, every required indicator answered, a rating that differs from the
    suggestion has its reason, evidence of the type "other" says what it is, the assessment's
    day is known and not after today. Where the instrument asks for it, a Yes has files on
    record and a standard has its comment.

    Source: E3, E4, E8; Y1 (files and comments); ours; docs/decisions/0009 (the reason)

    Args:
        framework: The version that is answered.
        sheet: The answers so far.
        assessed_on: The day of the assessment, as given.
        today: The office's calendar day.

    Raises:
        RuleError: "unknown_rating".
    """
    found = [
        gap for s in framework.standards for gap in _standard_gaps(framework, s, sheet.of(s.id))
    ]
    if assessed_on is None:
        found.append(Gap("assessed_on_missing"))
    elif assessed_on > today:
        found.append(Gap("assessed_on_in_future"))
    return tuple(found)


def _standard_gaps(framework: Framework, standard: Standard, answers: StandardAnswers) -> list[Gap]:
    found = [
        Gap("indicator_missing", standard.id, indicator.id)
        for indicator in standard.indicators
        if indicator.need is Need.REQUIRED and indicator.id not in answers.indicators
    ]
    if _lacks_title(framework.evidence_types, answers):
        found.append(Gap("evidence_title_missing", standard.id))
    if answers.rating is None:
        found.append(Gap("rating_missing", standard.id))
    else:
        option = scoring.option_of(framework, standard.id, answers.rating)
        suggestion = suggested(standard, answers)
        if (
            suggestion
            and option.id not in suggestion.accepted
            and not _said(answers.reason_for_difference)
        ):
            found.append(Gap("reason_missing", standard.id))
        if option.needs_file and not _has_files(answers):
            found.append(Gap("file_missing", standard.id))
    if standard.comment_required and not _said(answers.comment):
        found.append(Gap("comment_missing", standard.id))
    return found


def _finding(
    applying: list[Indicator],
    met: list[Indicator],
    partly: list[Indicator],
    answers: StandardAnswers,
) -> SuggestedWhen:
    if len(met) == len(applying):
        return SuggestedWhen.ALL
    named = {name for item in answers.evidence for name in item.proves}
    provable = [indicator.id for indicator in applying if not indicator.answer_only]
    if not (met or partly) or named.isdisjoint(provable):
        return SuggestedWhen.NONE
    return SuggestedWhen.SOME


def is_proven(indicator: Indicator, answers: StandardAnswers) -> bool:
    """Return whether it is met, and evidence is named for it or it takes none."""
    if answers.indicators.get(indicator.id) is not Met.MET:
        return False
    return indicator.answer_only or any(indicator.id in i.proves for i in answers.evidence)


def _is_begun(indicator: Indicator, answers: StandardAnswers) -> bool:
    return answers.indicators[indicator.id] in {Met.MET, Met.PARTLY}


def _suggested_option(standard: Standard, finding: SuggestedWhen) -> Option | None:
    return next((o for o in standard.options if o.suggested_when is finding), None)


def _lacks_title(types: tuple[EvidenceType, ...], answers: StandardAnswers) -> bool:
    described = {kind.id for kind in types if kind.needs_description}
    return any(i.type_id in described and not _said(i.title) for i in answers.evidence)


def _has_files(answers: StandardAnswers) -> bool:
    """Return whether there is evidence, and a file with each piece of it."""
    return bool(answers.evidence) and all(item.has_file for item in answers.evidence)


def _said(words: str) -> bool:
    return bool(words.strip())

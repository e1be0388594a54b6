"""This file holds what the page of one standard shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from partner_assess.domain import answers
from partner_assess.domain.answers import Gap, StandardAnswers
from partner_assess.domain.framework import (
    Framework,
    FrameworkText,
    Indicator,
    Met,
    Need,
    Standard,
)
from partner_assess.usecases.assessments import Said
from partner_assess.web import context, i18n, identity, words
from partner_assess.web.assessments import forms
from partner_assess.web.assessments.pages import parts, task_list
from partner_assess.web.assessments.pages.parts import Contact, EvidenceRow, Rating
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment, Evidence, ReviewComment


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator and the name of its field."""

    number: str
    text: str
    kind: str
    field: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What one rating means."""

    rating: Rating
    text: str


@dataclass(frozen=True, slots=True)
class LastTime:
    """What the assessment before this one said."""

    on: date | None
    rating: Rating | None
    comment: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the indicators suggest: the rating, why, and which value the script compares."""

    word: str
    why: str
    also: str
    value: str


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """What another agency's report says about a standard that is to be assessed again."""

    received_id: UUID
    agency: str
    rating: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class Start:
    """The same, as it is drawn."""

    received_id: UUID
    agency: str
    rating: Rating | None
    comment: str


@dataclass(frozen=True, slots=True)
class StandardPage:
    """One standard of an assessment, as it is answered."""

    assessment_id: UUID
    id: str
    number: int
    of_all: int
    identity: Identity
    title: str
    requirement: str
    is_verified: bool
    is_rating_only: bool
    needs_file: str
    comment_required: bool
    indicators: tuple[IndicatorRow, ...]
    evidence: tuple[EvidenceRow, ...]
    takes_evidence: bool
    evidence_types: tuple[tuple[str, bool], ...]
    never_evidence: str
    guides: tuple[Guide, ...]
    last: LastTime | None
    start: Start | None
    suggested: Suggested | None
    has_suggestions: bool
    remark: str
    contact: Contact
    url: str
    draft_key: str

    @property
    def guide_texts(self) -> dict[str, str]:
        """Return what each rating means, by rating."""
        return {guide.rating.id: guide.text for guide in self.guides}

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        framework: Framework,
        standard: Standard,
        *,
        said: Said,
        previous: Assessment | None,
        comments: Sequence[ReviewComment],
        start: StartingPoint | None,
        today: date,
    ) -> StandardPage:
        """Return the page of one standard; `said` is what stands in the form."""
        text = framework.text(i18n.language())
        own = text.standards[standard.id]
        pieces = [one for one in assessment.evidence if one.standard_id == standard.id]
        unproven = _unproven(standard, said, pieces)
        return cls(
            assessment_id=assessment.id,
            id=standard.id,
            number=standard.number,
            of_all=len(framework.standards),
            identity=identity.of(assessment.partner, place="assessments", today=today),
            title=own.title,
            requirement=own.requirement,
            is_verified=standard.verified,
            is_rating_only=standard.rating_only,
            needs_file=", ".join(text.options[o.id] for o in standard.options if o.needs_file),
            comment_required=standard.comment_required,
            indicators=tuple(
                _indicator(one, text, standard, is_unproven=one.id in unproven)
                for one in standard.indicators
            ),
            evidence=tuple(parts.evidence_row(framework, text, one) for one in pieces),
            takes_evidence=bool(standard.evidence),
            evidence_types=_evidence_types(framework, text, standard),
            never_evidence=own.never_evidence,
            guides=_guides(standard, text),
            last=_last_time(previous, standard, text),
            start=_start(start, standard, text),
            suggested=_suggested(standard, text, said, pieces),
            has_suggestions=any(option.suggested_when for option in standard.options),
            remark=task_list.latest_remarks(assessment, comments).get(standard.id, ""),
            contact=parts.contact(),
            url=url_for(
                "assessments.standard", assessment_id=assessment.id, standard_id=standard.id
            ),
            draft_key=f"{context.actor().user_id}:{assessment.id}:{standard.id}",
        )


def _unproven(standard: Standard, said: Said, pieces: Sequence[Evidence]) -> set[str]:
    """Return the required indicators that are met, where the suggestion takes them for partly."""
    if not any(option.suggested_when for option in standard.options):
        return set()
    named = {name for piece in pieces for name in piece.item().proves}
    return {
        one.id
        for one in standard.indicators
        if one.need is Need.REQUIRED
        and not one.answer_only
        and said.indicators.get(one.id) is Met.MET
        and one.id not in named
    }


def _indicator(
    indicator: Indicator, text: FrameworkText, standard: Standard, *, is_unproven: bool
) -> IndicatorRow:
    kind = words.of(indicator.need)
    if is_unproven:
        kind = _("%(kind)s. Counts as partly: no evidence names it", kind=kind)
    if indicator.answer_only:
        kind = _("%(kind)s. Only this answer: no text, no file, never shared", kind=kind)
    return IndicatorRow(
        number=parts.indicator_number(indicator.id),
        text=text.standards[standard.id].indicators[indicator.id].text,
        kind=kind,
        field=forms.indicator_field(indicator.id),
    )


def _evidence_types(
    framework: Framework, text: FrameworkText, standard: Standard
) -> tuple[tuple[str, bool], ...]:
    kinds = {kind.id: kind for kind in framework.evidence_types}
    return tuple((text.evidence[one], kinds[one].verified) for one in standard.evidence)


def _guides(standard: Standard, text: FrameworkText) -> tuple[Guide, ...]:
    """Return what the ratings mean, the highest first."""
    found = [
        (parts.rating_of(standard, text, option.id), text.standards[standard.id].guide[option.id])
        for option in standard.options
    ]
    return tuple(Guide(rating, words) for rating, words in reversed(found) if rating)


def _last_time(
    previous: Assessment | None, standard: Standard, text: FrameworkText
) -> LastTime | None:
    if previous is None:
        return None
    row = next((one for one in previous.answers if one.standard_id == standard.id), None)
    if row is None:
        return None
    return LastTime(
        previous.assessed_on or previous.effective_on,
        parts.rating_of(standard, text, row.rating),
        row.comment,
    )


def _start(found: StartingPoint | None, standard: Standard, text: FrameworkText) -> Start | None:
    if found is None:
        return None
    drawn = parts.rating_of(standard, text, found.rating)
    return Start(found.received_id, found.agency, drawn, found.comment)


def given(said: Said, pieces: Sequence[Evidence]) -> StandardAnswers:
    """Return what stands in a form, and the evidence beside it, as the rules read them."""
    return StandardAnswers(
        rating=said.rating,
        indicators=said.indicators,
        evidence=tuple(piece.item() for piece in pieces),
        comment=said.comment,
        reason_for_difference=said.reason_for_difference,
    )


def _suggested(
    standard: Standard, text: FrameworkText, said: Said, pieces: Sequence[Evidence]
) -> Suggested | None:
    found = answers.suggested(standard, given(said, pieces))
    if found is None:
        return None
    others = [o.id for o in standard.options if o.id in found.accepted and o.id != found.rating]
    return Suggested(
        word=text.options[found.rating],
        why=parts.suggestion_words(standard, found),
        also=", ".join(text.options[one] for one in others),
        value=compared_value(found, said.rating),
    )


def compared_value(found: answers.Suggestion, rating: str | None) -> str:
    """Return the rating that needs no reason: the chosen one, where it is accepted as well."""
    return rating if rating in found.accepted else found.rating


def gaps_here(
    assessment: Assessment, framework: Framework, standard_id: str, today: date
) -> tuple[Gap, ...]:
    """Return what is still missing for one standard."""
    found = answers.gaps(
        framework, assessment.answer_sheet(), assessed_on=assessment.assessed_on, today=today
    )
    return tuple(gap for gap in found if gap.standard_id == standard_id)

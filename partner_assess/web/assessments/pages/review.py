"""This file holds what the pages show that go through all answers: check answers, and review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from partner_assess.domain import answers, scoring
from partner_assess.domain.assessment import LIFE, Action, State
from partner_assess.domain.framework import Determination, Framework, FrameworkText, Standard
from partner_assess.domain.permissions import Permission, Role
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.web import context, i18n, identity, messages, words
from partner_assess.web.assessments import forms
from partner_assess.web.assessments.pages import gaps, parts
from partner_assess.web.assessments.pages.gaps import Missing
from partner_assess.web.assessments.pages.parts import (
    Contact,
    EvidenceRow,
    Rating,
    Scale,
)
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@dataclass(frozen=True, slots=True)
class IndicatorAnswer:
    """An indicator and its answer, in words."""

    number: str
    text: str
    need: str
    answer: str


@dataclass(frozen=True, slots=True)
class StandardReview:
    """All that was said about one standard."""

    id: str
    number: int
    title: str
    change_url: str
    comment_field: str
    counts: str
    rating: Rating | None
    last: Rating | None
    suggested: str
    differs: bool
    reason: str
    comment: str
    indicators: tuple[IndicatorAnswer, ...]
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """All answers of an assessment, what they come to, and what may be done with them.

    Attributes:
        why_not: Why the reader may not decide, though it is somebody's turn to.
        closing: What finalising makes of it: a final or a preliminary result.
    """

    id: UUID
    reference: str
    framework: str
    unverified: tuple[str, ...]
    identity: Identity
    state: State
    standards: tuple[StandardReview, ...]
    missing: tuple[Missing, ...]
    assessed_on: date | None
    assessed_where: str
    assessor: str
    scale: Scale
    score: int | None
    capacity: Capacity | None
    risk: Risk | None
    last_on: date | None
    gap_titles: tuple[str, ...]
    may_decide: bool
    may_return: bool
    may_submit: bool
    why_not: str
    is_preliminary: bool
    contact: Contact
    details_url: str

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        framework: Framework,
        previous: Assessment | None,
        today: date,
    ) -> ReviewPage:
        """Return the page of a whole assessment."""
        text = framework.text(i18n.language())
        score = scoring.score(framework, assessment.ratings())
        may_decide = context.may(Permission.ASSESSMENT_REVIEW, assessment.standing())
        is_due = assessment.state in {State.SUBMITTED, State.PRELIMINARY}
        open_gaps = answers.gaps(
            framework, assessment.answer_sheet(), assessed_on=assessment.assessed_on, today=today
        )
        return cls(
            id=assessment.id,
            reference=assessment.reference,
            framework=text.short_title,
            unverified=framework.unverified,
            identity=identity.of(assessment.partner, place="assessments", today=today),
            state=assessment.state,
            standards=tuple(
                _standard(assessment, framework, text, one, previous) for one in framework.standards
            ),
            missing=gaps.missing(assessment, framework, text, open_gaps),
            assessed_on=assessment.assessed_on,
            assessed_where=assessment.assessed_where,
            assessor=assessment.assessor.name,
            scale=parts.scale(
                framework, lowest=score.lowest_possible, highest=score.highest_possible
            ),
            score=score.score,
            capacity=score.capacity,
            risk=score.risk,
            last_on=(previous.assessed_on or previous.effective_on) if previous else None,
            gap_titles=tuple(text.standards[one].title for one in score.critical_gaps),
            may_decide=is_due and may_decide,
            may_submit=LIFE.allows(assessment.state, Action.SUBMIT),
            may_return=LIFE.allows(assessment.state, Action.SEND_BACK),
            why_not=_why_not() if is_due and not may_decide else "",
            is_preliminary=framework.determination is Determination.PRELIMINARY
            and assessment.state is State.SUBMITTED,
            contact=parts.contact(),
            details_url=url_for("assessments.details", assessment_id=assessment.id),
        )


def _why_not() -> str:
    if Role.FOCAL_POINT in context.actor().roles:
        return str(messages.SENTENCES["not_separate_assessment_review"])
    return _("It waits for the PSEA focal point of the office.")


def _standard(
    assessment: Assessment,
    framework: Framework,
    text: FrameworkText,
    standard: Standard,
    previous: Assessment | None,
) -> StandardReview:
    given = assessment.answer_sheet().of(standard.id)
    own = text.standards[standard.id]
    found = answers.suggested(standard, given)
    before = previous.ratings().get(standard.id) if previous else None
    return StandardReview(
        id=standard.id,
        number=standard.number,
        title=own.title,
        change_url=url_for(
            "assessments.standard", assessment_id=assessment.id, standard_id=standard.id
        ),
        comment_field=forms.comment_field(standard.id),
        counts=parts.counts(standard, given),
        rating=parts.rating_of(standard, text, given.rating),
        last=parts.rating_of(standard, text, before),
        suggested=text.options[found.rating] if found else "",
        differs=found is not None and given.rating not in {None, *found.accepted},
        reason=given.reason_for_difference,
        comment=given.comment,
        indicators=tuple(
            IndicatorAnswer(
                number=parts.indicator_number(one.id),
                text=own.indicators[one.id].text,
                need=words.of(one.need),
                answer=words.of(given.indicators[one.id])
                if one.id in given.indicators
                else _("Not answered"),
            )
            for one in standard.indicators
        ),
        evidence=tuple(
            parts.evidence_row(framework, text, piece)
            for piece in assessment.evidence
            if piece.standard_id == standard.id
        ),
    )

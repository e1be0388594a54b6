"""This file holds what the page of a result shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.domain import deadlines, scoring
from partner_assess.domain.assessment import IN_FORCE, LIFE, Action, State
from partner_assess.domain.framework import Framework, FrameworkText, Standard
from partner_assess.domain.permissions import Permission
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.web import context, i18n, identity
from partner_assess.web.assessments.pages import demands, parts
from partner_assess.web.assessments.pages.demands import Demand
from partner_assess.web.assessments.pages.parts import Rating, Scale
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.approval import Approval
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.partnership import Partnership
    from partner_assess.db.models.plan import Plan


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One standard of a result, now and last time, and why."""

    id: str
    number: int
    name: str
    rating: Rating
    comment: str
    last: Rating | None
    change: str

    @property
    def position(self) -> int:
        """Return the length of the bar."""
        return self.rating.position

    @property
    def word(self) -> str:
        """Return the rating."""
        return self.rating.word

    @property
    def last_position(self) -> int | None:
        """Return the length of the bar of last time."""
        return self.last.position if self.last else None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A frozen result: in words, on the scale, standard by standard, and what it demands.

    Attributes:
        profile_words: The ratings of the profile's heads, lowest first; empty where the
            standards are not rated on one scale.
        score: As it was frozen.
    """

    id: UUID
    partner_id: UUID
    reference: str
    framework: str
    notice: str
    unverified: tuple[str, ...]
    identity: Identity
    state: State
    ended_reason: str
    ended_on: date | None
    capacity: Capacity
    risk: Risk
    score: int
    last_score: int | None
    last_on: date | None
    scale: Scale
    rows: tuple[ResultRow, ...]
    profile_words: tuple[str, ...]
    gap_titles: tuple[str, ...]
    demands: tuple[Demand, ...]
    effective_on: date
    expires_on: date | None
    assessed_on: date | None
    assessor: str
    finaliser: str
    evidence_count: int
    document_number: str
    may_withdraw: bool
    may_decide: bool
    may_open: bool

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        framework: Framework,
        previous: Assessment | None,
        *,
        plan: Plan | None,
        approvals: Sequence[Approval],
        partnerships: Sequence[Partnership],
        today: date,
    ) -> ResultPage:
        """Return the page of a frozen assessment."""
        text = framework.text(i18n.language())
        ratings = assessment.ratings()
        score = scoring.score(framework, ratings)
        standing = assessment.standing()
        rows = tuple(_row(assessment, previous, one, text) for one in framework.standards)
        points = assessment.score or 0
        # The clock may not have run yet today.
        is_expired = assessment.state in IN_FORCE and deadlines.is_expired(
            assessment.expires_on, today=today
        )
        state = State.EXPIRED if is_expired else assessment.state
        return cls(
            id=assessment.id,
            partner_id=assessment.partner_id,
            reference=assessment.reference,
            framework=text.short_title,
            notice=text.notice,
            unverified=framework.unverified,
            identity=identity.of(assessment.partner, place="assessments", today=today),
            state=state,
            ended_reason=assessment.ended_reason,
            ended_on=assessment.expires_on if state is State.EXPIRED else None,
            capacity=assessment.capacity or Capacity.LOW,
            risk=assessment.risk or Risk.HIGH,
            score=points,
            last_score=previous.score if previous else None,
            last_on=(previous.assessed_on or previous.effective_on) if previous else None,
            scale=parts.scale(framework, lowest=points, highest=points),
            rows=rows,
            profile_words=_profile_words(framework, text),
            gap_titles=tuple(text.standards[one].title for one in score.critical_gaps),
            demands=demands.of(assessment, plan, approvals, partnerships, score.critical_gaps)
            if state in IN_FORCE
            else (),
            effective_on=assessment.effective_on or today,
            expires_on=assessment.expires_on,
            assessed_on=assessment.assessed_on,
            assessor=assessment.assessor.name,
            finaliser=assessment.finaliser.name if assessment.finaliser else "",
            evidence_count=len(assessment.evidence),
            document_number=assessment.document_number or "",
            may_withdraw=LIFE.allows(assessment.state, Action.WITHDRAW)
            and context.may(Permission.ASSESSMENT_WITHDRAW, standing),
            may_decide=assessment.state is State.PRELIMINARY
            and context.may(Permission.ASSESSMENT_REVIEW, standing),
            may_open=context.may(Permission.ASSESSMENT_OPEN, standing),
        )


def _row(
    assessment: Assessment, previous: Assessment | None, standard: Standard, text: FrameworkText
) -> ResultRow:
    answer = next(one for one in assessment.answers if one.standard_id == standard.id)
    now = parts.rating_of(standard, text, answer.rating)
    if now is None:
        raise LookupError(standard.id)
    before = previous.ratings().get(standard.id) if previous else None
    last = parts.rating_of(standard, text, before)
    return ResultRow(
        id=standard.id,
        number=standard.number,
        name=text.standards[standard.id].title,
        rating=now,
        comment=answer.comment,
        last=last,
        change=_change(now, last),
    )


def _change(now: Rating, last: Rating | None) -> str:
    if last is None:
        return ""
    if last.id == now.id:
        return _("no change")
    if now.position > last.position:
        return _("↑ was %(rating)s", rating=last.word)
    return _("↓ was %(rating)s", rating=last.word)


def _profile_words(framework: Framework, text: FrameworkText) -> tuple[str, ...]:
    """Return the heads of the profile where all standards have one scale with degrees."""
    scales = {tuple(option.id for option in one.options) for one in framework.standards}
    first = framework.standards[0].options
    if len(scales) > 1 or len(first) < 3:
        return ()
    return tuple(text.options[option.id] for option in first)

"""This file holds what the task list of an assessment shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from partner_assess.domain import scoring
from partner_assess.domain.answers import AnswerSheet
from partner_assess.domain.assessment import OPEN, WRITABLE, State
from partner_assess.domain.framework import Framework, FrameworkText, Standard
from partner_assess.domain.permissions import Permission
from partner_assess.web import context, i18n, identity
from partner_assess.web.assessments.pages import parts
from partner_assess.web.assessments.pages.parts import Rating, Scale
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment, ReviewComment


@dataclass(frozen=True, slots=True)
class Task:
    """One standard in the list."""

    id: str
    number: int
    title: str
    url: str | None
    counts: str
    is_begun: bool
    rating: Rating | None
    remark: str

    @property
    def progress(self) -> str:
        """Return how the cell of this standard is drawn."""
        if self.rating:
            return "done"
        return "waits" if self.is_begun else "open"


@dataclass(frozen=True, slots=True)
class TaskListPage:
    """An open (or cancelled) assessment: how far it is, and what can still come out."""

    id: UUID
    partner_id: UUID
    reference: str
    framework: str
    unverified: tuple[str, ...]
    state: State
    ended_reason: str
    identity: Identity
    tasks: tuple[Task, ...]
    touched: str
    assessed_on: date | None
    assessed_where: str
    assessor: str
    scale: Scale
    points: int
    gaps: tuple[Task, ...]
    may_answer: bool
    may_review: bool
    may_cancel: bool

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        framework: Framework,
        comments: Sequence[ReviewComment],
        today: date,
    ) -> TaskListPage:
        """Return the list of a whole assessment; `comments` are newest first."""
        text = framework.text(i18n.language())
        sheet = assessment.answer_sheet()
        standing = assessment.standing()
        may_answer = assessment.state in WRITABLE and context.may(
            Permission.ASSESSMENT_ANSWER, standing
        )
        score = scoring.score(framework, assessment.ratings())
        remarks = latest_remarks(assessment, comments)
        tasks = tuple(
            _task(assessment, text, one, sheet, remarks.get(one.id, ""), may_open=may_answer)
            for one in framework.standards
        )
        return cls(
            id=assessment.id,
            partner_id=assessment.partner_id,
            reference=assessment.reference,
            framework=text.short_title,
            unverified=framework.unverified,
            state=assessment.state,
            ended_reason=assessment.ended_reason,
            identity=identity.of(assessment.partner, place="assessments", today=today),
            tasks=tasks,
            touched=_touched(assessment, today),
            assessed_on=assessment.assessed_on,
            assessed_where=assessment.assessed_where,
            assessor=assessment.assessor.name,
            scale=parts.scale(
                framework, lowest=score.lowest_possible, highest=score.highest_possible
            ),
            points=_points(framework, assessment.ratings()),
            gaps=tuple(task for task in tasks if task.id in score.critical_gaps),
            may_answer=may_answer,
            may_review=context.may(Permission.ASSESSMENT_REVIEW, standing),
            may_cancel=assessment.state in OPEN
            and context.may(Permission.ASSESSMENT_CANCEL, standing),
        )

    @property
    def rated(self) -> int:
        """Return how many standards are rated."""
        return sum(task.rating is not None for task in self.tasks)

    @property
    def is_rated(self) -> bool:
        """Return whether all standards are rated."""
        return self.rated == len(self.tasks)

    @property
    def next_task(self) -> Task | None:
        """Return where to go on: the first standard without a rating, or sent back."""
        if self.unrated:
            return self.unrated[0]
        sent_back = [task for task in self.tasks if task.remark]
        return sent_back[0] if sent_back and self.state is State.RETURNED else None

    @property
    def unrated(self) -> tuple[Task, ...]:
        """Return the standards without a rating."""
        return tuple(task for task in self.tasks if task.rating is None)


def latest_remarks(assessment: Assessment, comments: Sequence[ReviewComment]) -> dict[str, str]:
    """Return what the reviewer said last, by standard, while the assessment is being mended."""
    if assessment.state not in {State.RETURNED, State.IN_PROGRESS} or not comments:
        return {}
    last = comments[0].said_at
    return {one.standard_id: one.text for one in comments if one.said_at == last}


def _points(framework: Framework, ratings: dict[str, str]) -> int:
    return sum(
        scoring.points(framework, one, one.option(ratings[one.id]))
        for one in framework.standards
        if one.id in ratings
    )


def _touched(assessment: Assessment, today: date) -> str:
    zone = assessment.office.timezone
    return (
        i18n.gettext("Saved today at %(time)s", time=i18n.clock(assessment.touched_at, zone))
        if assessment.touched_at.astimezone(ZoneInfo(zone)).date() == today
        else i18n.gettext("Saved on %(moment)s", moment=i18n.moment(assessment.touched_at, zone))
    )


def _task(
    assessment: Assessment,
    text: FrameworkText,
    standard: Standard,
    sheet: AnswerSheet,
    remark: str,
    *,
    may_open: bool,
) -> Task:
    given = sheet.of(standard.id)
    url = url_for("assessments.standard", assessment_id=assessment.id, standard_id=standard.id)
    return Task(
        id=standard.id,
        number=standard.number,
        title=text.standards[standard.id].title,
        url=url if may_open else None,
        counts=parts.counts(standard, given),
        is_begun=bool(given.indicators or given.evidence or given.comment),
        rating=parts.rating_of(standard, text, given.rating),
        remark=remark,
    )

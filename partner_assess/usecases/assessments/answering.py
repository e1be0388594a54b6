"""This file holds how an assessment is answered and handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment, StandardAnswer
from partner_assess.domain import answers, permissions
from partner_assess.domain.assessment import LIFE, WRITABLE, Action
from partner_assess.domain.errors import ChangedMeanwhile, NotReady, RuleError
from partner_assess.domain.framework import Framework, Met, Standard
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases.assessments import moves
from partner_assess.usecases.assessments.opening import framework_of
from partner_assess.usecases.ports import Ports


class UnknownAnswer(RuleError):
    """An answer is not one of those the instrument lists."""

    code = "unknown_answer"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about one standard in a form."""

    rating: str | None
    indicators: Mapping[str, Met]
    comment: str
    reason_for_difference: str


def save_answers(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    standard_id: str,
    seen: int,
    said: Said,
    actor: Actor,
    now: datetime,
) -> StandardAnswer:
    """Save what was said about one standard, as far as it is.

    `seen` is the version of the standard's answers that the page showed; 0 before the first.

    Raises:
        ChangedMeanwhile: somebody, or another tab, saved this standard since.
        ActionNotAllowed: the assessment is not open for answers.
        UnknownAnswer: the instrument does not list it.
    """
    assessment = lock_for_answers(session, assessment_id, actor=actor)
    framework = framework_of(ports, assessment)
    standard = standard_of(framework, standard_id)
    _require_listed(standard, said)
    answer = queries.assessments.answer(session, assessment.id, standard.id)
    if (answer.version if answer else 0) != seen:
        raise ChangedMeanwhile

    if answer is None:
        answer = StandardAnswer(assessment_id=assessment.id, standard_id=standard.id)
        session.add(answer)
    answer.answer(
        rating=said.rating,
        indicators=dict(said.indicators),
        comment=said.comment,
        reason_for_difference=said.reason_for_difference,
        by=actor.user_id,
        at=now,
    )
    begin(session, assessment, by=actor.user_id, at=now)
    session.flush()
    return answer


def save_details(
    session: Session,
    *,
    assessment_id: UUID,
    seen: int,
    assessed_on: date | None,
    assessed_where: str,
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Save the day and the place of the assessment.

    Raises:
        ChangedMeanwhile: it is no longer the version `seen`.
    """
    assessment = lock_for_answers(session, assessment_id, actor=actor, seen=seen)

    assessment.assessed_on, assessment.assessed_where = assessed_on, assessed_where
    begin(session, assessment, by=actor.user_id, at=now)
    return assessment


def submit(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    seen: int,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment:
    """Hand the assessment to the PSEA focal point, complete.

    Raises:
        NotReady: `problems` are the `Gap`s still open.
        ChangedMeanwhile: it is no longer the version `seen`.
    """
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_ANSWER, assessment.standing())

    to = LIFE.next(assessment.state, Action.SUBMIT)
    gaps = answers.gaps(
        framework_of(ports, assessment),
        assessment.answer_sheet(),
        assessed_on=assessment.assessed_on,
        today=today,
    )
    if gaps:
        raise NotReady(gaps, "assessment_incomplete")

    assessment.submitted_by, assessment.submitted_at = actor.user_id, now
    moves.move(session, assessment, to, "submitted", by=actor.user_id, at=now)
    return assessment


def begin(session: Session, assessment: Assessment, *, by: UUID, at: datetime) -> None:
    """Note work on an assessment; the first work starts it, or continues a returned one."""
    assessment.touched_at = at
    if LIFE.allows(assessment.state, Action.START):
        to = LIFE.next(assessment.state, Action.START)
        moves.move(session, assessment, to, "started", by=by, at=at)


def lock_for_answers(
    session: Session, assessment_id: UUID, *, actor: Actor, seen: int | None = None
) -> Assessment:
    """Return an assessment that the actor may answer now, locked, as it was seen."""
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )
    permissions.require(actor, Permission.ASSESSMENT_ANSWER, assessment.standing())
    if assessment.state not in WRITABLE:
        raise ActionNotAllowed(state=assessment.state.value, action="answer")
    return assessment


def standard_of(framework: Framework, standard_id: str) -> Standard:
    """Return a standard of the instrument. Raises UnknownAnswer."""
    try:
        return framework.standard(standard_id)
    except KeyError:
        raise UnknownAnswer(standard=standard_id) from None


def _require_listed(standard: Standard, said: Said) -> None:
    if said.rating is not None and said.rating not in {o.id for o in standard.options}:
        raise UnknownAnswer(rating=said.rating)
    listed = {indicator.id: indicator.answers for indicator in standard.indicators}
    for indicator_id, met in said.indicators.items():
        if met not in listed.get(indicator_id, ()):
            raise UnknownAnswer(indicator=indicator_id)

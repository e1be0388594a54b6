"""This file holds what is done with assessments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment, ReviewComment, StandardAnswer
from partner_assess.domain import answers, deadlines, partner, permissions, scoring
from partner_assess.domain.assessment import (
    LIFE,
    WRITABLE,
    Action,
    Kind,
    State,
)
from partner_assess.domain.errors import ChangedMeanwhile, NotReady, RuleError
from partner_assess.domain.framework import Determination, Framework, Met, Standard
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases import numbers, partners, plans, trail
from partner_assess.usecases.ports import Ports


class AlreadyOpen(RuleError):
    """The partner has an open assessment with this instrument; `assessment_id` is it."""

    code = "assessment_already_open"


class OutsideTiers(RuleError):
    """Governments and UN entities are not assessed with these instruments."""

    code = "outside_tiers"


class UnknownAnswer(RuleError):
    """An answer is not one of those the instrument lists."""

    code = "unknown_answer"


class NothingSaid(RuleError):
    """Sending back needs a comment on a standard."""

    code = "comment_missing"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about one standard in a form."""

    rating: str | None
    indicators: Mapping[str, Met]
    comment: str
    reason_for_difference: str


def open_(
    session: Session,
    ports: Ports,
    *,
    partner_id: UUID,
    framework_id: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment:
    """Open an assessment of a partner with the newest version of an instrument.

    Raises:
        AlreadyOpen: one is open.
        OutsideTiers: this kind of partner is not assessed.
    """
    found = queries.partners.lock(session, partner_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.ASSESSMENT_OPEN, found.standing())
    if not partner.is_assessed(found.partner_type):
        raise OutsideTiers
    framework = ports.catalogue.get(framework_id)
    other = queries.assessments.open_one(session, partner_id=found.id, framework_id=framework.id)
    if other is not None:
        raise AlreadyOpen(assessment_id=other.id)

    country = found.office.country
    number = numbers.take(session, agency_id=actor.agency_id, name=f"assessment:{country}")
    before = queries.assessments.in_force(session, partner_id=found.id, framework_id=framework.id)
    assessment = Assessment(
        agency_id=found.agency_id,
        office_id=found.office_id,
        partner_id=found.id,
        reference=f"{country}/{today.year}PSEA{number}",
        framework_id=framework.id,
        framework_version=framework.version,
        framework_digest=framework.digest,
        kind=Kind.REASSESSMENT if before else Kind.OWN,
        state=State.DRAFT,
        assessor_id=actor.user_id,
        created_by=actor.user_id,
        created_at=now,
        touched_at=now,
    )
    session.add(assessment)
    session.flush()
    _record(session, assessment, "opened", by=actor.user_id, at=now)
    return assessment


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

    Args:
        seen: Version of the standard's answers that the page showed; 0 before the first.

    Raises:
        ChangedMeanwhile: somebody, or another tab, saved this standard since.
        ActionNotAllowed: the assessment is not open for answers.
        UnknownAnswer: the instrument does not list it.
    """
    assessment = _lock_for_answers(session, assessment_id, actor=actor)
    framework = framework_of(ports, assessment)
    standard = _standard(framework, standard_id)
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
    assessment = _lock_for_answers(session, assessment_id, actor=actor, seen=seen)

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
    _move(session, assessment, to, "submitted", by=actor.user_id, at=now)
    return assessment


def send_back(
    session: Session,
    *,
    assessment_id: UUID,
    seen: int,
    comments: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Return the assessment to its assessor, with comments by standard.

    Raises:
        NothingSaid: no comment holds a word.
        NotPermitted: the actor may not review, or rated.
    """
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_REVIEW, assessment.standing())

    to = LIFE.next(assessment.state, Action.SEND_BACK)
    said = {standard: text.strip() for standard, text in comments.items() if text.strip()}
    if not said:
        raise NothingSaid

    session.add_all(
        ReviewComment(
            assessment_id=assessment.id,
            standard_id=standard,
            text=text,
            said_by=actor.user_id,
            said_at=now,
        )
        for standard, text in said.items()
    )
    _move(session, assessment, to, "returned", by=actor.user_id, at=now)
    return assessment


def finalise(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    seen: int,
    policy_name: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment:
    """Make the result final (or, with the harmonized instrument, preliminary first).

    The result is frozen with the digests of its instrument and its content; it supersedes the
    result of the same instrument, becomes the partner's current one, and opens its plan.

    Raises:
        NotPermitted: the actor may not review, or rated any standard.
        NotReady: something is missing after all.
        ChangedMeanwhile: it is no longer the version `seen`.

    Source: E4 (segregation), SA 55; domain.md 3.2
    """
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_REVIEW, assessment.standing())

    framework = framework_of(ports, assessment)
    to = LIFE.next(assessment.state, _closing_action(assessment.state, framework))
    policy = ports.policy(policy_name)
    sheet = assessment.answer_sheet()
    if gaps := answers.gaps(framework, sheet, assessed_on=assessment.assessed_on, today=today):
        raise NotReady(gaps, "assessment_incomplete")
    score = scoring.score(framework, assessment.ratings())
    if score.score is None or score.capacity is None or score.risk is None:
        raise NotReady(score.missing, "assessment_incomplete")

    before = assessment.state
    earlier = [
        one
        for one in queries.assessments.in_force(
            session, partner_id=assessment.partner_id, framework_id=framework.id
        )
        if one.id != assessment.id
    ]
    assessment.freeze(
        to=to,
        by=actor.user_id,
        at=now,
        effective_on=assessment.effective_on or today,
        expires_on=deadlines.expires_on(today, months=policy.validity_months),
        score=score.score,
        capacity=score.capacity,
        risk=score.risk,
        content_digest=content_digest(assessment),
        document_number=assessment.document_number
        or document_number(session, assessment, year=today.year),
    )
    trail.record(
        session,
        assessment,
        to.value,
        agency_id=assessment.agency_id,
        partner_id=assessment.partner_id,
        by=actor.user_id,
        at=now,
        moved=(before.value, to.value),
        risk=score.risk.value,
        capacity=score.capacity.value,
    )
    for one in earlier:
        _end(session, one, Action.SUPERSEDE, "superseded", by=actor.user_id, at=now)
    session.flush()
    found = queries.partners.lock(session, assessment.partner_id, agency_id=actor.agency_id)
    partners.refresh_current(session, found, now=now, today=today)
    plans.follow_result(session, ports, assessment, policy=policy, now=now)
    return assessment


def cancel(
    session: Session, *, assessment_id: UUID, seen: int, reason: str, actor: Actor, now: datetime
) -> Assessment:
    """Give an open assessment up, with a reason."""
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_CANCEL, assessment.standing())
    if assessment.state is State.PRELIMINARY:
        # A plan and perhaps an approval hang on it by then.
        raise ActionNotAllowed(state=assessment.state.value, action=Action.CANCEL.value)

    to = LIFE.next(assessment.state, Action.CANCEL)

    assessment.ended_reason = reason
    _move(session, assessment, to, "cancelled", by=actor.user_id, at=now, comment=reason)
    return assessment


def withdraw(
    session: Session,
    *,
    assessment_id: UUID,
    seen: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment:
    """Take a final result back, with a reason; it stays readable, and counts no more."""
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.ASSESSMENT_WITHDRAW, assessment.standing())

    assessment.ended_reason = reason
    _end(session, assessment, Action.WITHDRAW, "withdrawn", by=actor.user_id, at=now)
    plans.close_of(session, assessment.id, because="withdrawn", by=actor.user_id, now=now)
    found = queries.partners.lock(session, assessment.partner_id, agency_id=actor.agency_id)
    session.flush()
    partners.refresh_current(session, found, now=now, today=today)
    return assessment


def expire(
    session: Session, *, assessment_id: UUID, agency_id: UUID, now: datetime, today: date
) -> bool:
    """Let the clock end a final result whose last valid day has passed; return whether it did."""
    assessment = queries.assessments.lock(session, assessment_id, agency_id=agency_id)
    if not LIFE.allows(assessment.state, Action.EXPIRE) or not deadlines.is_expired(
        assessment.expires_on, today=today
    ):
        return False
    _end(session, assessment, Action.EXPIRE, "expired", by=None, at=now)
    session.flush()
    found = queries.partners.lock(session, assessment.partner_id, agency_id=agency_id)
    partners.refresh_current(session, found, now=now, today=today)
    return True


def framework_of(ports: Ports, assessment: Assessment) -> Framework:
    """Return the very version of the instrument that the assessment was opened with."""
    return ports.catalogue.get(assessment.framework_id, assessment.framework_version)


def begin(session: Session, assessment: Assessment, *, by: UUID, at: datetime) -> None:
    """Note work on an assessment; the first work starts it, or continues a returned one."""
    assessment.touched_at = at
    if LIFE.allows(assessment.state, Action.START):
        to = LIFE.next(assessment.state, Action.START)
        _move(session, assessment, to, "started", by=by, at=at)


def content_digest(assessment: Assessment) -> str:
    """Return the SHA-256 of all answers, in one canonical form. Needs answers and evidence.

    Source: ours; docs/decisions/0008 (an approval binds to what was found, by its digest)
    """
    content = {
        "assessment": assessment.reference,
        "framework": [
            assessment.framework_id,
            assessment.framework_version,
            assessment.framework_digest,
        ],
        "assessed_on": str(assessment.assessed_on),
        "answers": {
            row.standard_id: [
                row.rating,
                row.indicators,
                row.comment,
                row.reason_for_difference,
            ]
            for row in assessment.answers
        },
        "evidence": sorted(
            [
                [e.standard_id, e.type_id, e.title, str(e.dated_on), sorted(e.proves), e.sha256]
                for e in assessment.evidence
            ],
            key=str,
        ),
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def document_number(session: Session, assessment: Assessment, *, year: int) -> str:
    """Return a new reference for the assessment's document: `UNA/2026/0042`."""
    agency = queries.agencies.get(session, assessment.agency_id)
    number = numbers.take(session, agency_id=agency.id, name=f"document:{year}")
    return f"{agency.code}/{year}/{number:04d}"


def lock_for_answers(session: Session, assessment_id: UUID, *, actor: Actor) -> Assessment:
    """Return an assessment that the actor may answer now, locked."""
    return _lock_for_answers(session, assessment_id, actor=actor)


def _lock_for_answers(
    session: Session, assessment_id: UUID, *, actor: Actor, seen: int | None = None
) -> Assessment:
    assessment = queries.assessments.lock(
        session, assessment_id, agency_id=actor.agency_id, seen=seen
    )
    permissions.require(actor, Permission.ASSESSMENT_ANSWER, assessment.standing())
    if assessment.state not in WRITABLE:
        raise ActionNotAllowed(state=assessment.state.value, action="answer")
    return assessment


def _closing_action(state: State, framework: Framework) -> Action:
    is_first = state is State.SUBMITTED
    if is_first and framework.determination is Determination.PRELIMINARY:
        return Action.DETERMINE
    return Action.FINALISE


def _standard(framework: Framework, standard_id: str) -> Standard:
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


def _end(
    session: Session,
    assessment: Assessment,
    action: Action,
    name: str,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    to = LIFE.next(assessment.state, action)
    _move(session, assessment, to, name, by=by, at=at, comment=assessment.ended_reason)


def _move(
    session: Session,
    assessment: Assessment,
    to: State,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    comment: str = "",
) -> None:
    before = assessment.state
    assessment.state = to
    assessment.touched_at = at
    _record(
        session,
        assessment,
        action,
        by=by,
        at=at,
        moved=(before.value, to.value),
        comment=comment,
    )


def _record(
    session: Session,
    assessment: Assessment,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    comment: str = "",
) -> None:
    trail.record(
        session,
        assessment,
        action,
        agency_id=assessment.agency_id,
        partner_id=assessment.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
    )

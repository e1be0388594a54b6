"""This file holds how an assessment is returned, and how its result becomes final."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment, ReviewComment
from partner_assess.domain import answers, deadlines, permissions, scoring
from partner_assess.domain.assessment import LIFE, Action, State
from partner_assess.domain.errors import NotReady, RuleError
from partner_assess.domain.framework import Determination, Framework
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.policy import Policy
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.usecases import numbers, partners, plans, trail
from partner_assess.usecases.assessments import moves
from partner_assess.usecases.assessments.opening import framework_of
from partner_assess.usecases.ports import Ports


class NothingSaid(RuleError):
    """Sending back needs a comment on a standard."""

    code = "comment_missing"


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
    moves.move(session, assessment, to, "returned", by=actor.user_id, at=now)
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
    found = _require_complete(assessment, framework, today=today)
    policy = ports.policy(policy_name)

    earlier = queries.assessments.in_force(
        session, partner_id=assessment.partner_id, framework_id=framework.id
    )
    _freeze(session, assessment, found, to=to, policy=policy, by=actor, at=now, today=today)
    for one in earlier:
        if one.id != assessment.id:
            moves.end(session, one, Action.SUPERSEDE, "superseded", by=actor.user_id, at=now)
    session.flush()
    partner = queries.partners.lock(session, assessment.partner_id, agency_id=actor.agency_id)
    partners.refresh_current(session, partner, now=now, today=today)
    plans.follow_result(session, ports, assessment, policy=policy, now=now, today=today)
    return assessment


@dataclass(frozen=True, slots=True)
class _Found:
    """What the ratings of a whole assessment come to."""

    score: int
    capacity: Capacity
    risk: Risk


def _require_complete(assessment: Assessment, framework: Framework, *, today: date) -> _Found:
    sheet = assessment.answer_sheet()
    if gaps := answers.gaps(framework, sheet, assessed_on=assessment.assessed_on, today=today):
        raise NotReady(gaps, "assessment_incomplete")
    found = scoring.score(framework, assessment.ratings())
    if found.score is None or found.capacity is None or found.risk is None:
        raise NotReady(found.missing, "assessment_incomplete")
    return _Found(found.score, found.capacity, found.risk)


def _freeze(
    session: Session,
    assessment: Assessment,
    found: _Found,
    *,
    to: State,
    policy: Policy,
    by: Actor,
    at: datetime,
    today: date,
) -> None:
    """Keep the result for ever, under its document's number, and write it down."""
    before = assessment.state
    number = assessment.document_number or document_number(session, assessment, year=today.year)
    assessment.content_salt = assessment.content_salt or secrets.token_hex(16)
    assessment.freeze(
        to=to,
        by=by.user_id,
        at=at,
        effective_on=assessment.effective_on or today,
        expires_on=deadlines.expires_on(today, months=policy.validity_months),
        score=found.score,
        capacity=found.capacity,
        risk=found.risk,
        content_digest=content_digest(assessment),
        document_number=number,
    )
    trail.record(
        session,
        assessment,
        to.value,
        agency_id=assessment.agency_id,
        partner_id=assessment.partner_id,
        by=by.user_id,
        at=at,
        moved=(before.value, to.value),
        risk=found.risk.value,
        capacity=found.capacity.value,
    )


def content_digest(assessment: Assessment) -> str:
    """Return the SHA-256 of all answers, in one canonical form. Needs answers and evidence.

    Its random salt is never shared: or an answer that a shared document keeps back could be
    guessed from the digest in it.

    Source: ours; docs/decisions/0008 (an approval binds to what was found, by its digest)
    """
    content = {
        "salt": assessment.content_salt,
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


def _closing_action(state: State, framework: Framework) -> Action:
    is_first = state is State.SUBMITTED
    if is_first and framework.determination is Determination.PRELIMINARY:
        return Action.DETERMINE
    return Action.FINALISE

"""This file holds how an assessment is returned, and how its result becomes final."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
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
    assessment.content_salt = assessment.content_salt or secrets.token_hex(16)
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
        moves.end(session, one, Action.SUPERSEDE, "superseded", by=actor.user_id, at=now)
    session.flush()
    found = queries.partners.lock(session, assessment.partner_id, agency_id=actor.agency_id)
    partners.refresh_current(session, found, now=now, today=today)
    plans.follow_result(session, ports, assessment, policy=policy, now=now, today=today)
    return assessment


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

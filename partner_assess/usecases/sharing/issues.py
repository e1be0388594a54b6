"""This file holds the issues of a document: asked for, handed out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.shared_report import Making, ReportIssue
from partner_assess.domain import permissions
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.report import Profile, Report, to_json
from partner_assess.domain.report.status import LIST_SIZE
from partner_assess.domain.sharing import CODE_LENGTH, CODE_SIGNS
from partner_assess.usecases import jobs, trail
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing.facts import facts_of
from partner_assess.usecases.sharing.recipients import Receiver

MAKE_REPORT = "make_report"

# Any moment does: it stands in for the one that facts are not compared by.
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class NotFinal(RuleError):
    """Only a final assessment is shared."""

    code = "document_not_final"


def ask(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    agency_id: UUID,
    profile: Profile,
    language: str,
    receiver: Receiver,
    actor: Actor | None,
    now: datetime,
    today: date,
) -> ReportIssue:
    """Return the issue that says the facts as they are now; a new one is queued to be made.

    The same facts are the same issue. One that could not be made is queued once more. Without
    an actor it is the operator who asks, at the command line.

    Raises:
        NotPermitted: the actor may not export.
        NotFinal: nothing of it can be shared.
        UnknownLanguage: the instrument has no words in it.

    Source: domain.md 5; docs/decisions/0011
    """
    # Locked: of two who ask at once, the second finds what the first has written.
    found = queries.assessments.lock(session, assessment_id, agency_id=agency_id)

    if actor is not None:
        permissions.require(actor, Permission.DOCUMENT_EXPORT, found.standing())

    facts = facts_of(
        session, ports, found, profile=profile, language=language, now=now, today=today
    )
    if not facts.is_final:
        raise NotFinal
    if found.status_index is None:
        found.status_index = _free_place(session, found.agency_id)
        facts = replace(
            facts, provenance=replace(facts.provenance, status_index=found.status_index)
        )
    by = actor.user_id if actor else None
    digest = _digest(facts)
    known = queries.shared_reports.with_facts(
        session, assessment_id=found.id, language=language, profile=profile, facts_digest=digest
    )
    if known is None:
        return _issue(session, ports, found, facts, digest, receiver=receiver, by=by, at=now)
    if known.making is Making.FAILED:
        known.wait()
        _queue(session, known, now=now)
    return known


def _free_place(session: Session, agency_id: UUID) -> int:
    """Return a place in the agency's status list, by chance: it tells nothing of the order."""
    while True:
        place = secrets.randbelow(LIST_SIZE)
        if not queries.assessments.has_place(session, place, agency_id=agency_id):
            return place


def _issue(
    session: Session,
    ports: Ports,
    found: Assessment,
    facts: Report,
    digest: str,
    *,
    receiver: Receiver,
    by: UUID | None,
    at: datetime,
) -> ReportIssue:
    number = queries.shared_reports.last_number(session, found.id) + 1
    check_code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    check_web = f"{ports.base_url}/check/{check_code}"
    issue = ReportIssue(
        assessment_id=found.id,
        assessment=found,
        number=number,
        language=facts.identity.language,
        profile=facts.identity.profile,
        facts_digest=digest,
        payload=to_json(_numbered(facts, number, check_code, check_web)),
        check_code=check_code,
        making=Making.QUEUED,
        asked_at=at,
        asked_by=by,
    )
    session.add(issue)
    session.flush()
    _record(session, issue, "asked", receiver=receiver, by=by, at=at)
    _queue(session, issue, now=at)
    return issue


def _digest(facts: Report) -> str:
    """Return the SHA-256 of the facts alone: neither their moment nor their number counts."""
    bare = replace(facts, identity=replace(facts.identity, issue=1, generated_at=_NO_MOMENT))
    return hashlib.sha256(to_json(bare)).hexdigest()


def _numbered(facts: Report, number: int, check_code: str, check_web: str) -> Report:
    return replace(
        facts,
        identity=replace(facts.identity, issue=number),
        provenance=replace(facts.provenance, check_code=check_code, check_web=check_web),
    )


def _queue(session: Session, issue: ReportIssue, *, now: datetime) -> None:
    jobs.queue(
        session,
        MAKE_REPORT,
        unique_key=f"{MAKE_REPORT}:{issue.id}:{now.isoformat()}",
        now=now,
        payload={"issue_id": str(issue.id)},
    )


def draft(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    language: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> bytes:
    """Return the data of a draft, for a print with a watermark: no issue, no number, not kept.

    Raises:
        NotPermitted: the actor may not read it.
        UnknownLanguage: the instrument has no words in it.
    """
    found = queries.assessments.get(session, assessment_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.ASSESSMENT_READ, found.standing())

    facts = facts_of(
        session, ports, found, profile=Profile.FULL, language=language, now=now, today=today
    )
    return to_json(facts)


def note_download(session: Session, *, issue_id: UUID, actor: Actor, now: datetime) -> None:
    """Write down that somebody took a document out of the app."""
    issue = queries.shared_reports.get(session, issue_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.DOCUMENT_READ, issue.assessment.standing())

    _record(session, issue, "downloaded", receiver=Receiver(), by=actor.user_id, at=now)


def _record(
    session: Session,
    issue: ReportIssue,
    action: str,
    *,
    receiver: Receiver,
    by: UUID | None,
    at: datetime,
) -> None:
    trail.record(
        session,
        issue,
        action,
        agency_id=issue.assessment.agency_id,
        partner_id=issue.assessment.partner_id,
        by=by,
        at=at,
        title=f"{issue.assessment.document_number}-{issue.number}",
        profile=issue.profile.value,
        language=issue.language,
        recipient=receiver.name,
        purpose=receiver.purpose,
    )

"""This file holds what is done with evidence: adding, removing, fetching its files."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment, Evidence
from partner_assess.domain import evidence, permissions
from partner_assess.domain.errors import RuleError
from partner_assess.domain.evidence import Piece
from partner_assess.domain.framework import Framework, Standard
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases import assessments, trail
from partner_assess.usecases.ports import Ports

__all__ = ["NoFile", "Piece", "add", "downloaded", "remove"]


class NoFile(RuleError):
    """This piece of evidence came without a file."""

    code = "evidence_without_file"


def add(
    session: Session,
    ports: Ports,
    *,
    assessment_id: UUID,
    standard_id: str,
    piece: Piece,
    actor: Actor,
    now: datetime,
    today: date,
) -> Evidence:
    """Record a piece of evidence for a standard, perhaps with a file.

    The file is kept before the row that names it: what fails between them leaves a file that
    nothing names, never a row without its file.

    Raises:
        RefusedEvidence: `problems` say what is wrong with it.
        UnknownAnswer: the instrument has no such standard.
        ActionNotAllowed: the assessment is not open for answers.
    """
    assessment = assessments.lock_for_answers(session, assessment_id, actor=actor)

    framework = assessments.framework_of(ports, assessment)
    standard = _standard(framework, standard_id)
    evidence.require_recordable(
        framework,
        standard,
        piece,
        files_so_far=_files_of(assessment, standard.id),
        today=today,
    )

    added = Evidence(
        standard_id=standard.id,
        type_id=piece.type_id,
        title=piece.title.strip(),
        dated_on=piece.dated_on,
        proves=sorted(set(piece.proves)),
        added_by=actor.user_id,
        added_at=now,
    )
    if piece.file is not None:
        added.sha256 = ports.store.put(piece.file.content)
        added.filename = piece.file.filename
        added.media_type = piece.file.media_type
        added.size_bytes = len(piece.file.content)
    assessment.evidence.append(added)
    assessments.begin(session, assessment, by=actor.user_id, at=now)
    session.flush()
    _record(session, assessment, added, "evidence_added", by=actor.user_id, at=now)
    return added


def remove(
    session: Session, *, assessment_id: UUID, evidence_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take a piece of evidence off an assessment that is open for answers.

    Raises:
        NoResultFound: the assessment has no such evidence.
        ActionNotAllowed: the assessment is not open for answers.
    """
    assessment = assessments.lock_for_answers(session, assessment_id, actor=actor)
    removed = queries.assessments.evidence(session, evidence_id, assessment_id=assessment.id)

    _record(session, assessment, removed, "evidence_removed", by=actor.user_id, at=now)
    assessment.evidence.remove(removed)
    session.delete(removed)
    assessments.begin(session, assessment, by=actor.user_id, at=now)
    session.flush()


def downloaded(
    session: Session, *, assessment_id: UUID, evidence_id: UUID, actor: Actor, now: datetime
) -> Evidence:
    """Write down that the actor fetches a file, and return the evidence that names it.

    Raises:
        NoResultFound: the assessment has no such evidence.
        NoFile: it came without a file.
    """
    assessment = queries.assessments.get(session, assessment_id, agency_id=actor.agency_id)
    found = queries.assessments.evidence(session, evidence_id, assessment_id=assessment.id)

    permissions.require(actor, Permission.ASSESSMENT_READ, assessment.standing())

    if found.sha256 is None:
        raise NoFile

    _record(session, assessment, found, "evidence_downloaded", by=actor.user_id, at=now)
    return found


def _standard(framework: Framework, standard_id: str) -> Standard:
    try:
        return framework.standard(standard_id)
    except KeyError:
        raise assessments.UnknownAnswer(standard=standard_id) from None


def _files_of(assessment: Assessment, standard_id: str) -> int:
    of_standard = [one for one in assessment.evidence if one.standard_id == standard_id]
    return sum(one.sha256 is not None for one in of_standard)


def _record(
    session: Session,
    assessment: Assessment,
    about: Evidence,
    action: str,
    *,
    by: UUID,
    at: datetime,
) -> None:
    # No title and no file name: what should not have been written there can still be removed,
    # and the trail keeps for ever.
    trail.record(
        session,
        assessment,
        action,
        agency_id=assessment.agency_id,
        partner_id=assessment.partner_id,
        by=by,
        at=at,
        standard=about.standard_id,
        type=about.type_id,
        evidence=str(about.id),
        sha256=about.sha256 or "",
    )

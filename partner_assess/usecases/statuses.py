"""This file holds what we know by now of a document that an agency has issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.domain import deadlines
from partner_assess.domain.report.status import Status, status_of
from partner_assess.usecases.ports import Ports


@dataclass(frozen=True, slots=True)
class Word:
    """What its agency says of a document, and as of when."""

    status: Status
    as_of: datetime | None
    newer_issue: int | None
    suspended: bool
    is_stale: bool


def word_on(
    session: Session,
    ports: Ports,
    *,
    issuer_code: str,
    document_id: str,
    status_list: str | None,
    status_index: int | None,
    expires_on: date,
    today: date,
) -> Word:
    """Return what we know of a document: from this database, where its agency is in it."""
    agency = queries.agencies.by_code(session, issuer_code)
    if agency is not None:
        try:
            found = queries.assessments.get(session, UUID(document_id), agency_id=agency.id)
        except (NoResultFound, ValueError):
            found = None
        status = found and status_of(found.state, expires_on=found.expires_on, today=today)
        if status:
            return Word(status, None, None, suspended=False, is_stale=False)
    is_over = deadlines.is_expired(expires_on, today=today)
    status = Status.EXPIRED if is_over else Status.UNKNOWN
    return Word(status, None, None, suspended=False, is_stale=False)

"""This file holds what we know by now of one document: its word, and what the public is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.trust import StatusList as StoredList
from partner_assess.domain import deadlines
from partner_assess.domain.report.status import LIST_SIZE, Status, status_of
from partner_assess.domain.report.status_list import Mark, StatusList, from_json, mark_of
from partner_assess.domain.sharing import code_as_issued
from partner_assess.usecases.ports import Ports

# No assessment comes back from these. Source: domain/assessment.py
_FOR_GOOD = frozenset({Status.SUPERSEDED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Word:
    """What we know by now of a document.

    Attributes:
        as_of: The moment up to which we know it; None where nobody told us anything.
        newer_issue: Number of the newest issue, where it is later than the one asked about.
        suspended: A partnership of the issuer with this partner is suspended for cause.
        is_stale: The list it rests on is past its next update: say "status as of".
    """

    status: Status
    as_of: datetime | None = None
    newer_issue: int | None = None
    suspended: bool = False
    is_stale: bool = False


def word_on(
    session: Session,
    _ports: Ports,
    *,
    reader_id: UUID | None,
    issuer_code: str,
    document_id: str,
    issue: int,
    status_list: str | None,
    status_index: int | None,
    status_said: Status | None,
    expires_on: date | None,
    today: date,
) -> Word:
    """Return what we know by now of an issue of a document.

    Where the issuer is an agency of this installation, its records say it. Else the newest list
    of that name that the issuer signed and that came to the reading agency, or to all agencies
    here. Where nobody told us, the dates of the document say whether it has expired; otherwise its
    status is unknown. A document that says itself that it was superseded or withdrawn
    (`status_said`) is so, whatever an older list says.

    Source: interfaces.md (`report verify`: status and newer_issue); docs/decisions/0018
    """
    said = _own_word(session, issuer_code, document_id, today=today)
    if said is None and status_list is not None and status_index is not None:
        row = queries.statuses.newest_list(
            session, agency_code=issuer_code, name=status_list, reader_id=reader_id
        )
        said = _told_word(row, status_index, today=today)
    said = said or Word(Status.UNKNOWN)
    if said.newer_issue is not None and said.newer_issue <= issue:
        said = replace(said, newer_issue=None)
    if status_said in _FOR_GOOD and said.status not in _FOR_GOOD:
        return replace(said, status=status_said)
    has_expired = deadlines.is_expired(expires_on, today=today)
    if has_expired and said.status in {Status.UNKNOWN, Status.CURRENT}:
        return replace(said, status=Status.EXPIRED)
    return said


def _own_word(session: Session, issuer_code: str, document_id: str, *, today: date) -> Word | None:
    try:
        assessment_id = UUID(document_id)
    except ValueError:
        return None
    found = queries.statuses.issued(session, agency_code=issuer_code, document_id=assessment_id)
    if found is None:
        return None
    status = status_of(found.state, expires_on=found.expires_on, today=today)
    if status is None:
        return None
    for_cause = queries.statuses.suspended_for_cause(session, agency_id=found.agency_id)
    mark = mark_of(found.state, suspended_for_cause=found.partner_id in for_cause)
    return Word(
        status,
        as_of=datetime.combine(today, time(), tzinfo=UTC),
        newer_issue=found.newest_issue,
        suspended=mark is Mark.SUSPENDED_FOR_CAUSE,
    )


def _told_word(row: StoredList | None, place: int, *, today: date) -> Word | None:
    if row is None or not 0 <= place < LIST_SIZE:
        return None
    listed = _listed(row.payload)
    return Word(
        listed.status(place),
        as_of=row.made_at,
        newer_issue=listed.newest_issue(place),
        suspended=listed.mark(place) is Mark.SUSPENDED_FOR_CAUSE,
        is_stale=row.next_update.date() <= today,
    )


@lru_cache(maxsize=4)
def _listed(payload: bytes) -> StatusList:
    """Return a list that was stored; kept, for many documents are asked about one after another."""
    return from_json(payload)


@dataclass(frozen=True, slots=True)
class PublicWord:
    """All that anybody with a document's code is told.

    Attributes:
        since: The day it was superseded, withdrawn or no longer valid; None while it is current.
        newer_issue: Number of the newest issue of a current document, where this is not it.
    """

    status: Status
    as_of: datetime
    since: date | None
    newer_issue: int | None


def public_word(
    session: Session, code: str, *, now: datetime, today_of: Callable[[str], date]
) -> PublicWord | None:
    """Return what the public page says of the document with this code, None where there is none.

    A suspension for cause is never part of it.

    Source: interfaces.md (`/check/<code>`); docs/decisions/0018
    """
    # Anything else is no code, and some of it no database takes.
    issued = code_as_issued(code)
    is_code = issued.isascii() and issued.isalnum()
    issue = queries.shared_reports.by_check_code(session, issued) if is_code else None
    if issue is None:
        return None
    found = issue.assessment
    status = status_of(
        found.state, expires_on=found.expires_on, today=today_of(found.office.timezone)
    )
    if status is None:
        return None
    newest = queries.shared_reports.last_number(session, found.id)
    is_older = status is Status.CURRENT and newest > issue.number
    since: date | None = None
    if status is Status.EXPIRED and found.expires_on is not None:
        since = found.expires_on + timedelta(days=1)
    elif status is not Status.CURRENT:
        since = found.touched_at.date()
    return PublicWord(status, now, since, newest if is_older else None)

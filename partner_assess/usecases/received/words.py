"""This file holds what the word of another agency changes in what was received of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.queries.received_reports import Document
from partner_assess.domain import acceptance
from partner_assess.domain.acceptance import Ending, State
from partner_assess.usecases import partners, plans, statuses
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.received import notes
from partner_assess.usecases.received.deciding import end
from partner_assess.usecases.received.judging import status_said


def apply_words(
    session: Session,
    ports: Ports,
    *,
    reader_id: UUID | None,
    now: datetime,
    today_of: Callable[[str], date],
) -> int:
    """Let what an agency (None: each) received follow what is said by now; return how many changed.

    Doing it twice changes nothing.
    """
    changed = 0
    for received_id in queries.received_reports.told_about(session, agency_id=reader_id):
        agency_id, zone = queries.received_reports.agency_of(session, received_id)
        changed += apply_word(
            session,
            ports,
            received_id=received_id,
            agency_id=agency_id,
            now=now,
            today=today_of(zone),
        )
    return changed


def apply_word(
    session: Session,
    ports: Ports,
    *,
    received_id: UUID,
    agency_id: UUID,
    now: datetime,
    today: date,
) -> bool:
    """Let one received report follow what its agency says by now; return whether it changed.

    An accepted one that was superseded or withdrawn counts no more. The plan of a superseded
    one goes on until there is another result; that of a withdrawn one is closed.

    Source: SA 48; domain.md 5; docs/decisions/0019
    """
    known = queries.received_reports.get(session, received_id, agency_id=agency_id)
    partner = None
    if known.partner_id is not None:
        partner = queries.partners.lock(session, known.partner_id, agency_id=agency_id)
    found = queries.received_reports.lock(session, received_id, agency_id=agency_id)
    if found.state not in acceptance.OPEN:
        return False
    said = found.report()
    document = Document(found.issuer_code, found.document_id)
    issues = queries.received_reports.of_document(session, document, agency_id=agency_id)
    word = statuses.word_on(
        session,
        ports,
        reader_id=found.agency_id,
        issuer_code=found.issuer_code,
        document_id=found.document_id,
        status_list=said.provenance.status_list,
        status_index=said.provenance.status_index,
        status_said=status_said(one.report() for one in issues),
        expires_on=found.expires_on,
        today=today,
        issue=found.issue,
    )
    before = (found.source_status, found.newer_issue, found.source_suspended)
    if before == (word.status, word.newer_issue, word.suspended):
        if found.source_status_at != word.as_of:
            found.source_status_at = word.as_of
        return False

    found.hear(
        status=word.status, at=word.as_of, newer_issue=word.newer_issue, suspended=word.suspended
    )
    notes.record(session, found, "source_said", by=None, at=now, status=word.status.value)
    because = acceptance.ending(word.status)
    if found.state is State.ACCEPTED and because is not None and partner is not None:
        end(session, found, because, now=now)
        session.flush()
        partners.refresh_current(session, partner, now=now, today=today)
        if because is Ending.WITHDRAWN_AT_SOURCE:
            plans.follow_withdrawal(session, ports, found, by=None, now=now, today=today)
    session.flush()
    return True

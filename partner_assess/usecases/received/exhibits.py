"""This file holds that somebody takes the file of a received report out of the app."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain import permissions
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases.received import notes


def note_download(
    session: Session, *, received_id: UUID, actor: Actor, now: datetime
) -> ReceivedReport:
    """Write it down, and return the report that names the file."""
    found = queries.received_reports.get(session, received_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.RECEIVED_READ, found.standing())

    notes.record(session, found, "downloaded", by=actor.user_id, at=now)
    return found

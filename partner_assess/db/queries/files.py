"""This file holds the questions about stored files: which of them a row names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from partner_assess.db.models.assessment import Evidence
from partner_assess.db.models.event import Event
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.models.shared_report import ReportIssue

# Every column that names a file by its SHA-256; a test finds one that is missing here.
NAMING = (Evidence.sha256, ReportIssue.pdf_sha256, ReceivedReport.pdf_sha256)


def named(session: Session, names: Sequence[str]) -> frozenset[str]:
    """Return which of these files any row names, in any agency."""
    found: set[str] = set()
    for column in NAMING:
        query = select(column).where(column.in_(names)).distinct().order_by(column)
        found.update(name for name in session.scalars(query) if name is not None)
    return frozenset(found)


def has_stored(session: Session) -> bool:
    """Return whether any file was ever stored by way of this database."""
    removed = select(Event.id).where(
        Event.action == "evidence_removed", Event.facts["sha256"].as_string() != ""
    )
    queries = [*(select(column).where(column.is_not(None)) for column in NAMING), removed]
    return any(session.execute(query.limit(1)).first() is not None for query in queries)

"""This file holds which documents can be shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.domain.report.status import Status, status_of


@dataclass(frozen=True, slots=True)
class Document:
    """What can be shared about one assessment; its reference is there before the first issue."""

    reference: str
    assessment: str
    partner: str
    agency: str
    framework: str
    status: Status


def documents(session: Session, *, today_of: Callable[[str], date]) -> list[Document]:
    """Return every document of the installation, by reference, as of its office's today."""
    codes = {one.id: one.code for one in queries.agencies.all_agencies(session)}
    found: list[Document] = []
    for one in queries.assessments.with_documents(session):
        today = today_of(one.office.timezone)
        status = status_of(one.state, expires_on=one.expires_on, today=today)
        if status is not None and one.document_number is not None:
            found.append(
                Document(
                    reference=one.document_number,
                    assessment=one.reference,
                    partner=one.partner.name,
                    agency=codes[one.agency_id],
                    framework=one.framework_id,
                    status=status,
                )
            )
    return found

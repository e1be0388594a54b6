"""This file holds how a deed is written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import chain
from partner_assess.db.models.event import Event


class Recorded(Protocol):
    """A record that deeds are about."""

    __tablename__: str
    id: Any  # a column, which the type checker takes for its descriptor


_NAMES = {
    "special_record": "partner",
    "plan_action": "plan",
    "standard_answer": "assessment",
    "evidence": "assessment",
    "suspension_case": "suspension",
    "life_saving_exception": "suspension",
    "report_issue": "document",
    "received_report": "received",
    "recipient": "document",
    "trusted_root": "trust",
    "revocation_list": "trust",
    "status_list": "trust",
}


def record(
    session: Session,
    about: Recorded,
    action: str,
    *,
    agency_id: UUID,
    partner_id: UUID | None,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    comment: str = "",
    **facts: str,
) -> None:
    """Add one event; `by` None is the clock, `moved` the state before and after."""
    chain.add(
        session,
        Event(
            agency_id=agency_id,
            partner_id=partner_id,
            about=_NAMES.get(about.__tablename__, about.__tablename__),
            about_id=about.id,
            action=action,
            from_state=moved[0],
            to_state=moved[1],
            by_id=by,
            at=at,
            comment=comment,
            facts=facts,
        ),
    )

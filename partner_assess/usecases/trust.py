"""This file holds whose signatures an agency goes by."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.domain.trust import Trust
from partner_assess.usecases.ports import Ports


def trust_of(session: Session, ports: Ports, *, agency_id: UUID) -> Trust:
    """Return the roots that count for an agency; its own seal's always among them."""
    code = queries.agencies.get(session, agency_id).code
    return (ports.seals.root(code),) if ports.seals.has(code) else ()

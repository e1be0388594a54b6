"""This file holds how an assessment is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.domain import partner, permissions
from partner_assess.domain.assessment import Kind, State
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases import numbers
from partner_assess.usecases.assessments import moves
from partner_assess.usecases.ports import Ports


class AlreadyOpen(RuleError):
    """The partner has an open assessment with this instrument; `assessment_id` is it."""

    code = "assessment_already_open"


class OutsideTiers(RuleError):
    """Governments and UN entities are not assessed with these instruments."""

    code = "outside_tiers"


@dataclass(frozen=True, slots=True)
class Start:
    """Where an assessment begins that another agency's report has led to, and who is to make it."""

    received_id: UUID
    assessor_id: UUID


def open_(
    session: Session,
    ports: Ports,
    *,
    partner_id: UUID,
    framework_id: str,
    actor: Actor,
    now: datetime,
    today: date,
    start: Start | None = None,
) -> Assessment:
    """Open an assessment of a partner with the newest version of an instrument.

    Its assessor is who opens it, unless `start` names another.

    Raises:
        AlreadyOpen: one is open.
        OutsideTiers: this kind of partner is not assessed.
    """
    found = queries.partners.lock(session, partner_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.ASSESSMENT_OPEN, found.standing())
    if not partner.is_assessed(found.partner_type):
        raise OutsideTiers
    framework = ports.catalogue.get(framework_id)
    other = queries.assessments.open_one(session, partner_id=found.id, framework_id=framework.id)
    if other is not None:
        raise AlreadyOpen(assessment_id=other.id)

    country = found.office.country
    number = numbers.take(session, agency_id=actor.agency_id, name=f"assessment:{country}")
    before = queries.assessments.in_force(session, partner_id=found.id, framework_id=framework.id)
    assessment = Assessment(
        agency_id=found.agency_id,
        office_id=found.office_id,
        partner_id=found.id,
        reference=f"{country}/{today.year}PSEA{number}",
        framework_id=framework.id,
        framework_version=framework.version,
        framework_digest=framework.digest,
        kind=Kind.REASSESSMENT if before else Kind.OWN,
        state=State.DRAFT,
        assessor_id=start.assessor_id if start else actor.user_id,
        starting_point_id=start.received_id if start else None,
        created_by=actor.user_id,
        created_at=now,
        touched_at=now,
    )
    session.add(assessment)
    session.flush()
    moves.record(session, assessment, "opened", by=actor.user_id, at=now)
    return assessment


def framework_of(ports: Ports, assessment: Assessment) -> Framework:
    """Return the very version of the instrument that the assessment was opened with."""
    return ports.catalogue.get(assessment.framework_id, assessment.framework_version)

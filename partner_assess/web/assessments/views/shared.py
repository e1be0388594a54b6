"""This file holds what the views of assessments share: the record, its instrument, last time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from werkzeug.exceptions import NotFound

from partner_assess.db import queries
from partner_assess.domain import permissions
from partner_assess.domain.framework import Framework, Standard
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import assessments
from partner_assess.web import context
from partner_assess.web.assessments.pages.standard import StartingPoint

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


def to_answer(assessment_id: UUID) -> Assessment:
    """Return an assessment whose assessor the actor is, whatever its state."""
    found = context.assessment(assessment_id)
    permissions.require(context.actor(), Permission.ASSESSMENT_ANSWER, found.standing())
    return found


def anew(assessment: Assessment) -> Assessment:
    """Return the assessment as it is now in the database."""
    session = context.session()
    session.expire(assessment)
    return context.assessment(assessment.id)


def framework_of(assessment: Assessment) -> Framework:
    """Return the instrument the assessment is made with."""
    return assessments.framework_of(context.ports(), assessment)


def standard_of(framework: Framework, standard_id: str) -> Standard:
    """Return a standard of the instrument, else 404."""
    try:
        return framework.standard(standard_id)
    except KeyError:
        raise NotFound from None


def previous_of(assessment: Assessment) -> Assessment | None:
    """Return the result before this one, where the actor may read it."""
    found = queries.assessments.previous(context.session(), assessment)
    if found is None or not context.may(Permission.ASSESSMENT_READ, found.standing()):
        return None
    return found


def today_of(assessment: Assessment) -> date:
    """Return the calendar day in the office of the assessment."""
    return context.today(assessment.office.timezone)


def starting_point(found: Assessment, asked: Standard) -> StartingPoint | None:
    """Return what another agency's report says here, where this assessment began from one."""
    if found.starting_point_id is None:
        return None
    start = queries.received_reports.get(
        context.session(), found.starting_point_id, agency_id=found.agency_id
    )
    said = start.report()
    row = next((one for one in said.results if one.id == asked.id), None)
    if row is None:
        return None
    return StartingPoint(start.id, said.owner.agency, row.rating, row.comment)

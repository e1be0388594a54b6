"""This file holds what the views of plans ask of a plan: its policy, day and instrument."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from partner_assess.domain.framework import Framework
from partner_assess.domain.policy import Policy
from partner_assess.web import context

if TYPE_CHECKING:
    from partner_assess.db.models.plan import Plan


def policy_of(plan: Plan) -> Policy:
    """Return the policy that the plan keeps."""
    return context.ports().policy(plan.policy_name)


def today_of(plan: Plan) -> date:
    """Return the day it is in the plan's office."""
    return context.today(plan.office.timezone)


def framework_of(plan: Plan) -> Framework:
    """Return the instrument, in the version, that the plan's result was found with."""
    rated = plan.rests_on
    return context.ports().catalogue.get(rated.framework_id, rated.framework_version)

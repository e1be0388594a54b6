"""This file holds how the demo's partners work on their plans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from partner_assess.db import queries
from partner_assess.domain.report import OwnerSide
from partner_assess.usecases import plans

if TYPE_CHECKING:
    from partner_assess.cli.demo.teller import Teller


def worked(tell: Teller, assessment_id: UUID, *, verified: int, done: int, days_ago: int) -> None:
    """Agree the plan and carry out some of its required actions."""
    plan = queries.plans.of_result(tell.session, assessment_id)
    if plan is None:
        return
    day = tell.day(days_ago)
    plans.agree(
        tell.session,
        tell.ports,
        plan_id=plan.id,
        seen=plan.version,
        actor=tell.officer,
        now=tell.at(day),
        today=day,
    )
    tell.session.flush()
    required = [action for action in plan.actions if action.mandatory]
    _share_out(tell, plan, required, day)
    for number, action in enumerate(required[: verified + done]):
        on = min(day + timedelta(days=30 + 5 * number), tell.today)
        plans.report_done(
            tell.session,
            plan_id=plan.id,
            action_id=action.id,
            seen=action.version,
            note="Document sent; see the evidence of the assessment.",
            actor=tell.officer,
            now=tell.at(on),
            today=on,
        )
        tell.session.flush()
        if number < verified:
            plans.verify(
                tell.session,
                plan_id=plan.id,
                action_id=action.id,
                seen=action.version,
                actor=tell.officer,
                now=tell.at(on, 15),
                today=on,
            )
            tell.session.flush()


def _share_out(tell: Teller, plan: Any, required: list[Any], day: date) -> None:
    """Give each required action an owner and a day, spread over the time of the plan."""
    last = plan.due_on or day
    owners = ("director’s office", "administration", "PSEA focal point")
    for number, action in enumerate(required):
        share = (last - day) * (number + 1) // (len(required) + 1)
        plans.edit_action(
            tell.session,
            plan_id=plan.id,
            action_id=action.id,
            seen=action.version,
            terms=plans.ActionTerms(
                words="",
                owner_side=OwnerSide.PARTNER,
                owner=owners[number % len(owners)],
                due_on=day + share,
            ),
            actor=tell.officer,
            now=tell.at(day, 10),
        )
        tell.session.flush()

"""This file holds how a plan follows a result: opened, started, agreed, closed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.domain import deadlines, permissions, plan
from partner_assess.domain.assessment import State as AssessmentState
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.plan import (
    LIFE,
    OPEN,
    Action,
    ActionState,
    State,
)
from partner_assess.domain.policy import Policy
from partner_assess.domain.report import OwnerSide
from partner_assess.domain.risk import Risk
from partner_assess.usecases import suspensions
from partner_assess.usecases.plans import notes
from partner_assess.usecases.ports import Ports


def follow_result(
    session: Session, ports: Ports, assessment: Assessment, *, policy: Policy, now: datetime
) -> Plan | None:
    """Close the plans that a result replaces, and open the one it demands.

    A High result after a High one keeps the start of the clock that runs.

    Source: SA 55; domain.md 3.4, 3.6
    """
    if queries.plans.of_result(session, assessment.id) is not None:
        return None  # the preliminary result opened it

    framework = ports.catalogue.get(assessment.framework_id, assessment.framework_version)
    risk = assessment.risk
    final_on = assessment.effective_on
    if risk is None or final_on is None:
        raise RuleError("no_result")
    replaced = [
        one
        for one in queries.plans.open_plans(session, partner_ids=[assessment.partner_id])
        if one.rests_on.framework_id == assessment.framework_id
    ]
    for one in replaced:
        close(session, one, because="superseded", by=None, now=now)
        if risk is not Risk.HIGH:
            suspensions.close_open_questions(session, one, at=now, on=final_on)
    if not plan.is_needed(risk, assessment.ratings(), framework):
        return None

    opened = Plan(
        agency_id=assessment.agency_id,
        office_id=assessment.office_id,
        partner_id=assessment.partner_id,
        assessment_id=assessment.id,
        risk=risk,
        policy_name=policy.name,
        state=State.DRAFTING,
        created_at=now,
    )
    opened.set_dates(
        deadlines.plan_dates(
            policy,
            framework.id,
            risk,
            final_on=final_on,
            running_since=_running_since(session, assessment),
        )
    )
    session.add(opened)
    session.flush()
    session.add_all(
        PlanAction(
            plan_id=opened.id,
            position=position,
            standard_id=draft.standard_id,
            indicator_id=draft.indicator_id,
            mandatory=draft.mandatory,
            due_on=opened.due_on,
            state=ActionState.OPEN,
            owner_side=OwnerSide.PARTNER,
        )
        for position, draft in enumerate(plan.draft(framework, assessment.answer_sheet(), risk))
    )
    notes.record(session, opened, "drafted", by=None, at=now, moved=("", State.DRAFTING.value))
    session.flush()
    return opened


def _running_since(session: Session, assessment: Assessment) -> date | None:
    """Return the start of the clock that a High result finds running, also of a completed plan."""
    if assessment.risk is not Risk.HIGH:
        return None
    before = queries.assessments.previous(session, assessment)
    # A High result that was withdrawn leaves its clock running: only Moderate or Low ends it.
    while before and before.state is AssessmentState.WITHDRAWN and before.risk is not Risk.HIGH:
        before = queries.assessments.previous(session, before)
    if before is None or before.risk is not Risk.HIGH:
        return None
    found = queries.plans.of_result(session, before.id)
    return found.started_on if found else None


def start_clock(
    session: Session,
    ports: Ports,
    result_id: UUID,
    *,
    approved_on: date | None = None,
    agreed_on: date | None = None,
) -> None:
    """Start the clock of a plan whose policy waits for this day; one that runs is left alone."""
    found = queries.plans.of_result(session, result_id)
    if found is None or found.started_on is not None or found.rests_on.effective_on is None:
        return
    found.set_dates(
        deadlines.plan_dates(
            ports.policy(found.policy_name),
            found.rests_on.framework_id,
            found.risk,
            final_on=found.rests_on.effective_on,
            approved_on=approved_on,
            agreed_on=agreed_on,
        )
    )
    for action in found.actions:
        action.due_on = action.due_on or found.due_on


def agree(
    session: Session,
    ports: Ports,
    *,
    plan_id: UUID,
    seen: int,
    actor: Actor,
    now: datetime,
    today: date,
) -> Plan:
    """Note that partner and officer accept the plan."""
    found = queries.plans.lock(session, plan_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.PLAN_EDIT, found.standing())

    to = LIFE.next(found.state, Action.AGREE)

    before = found.state
    found.state, found.agreed_on, found.agreed_by = to, today, actor.user_id
    notes.record(session, found, "agreed", by=actor.user_id, at=now, moved=(before.value, to.value))
    start_clock(session, ports, found.rests_on.id, agreed_on=today)
    return found


def close_of(
    session: Session,
    assessment_id: UUID,
    *,
    because: str,
    by: UUID | None,
    now: datetime,
    today: date,
) -> None:
    """Close the open plan of an assessment, if there is one."""
    found = queries.plans.of_result(session, assessment_id)
    if found is not None and found.state in OPEN:
        close(session, found, because=because, by=by, now=now)
        suspensions.close_open_questions(session, found, at=now, on=today)


def close(session: Session, found: Plan, *, because: str, by: UUID | None, now: datetime) -> None:
    """Close an open plan, and say what closed it."""
    before = found.state
    found.state = LIFE.next(found.state, Action.CLOSE)
    found.closed_at, found.closed_because = now, because
    notes.record(
        session,
        found,
        "closed",
        by=by,
        at=now,
        moved=(before.value, found.state.value),
        because=because,
    )

"""This file holds how a plan follows a result: opened, started, agreed, closed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain import deadlines, permissions, plan
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

# What a plan closes the gaps of: an own result, or an accepted one of another agency.
Finding = Assessment | ReceivedReport


def follow_result(
    session: Session,
    ports: Ports,
    found: Finding,
    *,
    policy: Policy,
    now: datetime,
    today: date,
) -> None:
    """Close the plans that a result replaces, open the one it demands, and set the clock by it.

    The result is an own one, or an accepted report of another agency.

    Source: SA 55; domain.md 3.4, 3.6
    """
    if queries.plans.of_result(session, found.id) is None:
        for one in queries.plans.open_plans(session, partner_ids=[_partner_of(found)]):
            if one.rests_on.framework_id == found.framework_id:
                _close(session, one, because="superseded", by=None, now=now)
        _open(session, ports, found, policy=policy, now=now)
    # else: the preliminary result opened it
    set_clock(session, ports, _partner_of(found), now=now, today=today)


def follow_withdrawal(
    session: Session,
    ports: Ports,
    found: Finding,
    *,
    by: UUID | None,
    now: datetime,
    today: date,
) -> None:
    """Close the open plan of a result that was taken back, and set the clock by the others."""
    opened = queries.plans.of_result(session, found.id)
    if opened is not None and opened.state in OPEN:
        _close(session, opened, because="withdrawn", by=by, now=now)
    set_clock(session, ports, _partner_of(found), now=now, today=today)


def carry_over(session: Session, old: ReceivedReport, new: ReceivedReport, *, at: datetime) -> None:
    """Let the plan of an accepted report go on under its newer issue, which has the same result.

    Source: ours; docs/decisions/0019
    """
    plan_of_old = queries.plans.of_result(session, old.id)
    if plan_of_old is not None:
        plan_of_old.received_id, plan_of_old.received = new.id, new
        notes.record(session, plan_of_old, "carried_over", by=None, at=at)
        session.flush()


def _partner_of(found: Finding) -> UUID:
    if found.partner_id is None:
        raise RuleError("partner_unconfirmed")
    return found.partner_id


def set_clock(
    session: Session, ports: Ports, partner_id: UUID, *, now: datetime, today: date
) -> None:
    """Let the partner's one clock suspend for the plans it runs for, and for no other.

    A Moderate or Low result of one instrument ends the clock that a High one of the other has
    started: that plan stays, with its own date. Taken back, it has ended nothing.

    Source: ours; docs/decisions/0015
    """
    running = deadlines.running_since(queries.plans.turns(session, partner_id))
    for one in queries.plans.open_plans(session, partner_ids=[partner_id]):
        if one.risk is not Risk.HIGH or one.started_on is None:
            continue
        runs = running is not None and running <= one.started_on
        if runs and one.limit_on is None:
            _start(ports, one, running_since=one.started_on)
            notes.record(session, one, "clock_resumed", by=None, at=now)
        elif not runs and one.limit_on is not None:
            one.end_clock()
            notes.record(session, one, "clock_ended", by=None, at=now)
    suspensions.close_settled_questions(session, partner_id, at=now, on=today)


def _open(session: Session, ports: Ports, found: Finding, *, policy: Policy, now: datetime) -> None:
    framework = ports.catalogue.get(found.framework_id, found.framework_version)
    if found.risk is None:
        raise RuleError("no_result")
    if not plan.is_needed(found.risk, found.ratings(), framework):
        return

    own = found if isinstance(found, Assessment) else None
    received = found if isinstance(found, ReceivedReport) else None
    opened = Plan(
        agency_id=found.agency_id,
        office_id=found.office_id,
        partner_id=_partner_of(found),
        assessment=own,
        received=received,
        risk=found.risk,
        policy_name=policy.name,
        state=State.DRAFTING,
        created_at=now,
    )
    _start(ports, opened, running_since=_running_since(session, opened))
    session.add(opened)
    session.flush()
    drafts = (
        plan.draft(framework, own.answer_sheet(), found.risk)
        if own
        else plan.draft_from_ratings(framework, found.ratings(), found.risk)
    )
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
        for position, draft in enumerate(drafts)
    )
    notes.record(session, opened, "drafted", by=None, at=now, moved=("", State.DRAFTING.value))
    session.flush()


def _running_since(session: Session, found: Plan) -> date | None:
    """Return the start of the clock that a plan finds running; only a High one's goes on."""
    if found.risk is not Risk.HIGH:
        return None
    return deadlines.running_since(queries.plans.turns(session, found.partner_id))


def _start(
    ports: Ports,
    found: Plan,
    *,
    running_since: date | None,
    approved_on: date | None = None,
    agreed_on: date | None = None,
) -> None:
    if found.rests_on.effective_on is None:
        raise RuleError("no_result")
    found.set_dates(
        deadlines.plan_dates(
            ports.policy(found.policy_name),
            found.rests_on.framework_id,
            found.risk,
            final_on=found.rests_on.effective_on,
            approved_on=approved_on,
            agreed_on=agreed_on,
            running_since=running_since,
        )
    )


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
    if found is None or found.started_on is not None:
        return
    _start(
        ports,
        found,
        running_since=_running_since(session, found),
        approved_on=approved_on,
        agreed_on=agreed_on,
    )
    if found.risk is Risk.HIGH and _running_since(session, found) is None:
        found.end_clock()  # a Moderate or Low result of the other instrument came first
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


def _close(session: Session, found: Plan, *, because: str, by: UUID | None, now: datetime) -> None:
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

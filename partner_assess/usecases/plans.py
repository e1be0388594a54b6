"""This file holds what is done with action plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.domain import deadlines, permissions, plan
from partner_assess.domain.assessment import FROZEN
from partner_assess.domain.assessment import State as AssessmentState
from partner_assess.domain.errors import NotReady, RuleError
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.plan import (
    ACTION_LIFE,
    LIFE,
    OPEN,
    Action,
    ActionMove,
    ActionState,
    State,
)
from partner_assess.domain.policy import Policy
from partner_assess.domain.report import OwnerSide
from partner_assess.domain.risk import Risk
from partner_assess.usecases import suspensions, trail
from partner_assess.usecases.ports import Ports


class PlanNotOpen(RuleError):
    """The plan is completed or closed."""

    code = "plan_not_open"


class PlanNotAgreed(RuleError):
    """Work on actions begins once partner and officer have accepted the plan."""

    code = "plan_not_agreed"


@dataclass(frozen=True, slots=True)
class ActionTerms:
    """What is said about an action in a form. `words` empty keeps the model action."""

    words: str
    owner_side: OwnerSide
    owner: str
    due_on: date | None


def follow_result(
    session: Session, ports: Ports, assessment: Assessment, *, policy: Policy, now: datetime
) -> Plan | None:
    """Close the plans that a result replaces, and open the one it demands.

    A High result after a High one keeps the start of the clock that runs.

    Source: SA 55; domain.md 3.4, 3.6
    """
    if queries.plans.of_assessment(session, assessment.id) is not None:
        return None  # the preliminary result opened it

    framework = ports.catalogue.get(assessment.framework_id, assessment.framework_version)
    risk = assessment.risk
    final_on = assessment.effective_on
    if risk is None or final_on is None:
        raise RuleError("no_result")
    replaced = [
        one
        for one in queries.plans.open_plans(session, partner_ids=[assessment.partner_id])
        if one.assessment.framework_id == assessment.framework_id
    ]
    for one in replaced:
        _close(session, one, because="superseded", by=None, now=now)
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
    _record(session, opened, "drafted", by=None, at=now, moved=("", State.DRAFTING.value))
    session.flush()
    return opened


def _running_since(session: Session, assessment: Assessment) -> date | None:
    """Return the start of the clock that a High result finds running, also of a completed plan."""
    if assessment.risk is not Risk.HIGH:
        return None
    before = queries.assessments.previous(
        session, assessment, states=FROZEN - {AssessmentState.WITHDRAWN}
    )
    if before is None or before.risk is not Risk.HIGH:
        return None
    found = queries.plans.of_assessment(session, before.id)
    return found.started_on if found else None


def start_clock(
    session: Session,
    ports: Ports,
    assessment_id: UUID,
    *,
    approved_on: date | None = None,
    agreed_on: date | None = None,
) -> None:
    """Start the clock of a plan whose policy waits for this day; one that runs is left alone."""
    found = queries.plans.of_assessment(session, assessment_id)
    if found is None or found.started_on is not None or found.assessment.effective_on is None:
        return
    found.set_dates(
        deadlines.plan_dates(
            ports.policy(found.policy_name),
            found.assessment.framework_id,
            found.risk,
            final_on=found.assessment.effective_on,
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
    _record(session, found, "agreed", by=actor.user_id, at=now, moved=(before.value, to.value))
    start_clock(session, ports, found.assessment_id, agreed_on=today)
    return found


def edit_action(
    session: Session,
    *,
    plan_id: UUID,
    action_id: UUID,
    seen: int,
    terms: ActionTerms,
    actor: Actor,
    now: datetime,
) -> PlanAction:
    """Change the words, the owner or the day of an action that is not verified.

    Raises:
        NotReady: the day is after the plan's last day in time.
    """
    found = _lock_open(session, plan_id, actor, Permission.PLAN_EDIT)
    action = queries.plans.lock_action(session, action_id, plan_id=found.id, seen=seen)
    if action.state is ActionState.VERIFIED:
        raise PlanNotOpen
    last = found.due_on or found.limit_on
    if last is not None and terms.due_on is not None and terms.due_on > last:
        raise NotReady((last,), "action_after_plan")

    action.words, action.owner_side, action.owner = terms.words, terms.owner_side, terms.owner
    action.due_on = terms.due_on
    _record(session, found, "action_changed", by=actor.user_id, at=now, action_of=action)
    return action


def add_action(
    session: Session,
    *,
    plan_id: UUID,
    standard_id: str,
    terms: ActionTerms,
    actor: Actor,
    now: datetime,
) -> PlanAction:
    """Add a recommended action of one's own words."""
    found = _lock_open(session, plan_id, actor, Permission.PLAN_EDIT)
    last = found.due_on or found.limit_on
    if last is not None and terms.due_on is not None and terms.due_on > last:
        raise NotReady((last,), "action_after_plan")

    action = PlanAction(
        plan_id=found.id,
        position=max((a.position for a in found.actions), default=-1) + 1,
        standard_id=standard_id,
        mandatory=False,
        words=terms.words,
        owner_side=terms.owner_side,
        owner=terms.owner,
        due_on=terms.due_on,
        state=ActionState.OPEN,
    )
    session.add(action)
    session.flush()
    _record(session, found, "action_added", by=actor.user_id, at=now, action_of=action)
    return action


def report_done(
    session: Session,
    *,
    plan_id: UUID,
    action_id: UUID,
    seen: int,
    note: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> PlanAction:
    """Note that the owner says an action is done; the first one sets the plan in progress."""
    found = _lock_open(session, plan_id, actor, Permission.PLAN_EDIT)
    if found.state is State.DRAFTING:
        raise PlanNotAgreed
    action = queries.plans.lock_action(session, action_id, plan_id=found.id, seen=seen)
    to = ACTION_LIFE.next(action.state, ActionMove.REPORT_DONE)

    action.report_done(to=to, on=today, note=note)
    if LIFE.allows(found.state, Action.START):
        found.state = LIFE.next(found.state, Action.START)
    _record(session, found, "action_done", by=actor.user_id, at=now, action_of=action)
    return action


def verify(
    session: Session,
    *,
    plan_id: UUID,
    action_id: UUID,
    seen: int,
    actor: Actor,
    now: datetime,
    today: date,
) -> PlanAction:
    """Verify a done action; the last mandatory one completes the plan.

    A completed plan answers the questions its 12-month date had opened; what the clock has
    suspended stays so until the head of office lifts it.
    """
    found, action = _lock_done(session, plan_id, action_id, seen, actor)
    to = ACTION_LIFE.next(action.state, ActionMove.VERIFY)

    action.check(to=to, by=actor.user_id, on=today, comment="")
    _record(session, found, "action_verified", by=actor.user_id, at=now, action_of=action)
    if found.progress().is_complete and LIFE.allows(found.state, Action.COMPLETE):
        before = found.state
        found.state, found.completed_on = LIFE.next(found.state, Action.COMPLETE), today
        _record(
            session,
            found,
            "completed",
            by=actor.user_id,
            at=now,
            moved=(before.value, found.state.value),
        )
        suspensions.close_open_questions(session, found, at=now, on=today)
    return action


def send_back(
    session: Session,
    *,
    plan_id: UUID,
    action_id: UUID,
    seen: int,
    comment: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> PlanAction:
    """Return a done action to its owner, with a comment.

    Raises:
        NotReady: the comment is empty.
    """
    found, action = _lock_done(session, plan_id, action_id, seen, actor)
    to = ACTION_LIFE.next(action.state, ActionMove.SEND_BACK)
    if not comment.strip():
        raise NotReady(("comment",), "comment_missing")

    action.check(to=to, by=actor.user_id, on=today, comment=comment)
    _record(
        session,
        found,
        "action_returned",
        by=actor.user_id,
        at=now,
        action_of=action,
        comment=comment,
    )
    return action


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
    found = queries.plans.of_assessment(session, assessment_id)
    if found is not None and found.state in OPEN:
        _close(session, found, because=because, by=by, now=now)
        suspensions.close_open_questions(session, found, at=now, on=today)


def _lock_open(session: Session, plan_id: UUID, actor: Actor, permission: Permission) -> Plan:
    found = queries.plans.lock(session, plan_id, agency_id=actor.agency_id)
    permissions.require(actor, permission, found.standing())
    if found.state not in OPEN:
        raise PlanNotOpen
    return found


def _lock_done(
    session: Session, plan_id: UUID, action_id: UUID, seen: int, actor: Actor
) -> tuple[Plan, PlanAction]:
    found = _lock_open(session, plan_id, actor, Permission.PLAN_VERIFY)
    return found, queries.plans.lock_action(session, action_id, plan_id=found.id, seen=seen)


def _close(session: Session, found: Plan, *, because: str, by: UUID | None, now: datetime) -> None:
    before = found.state
    found.state = LIFE.next(found.state, Action.CLOSE)
    found.closed_at, found.closed_because = now, because
    _record(
        session,
        found,
        "closed",
        by=by,
        at=now,
        moved=(before.value, found.state.value),
        because=because,
    )


def _record(
    session: Session,
    found: Plan,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    action_of: PlanAction | None = None,
    comment: str = "",
    because: str = "",
) -> None:
    facts = {"because": because} if because else {}
    if action_of is not None:
        facts |= {"standard_id": action_of.standard_id, "action_id": str(action_of.id)}
    trail.record(
        session,
        found,
        action,
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
        **facts,
    )

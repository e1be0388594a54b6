"""This file holds what is done with the actions of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.domain import permissions
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
    is_finished,
)
from partner_assess.domain.report import OwnerSide
from partner_assess.usecases import suspensions
from partner_assess.usecases.plans import notes


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
    notes.record(session, found, "action_changed", by=actor.user_id, at=now, action_of=action)
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
    notes.record(session, found, "action_added", by=actor.user_id, at=now, action_of=action)
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
    notes.record(session, found, "action_done", by=actor.user_id, at=now, action_of=action)
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
    """Verify a done action; the last mandatory one (without any, the last) completes the plan.

    A completed plan answers the questions its 12-month date had opened; what the clock has
    suspended stays so until the head of office lifts it.
    """
    found, action = _lock_done(session, plan_id, action_id, seen, actor)
    to = ACTION_LIFE.next(action.state, ActionMove.VERIFY)

    action.check(to=to, by=actor.user_id, on=today, comment="")
    notes.record(session, found, "action_verified", by=actor.user_id, at=now, action_of=action)
    finished = is_finished((one.mandatory, one.state) for one in found.actions)
    if finished and LIFE.allows(found.state, Action.COMPLETE):
        before = found.state
        found.state, found.completed_on = LIFE.next(found.state, Action.COMPLETE), today
        notes.record(
            session,
            found,
            "completed",
            by=actor.user_id,
            at=now,
            moved=(before.value, found.state.value),
        )
        suspensions.close_settled_questions(session, found.partner_id, at=now, on=today)
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
    notes.record(
        session,
        found,
        "action_returned",
        by=actor.user_id,
        at=now,
        action_of=action,
        comment=comment,
    )
    return action


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

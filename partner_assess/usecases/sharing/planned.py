"""This file holds what is shared of an action plan, and of what its passed date has led to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.domain import partnership, plan, report
from partner_assess.domain.framework import Determination, FrameworkText
from partner_assess.domain.policy import ClockStart
from partner_assess.domain.report.kinds import CONTROLS
from partner_assess.domain.suspension import Cause, State
from partner_assess.usecases import suspensions
from partner_assess.usecases.assessments import framework_of
from partner_assess.usecases.ports import Ports


def plan_of(
    session: Session,
    ports: Ports,
    found: Assessment,
    *,
    partnerships: Sequence[Partnership],
    text: FrameworkText,
    today: date,
) -> report.Plan | None:
    """Return the plan that the result opened, with its actions' words in a language."""
    opened = queries.plans.of_result(session, found.id)
    if opened is None:
        return None
    done = opened.progress()
    return report.Plan(
        state=opened.state.value,
        starts_on=opened.started_on,
        starts_from=_starts_from(ports, opened, found),
        due_on=opened.due_on,
        extended_to=None,
        suspends_on=opened.suspends_on,
        exception_in_force=_has_exception(session, partnerships, today),
        suspended_since=_suspended_since(session, ports, opened, partnerships, today),
        mandatory_count=done.mandatory,
        verified_count=done.verified,
        actions=tuple(
            report.PlannedAction(
                standard=one.standard_id,
                text=CONTROLS.sub("", one.words)
                or text.standards[one.standard_id].action_for(one.indicator_id),
                owner=one.owner_side,
                due_on=one.due_on,
                state=one.state.value,
                verified_on=one.verified_on,
                mandatory=one.mandatory,
            )
            for one in opened.actions
        ),
    )


def last_monitored_on(found: report.Plan | None) -> date | None:
    """Return the last day on which the agency verified an action."""
    days = [one.verified_on for one in found.actions if one.verified_on] if found else []
    return max(days, default=None)


def _starts_from(ports: Ports, opened: Plan, found: Assessment) -> str | None:
    """Return which day started the clock; None where it has run since an earlier result."""
    if opened.started_on is None or found.effective_on is None:
        return None
    if opened.started_on < found.effective_on:
        return None
    start = ports.policy(opened.policy_name).clock_start
    is_two_steps = framework_of(ports, found).determination is Determination.PRELIMINARY
    return "preliminary" if start is ClockStart.FINAL and is_two_steps else start.value


def _has_exception(session: Session, partnerships: Sequence[Partnership], today: date) -> bool:
    running = [one.id for one in partnerships if one.state is not partnership.State.ENDED]
    return any(
        one.from_on <= today <= one.ends_on
        for one in queries.suspensions.exceptions(session, running)
    )


def _suspended_since(
    session: Session,
    ports: Ports,
    opened: Plan,
    partnerships: Sequence[Partnership],
    today: date,
) -> date | None:
    """Return since when a partnership is suspended by this plan's date, written yet or not."""
    by_id = {one.id: one for one in partnerships}
    cases = queries.suspensions.of_partnerships(session, list(by_id))
    since = [
        one.since
        for one in cases
        # By the date and not by the plan: a High result after a High one keeps the date.
        if one.cause is Cause.DEADLINE
        and one.deadline_on == opened.limit_on
        and one.state is State.SUSPENDED
        and by_id[one.partnership_id].state is partnership.State.SUSPENDED
    ]
    if opened.state in plan.OPEN and opened.suspends_on is not None:
        due = suspensions.due(session, ports, [opened], today=today)
        since += [one.since for one in due if one.to is State.SUSPENDED]
    return min(since, default=None)

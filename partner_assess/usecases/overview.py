"""This file holds how partnerships stand on a day, computed from dates and not only from states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.approval import Approval
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.db.models.suspension import SuspensionCase
from partner_assess.domain import approval, partnership, suspension
from partner_assess.domain.partnership import Result, State
from partner_assess.domain.risk import Risk
from partner_assess.usecases import suspensions
from partner_assess.usecases.ports import Ports


@dataclass(frozen=True, slots=True)
class Standing:
    """How one partnership stands on a day.

    Attributes:
        state: As it counts: a passed deadline shows before the sweep has written it.
        approval: The one that carries it, if any.
        asked: The request that waits, if any.
        case: The newest case; `case_state` is how it counts.
        approval_due_on: Day by which a running High one must be decided.
    """

    partnership: Partnership
    result: Result
    state: State
    plan: Plan | None
    approval: Approval | None
    asked: Approval | None
    case: SuspensionCase | None
    case_state: suspension.State | None
    lives_at_risk: bool
    exception_until: date | None
    approval_due_on: date | None
    reassessment_due: bool
    suspends_on: date | None


def standings(
    session: Session,
    ports: Ports,
    partnerships: Sequence[Partnership],
    *,
    today: date,
    open_plans: Sequence[Plan] | None = None,
) -> list[Standing]:
    """Return how these partnerships stand on `today`, in a number of queries that does not grow.

    Whoever has the open plans of their partners already hands them in; else they are asked for.
    """
    ids = [one.id for one in partnerships]
    if open_plans is None:
        partner_ids = list({one.partner_id for one in partnerships})
        open_plans = queries.plans.open_plans(session, partner_ids=partner_ids)
    plans = _deciding(open_plans)
    approvals = queries.approvals.of_partnerships(session, ids)
    cases = queries.suspensions.of_partnerships(session, ids)
    exceptions = queries.suspensions.exceptions(session, ids)
    due = {
        one.partnership.id: one.to
        for one in suspensions.due(session, ports, list(plans.values()), today=today)
    }
    return [
        _standing(
            ports,
            found,
            plan=plans.get(found.partner_id),
            approvals=[one for one in approvals if one.partnership_id == found.id],
            cases=[one for one in cases if one.partnership_id == found.id],
            exception_until=next(
                (
                    one.ends_on
                    for one in exceptions
                    if one.partnership_id == found.id and one.from_on <= today <= one.ends_on
                ),
                None,
            ),
            due=due.get(found.id),
            today=today,
        )
        for found in partnerships
    ]


def _deciding(plans: Sequence[Plan]) -> dict[UUID, Plan]:
    """Return for each partner the plan that suspends soonest, else the one due soonest."""
    found: dict[UUID, Plan] = {}
    for plan in sorted(
        plans, key=lambda p: (p.suspends_on or date.max, p.due_on or date.max, str(p.id))
    ):
        found.setdefault(plan.partner_id, plan)
    return found


def _standing(
    ports: Ports,
    found: Partnership,
    *,
    plan: Plan | None,
    approvals: Sequence[Approval],
    cases: Sequence[SuspensionCase],
    exception_until: date | None,
    due: suspension.State | None,
    today: date,
) -> Standing:
    result = found.partner.result()
    policy = ports.policy(plan.policy_name if plan else found.office.agency.policy_name)
    carrying = next(
        (
            one
            for one in approvals
            if approval.is_valid(
                one.state,
                digest=one.result_digest,
                valid_until=one.valid_until,
                result=result,
                today=today,
            )
        ),
        None,
    )
    state = State.SUSPENDED if due is suspension.State.SUSPENDED else found.state
    is_over = state is State.ENDED
    case = cases[-1] if cases else None
    is_open = case is not None and case.state in suspension.OPEN
    case_state = due or (case.state if case is not None and is_open else None)
    return Standing(
        partnership=found,
        result=result,
        state=state,
        plan=plan,
        approval=carrying,
        asked=next((one for one in approvals if one.state is approval.State.REQUIRED), None),
        case=case,
        case_state=case_state,
        lives_at_risk=not is_over and suspensions.lives_at_risk(policy, found, today=today),
        exception_until=None if is_over else exception_until,
        approval_due_on=partnership.approval_due_on(
            state,
            result,
            today=today,
            approved=carrying is not None,
            open_again=_open_again(found, approvals, cases),
            days=policy.approval_days,
        ),
        reassessment_due=partnership.reassessment_is_due(state, result, today=today),
        suspends_on=_suspends_on(plan, state, cases),
    )


def _open_again(
    found: Partnership, approvals: Sequence[Approval], cases: Sequence[SuspensionCase]
) -> list[date]:
    """Return the days on which the question of an approval opened again."""
    zone = ZoneInfo(found.office.timezone)
    lifted = [one.since for one in cases if one.state is suspension.State.LIFTED]
    return [day for one in approvals if (day := one.over_from(zone)) is not None] + lifted


def _suspends_on(plan: Plan | None, state: State, cases: Sequence[SuspensionCase]) -> date | None:
    """Return the day a partnership can still be suspended for its plan, None once it cannot."""
    if plan is None or state in {State.SUSPENDED, State.ENDED} or plan.progress().is_complete:
        return None
    # By the date and not by the plan: a High result after a High one keeps the date.
    if any(
        one.cause is suspension.Cause.DEADLINE
        and one.deadline_on == plan.limit_on
        and one.state is suspension.State.LIFTED
        for one in cases
    ):
        return None
    return plan.suspends_on


@dataclass(frozen=True, slots=True)
class Row:
    """A partnership as it is listed."""

    reference: str
    partner: str
    agency: str
    office: str
    risk: Risk | None
    state: State
    approved_on: date | None
    plan_due_on: date | None
    suspends_on: date | None
    lives_at_risk: bool
    exception_until: date | None


def partnerships(session: Session, ports: Ports, *, today_of: Callable[[str], date]) -> list[Row]:
    """Return every partnership of the installation, by reference, as of its office's today."""
    found = queries.partnerships.all_partnerships(session)
    rows: list[Row] = []
    for zone in sorted({one.office.timezone for one in found}):
        today = today_of(zone)
        there = [one for one in found if one.office.timezone == zone]
        rows += [_row(one, today) for one in standings(session, ports, there, today=today)]
    return sorted(rows, key=lambda row: (row.reference, row.agency))


def _row(one: Standing, today: date) -> Row:
    found = one.partnership
    return Row(
        reference=found.reference,
        partner=found.partner.name,
        agency=found.office.agency.code,
        office=found.office.name,
        risk=one.result.risk if one.result.is_valid(today) else None,
        state=one.state,
        approved_on=one.approval.decided_on if one.approval else None,
        plan_due_on=one.plan.due_on if one.plan and one.state is not State.ENDED else None,
        suspends_on=one.suspends_on,
        lives_at_risk=one.lives_at_risk,
        exception_until=one.exception_until,
    )


def plans(session: Session) -> Sequence[Plan]:
    """Return the open plans of the installation, soonest due first."""
    return queries.plans.open_plans(session)

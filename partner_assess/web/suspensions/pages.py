"""This file holds what the page about a suspension shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partner_assess.domain import deadlines
from partner_assess.domain.permissions import Permission
from partner_assess.domain.plan import Progress
from partner_assess.domain.suspension import LIFE, OPEN, Action, Cause, State
from partner_assess.usecases import suspensions
from partner_assess.web import context

if TYPE_CHECKING:
    from partner_assess.db.models.plan import Plan
    from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase
    from partner_assess.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class CasePage:
    """One partnership past its 12-month date, or suspended for another cause.

    Attributes:
        state: As it counts today: an exception that has ended shows before the sweep wrote it.
        is_written: The case is stored in that state, so that its deeds can be done.
        since: First day of that state; `days` counts from it.
        progress: How far the plan is; None where there is none or the reader may not see it.
        exceptions: The one that ends last first.
        sees_reasons: Who decided and why is known to the office; the others see state and days.
        marks_count: The mark *lives at risk* is confirmed and counts today.
    """

    case: SuspensionCase
    state: State
    is_written: bool
    since: date
    days: int
    plan: Plan | None
    progress: Progress | None
    exceptions: Sequence[LifeSavingException]
    marks_count: bool
    decided_by: str
    sees_reasons: bool
    may_decide: bool
    may_lift: bool
    may_suspend: bool
    may_except: bool
    today: date

    @property
    def is_deadline(self) -> bool:
        """Return whether a 12-month date is behind it."""
        return self.case.cause is Cause.DEADLINE

    @property
    def is_open(self) -> bool:
        """Return whether something can still be decided."""
        return self.state in OPEN

    @classmethod
    def of(
        cls,
        case: SuspensionCase,
        plan: Plan | None,
        policy: Policy,
        *,
        due: Sequence[suspensions.Due],
        exceptions: Sequence[LifeSavingException],
        decided_by: str,
        today: date,
    ) -> CasePage:
        """Return the page of a case on a day; `due` is what the clock has to do for its plan."""
        step = next((one for one in due if one.case and one.case.id == case.id), None)
        now, since = (step.to, step.since) if step else (case.state, case.since)
        may_decide = context.may(Permission.SUSPENSION_DECIDE, case.standing())
        sees_plan = plan is not None and context.may(Permission.PLAN_READ, plan.standing())
        sees_reasons = context.may(Permission.APPROVAL_READ, case.partnership.standing())
        is_deadline = case.cause is Cause.DEADLINE
        return cls(
            case=case,
            state=now,
            is_written=now is case.state,
            since=since,
            days=-deadlines.days_left(since, today=today),
            plan=plan if sees_plan else None,
            progress=plan.progress() if plan is not None and sees_plan else None,
            exceptions=exceptions,
            marks_count=suspensions.lives_at_risk(policy, case.partnership, today=today),
            decided_by=decided_by if sees_reasons else "",
            sees_reasons=sees_reasons,
            may_decide=may_decide,
            may_lift=may_decide and LIFE.allows(case.state, Action.LIFT),
            may_suspend=may_decide
            and now is not State.SUSPENDED
            and LIFE.allows(case.state, Action.SUSPEND),
            may_except=may_decide and is_deadline and case.state in OPEN,
            today=today,
        )

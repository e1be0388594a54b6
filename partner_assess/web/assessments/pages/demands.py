"""This file holds what a result demands, with days and states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from flask import url_for

from partner_assess.domain import deadlines
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.partnership import State as PartnershipState
from partner_assess.domain.permissions import Permission
from partner_assess.domain.plan import OPEN as OPEN_PLANS
from partner_assess.domain.risk import Risk
from partner_assess.web import context
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext

if TYPE_CHECKING:
    from partner_assess.db.models.approval import Approval
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.partnership import Partnership
    from partner_assess.db.models.plan import Plan


@dataclass(frozen=True, slots=True)
class About:
    """One partnership (or the plan) under a demand: where it stands, and until when.

    Attributes:
        url: Empty where the reader has nothing to open.
    """

    name: str
    url: str
    link: str
    state: StrEnum | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a result demands."""

    title: str
    text: str
    due_on: date | None = None
    items: tuple[About, ...] = ()


def of(
    assessment: Assessment,
    plan: Plan | None,
    approvals: Sequence[Approval],
    partnerships: Sequence[Partnership],
    critical_gaps: Sequence[str],
) -> tuple[Demand, ...]:
    """Return what a result in force demands.

    Source: SA 55; domain.md 1.4
    """
    return {Risk.HIGH: _of_high, Risk.MODERATE: _of_moderate, Risk.LOW: _of_low}[
        assessment.risk or Risk.HIGH
    ](assessment, plan, approvals, partnerships, len(critical_gaps))


def _of_high(
    assessment: Assessment,
    plan: Plan | None,
    approvals: Sequence[Approval],
    partnerships: Sequence[Partnership],
    gap_count: int,
) -> tuple[Demand, ...]:
    items = tuple(
        _of_partnership(one, assessment, approvals)
        for one in partnerships
        if one.state is not PartnershipState.ENDED
    )
    found = [
        Demand(
            _("Written justification and prior approval by the head of office"),
            _("For each partnership, before an agreement is signed or renewed."),
            items=items,
        ),
        Demand(
            _("More assurance"),
            _("More visits and checks than for others; the request for approval says which."),
        ),
        _plan_demand(plan),
    ]
    found.append(
        Demand(
            _("Otherwise the partnership is suspended"),
            _("Unless suspending would endanger lives: the head of office decides on that."),
            due_on=plan.suspends_on if plan else None,
        )
    )
    return tuple(found)


def _of_moderate(
    _assessment: Assessment,
    plan: Plan | None,
    _approvals: Sequence[Approval],
    _partnerships: Sequence[Partnership],
    _gap_count: int,
) -> tuple[Demand, ...]:
    return (
        Demand(_("The partnership may proceed"), _("No approval is needed for this result.")),
        _plan_demand(plan),
        Demand(_("Monitoring"), _("Look at the plan’s progress at its checkpoints.")),
    )


def _of_low(
    _assessment: Assessment,
    plan: Plan | None,
    _approvals: Sequence[Approval],
    _partnerships: Sequence[Partnership],
    gap_count: int,
) -> tuple[Demand, ...]:
    found = [
        Demand(
            _("The partnership may proceed"),
            _("No approval is needed for this result; routine assurance is enough."),
        )
    ]
    if plan is not None:
        text = (
            ngettext(
                "%(num)s standard has nothing in place: its action is required, whatever the"
                " total.",
                "%(num)s standards have nothing in place: their actions are required, whatever"
                " the total.",
                gap_count,
            )
            if gap_count
            else _("Recommended actions for what is not fully in place.")
        )
        found.append(replace(_plan_demand(plan), text=text))
    return tuple(found)


def _plan_demand(plan: Plan | None) -> Demand:
    if plan is None:
        return Demand(_("Action plan"), _("No plan is open for this result."))
    months = (
        context.ports()
        .policy(plan.policy_name)
        .plan_length(plan.rests_on.framework_id)
        .months(plan.risk)
    )
    title = (
        ngettext(
            "Action plan, carried out in %(num)s month",
            "Action plan, carried out in %(num)s months",
            months,
        )
        if months
        else _("Action plan")
    )
    waits = months is not None and plan.started_on is None
    return Demand(
        title,
        _("The months begin with the approval or the agreement, as the policy says.")
        if waits
        else "",
        due_on=plan.due_on,
        items=(
            About(
                "",
                url_for("plans.show", plan_id=plan.id),
                _("Open the action plan") if plan.state in OPEN_PLANS else _("See the action plan"),
                plan.state,
                None,
            ),
        ),
    )


def _of_partnership(
    partnership: Partnership, assessment: Assessment, approvals: Sequence[Approval]
) -> About:
    """Return where the approval of one partnership stands."""
    own = [one for one in approvals if one.partnership_id == partnership.id]
    if not own:
        may_ask = context.may(Permission.APPROVAL_ASK, partnership.standing())
        return About(
            partnership.reference,
            url_for("approvals.ask", partnership_id=partnership.id) if may_ask else "",
            _("Ask for approval"),
            None,
            _approval_due(partnership, assessment),
        )
    last = own[-1]
    return About(
        partnership.reference,
        url_for("approvals.show", approval_id=last.id),
        _("See the request"),
        last.state,
        last.decide_by if last.state is ApprovalState.REQUIRED else None,
    )


def _approval_due(partnership: Partnership, assessment: Assessment) -> date | None:
    if partnership.state is not PartnershipState.ACTIVE or assessment.effective_on is None:
        return None
    days = context.ports().policy(context.policy_name()).approval_days
    return deadlines.add_days(assessment.effective_on, days)

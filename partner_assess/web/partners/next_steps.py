"""This file holds what comes next for a partner at high SEA risk: one sentence, one deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from partner_assess.domain.partnership import State
from partner_assess.domain.permissions import Permission
from partner_assess.domain.plan import Health
from partner_assess.usecases.overview import Standing
from partner_assess.web import context, i18n
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext

if TYPE_CHECKING:
    from partner_assess.web.partners.pages import PlanLine


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, and the page where it is done."""

    text: str
    deed: str
    url: str


def of(standings: Sequence[Standing], plans: Sequence[PlanLine]) -> NextStep | None:
    """Return the next step of a partner at high SEA risk, None where nothing waits."""
    return _approval(standings) or _plan(standings, plans)


def _approval(standings: Sequence[Standing]) -> NextStep | None:
    for one in standings:
        may_ask = context.may(Permission.APPROVAL_ASK, one.partnership.standing())
        is_open = one.state in {State.PROPOSED, State.ACTIVE}
        if may_ask and is_open and one.approval is None and one.asked is None:
            return NextStep(
                _("Approval is needed: %(title)s", title=one.partnership.title),
                _("Ask for approval"),
                url_for("approvals.ask", partnership_id=one.partnership.id),
            )
    return None


def _plan(standings: Sequence[Standing], plans: Sequence[PlanLine]) -> NextStep | None:
    if not plans:
        return None
    first = plans[0]
    if first.health is not Health.ON_TRACK:
        left = ""  # the page says it above
    elif first.days_left is None:
        left = _("The action plan has no last day yet.")
    else:
        left = ngettext(
            "%(num)s day left for the action plan.",
            "%(num)s days left for the action plan.",
            first.days_left,
        )
    days = [one.suspends_on for one in standings if one.suspends_on]
    until = (
        _("Unfinished, the partnership is suspended on %(day)s.", day=i18n.day(min(days)))
        if days
        else ""
    )
    return NextStep(
        f"{left} {until}".strip(),
        _("Open the action plan"),
        url_for("plans.show", plan_id=first.plan.id),
    )

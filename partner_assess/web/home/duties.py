"""This file holds what waits for a person: duties, each with its day, its page and its state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for

from partner_assess.db import queries
from partner_assess.domain import assessment, partnership, plan, suspension
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.web import context
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.plan import Plan

STUCK_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that waits.

    Attributes:
        due_on: The day it is due; None where no rule sets one.
        since: Where there is no due day, since when it waits.
        state: A state to draw, or None where the tier is drawn.
    """

    title: str
    url: str
    partner: str
    more: str
    due_on: date | None
    since: date
    state: assessment.State | suspension.State | None = None
    capacity: Capacity | None = None
    risk: Risk | None = None

    def days_left(self, today: date) -> int | None:
        """Return the days until it is due, negative when late."""
        return (self.due_on - today).days if self.due_on else None


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose duties: an agency's offices (None: all) on a day."""

    offices: frozenset[UUID] | None
    today: date

    def own(self) -> dict[str, Any]:
        """Return how queries are told."""
        return {"agency_id": context.actor().agency_id, "offices": self.offices}


def assessments_to_finish(desk: Desk) -> Iterator[Duty]:
    """Yield what the actor has to answer."""
    states = assessment.OPEN - {assessment.State.SUBMITTED}
    found = queries.assessments.waiting(
        context.session(),
        agency_id=context.actor().agency_id,
        states=frozenset(states),
        offices=None,
        assessor_id=context.actor().user_id,
    )
    for one in found:
        yield _unfinished(one)


def _unfinished(one: Assessment) -> Duty:
    framework = context.ports().catalogue.get(one.framework_id, one.framework_version)
    rated = len(one.ratings())
    if one.state is assessment.State.RETURNED:
        title = _("Answer the comments on the returned assessment")
    else:
        title = _(
            "Finish the assessment: %(rated)s of %(all)s standards rated",
            rated=rated,
            all=len(framework.standards),
        )
    return Duty(
        title=title,
        url=url_for("assessments.show", assessment_id=one.id),
        partner=one.partner.name,
        more=one.reference,
        due_on=None,
        since=one.touched_at.date(),
        state=one.state,
    )


def assessments_to_review(desk: Desk) -> Iterator[Duty]:
    """Yield what the PSEA focal point has to check."""
    found = queries.assessments.waiting(
        context.session(),
        agency_id=context.actor().agency_id,
        states=frozenset({assessment.State.SUBMITTED}),
        offices=desk.offices,
    )
    for one in found:
        yield Duty(
            title=_("Review the submitted assessment"),
            url=url_for("assessments.review", assessment_id=one.id),
            partner=one.partner.name,
            more=one.reference,
            due_on=None,
            since=one.touched_at.date(),
            state=one.state,
        )


def plans_to_follow(desk: Desk) -> Iterator[Duty]:
    """Yield plans to agree, actions to check, plans at risk, overdue or about to end."""
    for one in queries.plans.open_plans(
        context.session(),
        agency_id=context.actor().agency_id,
        offices=desk.offices,
        limit=200,
    ):
        yield from _plan_duties(one, desk)


def _plan_duties(one: Plan, desk: Desk) -> Iterator[Duty]:
    policy = context.ports().policy(one.policy_name)
    done = one.progress()
    common: dict[str, Any] = {
        "url": url_for("plans.show", plan_id=one.id),
        "partner": one.partner.name,
        "since": one.created_at.date(),
        "capacity": one.rests_on.capacity,
        "risk": one.risk,
    }
    if one.state is plan.State.DRAFTING and one.due_on is not None:
        yield Duty(
            title=_("Agree the action plan with the partner"),
            more=ngettext("%(num)s required action", "%(num)s required actions", done.mandatory),
            due_on=one.created_at.date() + timedelta(days=policy.plan_agree_days),
            **common,
        )
    how = plan.health(
        done,
        due_on=one.due_on,
        today=desk.today,
        at_risk_days=policy.at_risk_days,
        share_percent=policy.at_risk_share_percent,
    )
    # One row a plan: what waits for a check is said beside, or stands alone.
    to_check = ngettext(
        "Check %(num)s action reported as done",
        "Check %(num)s actions reported as done",
        done.waiting,
    )
    if how is not plan.Health.ON_TRACK:
        title = (
            _("Plan overdue: %(verified)s of %(all)s required actions verified")
            if how is plan.Health.OVERDUE
            else _("Plan at risk: %(verified)s of %(all)s required actions verified")
        )
        ahead = one.suspends_on is not None and desk.today < one.suspends_on
        said = [to_check] * bool(done.waiting) + [_("suspension the day after")] * ahead
        yield Duty(
            title=title % {"verified": done.verified, "all": done.mandatory},
            more="; ".join(said),
            due_on=one.due_on,
            **common,
        )
    elif done.waiting:
        yield Duty(title=to_check, more="", due_on=one.due_on, **common)


def results_to_renew(desk: Desk) -> Iterator[Duty]:
    """Yield results about to expire, and running partnerships without a valid one."""
    notice = context.ports().policy(context.policy_name()).reassessment_notice_days
    for one in queries.assessments.expiring(
        context.session(), until=desk.today + timedelta(days=notice), **desk.own()
    ):
        yield Duty(
            title=_("Assess again: the result expires"),
            url=url_for("partners.show", partner_id=one.partner_id),
            partner=one.partner.name,
            more=one.reference,
            due_on=one.expires_on,
            since=one.touched_at.date(),
            capacity=one.capacity,
            risk=one.risk,
        )
    for found in queries.partnerships.active_without_result(
        context.session(), today=desk.today, **desk.own()
    ):
        if found.partner.result().basis is partnership.Basis.NONE:
            due_on = found.starts_on
        else:
            due_on = found.partner.current_expires_on or found.starts_on
        yield Duty(
            title=_("Re-assessment due: a partnership runs without a valid result"),
            url=url_for("partners.show", partner_id=found.partner_id),
            partner=found.partner.name,
            more=found.title,
            due_on=due_on,
            since=due_on,
        )

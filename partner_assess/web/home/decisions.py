"""This file holds what the head of office is asked to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import url_for

from partner_assess.db import queries
from partner_assess.domain import suspension
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.usecases import overview, suspensions
from partner_assess.web import context
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    pass
from partner_assess.web.home.duties import Desk, Duty


def approvals_to_ask(desk: Desk) -> Iterator[Duty]:
    """Yield running high-risk partnerships that nobody has asked approval for."""
    return _unasked(desk, _("Ask for approval: the partnership runs at high SEA risk"))


def approvals_not_asked(desk: Desk) -> Iterator[Duty]:
    """Yield the same, as who waits for the request sees it."""
    return _unasked(desk, _("The officer has not asked for approval yet"))


def _unasked(desk: Desk, title: str) -> Iterator[Duty]:
    found = queries.partnerships.active_high(context.session(), today=desk.today, **desk.own())
    for one in overview.standings(context.session(), context.ports(), found, today=desk.today):
        if one.approval_due_on is None or one.asked is not None:
            continue
        yield Duty(
            title=title,
            url=url_for("partnerships.show", partnership_id=one.partnership.id),
            partner=one.partnership.partner.name,
            more=one.partnership.title,
            due_on=one.approval_due_on,
            since=one.result.took_effect_on or desk.today,
            capacity=one.result.capacity,
            risk=one.result.risk,
        )


def partnerships_to_activate(desk: Desk) -> Iterator[Duty]:
    """Yield proposed partnerships whose approval stands."""
    found = queries.partnerships.proposed_high(context.session(), today=desk.today, **desk.own())
    for one in overview.standings(context.session(), context.ports(), found, today=desk.today):
        if one.approval is None:
            continue
        yield Duty(
            title=_("Approved: make the partnership active"),
            url=url_for("partnerships.show", partnership_id=one.partnership.id),
            partner=one.partnership.partner.name,
            more=one.partnership.title,
            due_on=None,
            since=one.approval.decided_on or desk.today,
            capacity=one.result.capacity,
            risk=one.result.risk,
        )


def approvals_to_decide(desk: Desk) -> Iterator[Duty]:
    """Yield requests that wait for the head of office."""
    for one in queries.approvals.waiting(context.session(), **desk.own()):
        yield Duty(
            title=_("Decide on a high-risk partnership"),
            url=url_for("approvals.show", approval_id=one.id),
            partner=one.partnership.partner.name,
            more=one.partnership.title,
            due_on=one.decide_by,
            since=one.requested_at.date(),
            capacity=Capacity.LOW,
            risk=Risk.HIGH,
        )


def suspensions_to_decide(desk: Desk) -> Iterator[Duty]:
    """Yield passed 12-month dates: decisions due and notices to issue, before the sweep too."""
    written = queries.suspensions.waiting(context.session(), **desk.own())
    for case in written:
        if case.state is suspension.State.CONTINUES:
            continue
        yield Duty(
            title=_("Decide: the 12-month date has passed unfinished")
            if case.state is suspension.State.DECISION_DUE
            else _("Issue the notice of suspension, or lift it"),
            url=url_for("suspensions.show", case_id=case.id),
            partner=case.partnership.partner.name,
            more=case.partnership.title,
            due_on=case.since,
            since=case.since,
            state=case.state,
        )
    late = [
        one
        for one in queries.plans.past_limit(context.session(), today=desk.today)
        if one.agency_id == context.actor().agency_id
        and (desk.offices is None or one.office_id in desk.offices)
    ]
    for due in suspensions.due(context.session(), context.ports(), late, today=desk.today):
        if due.to is suspension.State.CONTINUES:
            continue
        yield Duty(
            title=_("The 12-month date has passed unfinished"),
            url=url_for("partnerships.show", partnership_id=due.partnership.id),
            partner=due.partnership.partner.name,
            more=due.partnership.title,
            due_on=due.plan.suspends_on,
            since=desk.today,
            state=due.to,
        )


def marks_to_confirm(desk: Desk) -> Iterator[Duty]:
    """Yield marks *lives at risk* that wait for the head of office."""
    for one in queries.partnerships.unconfirmed_lives_at_risk(context.session(), **desk.own()):
        yield Duty(
            title=_("Confirm or leave: lives at risk if suspended"),
            url=url_for("partnerships.show", partnership_id=one.id),
            partner=one.partner.name,
            more=one.title,
            due_on=None,
            since=desk.today,
        )


def exceptions_to_review(desk: Desk) -> Iterator[Duty]:
    """Yield life-saving exceptions in force, by their review day."""
    for one in queries.suspensions.exceptions_to_review(
        context.session(), today=desk.today, **desk.own()
    ):
        yield Duty(
            title=_("Review the life-saving exception"),
            url=url_for("partnerships.show", partnership_id=one.partnership_id),
            partner=one.partnership.partner.name,
            more=one.partnership.title,
            due_on=one.review_on,
            since=one.from_on,
            state=suspension.State.CONTINUES,
        )

"""This file holds the pages about approvals: asked for, decided."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain import approval as rules
from partner_assess.domain import partnership as partnership_rules
from partner_assess.domain import permissions
from partner_assess.domain.approval import State
from partner_assess.domain.errors import NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.domain.policy import Policy
from partner_assess.domain.risk import Risk
from partner_assess.usecases import approvals
from partner_assess.web import context, identity, refusals
from partner_assess.web.approvals.forms import (
    PROBLEM_AT,
    ApproveForm,
    AskForm,
    DeclineForm,
    DeclineRunningForm,
)
from partner_assess.web.approvals.pages import DecisionPage, Found, newest_declined
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.approval import Approval

bp = Blueprint("approvals", __name__)


@bp.route("/partnerships/<uuid:partnership_id>/approval", methods=["GET", "POST"])
@needs(Permission.APPROVAL_ASK)
def ask(partnership_id: UUID) -> ResponseReturnValue:
    """Ask the head of office to approve a partnership."""
    found = context.partnership(partnership_id)
    permissions.require(context.actor(), Permission.APPROVAL_ASK, found.standing())
    asked = queries.approvals.of_partnerships(context.session(), [partnership_id])
    waiting = next((one for one in asked if one.state is State.REQUIRED), None)
    if waiting is not None:
        return redirect(url_for(".show", approval_id=waiting.id))
    before = newest_declined(asked)
    form = AskForm(**(asdict(before.justification()) if before else {}))
    if form.validate_on_submit():
        try:
            request_id = _ask(partnership_id, form)
        except NotReady as error:
            refusals.show(form, error, PROBLEM_AT)
        else:
            flash(_("The request waits for the head of office."), "success")
            return redirect(url_for(".show", approval_id=request_id))
    return _ask_page(partnership_id, form, before)


def _ask(partnership_id: UUID, form: AskForm) -> UUID:
    found = context.partnership(partnership_id)
    today = context.today(found.office.timezone)
    with unit_of_work(context.session()) as session:
        made = approvals.ask(
            session,
            context.ports(),
            partnership_id=partnership_id,
            justification=form.justification(),
            policy_name=context.policy_name(),
            actor=context.actor(),
            now=context.now(),
            today=today,
        )
    return made.id


def _ask_page(partnership_id: UUID, form: AskForm, before: Approval | None) -> ResponseReturnValue:
    found = context.partnership(partnership_id)
    today = context.today(found.office.timezone)
    result = found.partner.result()
    page = render_template(
        "approvals/ask.html",
        form=form,
        partnership=found,
        result=result,
        before=before,
        is_high=result.is_valid(today) and result.risk is Risk.HIGH,
        has_ended=found.state is partnership_rules.State.ENDED,
        decide_by=rules.decide_by(today, days=_policy().approval_days),
        channel=context.user().agency,
        identity=identity.of(found.partner, place="partnerships", today=today),
    )
    return page, 400 if form.errors else 200


@bp.get("/approvals/<uuid:approval_id>")
@needs(Permission.APPROVAL_READ)
def show(approval_id: UUID) -> ResponseReturnValue:
    """Show the decision on one page, with everything it rests on."""
    found = context.approval(approval_id)
    form = ApproveForm(
        formdata=None, seen=found.version, conditions=found.conditions, review_on=found.review_on
    )
    return _decision_page(found, form)


def _policy() -> Policy:
    return context.ports().policy(context.policy_name())


def _decision_page(found: Approval, form: ApproveForm) -> str:
    session, ports = context.session(), context.ports()
    rated = found.assessment or found.received
    plan = queries.plans.of_result(session, rated.id) if rated else None
    what = None
    if rated is not None:
        framework = ports.catalogue.get(rated.framework_id, rated.framework_version)
        own = found.assessment
        last = queries.assessments.previous(session, own) if own else None
        what = Found.of(framework, rated, last, plan)
    page = DecisionPage.of(
        found,
        what,
        plan=plan,
        policy=ports.policy(plan.policy_name) if plan else _policy(),
        names=(_name(found.requested_by), _name(found.decided_by)),
        today=context.today(found.partnership.office.timezone),
    )
    return render_template(
        "approvals/show.html", page=page, form=form, channel=context.user().agency
    )


def _name(user_id: UUID | None) -> str:
    return queries.users.get(context.session(), user_id).name if user_id else ""


@bp.route("/approvals/<uuid:approval_id>/approve", methods=["GET", "POST"])
@needs(Permission.APPROVAL_DECIDE)
def approve(approval_id: UUID) -> ResponseReturnValue:
    """Approve the partnership; whoever only opens the address is shown the decision."""
    here = redirect(url_for(".show", approval_id=approval_id))
    if request.method == "GET":
        return here
    form = ApproveForm()
    if form.validate():
        try:
            _approve(context.approval(approval_id), form)
        except (NotReady, approvals.ResultChanged) as error:
            refusals.show(form, error, PROBLEM_AT)
        else:
            flash(_("The partnership is approved."), "success")
            return here
    return _decision_page(context.approval(approval_id), form), 400


def _approve(found: Approval, form: ApproveForm) -> None:
    today = context.today(found.partnership.office.timezone)
    with unit_of_work(context.session()) as session:
        approvals.approve(
            session,
            context.ports(),
            approval_id=found.id,
            seen=form.seen.data,
            terms=form.terms(),
            actor=context.actor(),
            now=context.now(),
            today=today,
        )


@bp.route("/approvals/<uuid:approval_id>/decline", methods=["GET", "POST"])
@needs(Permission.APPROVAL_DECIDE)
def decline(approval_id: UUID) -> ResponseReturnValue:
    """Decline the partnership, with reasons."""
    found = context.approval(approval_id)
    permissions.require(context.actor(), Permission.APPROVAL_DECIDE, found.standing())
    rules.LIFE.next(found.state, rules.Action.DECLINE)
    runs = found.partnership.state is partnership_rules.State.ACTIVE
    form = DeclineRunningForm(seen=found.version) if runs else DeclineForm(seen=found.version)
    if form.validate_on_submit():
        _decline(found, form)
        flash(_("The partnership is declined."), "success")
        return redirect(url_for(".show", approval_id=approval_id))
    today = context.today(found.partnership.office.timezone)
    page = render_template(
        "approvals/decline.html",
        form=form,
        approval=found,
        runs=runs,
        channel=context.user().agency,
        identity=identity.of(found.partnership.partner, place="partnerships", today=today),
    )
    return page, 400 if form.errors or form.form_errors else 200


def _decline(found: Approval, form: DeclineForm) -> None:
    today = context.today(found.partnership.office.timezone)
    with unit_of_work(context.session()) as session:
        approvals.decline(
            session,
            approval_id=found.id,
            seen=form.seen.data,
            reasons=form.reasons.data or "",
            running=form.of_running,
            actor=context.actor(),
            now=context.now(),
            today=today,
        )

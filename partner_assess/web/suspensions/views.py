"""This file holds the pages about suspensions and life-saving exceptions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain import partnership as partnership_rules
from partner_assess.domain import permissions
from partner_assess.domain.errors import NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.domain.suspension import LIFE, Action
from partner_assess.usecases import suspensions
from partner_assess.web import context, identity, refusals
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs
from partner_assess.web.suspensions.forms import PROBLEM_AT, ExceptionForm, LiftForm, SuspendForm
from partner_assess.web.suspensions.pages import CasePage

if TYPE_CHECKING:
    from partner_assess.db.models.partnership import Partnership
    from partner_assess.db.models.suspension import SuspensionCase

bp = Blueprint("suspensions", __name__)


@bp.get("/suspensions/<uuid:case_id>")
@needs(Permission.PARTNERSHIP_READ)
def show(case_id: UUID) -> ResponseReturnValue:
    """Show what happened to a partnership, and what can be decided."""
    case, session, ports = context.suspension_case(case_id), context.session(), context.ports()
    today = _today(case.partnership)
    plan = case.plan
    if plan is not None:
        plan = queries.plans.get(session, plan.id, agency_id=context.actor().agency_id)
    page = CasePage.of(
        case,
        plan,
        ports.policy(plan.policy_name if plan else context.policy_name()),
        due=list(suspensions.due(session, ports, [plan], today=today)) if plan else [],
        exceptions=queries.suspensions.exceptions(session, [case.partnership_id]),
        decided_by=queries.users.get(session, case.decided_by).name if case.decided_by else "",
        today=today,
    )
    shown = identity.of(case.partnership.partner, place="partnerships", today=today)
    return render_template("suspensions/show.html", page=page, identity=shown)


@bp.route("/suspensions/<uuid:case_id>/suspend", methods=["GET", "POST"])
@needs(Permission.SUSPENSION_DECIDE)
def suspend(case_id: UUID) -> ResponseReturnValue:
    """Suspend where a decision was due, or an exception need not go on."""
    case = _to_decide(case_id, Action.SUSPEND)
    form = SuspendForm(seen=case.version)
    if form.validate_on_submit():
        today = _today(case.partnership)
        with unit_of_work(context.session()) as session:
            suspensions.suspend(
                session,
                case_id=case_id,
                seen=form.seen.data,
                reason=form.reason.data or "",
                actor=context.actor(),
                now=context.now(),
                today=today,
            )
        flash(_("The partnership is suspended. Issue the notice to the partner."), "success")
        return redirect(url_for(".show", case_id=case_id))
    back = url_for(".show", case_id=case_id)
    return _form_page("suspensions/suspend.html", case.partnership, form, back)


@bp.route("/suspensions/<uuid:case_id>/lift", methods=["GET", "POST"])
@needs(Permission.SUSPENSION_DECIDE)
def lift(case_id: UUID) -> ResponseReturnValue:
    """Lift a suspension, with a reason and a day of review."""
    case = _to_decide(case_id, Action.LIFT)
    form = LiftForm(seen=case.version)
    back = url_for(".show", case_id=case_id)
    if form.validate_on_submit():
        try:
            _lift(case, form)
        except NotReady as error:
            refusals.show(form, error, PROBLEM_AT)
        else:
            flash(_("The suspension is lifted. The partnership runs again."), "success")
            return redirect(back)
    partnership = context.suspension_case(case_id).partnership
    return _form_page("suspensions/lift.html", partnership, form, back)


def _lift(case: SuspensionCase, form: LiftForm) -> None:
    today, review_on = _today(case.partnership), form.review_on.value
    with unit_of_work(context.session()) as session:
        suspensions.lift(
            session,
            case_id=case.id,
            seen=form.seen.data,
            reason=form.reason.data or "",
            review_on=review_on or today,
            actor=context.actor(),
            now=context.now(),
            today=today,
        )


@bp.route("/partnerships/<uuid:partnership_id>/exception", methods=["GET", "POST"])
@needs(Permission.SUSPENSION_DECIDE)
def exception(partnership_id: UUID) -> ResponseReturnValue:
    """Record a life-saving exception: the partnership goes on although its plan is overdue."""
    found = context.partnership(partnership_id)
    permissions.require(context.actor(), Permission.SUSPENSION_DECIDE, found.standing())
    if found.state is not partnership_rules.State.SUSPENDED:
        partnership_rules.LIFE.next(found.state, partnership_rules.Action.SUSPEND)
    form = ExceptionForm(seen=found.version)
    back = url_for("partnerships.show", partnership_id=partnership_id)
    if form.validate_on_submit():
        try:
            _grant(found, form)
        except NotReady as error:
            refusals.show(form, error, PROBLEM_AT)
        else:
            flash(_("The life-saving exception is recorded."), "success")
            return redirect(back)
    policy = context.ports().policy(context.policy_name())
    return _form_page(
        "suspensions/exception.html",
        context.partnership(partnership_id),
        form,
        back,
        months=policy.exception_review_months,
    )


def _grant(found: Partnership, form: ExceptionForm) -> None:
    today, ends_on = _today(found), form.ends_on.value
    with unit_of_work(context.session()) as session:
        suspensions.grant_exception(
            session,
            context.ports(),
            partnership_id=found.id,
            seen=form.seen.data,
            reason=form.reason.data or "",
            ends_on=ends_on or today,
            policy_name=context.policy_name(),
            actor=context.actor(),
            now=context.now(),
            today=today,
        )


def _today(found: Partnership) -> date:
    return context.today(found.office.timezone)


def _to_decide(case_id: UUID, action: Action) -> SuspensionCase:
    """Return a case on which the actor may decide this now."""
    case = context.suspension_case(case_id)
    permissions.require(context.actor(), Permission.SUSPENSION_DECIDE, case.standing())
    LIFE.next(case.state, action)
    return case


def _form_page(
    template: str, found: Partnership, form: SuspendForm, back: str, **more: object
) -> ResponseReturnValue:
    page = render_template(
        template,
        partnership=found,
        form=form,
        back=back,
        channel=context.user().agency,
        identity=identity.of(found.partner, place="partnerships", today=_today(found)),
        **more,
    )
    return page, 400 if form.errors else 200

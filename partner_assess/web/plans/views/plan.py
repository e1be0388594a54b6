"""This file holds the views of whole plans: listed, shown, agreed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.permissions import Permission
from partner_assess.domain.plan import OPEN
from partner_assess.usecases import plans, suspensions
from partner_assess.web import context, identity
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs
from partner_assess.web.plans import fates
from partner_assess.web.plans.forms import SeenOnlyForm
from partner_assess.web.plans.pages import PlanPage, PlansPage
from partner_assess.web.plans.views.blueprint import bp
from partner_assess.web.plans.views.shared import framework_of, policy_of, today_of

if TYPE_CHECKING:
    from partner_assess.db.models.plan import Plan

# More than an office has; whoever sees all offices sees the soonest.
_MOST = 200


@bp.get("/plans")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """List the open plans, soonest due first; `?state=` filters."""
    actor = context.actor()
    found = queries.plans.open_plans(
        context.session(), agency_id=actor.agency_id, offices=actor.offices, limit=_MOST + 1
    )
    page = PlansPage.of(
        found[:_MOST],
        {plan.id: policy_of(plan) for plan in found},
        {plan.id: today_of(plan) for plan in found},
        chosen=request.args.get("state", ""),
        is_cut=len(found) > _MOST,
    )
    return render_template("plans/index.html", page=page)


@bp.get("/plans/<uuid:plan_id>")
@needs(Permission.PLAN_READ)
def show(plan_id: UUID) -> ResponseReturnValue:
    """Show a plan: its days, what happens when they pass, its actions; `?show=` filters."""
    found = context.plan(plan_id)
    return _plan_page(found, SeenOnlyForm(formdata=None, seen=found.version))


@bp.route("/plans/<uuid:plan_id>/agree", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def agree(plan_id: UUID) -> ResponseReturnValue:
    """Note that partner and officer accept the plan."""
    found = context.plan(plan_id)
    here = redirect(url_for(".show", plan_id=plan_id))
    if request.method == "GET":
        return here
    form = SeenOnlyForm()
    if not form.validate():
        return _plan_page(found, form), 400
    today = today_of(found)
    with unit_of_work(context.session()) as session:
        plans.agree(
            session,
            context.ports(),
            plan_id=plan_id,
            seen=form.seen.data,
            actor=context.actor(),
            now=context.now(),
            today=today,
        )
    flash(_("The plan is agreed. Work on its actions can begin."), "success")
    return here


def _plan_page(found: Plan, form: SeenOnlyForm) -> str:
    today = today_of(found)
    page = PlanPage.of(
        found,
        framework_of(found),
        policy_of(found),
        fates=_fates(found, today),
        show=request.args.get("show", "required"),
        today=today,
    )
    return render_template(
        "plans/show.html",
        page=page,
        form=form,
        identity=identity.of(found.partner, place="plans", today=today),
    )


def _fates(found: Plan, today: date) -> tuple[fates.Fate, ...]:
    if found.suspends_on is None or found.state not in OPEN:
        return ()
    session = context.session()
    running = queries.partnerships.of_partner(session, found.partner_id)
    ids = [one.id for one in running]
    known = fates.Known(
        partnerships=running,
        cases=queries.suspensions.of_partnerships(session, ids),
        exceptions=queries.suspensions.exceptions(session, ids),
        due=list(suspensions.due(session, context.ports(), [found], today=today)),
    )
    return fates.of(found, policy_of(found), known, today=today)

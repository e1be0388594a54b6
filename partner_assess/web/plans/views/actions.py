"""This file holds the views of one action of a plan: added, changed, done, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.errors import NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.domain.plan import OPEN, ActionState
from partner_assess.usecases import plans
from partner_assess.web import context, i18n, identity, refusals
from partner_assess.web.forms import PageForm, SelectChoice
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs
from partner_assess.web.plans.forms import (
    PROBLEM_AT,
    ActionForm,
    DoneForm,
    NewActionForm,
    ReturnForm,
)
from partner_assess.web.plans.pages import ActionRow
from partner_assess.web.plans.views.blueprint import bp
from partner_assess.web.plans.views.shared import framework_of, today_of

if TYPE_CHECKING:
    from partner_assess.db.models.plan import Plan


@bp.route("/plans/<uuid:plan_id>/actions/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def new_action(plan_id: UUID) -> ResponseReturnValue:
    """Add a recommended action of one's own words."""
    found = _to_change(plan_id)
    form = NewActionForm(owner_side="partner", due_on=found.due_on)
    text = framework_of(found).text(i18n.language())
    form.standard.choices = [
        SelectChoice(one.id, text.standards[one.id].short_title)
        for one in framework_of(found).standards
    ]
    if form.validate_on_submit():
        try:
            _add(plan_id, form)
        except NotReady as error:
            refusals.show(form, error, PROBLEM_AT)
        else:
            flash(_("The action is added, as a recommended one."), "success")
            return redirect(url_for(".show", plan_id=plan_id, show="all"))
    return _form_page("plans/new_action.html", context.plan(plan_id), form)


def _add(plan_id: UUID, form: NewActionForm) -> None:
    with unit_of_work(context.session()) as session:
        plans.add_action(
            session,
            plan_id=plan_id,
            standard_id=form.standard.data,
            terms=form.terms(),
            actor=context.actor(),
            now=context.now(),
        )


@bp.route("/plans/<uuid:plan_id>/actions/<uuid:action_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_READ)
def action(plan_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Show an action with what can be done to it, and change what is said about it."""
    plan, row = _action(plan_id, action_id)
    form = _action_form(row)
    if form.is_submitted():
        permissions.require(context.actor(), Permission.PLAN_EDIT, plan.standing())
        if form.validate():
            try:
                _edit(row, form)
            except NotReady as error:
                refusals.show(form, error, PROBLEM_AT)
            else:
                flash(_("The action is changed."), "success")
                return redirect(url_for(".show", plan_id=plan_id, show="all"))
    return _action_page(plan_id, action_id, form=form)


def _edit(row: ActionRow, form: ActionForm) -> None:
    with unit_of_work(context.session()) as session:
        plans.edit_action(
            session,
            plan_id=row.action.plan_id,
            action_id=row.action.id,
            seen=form.seen.data,
            terms=form.terms(model=row.model),
            actor=context.actor(),
            now=context.now(),
        )


@bp.route("/plans/<uuid:plan_id>/actions/<uuid:action_id>/done", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def done(plan_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Note that the owner says an action is done."""
    plan, _row = _action(plan_id, action_id)
    if request.method == "GET":
        return redirect(url_for(".action", plan_id=plan_id, action_id=action_id))
    form = DoneForm()
    if not form.validate():
        return _action_page(plan_id, action_id, deed=form)
    today = today_of(plan)
    with unit_of_work(context.session()) as session:
        plans.report_done(
            session,
            plan_id=plan_id,
            action_id=action_id,
            seen=form.seen.data,
            note=(form.note.data or "").strip(),
            actor=context.actor(),
            now=context.now(),
            today=today,
        )
    flash(_("Reported as done. It counts once it is verified."), "success")
    return redirect(url_for(".action", plan_id=plan_id, action_id=action_id))


@bp.route("/plans/<uuid:plan_id>/actions/<uuid:action_id>/verify", methods=["GET", "POST"])
@needs(Permission.PLAN_VERIFY)
def verify(plan_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Verify a done action."""
    plan, _row = _action(plan_id, action_id)
    if request.method == "GET":
        return redirect(url_for(".action", plan_id=plan_id, action_id=action_id))
    form = DoneForm()
    if not form.validate():
        return _action_page(plan_id, action_id, deed=form)
    today = today_of(plan)
    with unit_of_work(context.session()) as session:
        plans.verify(
            session,
            plan_id=plan_id,
            action_id=action_id,
            seen=form.seen.data,
            actor=context.actor(),
            now=context.now(),
            today=today,
        )
    flash(_("The action is verified."), "success")
    return redirect(url_for(".show", plan_id=plan_id))


@bp.route("/plans/<uuid:plan_id>/actions/<uuid:action_id>/return", methods=["GET", "POST"])
@needs(Permission.PLAN_VERIFY)
def send_back(plan_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Return a done action to its owner, with a comment."""
    plan, row = _action(plan_id, action_id)
    if row.action.state is not ActionState.DONE:
        return redirect(url_for(".action", plan_id=plan_id, action_id=action_id))
    form = ReturnForm(seen=row.action.version)
    if form.validate_on_submit():
        today = today_of(plan)
        with unit_of_work(context.session()) as session:
            plans.send_back(
                session,
                plan_id=plan_id,
                action_id=action_id,
                seen=form.seen.data,
                comment=form.comment.data or "",
                actor=context.actor(),
                now=context.now(),
                today=today,
            )
        flash(_("The action is returned to its owner."), "success")
        return redirect(url_for(".show", plan_id=plan_id))
    return _form_page("plans/return.html", plan, form, row=row)


def _to_change(plan_id: UUID) -> Plan:
    """Return a plan that the actor may change now."""
    found = context.plan(plan_id)
    permissions.require(context.actor(), Permission.PLAN_EDIT, found.standing())
    if found.state not in OPEN:
        raise plans.PlanNotOpen
    return found


def _action(plan_id: UUID, action_id: UUID) -> tuple[Plan, ActionRow]:
    plan = context.plan(plan_id)
    found = next((one for one in plan.actions if one.id == action_id), None)
    if found is None:
        abort(404)
    return plan, ActionRow.of(found, framework_of(plan), today=today_of(plan))


def _action_form(row: ActionRow, *, is_typed: bool = True) -> ActionForm:
    found = row.action
    typed = {} if is_typed else {"formdata": None}
    return ActionForm(
        **typed,
        seen=found.version,
        words=row.words,
        owner_side=found.owner_side.value,
        owner=found.owner,
        due_on=found.due_on,
    )


def _action_page(
    plan_id: UUID, action_id: UUID, *, form: ActionForm | None = None, deed: DoneForm | None = None
) -> ResponseReturnValue:
    plan, row = _action(plan_id, action_id)
    typed = form or deed
    page = render_template(
        "plans/action.html",
        plan=plan,
        row=row,
        form=form or _action_form(row, is_typed=False),
        deed=deed or DoneForm(formdata=None, seen=row.action.version),
        problems=typed,
        is_open=plan.state in OPEN,
        channel=context.user().agency,
        identity=identity.of(plan.partner, place="plans", today=today_of(plan)),
    )
    return page, 400 if typed and typed.errors else 200


def _form_page(template: str, plan: Plan, form: PageForm, **more: object) -> ResponseReturnValue:
    page = render_template(
        template,
        plan=plan,
        form=form,
        channel=context.user().agency,
        identity=identity.of(plan.partner, place="plans", today=today_of(plan)),
        **more,
    )
    return page, 400 if form.errors else 200

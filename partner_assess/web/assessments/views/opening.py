"""This file holds the views that open an assessment and show how far it is."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.assessment import FROZEN
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import assessments
from partner_assess.usecases.assessments import AlreadyOpen
from partner_assess.web import context
from partner_assess.web.assessments.forms import OpenForm, as_choices
from partner_assess.web.assessments.pages.opening import OpenPage
from partner_assess.web.assessments.pages.task_list import TaskListPage
from partner_assess.web.assessments.views import shared
from partner_assess.web.assessments.views.blueprint import bp
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs


@bp.route("/partners/<uuid:partner_id>/assess", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_OPEN)
def open_(partner_id: UUID) -> ResponseReturnValue:
    """Open an assessment of a partner, with the questionnaire that is chosen."""
    partner = context.partner(partner_id)
    permissions.require(context.actor(), Permission.ASSESSMENT_OPEN, partner.standing())
    before = queries.assessments.of_partner(context.session(), partner.id)
    today = context.today(partner.office.timezone)
    page = OpenPage.of(partner, before, context.ports().catalogue, today)
    form = OpenForm()
    form.framework.choices = as_choices(page.offered)
    form.open_already = frozenset(one.framework_id for one in page.open_ones)
    if request.method == "POST" and form.validate():
        return _open(partner_id, form)
    status = 400 if form.errors else 200
    return render_template("assessments/open.html", page=page, form=form), status


def _open(partner_id: UUID, form: OpenForm) -> ResponseReturnValue:
    try:
        with unit_of_work(context.session()) as session:
            opened = assessments.open_(
                session,
                context.ports(),
                partner_id=partner_id,
                framework_id=form.framework.data,
                actor=context.actor(),
                now=context.now(),
                today=context.today(),
            )
    except AlreadyOpen as error:
        flash(_("An assessment with this questionnaire is open already: this is it."))
        return redirect(url_for(".show", assessment_id=error.params["assessment_id"]))
    return redirect(url_for(".show", assessment_id=opened.id))


@bp.get("/assessments/<uuid:assessment_id>")
@needs(Permission.ASSESSMENT_READ)
def show(assessment_id: UUID) -> ResponseReturnValue:
    """Show the task list; a result has a page of its own."""
    found = context.assessment(assessment_id)
    if found.state in FROZEN:
        return redirect(url_for(".result", assessment_id=assessment_id))
    page = TaskListPage.of(
        found,
        shared.framework_of(found),
        queries.assessments.comments(context.session(), assessment_id),
        shared.today_of(found),
    )
    return render_template("assessments/task_list.html", page=page)

"""This file holds the views that give an assessment up or take a result back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.assessment import LIFE, OPEN, Action
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import assessments
from partner_assess.web import context, identity, messages
from partner_assess.web.assessments.forms import ReasonForm
from partner_assess.web.assessments.views import shared
from partner_assess.web.assessments.views.blueprint import bp
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@bp.route("/assessments/<uuid:assessment_id>/cancel", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_CANCEL)
def cancel(assessment_id: UUID) -> ResponseReturnValue:
    """Give an open assessment up, with a reason."""
    found = context.assessment(assessment_id)
    permissions.require(context.actor(), Permission.ASSESSMENT_CANCEL, found.standing())
    if found.state not in OPEN:
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = ReasonForm(seen=found.version)
    if request.method == "POST" and form.validate() and _cancel(found, form):
        flash(_("The assessment is cancelled."), "success")
        return redirect(url_for(".show", assessment_id=assessment_id))
    return _page("assessments/cancel.html", assessment_id, form)


def _cancel(found: Assessment, form: ReasonForm) -> bool:
    try:
        with unit_of_work(context.session()) as session:
            assessments.cancel(
                session,
                assessment_id=found.id,
                seen=form.seen.data,
                reason=form.reason.data or "",
                actor=context.actor(),
                now=context.now(),
            )
    except ChangedMeanwhile as error:
        return _changed(found.id, form, error)
    return True


@bp.route("/assessments/<uuid:assessment_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_WITHDRAW)
def withdraw(assessment_id: UUID) -> ResponseReturnValue:
    """Take a final result back, with a reason."""
    found = context.assessment(assessment_id)
    permissions.require(context.actor(), Permission.ASSESSMENT_WITHDRAW, found.standing())
    if not LIFE.allows(found.state, Action.WITHDRAW):
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = ReasonForm(seen=found.version)
    if request.method == "POST" and form.validate() and _withdraw(found, form):
        flash(_("The result is withdrawn. It stays readable, and counts no more."), "success")
        return redirect(url_for(".result", assessment_id=assessment_id))
    return _page("assessments/withdraw.html", assessment_id, form)


def _withdraw(found: Assessment, form: ReasonForm) -> bool:
    try:
        with unit_of_work(context.session()) as session:
            assessments.withdraw(
                session,
                context.ports(),
                assessment_id=found.id,
                seen=form.seen.data,
                reason=form.reason.data or "",
                actor=context.actor(),
                now=context.now(),
                today=shared.today_of(found),
            )
    except ChangedMeanwhile as error:
        return _changed(found.id, form, error)
    return True


def _changed(assessment_id: UUID, form: ReasonForm, error: ChangedMeanwhile) -> bool:
    form.form_errors.append(messages.sentence(error))
    form.seen.data = context.assessment(assessment_id).version
    return False


def _page(template: str, assessment_id: UUID, form: ReasonForm) -> ResponseReturnValue:
    found = context.assessment(assessment_id)
    page = render_template(
        template,
        assessment=found,
        identity=identity.of(found.partner, place="assessments", today=shared.today_of(found)),
        form=form,
    )
    return page, 400 if form.errors else 200

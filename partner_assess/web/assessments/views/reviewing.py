"""This file holds the views of the review and of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.assessment import FROZEN, State
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import assessments
from partner_assess.usecases.assessments import NothingSaid
from partner_assess.web import context, messages
from partner_assess.web.assessments import forms
from partner_assess.web.assessments.forms import ReviewForm, VersionForm
from partner_assess.web.assessments.pages import gaps
from partner_assess.web.assessments.pages.finalising import FinalisePage
from partner_assess.web.assessments.pages.result import ResultPage
from partner_assess.web.assessments.pages.review import ReviewPage
from partner_assess.web.assessments.views import shared
from partner_assess.web.assessments.views.blueprint import bp
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@bp.route("/assessments/<uuid:assessment_id>/review", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_READ)
def review(assessment_id: UUID) -> ResponseReturnValue:
    """Go through all answers; who may decide finalises or returns here."""
    found = context.assessment(assessment_id)
    framework = shared.framework_of(found)
    form = forms.review_form(framework, found.version)
    if request.method == "POST" and form.validate():
        there = _decided(found, form)
        if there is not None:
            return redirect(url_for(there, assessment_id=assessment_id))
        found = context.assessment(assessment_id)  # a failure has emptied it
    problems = gaps.problems(form)
    page = ReviewPage.of(found, framework, shared.previous_of(found), shared.today_of(found))
    return (
        render_template("assessments/review.html", page=page, form=form, problems=problems),
        400 if problems else 200,
    )


def _decided(found: Assessment, form: ReviewForm) -> str | None:
    """Return or go on to finalising, as the button says; None where the page has to come back."""
    permissions.require(context.actor(), Permission.ASSESSMENT_REVIEW, found.standing())
    deed = request.form.get("deed", "")
    if deed == "return":
        return ".show" if _send_back(found, form) else None
    if deed != "finalise":
        form.form_errors.append(_("Say what you decide: return the assessment, or finalise it."))
    elif any(said.strip() for said in form.comments().values()):
        form.form_errors.append(
            _("You wrote comments. Return the assessment with them, or clear them to finalise.")
        )
    elif form.seen.data != found.version:
        _changed(found, form, ChangedMeanwhile())
    else:
        return ".finalise"
    return None


def _send_back(found: Assessment, form: ReviewForm) -> bool:
    try:
        with unit_of_work(context.session()) as session:
            assessments.send_back(
                session,
                assessment_id=found.id,
                seen=form.seen.data,
                comments=form.comments(),
                actor=context.actor(),
                now=context.now(),
            )
    except NothingSaid:
        first = form.framework.standards[0].id
        form.add_problem(
            forms.comment_field(first),
            _("Write what is to be changed, at this standard or at another one."),
        )
        return False
    except ChangedMeanwhile as error:
        return _changed(found, form, error)
    flash(_("Returned to the assessor, with your comments."), "success")
    return True


@bp.route("/assessments/<uuid:assessment_id>/finalise", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_REVIEW)
def finalise(assessment_id: UUID) -> ResponseReturnValue:
    """Say the result in words and which days it starts, and finalise it on a yes."""
    found = context.assessment(assessment_id)
    permissions.require(context.actor(), Permission.ASSESSMENT_REVIEW, found.standing())
    if found.state not in {State.SUBMITTED, State.PRELIMINARY}:
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = VersionForm(seen=found.version)
    if form.validate_on_submit() and _finalise(found, form):
        return redirect(url_for(".result", assessment_id=assessment_id))
    found = context.assessment(assessment_id)
    page = FinalisePage.of(found, shared.framework_of(found), shared.today_of(found))
    if page.capacity is None:
        return redirect(url_for(".review", assessment_id=assessment_id))
    problems = gaps.problems(form)
    return (
        render_template("assessments/finalise.html", page=page, form=form, problems=problems),
        400 if problems else 200,
    )


def _finalise(found: Assessment, form: VersionForm) -> bool:
    try:
        with unit_of_work(context.session()) as session:
            made = assessments.finalise(
                session,
                context.ports(),
                assessment_id=found.id,
                seen=form.seen.data,
                policy_name=context.policy_name(),
                actor=context.actor(),
                now=context.now(),
                today=shared.today_of(found),
            )
            state = made.state
    except ChangedMeanwhile as error:
        return _changed(found, form, error)
    except NotReady as error:
        form.form_errors.append(messages.sentence(error))
        return False
    if state is State.PRELIMINARY:
        flash(_("The preliminary result stands; its dates run from today."), "success")
    else:
        flash(_("The result is final; its dates run from today."), "success")
    return True


def _changed(found: Assessment, form: ReviewForm | VersionForm, error: ChangedMeanwhile) -> bool:
    form.form_errors.append(messages.sentence(error))
    form.seen.data = context.assessment(found.id).version
    return False


@bp.get("/assessments/<uuid:assessment_id>/result")
@needs(Permission.ASSESSMENT_READ)
def result(assessment_id: UUID) -> ResponseReturnValue:
    """Show a frozen result: what it is, why, and what it demands."""
    found = context.assessment(assessment_id)
    if found.state not in FROZEN:
        return redirect(url_for(".show", assessment_id=assessment_id))
    session = context.session()
    page = ResultPage.of(
        found,
        shared.framework_of(found),
        shared.previous_of(found),
        plan=queries.plans.of_result(session, assessment_id),
        approvals=queries.approvals.of_assessment(session, assessment_id),
        partnerships=queries.partnerships.of_partner(session, found.partner_id),
        today=shared.today_of(found),
    )
    return render_template("assessments/result.html", page=page)

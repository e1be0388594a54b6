"""This file holds the views after the standards: details, check answers, what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db.session import unit_of_work
from partner_assess.domain.assessment import WRITABLE
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import assessments
from partner_assess.web import context, i18n, identity, messages
from partner_assess.web.assessments.forms import DetailsForm, VersionForm
from partner_assess.web.assessments.pages import gaps, parts
from partner_assess.web.assessments.pages.review import ReviewPage
from partner_assess.web.assessments.views import shared
from partner_assess.web.assessments.views.blueprint import bp
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@bp.route("/assessments/<uuid:assessment_id>/details", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_ANSWER)
def details(assessment_id: UUID) -> ResponseReturnValue:
    """Say when and where the assessment was made."""
    found = shared.to_answer(assessment_id)
    if found.state not in WRITABLE:
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = DetailsForm(data=_saved(found) if request.method == "GET" else None)
    if request.method == "POST" and form.validate() and _save_details(found, form):
        return redirect(url_for(".show", assessment_id=assessment_id))
    if request.method == "POST":
        found = context.assessment(assessment_id)  # a failure has emptied it
    problems = gaps.problems(form)
    return (
        _details_page(found, form, problems),
        400 if problems else 200,
    )


def _saved(found: Assessment) -> dict[str, object]:
    return {
        "assessed_on": found.assessed_on,
        "assessed_where": found.assessed_where,
        "seen": found.version,
    }


def _details_page(found: Assessment, form: DetailsForm, problems: list[tuple[str, str]]) -> str:
    return render_template(
        "assessments/details.html",
        assessment=found,
        identity=identity.of(found.partner, place="assessments", today=shared.today_of(found)),
        contact=parts.contact(),
        form=form,
        problems=problems,
    )


def _save_details(found: Assessment, form: DetailsForm) -> bool:
    """Save, or put what is wrong at the fields."""
    day = form.assessed_on.value
    if day is not None and day > shared.today_of(found):
        form.add_problem("assessed_on", _("Enter a day that has come: today or earlier."))
        return False
    try:
        with unit_of_work(context.session()) as session:
            assessments.save_details(
                session,
                assessment_id=found.id,
                seen=form.seen.data,
                assessed_on=day,
                assessed_where=(form.assessed_where.data or "").strip(),
                actor=context.actor(),
                now=context.now(),
            )
    except ChangedMeanwhile as error:
        form.form_errors.append(messages.sentence(error))
        form.seen.data = context.assessment(found.id).version
        return False
    return True


@bp.route("/assessments/<uuid:assessment_id>/check", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_ANSWER)
def check(assessment_id: UUID) -> ResponseReturnValue:
    """Look through all answers, and submit."""
    found = shared.to_answer(assessment_id)
    if found.state not in WRITABLE:
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = VersionForm(seen=found.version)
    if request.method == "POST" and form.validate() and _submit(found, form):
        return redirect(url_for(".submitted", assessment_id=assessment_id))
    if request.method == "POST":
        found = context.assessment(assessment_id)  # a failure has emptied it
    page = _review_page(found)
    # Opened to look, what is missing is a note; asked to submit, it is a problem.
    missing = [(one.url, one.text) for one in page.missing] if request.method == "POST" else []
    problems = gaps.problems(form, missing)
    return (
        render_template("assessments/check.html", page=page, form=form, problems=problems),
        400 if problems else 200,
    )


def _review_page(found: Assessment) -> ReviewPage:
    return ReviewPage.of(
        found, shared.framework_of(found), shared.previous_of(found), shared.today_of(found)
    )


def _submit(found: Assessment, form: VersionForm) -> bool:
    try:
        with unit_of_work(context.session()) as session:
            assessments.submit(
                session,
                context.ports(),
                assessment_id=found.id,
                seen=form.seen.data,
                actor=context.actor(),
                now=context.now(),
                today=shared.today_of(found),
            )
    except NotReady:
        return False
    except ChangedMeanwhile as error:
        form.form_errors.append(messages.sentence(error))
        form.seen.data = context.assessment(found.id).version
        return False
    return True


@bp.get("/assessments/<uuid:assessment_id>/submitted")
@needs(Permission.ASSESSMENT_READ)
def submitted(assessment_id: UUID) -> ResponseReturnValue:
    """Say what happens next."""
    found = context.assessment(assessment_id)
    if found.submitted_at is None:
        return redirect(url_for(".show", assessment_id=assessment_id))
    today = shared.today_of(found)
    return render_template(
        "assessments/submitted.html",
        assessment=found,
        moment=i18n.moment(found.submitted_at, found.office.timezone),
        identity=identity.of(found.partner, place="assessments", today=today),
        framework=shared.framework_of(found).text(i18n.language()).short_title,
    )

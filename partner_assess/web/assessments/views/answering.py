"""This file holds the view of one standard: it shows, saves, and answers the script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain import answers
from partner_assess.domain.answers import Gap, StandardAnswers
from partner_assess.domain.assessment import WRITABLE
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.framework import Framework, Standard
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import assessments
from partner_assess.web import context, i18n, messages
from partner_assess.web.assessments import forms
from partner_assess.web.assessments.forms import AnswersForm
from partner_assess.web.assessments.pages import gaps
from partner_assess.web.assessments.pages.standard import (
    StandardPage,
    compared_value,
    gaps_here,
    given,
)
from partner_assess.web.assessments.views import shared
from partner_assess.web.assessments.views.blueprint import bp
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@bp.route("/assessments/<uuid:assessment_id>/standards/<standard_id>", methods=["GET", "POST"])
@needs(Permission.ASSESSMENT_ANSWER)
def standard(assessment_id: UUID, standard_id: str) -> ResponseReturnValue:
    """Answer one standard; every button saves what is there."""
    found = shared.to_answer(assessment_id)
    framework = shared.framework_of(found)
    asked = shared.standard_of(framework, standard_id)
    if found.state not in WRITABLE:
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = forms.answers_form(
        asked, framework.text(i18n.language()), _saved(found, asked) if _is_reading() else {}
    )
    if _is_reading():
        return _page(found, framework, asked, form)
    if not form.validate():
        return _refused(found, framework, asked, form)
    try:
        _save(found, asked, form)
    except ChangedMeanwhile as error:
        return _changed(assessment_id, framework, asked, form, error)
    return _saved_answer(shared.anew(found), framework, asked, form)


def _is_reading() -> bool:
    return request.method != "POST"


def _is_script() -> bool:
    return request.headers.get("X-Autosave") == "1"


def _version(found: Assessment, asked: Standard) -> int:
    return next((one.version for one in found.answers if one.standard_id == asked.id), 0)


def _saved(found: Assessment, asked: Standard) -> dict[str, object]:
    data = forms.answers_as_data(found.answer_sheet().of(asked.id), _version(found, asked))
    start = shared.starting_point(found, asked)
    if start is not None and _version(found, asked) == 0:
        data["rating"] = start.rating  # where one begins; an answer only once it is saved
    return data


def _save(found: Assessment, asked: Standard, form: AnswersForm) -> None:
    with unit_of_work(context.session()) as session:
        assessments.save_answers(
            session,
            context.ports(),
            assessment_id=found.id,
            standard_id=asked.id,
            seen=form.seen.data,
            said=form.said(),
            actor=context.actor(),
            now=context.now(),
        )


def _saved_answer(
    found: Assessment, framework: Framework, asked: Standard, form: AnswersForm
) -> ResponseReturnValue:
    """Go where the button says: on, away, to the evidence; or say what is still missing."""
    form.seen.data = _version(found, asked)
    if _is_script():
        return _for_script(found, asked, form)
    deed = request.form.get("deed", "")
    if deed == "later":
        flash(_("Saved. Come back when you like."), "success")
        return redirect(url_for(".show", assessment_id=found.id))
    if deed == "evidence":
        return redirect(url_for(".add_evidence", assessment_id=found.id, standard_id=asked.id))
    open_gaps = gaps_here(found, framework, asked.id, shared.today_of(found))
    if not open_gaps:
        return redirect(_next_url(found, framework, asked))
    more = _at_their_fields(form, framework, open_gaps)
    return _page(found, framework, asked, form, more=more, is_saved=True), 400


def _at_their_fields(
    form: AnswersForm, framework: Framework, open_gaps: Iterable[Gap]
) -> list[tuple[str, str]]:
    """Put gaps at their fields; return those that have none, as link and sentence."""
    text = framework.text(i18n.language())
    more: list[tuple[str, str]] = []
    for gap in open_gaps:
        sentence, field = gaps.sentence(framework, text, gap), gaps.field(gap)
        if field:
            form.add_problem(field, sentence)
        else:
            more.append((f"#{gaps.anchor(gap)}", sentence))
    return more


def _next_url(found: Assessment, framework: Framework, asked: Standard) -> str:
    later = [one for one in framework.standards if one.number > asked.number]
    if later:
        return url_for(".standard", assessment_id=found.id, standard_id=later[0].id)
    return url_for(".show", assessment_id=found.id)


def _for_script(found: Assessment, asked: Standard, form: AnswersForm) -> ResponseReturnValue:
    pieces = [one for one in found.evidence if one.standard_id == asked.id]
    said = form.said()
    suggestion = answers.suggested(asked, given(said, pieces))
    return jsonify(
        saved_at=i18n.clock(context.now(), found.office.timezone),
        version=form.seen.data,
        suggested=compared_value(suggestion, said.rating) if suggestion else "",
    )


def _refused(
    found: Assessment, framework: Framework, asked: Standard, form: AnswersForm
) -> ResponseReturnValue:
    if not _is_script():
        return _page(found, framework, asked, form), 400
    # Only an old token can be mended by the script; what else is wrong is said on submitting.
    return jsonify({"csrf": generate_csrf()} if form.form_errors else {}), 400


def _changed(
    assessment_id: UUID,
    framework: Framework,
    asked: Standard,
    form: AnswersForm,
    error: ChangedMeanwhile,
) -> ResponseReturnValue:
    """Show what was typed beside what was saved meanwhile; nothing is overwritten."""
    found = context.assessment(assessment_id)
    if _holds(found.answer_sheet().of(asked.id), form):
        # Our own answers: they arrived, and the line broke before the page did.
        return _saved_answer(found, framework, asked, form)
    if _is_script():
        return jsonify(problem=messages.sentence(error)), 409
    form.seen.data = _version(found, asked)
    return _page(found, framework, asked, form, is_conflict=True), 409


def _holds(saved: StandardAnswers, form: AnswersForm) -> bool:
    said = form.said()
    return (saved.rating, dict(saved.indicators), saved.comment, saved.reason_for_difference) == (
        said.rating,
        dict(said.indicators),
        said.comment,
        said.reason_for_difference,
    )


def _page(
    found: Assessment,
    framework: Framework,
    asked: Standard,
    form: AnswersForm,
    *,
    more: list[tuple[str, str]] | None = None,
    is_saved: bool = False,
    is_conflict: bool = False,
) -> str:
    return render_template(
        "assessments/standard.html",
        page=_shown(found, framework, asked, form),
        form=form,
        problems=gaps.problems(form, more or ()),
        is_saved=is_saved,
        is_conflict=is_conflict,
    )


def _shown(
    found: Assessment, framework: Framework, asked: Standard, form: AnswersForm
) -> StandardPage:
    return StandardPage.of(
        found,
        framework,
        asked,
        said=_said_so_far(form, found, asked),
        previous=shared.previous_of(found),
        comments=queries.assessments.comments(context.session(), found.id),
        start=shared.starting_point(found, asked),
        today=shared.today_of(found),
    )


def _said_so_far(form: AnswersForm, found: Assessment, asked: Standard) -> assessments.Said:
    """Return what stands in the form; for a form that makes no sense, what was saved."""
    try:
        return form.said()
    except ValueError:
        saved = found.answer_sheet().of(asked.id)
        return assessments.Said(
            saved.rating, saved.indicators, saved.comment, saved.reason_for_difference
        )

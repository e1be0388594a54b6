"""This file holds the views of evidence: added, fetched, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from partner_assess.adapters import evidence_files
from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.assessment import WRITABLE
from partner_assess.domain.errors import RuleError
from partner_assess.domain.evidence import CheckedFile, Piece, RefusedEvidence, RefusedFile
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import evidence
from partner_assess.web import context, messages
from partner_assess.web.assessments.forms import EvidenceForm, PlainForm, as_choices
from partner_assess.web.assessments.pages import gaps
from partner_assess.web.assessments.pages.evidence import EvidencePage
from partner_assess.web.assessments.views import shared
from partner_assess.web.assessments.views.blueprint import bp
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment

# Which field of the form a refusal is about; the others are about the file.
_FIELDS = {
    "evidence_type_unknown": "type_id",
    "evidence_not_taken": "type_id",
    "evidence_title_missing": "title",
    "evidence_title_too_long": "title",
    "evidence_dated_in_future": "dated_on",
    "evidence_proves_unknown": "proves",
    "boundary_not_confirmed": "boundary",
}


@bp.route(
    "/assessments/<uuid:assessment_id>/standards/<standard_id>/evidence/new",
    methods=["GET", "POST"],
)
@needs(Permission.ASSESSMENT_ANSWER)
def add_evidence(assessment_id: UUID, standard_id: str) -> ResponseReturnValue:
    """Describe a piece of evidence, perhaps with its file."""
    found = shared.to_answer(assessment_id)
    if found.state not in WRITABLE:
        return redirect(url_for(".show", assessment_id=assessment_id))
    form = EvidenceForm()
    page = _page(found, standard_id, form)
    if request.method == "POST" and form.validate() and _add(found, standard_id, form):
        flash(_("The evidence is added."), "success")
        back = url_for(".standard", assessment_id=assessment_id, standard_id=standard_id)
        return redirect(f"{back}#evidence")
    if form.has_file and not form.file.errors:
        form.add_problem("file", _("Choose the file again: a browser does not keep it."))
    problems = gaps.problems(form)
    return (
        render_template("assessments/evidence.html", page=page, form=form, problems=problems),
        400 if problems else 200,
    )


def _page(found: Assessment, standard_id: str, form: EvidenceForm) -> EvidencePage:
    framework = shared.framework_of(found)
    asked = shared.standard_of(framework, standard_id)
    page = EvidencePage.of(found, framework, asked, shared.today_of(found))
    form.type_id.choices = as_choices(page.types)
    form.proves.choices = as_choices(page.proves)
    return page


def _add(found: Assessment, standard_id: str, form: EvidenceForm) -> bool:
    """Add the piece, or put what is wrong with it at the fields."""
    today = shared.today_of(found)
    try:
        piece = _piece(form)
        with unit_of_work(context.session()) as session:
            evidence.add(
                session,
                context.ports(),
                assessment_id=found.id,
                standard_id=standard_id,
                piece=piece,
                actor=context.actor(),
                now=context.now(),
                today=today,
            )
    except RefusedEvidence as error:
        for code in error.problems:
            sentence = messages.sentence(RuleError(code, **error.params))
            form.add_problem(_FIELDS.get(code, "file"), sentence)
        return False
    except RefusedFile as error:
        form.add_problem("file", messages.sentence(error))
        return False
    return True


def _piece(form: EvidenceForm) -> Piece:
    """Return what was typed, with its file looked at. Raises RefusedFile."""
    return Piece(
        type_id=form.type_id.data,
        title=(form.title.data or "").strip(),
        dated_on=form.dated_on.value,
        proves=tuple(form.proves.data or ()),
        boundary_confirmed=bool(form.boundary.data),
        file=_checked(form),
    )


def _checked(form: EvidenceForm) -> CheckedFile | None:
    sent = form.file.data
    if not form.has_file:
        return None
    return evidence_files.checked(sent.filename, sent.read())


@bp.get("/assessments/<uuid:assessment_id>/evidence/<uuid:evidence_id>")
@needs(Permission.ASSESSMENT_READ)
def download_evidence(assessment_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Hand out a file; never shown in the browser, and written down."""
    context.assessment(assessment_id)
    with context.separate(reading=False) as own, unit_of_work(own) as session:
        piece = evidence.downloaded(
            session,
            assessment_id=assessment_id,
            evidence_id=evidence_id,
            actor=context.actor(),
            now=context.now(),
        )
    try:
        path = context.ports().store.path(piece.sha256 or "")
    except FileNotFoundError:
        raise NotFound from None
    return send_file(
        path, mimetype=piece.media_type, as_attachment=True, download_name=piece.filename
    )


@bp.route(
    "/assessments/<uuid:assessment_id>/evidence/<uuid:evidence_id>/remove",
    methods=["GET", "POST"],
)
@needs(Permission.ASSESSMENT_ANSWER)
def remove_evidence(assessment_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Ask whether a piece of evidence is to go, and take it off."""
    found = shared.to_answer(assessment_id)
    piece = queries.assessments.evidence(
        context.session(), evidence_id, assessment_id=assessment_id
    )
    back = url_for(".standard", assessment_id=assessment_id, standard_id=piece.standard_id)
    framework = shared.framework_of(found)
    asked = shared.standard_of(framework, piece.standard_id)
    page = EvidencePage.of(found, framework, asked, shared.today_of(found), piece)
    form = PlainForm()
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            evidence.remove(
                session,
                assessment_id=assessment_id,
                evidence_id=evidence_id,
                actor=context.actor(),
                now=context.now(),
            )
        flash(_("The evidence is removed."), "success")
        return redirect(f"{back}#evidence")
    return (
        render_template("assessments/remove_evidence.html", page=page, form=form, back=back),
        400 if form.form_errors else 200,
    )

"""This file holds the pages about documents: asked for, downloaded; drafts, printed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from partner_assess.adapters.pdf import PdfFailed
from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.permissions import Permission
from partner_assess.domain.report import Profile
from partner_assess.usecases import assessments, sharing
from partner_assess.web import context, i18n
from partner_assess.web.documents.forms import DraftForm, MakeForm
from partner_assess.web.documents.pages import DocumentsPage
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.web.forms import PageForm

bp = Blueprint("documents", __name__)


@bp.get("/assessments/<uuid:assessment_id>/documents")
@needs(Permission.DOCUMENT_READ)
def of_assessment(assessment_id: UUID) -> ResponseReturnValue:
    """Show the document of an assessment in all its issues."""
    return _page(context.assessment(assessment_id), MakeForm())


@bp.post("/assessments/<uuid:assessment_id>/documents")
@needs(Permission.DOCUMENT_EXPORT)
def make(assessment_id: UUID) -> ResponseReturnValue:
    """Ask for an issue that says the facts as they are now."""
    found = context.assessment(assessment_id)
    form = MakeForm()
    if not _is_good(form):
        return _page(found, form)
    with unit_of_work(context.session()) as session:
        issue = sharing.ask(
            session,
            context.ports(),
            assessment_id=found.id,
            agency_id=found.agency_id,
            profile=Profile(form.profile.data),
            language=_language(found),
            receiver=form.receiver(),
            actor=context.actor(),
            now=context.now(),
            today=context.today(found.office.timezone),
        )
    reference = f"{found.document_number}-{issue.number}"
    if issue.pdf_sha256 is None:
        flash(_("Issue %(reference)s is being made, in seconds.", reference=reference), "success")
    else:
        flash(_("Nothing has changed: issue %(reference)s says it all.", reference=reference))
    return redirect(url_for(".of_assessment", assessment_id=found.id))


@bp.get("/documents/<uuid:issue_id>/file")
@needs(Permission.DOCUMENT_READ)
def file(issue_id: UUID) -> ResponseReturnValue:
    """Hand an issue out as a file, and write down that it was."""
    issue = context.issue(issue_id)
    if issue.pdf_sha256 is None:
        return redirect(url_for(".of_assessment", assessment_id=issue.assessment_id))
    path = context.ports().store.path(issue.pdf_sha256)
    with context.separate(reading=False) as session, unit_of_work(session):
        sharing.note_download(session, issue_id=issue_id, actor=context.actor(), now=context.now())
    name = _file_name(f"{issue.assessment.document_number}-{issue.number}")
    return send_file(path, "application/pdf", as_attachment=True, download_name=name)


@bp.post("/assessments/<uuid:assessment_id>/draft")
@needs(Permission.ASSESSMENT_READ)
def draft(assessment_id: UUID) -> ResponseReturnValue:
    """Print what is not final, with a watermark; nothing of it is kept."""
    found = context.assessment(assessment_id)
    form = DraftForm()
    if not _is_good(form):
        return _page(found, form)
    # Committed before the PDF is made: the seconds it takes may hold up nobody's writing.
    with unit_of_work(context.session()) as session:
        payload = sharing.draft(
            session,
            context.ports(),
            assessment_id=found.id,
            language=_language(found),
            actor=context.actor(),
            now=context.now(),
            today=context.today(found.office.timezone),
        )
    try:
        pdf = context.ports().render_report(payload)
    except PdfFailed:
        form.form_errors.append(_("The draft could not be printed. Try again."))
        return _page(found, form)
    name = _file_name(f"draft-{found.reference}")
    return send_file(BytesIO(pdf), "application/pdf", as_attachment=True, download_name=name)


def _is_good(form: PageForm) -> bool:
    if not form.validate_on_submit():
        return False
    if context.parts().pdf_is_off:
        form.form_errors.append(_("PDF is switched off on this server. Nothing was made."))
    return not form.form_errors


def _page(found: Assessment, form: PageForm) -> ResponseReturnValue:
    issues = queries.shared_reports.of_assessment(context.session(), found.id)
    page = DocumentsPage.of(found, issues, today=context.today(found.office.timezone))
    has_problems = bool(form.errors or form.form_errors)
    shown = form if isinstance(form, MakeForm) else MakeForm(formdata=None)
    html = render_template(
        "documents_pages/of_assessment.html", page=page, form=shown, problems=form
    )
    return html, 400 if has_problems else 200


def _language(found: Assessment) -> str:
    """Return the language of the page where the instrument has words in it, else English."""
    framework = assessments.framework_of(context.ports(), found)
    return i18n.language() if i18n.language() in framework.languages else "en"


def _file_name(reference: str) -> str:
    return f"{reference.replace('/', '-')}.pdf"

"""This file holds the pages about documents: asked for, downloaded; drafts, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from partner_assess.adapters.pdf import PdfFailed
from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.permissions import Permission
from partner_assess.domain.report import Profile
from partner_assess.domain.report.status import Status, status_of
from partner_assess.usecases import assessments, sharing
from partner_assess.usecases.sharing import Receiver
from partner_assess.web import context, i18n, recipients
from partner_assess.web.documents.forms import LINK, DraftForm, MakeForm
from partner_assess.web.documents.pages import DocumentsPage, HandedRow
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.shared_report import Recipient, ReportIssue
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
            receiver=Receiver(),
            actor=context.actor(),
            now=context.now(),
            today=context.today(found.office.timezone),
        )
        address = _hand_over(issue, form) if form.receiver().name else None
    if address is not None:
        recipients.keep_new_link(str(found.id), address)
    _say(issue, f"{found.document_number}-{issue.number}")
    return redirect(url_for(".of_assessment", assessment_id=found.id))


def _hand_over(issue: ReportIssue, form: MakeForm) -> str | None:
    """Write down who gets it; return the address of the link, where they get one."""
    session, actor, now = context.session(), context.actor(), context.now()
    receiver = sharing.known_as(session, form.receiver(), agency_id=actor.agency_id)
    if form.how.data == LINK:
        _made, address = sharing.link(
            session,
            context.ports(),
            issue_id=issue.id,
            receiver=receiver,
            days=int(form.days.data),
            actor=actor,
            now=now,
        )
        return address
    sharing.hand_over(
        session,
        issue_id=issue.id,
        agency_id=actor.agency_id,
        receiver=receiver,
        actor=actor,
        now=now,
    )
    return None


def _say(issue: ReportIssue, reference: str) -> None:
    if issue.pdf_sha256 is None:
        flash(_("Issue %(reference)s is being made, in seconds.", reference=reference), "success")
    else:
        flash(_("Nothing has changed: issue %(reference)s says it all.", reference=reference))


@bp.post("/documents/recipients/<uuid:recipient_id>/revoke")
@needs(Permission.DOCUMENT_EXPORT)
def revoke(recipient_id: UUID) -> ResponseReturnValue:
    """Take a share link back."""
    said = _("The link is taken back. It opens nothing any more.")
    return _about_recipient(recipient_id, sharing.revoke, said)


@bp.post("/documents/recipients/<uuid:recipient_id>/told")
@needs(Permission.DOCUMENT_EXPORT)
def told(recipient_id: UUID) -> ResponseReturnValue:
    """Note that a recipient knows what became of the document."""
    return _about_recipient(recipient_id, sharing.tell, _("Noted: they were told."))


def _about_recipient(
    recipient_id: UUID, deed: Callable[..., Recipient], said: str
) -> ResponseReturnValue:
    recipient = context.recipient(recipient_id)
    if recipient.issue is None:
        raise NotFound
    assessment_id = recipient.issue.assessment_id
    form = DraftForm()
    if not form.validate_on_submit():
        return _page(context.assessment(assessment_id), form)
    with unit_of_work(context.session()) as session:
        deed(session, recipient_id=recipient.id, actor=context.actor(), now=context.now())
    flash(said, "success")
    return redirect(url_for(".of_assessment", assessment_id=assessment_id))


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
    session = context.session()
    today = context.today(found.office.timezone)
    page = DocumentsPage.of(
        found,
        queries.shared_reports.of_assessment(session, found.id),
        _recipients(found, today=today),
        sharing.known_agencies(session, agency_id=found.agency_id),
        new_link=recipients.new_link(str(found.id)),
        today=today,
    )
    has_problems = bool(form.errors or form.form_errors)
    shown = form if isinstance(form, MakeForm) else MakeForm(formdata=None)
    html = render_template(
        "documents_pages/of_assessment.html", page=page, form=shown, problems=form
    )
    return html, 400 if has_problems else 200


def _recipients(found: Assessment, *, today: date) -> tuple[HandedRow, ...]:
    handed = queries.recipients.of_assessment(context.session(), found.id)
    status = status_of(found.state, expires_on=found.expires_on, today=today)
    ended = status in {Status.SUPERSEDED, Status.WITHDRAWN}
    seeing = sharing.seen_here(context.session(), handed) if ended else frozenset[UUID]()
    return tuple(
        HandedRow.of(one, ended=ended, sees_it=one.id in seeing, now=context.now())
        for one in handed
    )


def _language(found: Assessment) -> str:
    """Return the language of the page where the instrument has words in it, else English."""
    framework = assessments.framework_of(context.ports(), found)
    return i18n.language() if i18n.language() in framework.languages else "en"


def _file_name(reference: str) -> str:
    return f"{reference.replace('/', '-')}.pdf"

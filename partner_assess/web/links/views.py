"""This file holds the pages of the trust bundle, and the public one behind a share link."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.permissions import Permission
from partner_assess.domain.sharing import LinkEnded
from partner_assess.usecases import sharing, statuses
from partner_assess.usecases.sharing import NoSuchLink
from partner_assess.web import context, limits, recipients
from partner_assess.web.i18n import gettext as _
from partner_assess.web.links.forms import BundleLinkForm, FetchForm
from partner_assess.web.links.pages import BundlePage, SharedPage
from partner_assess.web.permit import needs, public

if TYPE_CHECKING:
    from partner_assess.db.models.shared_report import Recipient
    from partner_assess.web.forms import PageForm

bp = Blueprint("links", __name__)

# To whose page a new link belongs.
_BUNDLE = "bundle"


@bp.get("/trust-bundle")
@needs(Permission.TRUST_SHARE)
def bundle() -> ResponseReturnValue:
    """Show what the agency hands to others so that they can check its documents."""
    return _page(BundleLinkForm())


@bp.post("/trust-bundle")
@needs(Permission.TRUST_SHARE)
def download() -> ResponseReturnValue:
    """Hand the bundle out as a file, made and signed now."""
    form = FetchForm()
    if not form.validate_on_submit():
        return _page(form)
    return _bundle_file(context.user().agency.code)


@bp.post("/trust-bundle/links")
@needs(Permission.TRUST_SHARE)
def make() -> ResponseReturnValue:
    """Make a link by which somebody fetches the bundle."""
    form = BundleLinkForm()
    if not form.validate_on_submit():
        return _page(form)
    with unit_of_work(context.session()) as session:
        agency_id = context.actor().agency_id
        _made, address = sharing.link(
            session,
            context.ports(),
            issue_id=None,
            receiver=sharing.known_as(session, form.receiver(), agency_id=agency_id),
            days=int(form.days.data),
            actor=context.actor(),
            now=context.now(),
        )
    recipients.keep_new_link(_BUNDLE, address)
    return redirect(url_for(".bundle"))


@bp.post("/trust-bundle/links/<uuid:recipient_id>/revoke")
@needs(Permission.TRUST_SHARE)
def revoke(recipient_id: UUID) -> ResponseReturnValue:
    """Take a link to the bundle back."""
    found = context.recipient(recipient_id)
    form = FetchForm()
    if not form.validate_on_submit():
        return _page(form)
    with unit_of_work(context.session()) as session:
        sharing.revoke(session, recipient_id=found.id, actor=context.actor(), now=context.now())
    flash(_("The link is taken back. It opens nothing any more."), "success")
    return redirect(url_for(".bundle"))


@bp.get("/shared/<token>")
@public
@limits.open_pages
@limits.wrong_codes
def shared(token: str) -> ResponseReturnValue:
    """Show what lies behind a link, without fetching it: a mail scanner uses nothing up."""
    return _open(lambda: _shared_page(_behind(token), FetchForm()))


@bp.post("/shared/<token>")
@public
@limits.open_pages
@limits.wrong_codes
def fetch(token: str) -> ResponseReturnValue:
    """Hand out what lies behind a link, and write down when."""
    form = FetchForm()
    if not form.validate_on_submit():
        return _open(lambda: _shared_page(_behind(token), form))
    return _open(lambda: _fetched(token))


def _open(answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Return an answer; for a link that leads nowhere, one kind page."""
    try:
        return answer()
    except (NoSuchLink, LinkEnded) as error:
        status = 410 if isinstance(error, LinkEnded) else 404
        return render_template("links/nowhere.html"), status


def _behind(token: str) -> Recipient:
    return sharing.behind(context.session(), token=token, now=context.now())


def _shared_page(found: Recipient, form: PageForm) -> ResponseReturnValue:
    agency = queries.agencies.get(context.session(), found.agency_id)
    page = SharedPage.of(found, agency.name)
    html = render_template("links/shared.html", page=page, form=form)
    return html, 400 if form.form_errors else 200


def _fetched(token: str) -> ResponseReturnValue:
    # Committed before anything is sent: a file that was handed out is always written down.
    with unit_of_work(context.session()) as session:
        found = sharing.fetch(session, token=token, now=context.now())
        agency = queries.agencies.get(session, found.agency_id)
    if found.issue is None:
        return _bundle_file(agency.code)
    reference = f"{found.issue.assessment.document_number}-{found.issue.number}"
    path = context.ports().store.path(found.issue.pdf_sha256 or "")
    name = f"{reference.replace('/', '-')}.pdf"
    return send_file(path, "application/pdf", as_attachment=True, download_name=name)


def _bundle_file(agency_code: str) -> Response:
    def read(deed: Callable[[Session], bytes]) -> bytes:
        with context.separate(reading=True) as session:
            return deed(session)

    content = statuses.sign_bundle(
        read, context.ports(), agency_code=agency_code, now=context.now()
    )
    return send_file(
        BytesIO(content),
        "application/pkcs7-mime",
        as_attachment=True,
        download_name=f"trust-bundle-{agency_code}.p7m",
    )


def _page(form: PageForm) -> ResponseReturnValue:
    session, agency_id = context.session(), context.actor().agency_id
    page = BundlePage.of(
        queries.recipients.of_bundle(session, agency_id=agency_id),
        sharing.known_agencies(session, agency_id=agency_id),
        new_link=recipients.new_link(_BUNDLE),
    )
    shown = form if isinstance(form, BundleLinkForm) else BundleLinkForm(formdata=None)
    has_problems = bool(form.errors or form.form_errors)
    html = render_template("links/bundle.html", page=page, form=shown, problems=form)
    return html, 400 if has_problems else 200


@bp.after_request
def _tell_nobody(response: Response) -> Response:
    """Keep links out of search engines, and their secrets out of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex"
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response

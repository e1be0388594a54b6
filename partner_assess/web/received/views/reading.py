"""This file holds how received reports are listed, read and handed out."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import received
from partner_assess.web import context
from partner_assess.web.permit import needs
from partner_assess.web.received.forms import CountersignForm, PartnerForm, ProposeForm
from partner_assess.web.received.pages.lists import ListPage
from partner_assess.web.received.views import shared
from partner_assess.web.received.views.blueprint import bp


@bp.get("/received")
@needs(Permission.RECEIVED_READ)
def index() -> ResponseReturnValue:
    """List what other agencies have shared with us."""
    page = ListPage.of(request.args.get("show", ""))
    return render_template("received/index.html", page=page)


@bp.get("/received/<uuid:received_id>")
@needs(Permission.RECEIVED_READ)
def show(received_id: UUID) -> ResponseReturnValue:
    """Show a received report beside what we know, and what may be decided on it."""
    found = shared.get(received_id)
    propose = ProposeForm(
        formdata=None,
        seen=found.version,
        decision=found.decision.value if found.decision else None,
        conditions=found.conditions,
        review_on=found.review_on,
        extra_assurance=found.extra_assurance,
        reasons=found.reasons,
    )
    sign = CountersignForm(formdata=None, seen=found.version)
    page = shared.page_of(found)
    return render_template("received/show.html", page=page, form=propose, sign=sign)


@bp.get("/received/<uuid:received_id>/file")
@needs(Permission.RECEIVED_READ)
def file(received_id: UUID) -> ResponseReturnValue:
    """Hand out the PDF as it came, and write down that it was."""
    shared.get(received_id)
    with context.separate(reading=False) as own, unit_of_work(own) as session:
        found = received.note_download(
            session, received_id=received_id, actor=context.actor(), now=context.now()
        )
    try:
        path = context.ports().store.path(found.pdf_sha256)
    except FileNotFoundError:
        raise NotFound from None
    name = f"{found.reference.replace('/', '-')}-{found.issue}.pdf"
    return send_file(path, "application/pdf", as_attachment=True, download_name=name)


@bp.route("/received/<uuid:received_id>/partner", methods=["GET", "POST"])
@needs(Permission.RECEIVED_IMPORT)
def partner(received_id: UUID) -> ResponseReturnValue:
    """Say whom a report is about."""
    found = shared.get(received_id)
    permissions.require(context.actor(), Permission.RECEIVED_IMPORT, found.standing())
    said = found.report()
    form = PartnerForm(seen=found.version)
    likely = received.candidates(context.session(), said, agency_id=found.agency_id)
    form.offer([(str(one.id), f"{one.name} · {one.number}") for one in likely], may_wait=False)
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            received.confirm_partner(
                session,
                received_id=received_id,
                seen=form.seen.data,
                about=received.About(found.office_id, form.partner_id, register=form.is_new),
                actor=context.actor(),
                now=context.now(),
            )
        return redirect(url_for(".show", received_id=received_id))
    html = render_template("received/partner.html", form=form, received=found, said=said)
    return html, 400 if form.errors or form.form_errors else 200

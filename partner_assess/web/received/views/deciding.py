"""This file holds how a received report is decided: proposed, countersigned, sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.acceptance import LIFE, Action, NotAcceptable
from partner_assess.domain.errors import NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import received
from partner_assess.web import context, refusals
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs
from partner_assess.web.received.forms import (
    PROBLEM_AT,
    CommentForm,
    CountersignForm,
    ProposeForm,
    SetAsideForm,
)
from partner_assess.web.received.views import shared
from partner_assess.web.received.views.blueprint import bp

if TYPE_CHECKING:
    from partner_assess.db.models.received_report import ReceivedReport


@bp.route("/received/<uuid:received_id>/decision", methods=["GET", "POST"])
@needs(Permission.RECEIVED_PROPOSE)
def propose(received_id: UUID) -> ResponseReturnValue:
    """Propose a decision; whoever only opens the address is shown the report."""
    here = redirect(url_for(".show", received_id=received_id))
    if request.method == "GET":
        return here
    found = shared.get(received_id)
    permissions.require(context.actor(), Permission.RECEIVED_PROPOSE, found.standing())
    form = ProposeForm()
    if form.validate():
        try:
            _propose(found, form)
        except (NotReady, NotAcceptable) as error:
            refusals.show(form, error, PROBLEM_AT)
        else:
            flash(_("Proposed. The PSEA focal point countersigns."), "success")
            return here
    return _page(received_id, form, CountersignForm(formdata=None)), 400


def _propose(found: ReceivedReport, form: ProposeForm) -> None:
    with unit_of_work(context.session()) as session:
        received.propose(
            session,
            context.ports(),
            received_id=found.id,
            seen=form.seen.data,
            proposal=form.proposal(),
            actor=context.actor(),
            now=context.now(),
            today=shared.today_of(found),
        )


@bp.route("/received/<uuid:received_id>/countersign", methods=["GET", "POST"])
@needs(Permission.RECEIVED_COUNTERSIGN)
def countersign(received_id: UUID) -> ResponseReturnValue:
    """Let what was proposed take effect; whoever only opens the address is shown the report."""
    here = redirect(url_for(".show", received_id=received_id))
    if request.method == "GET":
        return here
    found = shared.get(received_id)
    form = CountersignForm()
    if form.validate():
        try:
            _countersign(found, form)
        except (NotReady, NotAcceptable) as error:
            refusals.show(form, error, {})
        else:
            flash(_("Countersigned. It takes effect today."), "success")
            return here
    return _page(received_id, ProposeForm(formdata=None), form), 400


def _countersign(found: ReceivedReport, form: CountersignForm) -> None:
    with unit_of_work(context.session()) as session:
        received.countersign(
            session,
            context.ports(),
            received_id=found.id,
            seen=form.seen.data,
            policy_name=context.policy_name(),
            actor=context.actor(),
            now=context.now(),
            today=shared.today_of(found),
        )


def _page(received_id: UUID, form: ProposeForm, sign: CountersignForm) -> str:
    found = shared.get(received_id)  # a failure has emptied it
    form.seen.data = sign.seen.data = found.version
    return render_template("received/show.html", page=shared.page_of(found), form=form, sign=sign)


@bp.route("/received/<uuid:received_id>/send-back", methods=["GET", "POST"])
@needs(Permission.RECEIVED_COUNTERSIGN)
def send_back(received_id: UUID) -> ResponseReturnValue:
    """Send a proposal back to the officer, with a comment."""
    found = shared.get(received_id)
    permissions.require(context.actor(), Permission.RECEIVED_COUNTERSIGN, found.standing())
    LIFE.next(found.state, Action.SEND_BACK)
    form = CommentForm(seen=found.version)
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            received.send_back(
                session,
                received_id=received_id,
                seen=form.seen.data,
                comment=form.reason.data or "",
                actor=context.actor(),
                now=context.now(),
            )
        flash(_("Sent back to the officer."), "success")
        return redirect(url_for(".show", received_id=received_id))
    html = render_template("received/send_back.html", form=form, received=found)
    return html, 400 if form.errors or form.form_errors else 200


@bp.route("/received/<uuid:received_id>/set-aside", methods=["GET", "POST"])
@needs(Permission.RECEIVED_PROPOSE)
def set_aside(received_id: UUID) -> ResponseReturnValue:
    """Say that a report is not needed here."""
    found = shared.get(received_id)
    permissions.require(context.actor(), Permission.RECEIVED_PROPOSE, found.standing())
    LIFE.next(found.state, Action.SET_ASIDE)
    form = SetAsideForm(seen=found.version)
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            received.set_aside(
                session,
                received_id=received_id,
                seen=form.seen.data,
                reason=form.reason.data or "",
                actor=context.actor(),
                now=context.now(),
            )
        flash(_("Set aside. It stays readable."), "success")
        return redirect(url_for(".show", received_id=received_id))
    html = render_template("received/set_aside.html", form=form, received=found)
    return html, 400 if form.errors or form.form_errors else 200

"""This file holds the pages about whose signatures count."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from ssl import DER_cert_to_PEM_cert
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Permission
from partner_assess.domain.trust import LIFE, Action, State, require_second_person
from partner_assess.usecases import received, trust
from partner_assess.web import context, refusals
from partner_assess.web.forms import PageForm
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs
from partner_assess.web.trust.forms import (
    PROBLEM_AT,
    AddForm,
    ConfirmForm,
    FileForm,
    RemoveForm,
)
from partner_assess.web.trust.pages import RootRow, TrustPage

if TYPE_CHECKING:
    from partner_assess.db.models.trust import TrustedRoot

bp = Blueprint("trust", __name__)


@bp.get("/trust")
@needs(Permission.TRUST_READ)
def index() -> ResponseReturnValue:
    """Show the roots that count, those that wait, and what has been revoked."""
    session, agency = context.session(), context.user().agency
    roots = queries.trust.listed(session, agency_id=agency.id)
    page = TrustPage.of(
        roots,
        _own_root(),
        queries.trust.revocation_lists(session, [one.fingerprint for one in roots]),
        queries.trust.status_lists(
            session, [one.agency_code for one in roots], reader_id=agency.id
        ),
    )
    return render_template("trust/index.html", page=page)


@bp.get("/trust/own")
@needs(Permission.TRUST_READ)
def own() -> ResponseReturnValue:
    """Hand out the agency's own root, for other agencies to trust."""
    certificate = _own_root()
    if certificate is None:
        return redirect(url_for(".index"))
    pem = BytesIO(DER_cert_to_PEM_cert(certificate).encode("ascii"))
    name = f"{context.user().agency.code}-root.pem"
    return send_file(pem, "application/x-pem-file", as_attachment=True, download_name=name)


def _own_root() -> bytes | None:
    root = trust.own_root(context.ports(), context.user().agency.code)
    return root.certificate if root else None


@bp.route("/trust/add", methods=["GET", "POST"])
@needs(Permission.TRUST_EDIT)
def add() -> ResponseReturnValue:
    """Put another agency's root on the list, from its file; it waits for a second person."""
    form = AddForm()
    if form.validate_on_submit() and _is_done(form, lambda: _add(form)):
        return redirect(url_for(".index"))
    return _deed_page("trust/add.html", form)


def _add(form: AddForm) -> None:
    context.release()
    certificate = context.ports().gate.read_root(form.content(), at=context.now())
    with unit_of_work(context.session()) as session:
        root = trust.add(
            session,
            context.ports(),
            certificate=certificate,
            agency_code=form.agency.data or "",
            **_deed(),
        )
    if root.state is State.PENDING:
        flash(_("The root waits. Another administrator confirms it by its fingerprint."), "success")
    else:
        flash(_("This root counts already: nothing was changed."))


@bp.route("/trust/<uuid:root_id>/confirm", methods=["GET", "POST"])
@needs(Permission.TRUST_EDIT)
def confirm(root_id: UUID) -> ResponseReturnValue:
    """Let a root count: a second administrator repeats its fingerprint."""
    root = _to_change(root_id, Action.CONFIRM)
    require_second_person(root.added_by, context.actor().user_id)
    form = ConfirmForm(seen=root.version)
    if form.validate_on_submit() and _is_done(form, lambda: _confirm(root_id, form)):
        flash(_("The root is confirmed: its signatures count."), "success")
        return redirect(url_for(".index"))
    return _deed_page("trust/confirm.html", form, root_id)


def _confirm(root_id: UUID, form: ConfirmForm) -> None:
    typed = form.fingerprint.data or ""
    with unit_of_work(context.session()) as session:
        trust.confirm(session, root_id=root_id, seen=form.seen.data, typed=typed, **_deed())


@bp.route("/trust/<uuid:root_id>/remove", methods=["GET", "POST"])
@needs(Permission.TRUST_EDIT)
def remove(root_id: UUID) -> ResponseReturnValue:
    """Ask why a root is to count no more, and take it off the list."""
    root = _to_change(root_id, Action.REMOVE)
    form = RemoveForm(seen=root.version)
    if form.validate_on_submit() and _is_done(form, lambda: _remove(root_id, form)):
        flash(_("The root is removed: its signatures count no more."), "success")
        return redirect(url_for(".index"))
    return _deed_page("trust/remove.html", form, root_id)


def _remove(root_id: UUID, form: RemoveForm) -> None:
    reason = form.reason.data or ""
    with unit_of_work(context.session()) as session:
        trust.remove(session, root_id=root_id, seen=form.seen.data, reason=reason, **_deed())


@bp.route("/trust/update", methods=["GET", "POST"])
@needs(Permission.TRUST_EDIT)
def update() -> ResponseReturnValue:
    """Take in a revocation list, a status list or a trust bundle, from its file."""
    form = FileForm()
    if form.validate_on_submit() and _is_done(form, lambda: _update(form)):
        return redirect(url_for(".index"))
    return _deed_page("trust/update.html", form)


def _update(form: FileForm) -> None:
    ports, agency_id = context.ports(), context.actor().agency_id
    trusted = trust.trust_of(context.session(), ports, agency_id=agency_id)
    context.release()
    handed = trust.read(ports, form.content(), trusted, at=context.now())
    with unit_of_work(context.session()) as session:
        code = trust.take(session, ports, handed=handed, **_deed())
        session.flush()
        received.apply_words(
            session, ports, reader_id=agency_id, now=context.now(), today_of=context.today
        )
    flash(_("What %(agency)s says is taken in.", agency=code), "success")


def _deed() -> dict[str, Any]:
    """Return whose list it is, who acts and when."""
    actor = context.actor()
    return {"list_of": actor.agency_id, "actor": actor, "now": context.now()}


def _to_change(root_id: UUID, action: Action) -> TrustedRoot:
    """Return a root of the actor's list with which this can be done now."""
    root = queries.trust.get(context.session(), root_id, list_of=context.actor().agency_id)
    LIFE.next(root.state, action)
    return root


def _is_done(form: PageForm, deed: Callable[[], None]) -> bool:
    """Do it, or say at the form what a rule refused."""
    try:
        deed()
    except RuleError as error:
        if error.code not in PROBLEM_AT:
            raise
        field = PROBLEM_AT[error.code]
        refusals.show(form, error, {error.code: field if field in form else "file"})
        return False
    return True


def _deed_page(template: str, form: PageForm, root_id: UUID | None = None) -> ResponseReturnValue:
    row = None
    if root_id is not None:
        agency_id = context.actor().agency_id
        row = RootRow.of(queries.trust.get(context.session(), root_id, list_of=agency_id))
    if isinstance(form, FileForm):
        form.say_that_no_file_is_kept()
    html = render_template(template, form=form, row=row)
    return html, 400 if form.errors or form.form_errors else 200

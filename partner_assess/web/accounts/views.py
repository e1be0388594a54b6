"""This file holds the pages of signing in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from partner_assess.adapters import passwords
from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import accounts
from partner_assess.web import context, limits, sessions
from partner_assess.web.accounts.forms import LoginForm, PlainForm
from partner_assess.web.i18n import gettext as _
from partner_assess.web.permit import needs, public

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@public
@limits.sign_in
def login() -> ResponseReturnValue:
    """Sign in."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect("/")
    form = LoginForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        # Read apart from the sign-in itself: hashing takes long, and must lock nobody out.
        with context.separate(reading=True) as session:
            user = queries.users.by_email(session, form.email.data or "")
        known = user if user is not None and user.is_active else None
        is_right = passwords.is_right(
            known.password_hash if known else None, form.password.data or ""
        )
        if known is not None and is_right:
            sessions.open_for(known.id)
            return redirect(_safe(form.next.data or ""))
        form.add_problem("email", _("The e-mail address or the password is wrong. Try again."))
    status = 400 if form.errors or form.email.errors else 200
    return render_template("accounts/login.html", form=form), status


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign this browser out."""
    if current_user.is_authenticated:
        form = PlainForm()
        if not form.validate_on_submit():
            return _account_page(form)
        sessions.close(current_user.secret)
    return redirect(url_for("accounts.login"))


@bp.route("/account", methods=["GET", "POST"])
@needs(Permission.HOME_READ)
def account() -> ResponseReturnValue:
    """Show who is signed in where, and sign out everywhere."""
    form = PlainForm()
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            accounts.sign_out_everywhere(
                session, user_id=context.actor().user_id, now=context.now()
            )
        flash(_("You are signed out everywhere."), "success")
        return redirect(url_for(".login"))
    return _account_page(form)


def _account_page(form: PlainForm) -> ResponseReturnValue:
    opened = queries.users.open_sessions(context.session(), context.actor().user_id)
    return (
        render_template("accounts/account.html", form=form, user=context.user(), opened=opened),
        400 if form.errors else 200,
    )


@bp.post("/account/here")
@needs(Permission.HOME_READ)
def here() -> ResponseReturnValue:
    """Note that somebody is reading: the page's script says so, so that the session stays."""
    if not PlainForm().validate_on_submit():
        raise BadRequest
    with unit_of_work(context.session()) as session:
        accounts.touch(session, digest=sessions.digest(current_user.secret), now=context.now())
    return "", 204


def _safe(address: str) -> str:
    """Return an address of this app, never another's.

    Browsers leave out line ends and tabs, and take a backslash for a slash.
    """
    is_plain = address.isprintable() and " " not in address and "\\" not in address
    is_ours = address.startswith("/") and not address.startswith("//")
    return address if is_plain and is_ours else "/"

"""This file holds who a browser is: a cookie with a secret, a row that can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import flask
from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.usecases import accounts
from partner_assess.web import context


class SignedIn(UserMixin):
    """A signed-in browser. Its id in the cookie is the session's secret, not the person's."""

    def __init__(self, user: Any, secret: str) -> None:
        self.user = user
        self.secret = secret

    @property
    def language(self) -> str:
        """Return the language that the person has set, empty where none is."""
        return self.user.language or ""

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.secret


def digest(secret: str) -> str:
    """Return what the database holds of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def init(app: Flask) -> None:
    """Let Flask-Login find people by their session."""
    manager = LoginManager()
    # "strong" would sign people out who move between mobile networks.
    manager.session_protection = "basic"
    manager.init_app(app)
    manager.user_loader(_load)
    manager.unauthorized_handler(_to_login)


def _load(secret: str) -> SignedIn | None:
    if g.get("database_is_lost"):
        return None
    opened = queries.users.session_by_digest(context.session(), digest(secret))
    if opened is None or not accounts.is_open(opened, now=context.now()):
        return None
    # Let go of by the session: when a use case fails, its rollback empties what the session
    # holds, and the page that says so still shows who is signed in.
    context.session().expunge_all()
    return SignedIn(opened.user, secret)


def _to_login() -> ResponseReturnValue:
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))


def open_for(user_id: Any) -> None:
    """Sign a person in: a fresh session, whatever the browser held before."""
    secret = secrets.token_urlsafe(24)
    flask.session.clear()
    with context.separate(reading=False) as session, unit_of_work(session):
        accounts.sign_in(
            session,
            user_id=user_id,
            digest=digest(secret),
            agent=request.headers.get("User-Agent", ""),
            now=context.now(),
        )
    user = queries.users.get(context.session(), user_id)
    login_user(SignedIn(user, secret))


def close(secret: str) -> None:
    """Sign this browser out, on both ends."""
    with unit_of_work(context.session()) as session:
        accounts.sign_out(session, digest=digest(secret), now=context.now())
    logout_user()
    flask.session.clear()

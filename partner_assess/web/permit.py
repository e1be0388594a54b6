"""This file holds how a view says who may open it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

import flask
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from partner_assess.domain import permissions
from partner_assess.domain.permissions import Permission
from partner_assess.web import context
from partner_assess.web.i18n import gettext as _

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def needs(permission: Permission) -> Callable[[View], View]:
    """Ask for somebody signed in whose roles hold the permission somewhere.

    The use case asks again, for the record. What is declared here is what the test over all
    routes reads.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                if request.method == "POST" and request.headers.get("X-Autosave") != "1":
                    flask.flash(_signed_out_words())
                return flask.redirect(url_for("accounts.login", next=_page_to_come_back_to()))
            permissions.require(context.actor(), permission)
            return view(*args, **kwargs)

        checked.needs = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def _page_to_come_back_to() -> str | None:
    # Also after a form was sent: its page then shows again what the device has kept of it.
    is_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if is_page:
        return request.full_path.rstrip("?")
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host else None


def _signed_out_words() -> str:
    return _(
        "You were signed out before this was saved. Sign in: answers you typed at a standard are"
        " kept on this device."
    )


def public(view: View) -> View:
    """Let anybody open the view."""
    view.needs = None  # type: ignore[attr-defined]
    return view

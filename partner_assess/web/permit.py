"""This file holds how a view says who may open it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import flask
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from partner_assess.domain import permissions
from partner_assess.domain.permissions import Permission
from partner_assess.web import context

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
                back = request.full_path.rstrip("?") if request.method == "GET" else ""
                return flask.redirect(url_for("accounts.login", next=back or None))
            permissions.require(context.actor(), permission)
            return view(*args, **kwargs)

        checked.needs = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Let anybody open the view."""
    view.needs = None  # type: ignore[attr-defined]
    return view

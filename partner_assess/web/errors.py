"""This file holds what an error becomes: one mapping, one kind of page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    RequestEntityTooLarge,
    TooManyRequests,
)

from partner_assess.domain.errors import ChangedMeanwhile, RuleError
from partner_assess.domain.permissions import NotPermitted
from partner_assess.web import messages
from partner_assess.web.i18n import gettext as _

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says."""

    title: str
    text: str
    again_url: str | None = None
    again_text: str = ""


def init(app: Flask) -> None:
    """Register the mapping."""
    app.register_error_handler(RuleError, _refused)
    app.register_error_handler(NoResultFound, _not_found)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _page(page: ErrorPage, status: int) -> ResponseReturnValue:
    return render_template("errors/error.html", page=page), status


def _refused(error: RuleError) -> ResponseReturnValue:
    if isinstance(error, NotPermitted):
        return _page(ErrorPage(_("You may not do this"), messages.sentence(error)), 403)
    if isinstance(error, ChangedMeanwhile):
        return _stale(error)
    return _page(
        ErrorPage(_("Not possible"), messages.sentence(error), _back(), _("Look at it again")),
        409,
    )


def _back() -> str | None:
    """Return the page to look at again: this address, or the one with the button."""
    rule = request.url_rule
    if rule is None or "GET" in (rule.methods or ()):
        return request.path
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or came_from.scheme not in {"http", "https"}:
        return None
    return urlunsplit(("", "", came_from.path, came_from.query, ""))


def _stale(error: Exception) -> ResponseReturnValue:
    # Two people at once: whoever came second is told, and nothing of theirs is half-written.
    if isinstance(error, IntegrityError):
        log.warning("integrity: %s", error.orig)
    page = ErrorPage(
        _("Somebody else was faster"),
        messages.sentence(ChangedMeanwhile()),
        _back(),
        _("Look at it as it is now"),
    )
    return _page(page, 409)


def _not_found(_error: Exception) -> ResponseReturnValue:
    page = ErrorPage(
        _("Page not found"),
        _("It does not exist, or it belongs to another office or agency. Check the address."),
    )
    return _page(page, 404)


def _busy(error: OperationalError) -> ResponseReturnValue:
    # The page that says so must not ask the database who reads it.
    g.database_is_lost = True
    log.error("database: %s", error.orig)
    page = ErrorPage(
        _("The service is busy"),
        _("Nothing was saved. Wait a moment, then send the page again."),
    )
    return _page(page, 503)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code == 404:
        return _not_found(error)
    if error.response is not None or (error.code or 500) < 400:
        return error
    if isinstance(error, RequestEntityTooLarge):
        page = ErrorPage(
            _("That is too large"),
            _("A file may have up to 10 MB. Make it smaller, or leave it out and describe it."),
            request.path,
            _("Go back to the page"),
        )
        return _page(page, 413)
    if isinstance(error, TooManyRequests):
        return _page(
            ErrorPage(_("Too many attempts"), _("Wait five minutes, then try again.")), 429
        )
    page = ErrorPage(_("The request was not understood"), _("Go back to the page and try again."))
    response = make_response(_page(page, error.code or 400))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _fault(error: Exception) -> ResponseReturnValue:
    g.database_is_lost = isinstance(error, SQLAlchemyError)
    log.exception("unexpected: %s %s", request.method, _address(), exc_info=error)
    page = ErrorPage(
        _("Something went wrong on our side"),
        _("Nothing was saved. It is written in the log. Try again, or tell your administrator."),
    )
    return _page(page, 500)


def _address() -> str:
    """Return the address for the log; of one that holds a secret, its rule."""
    is_secret = request.url_rule is not None and "token" in (request.view_args or {})
    return str(request.url_rule) if is_secret else request.path

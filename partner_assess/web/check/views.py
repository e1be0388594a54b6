"""This file holds the public page where anybody with a document's code learns its status."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.usecases import statuses
from partner_assess.web import context, limits
from partner_assess.web.check.pages import CheckPage
from partner_assess.web.permit import public

bp = Blueprint("check", __name__)


@bp.get("/check")
@public
@limits.open_pages
def index() -> ResponseReturnValue:
    """Ask for the code of a document."""
    code = _code_in(request.args.get("code", ""))
    if code:
        return redirect(url_for(".show", code=code))
    return render_template("check/index.html")


@bp.get("/check/<code>")
@public
@limits.open_pages
@limits.wrong_codes
def show(code: str) -> ResponseReturnValue:
    """Say what the document with this code is worth by now."""
    word = statuses.public_word(context.session(), code, now=context.now(), today_of=context.today)
    html = render_template("check/show.html", page=CheckPage.of(word))
    return html, 200 if word else 404


def _code_in(typed: str) -> str:
    """Return the code in what was typed: spaces go, and of a whole address its end is the code."""
    path = "".join(typed.split()).partition("?")[0].rstrip("/")
    return path.rpartition("/")[2]


@bp.after_request
def _tell_nobody(response: Response) -> Response:
    """Keep the page out of search engines, and its code out of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

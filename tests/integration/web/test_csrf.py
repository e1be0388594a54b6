"""This file holds that a wrong or old token loses nobody's typing, and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partner_assess.usecases.ports import Ports
from tests import factories
from tests.client import HTML, Browser
from tests.integration.web.addresses import Address, Records, addresses

SignIn = Callable[[str], Browser]

OLD_PAGE = "This page was open for long. Nothing was saved yet; check it and send it again."
TYPED = "Typed: “déjà” & <b>"
# Their whole form is a button, or another page's: nothing is typed on an address of their own.
# What waits to be received has an address of its reader's own: `test_received` sends it.
WITHOUT_TYPING = {"accounts.logout", "accounts.here", "received.preview"}


@pytest.fixture
def posts(app: Flask, session: Session, web_ports: Ports) -> list[Address]:
    records = Records(session, web_ports)
    session.commit()
    return [one for one in addresses(app, records) if one.method == "POST"]


@pytest.mark.parametrize("token", ["", "wrong", None], ids=["empty", "wrong", "missing"])
def test_every_form_comes_back_with_what_was_typed(
    sign_in: SignIn, posts: list[Address], session: Session, token: str | None
) -> None:
    before = factories.everything(session)
    session.rollback()
    unanswered = {post.endpoint for post in posts}
    for who in ("officer", "focal", "head", "admin"):
        browser = sign_in(f"{who}@demo.example")
        for post in posts:
            if _comes_back(browser, post, token):
                unanswered.discard(post.endpoint)
    assert unanswered == WITHOUT_TYPING
    after = factories.everything(session)
    changed = {name for name in after if before[name] != after[name]}
    assert changed <= {"user_session"}


def _comes_back(browser: Browser, post: Address, token: str | None) -> bool:
    """Send a filled form with a bad token; return whether this role may send it."""
    filled = fields_of(browser.plain("GET", post.path).text, post.path)
    data = {name: value for name, value in filled.items() if name != "csrf_token"}
    if token is not None:
        data["csrf_token"] = token
    answer = browser.plain("POST", post.path, data=data)
    if post.endpoint in WITHOUT_TYPING or answer.status_code in {403, 404}:
        return False
    assert answer.status_code == 400, f"{post}: {answer.status_code}"
    assert OLD_PAGE in answer.text, post
    assert "<title>Error:" in answer.text, post
    kept = fields_of(answer.text, post.path, as_they_are=True)
    for name, value in data.items():
        if name not in {"csrf_token", "seen", "password"} and name in kept:
            assert kept[name] == value, f"{post}: {name}"
    typed = [name for name, value in data.items() if value == TYPED]
    assert set(typed) <= set(kept), post
    return True


def fields_of(text: str, path: str, *, as_they_are: bool = False) -> dict[str, Any]:
    """Return the fields of the form that sends to `path`: filled by a person, or as they are."""
    page = html5lib.parse(text)
    found: dict[str, Any] = {}
    for form in page.iter(f"{HTML}form"):
        if form.get("method") != "post" or (form.get("action") or path).partition("#")[0] != path:
            continue
        for field in form.iter():
            name = field.get("name")
            if name and field.get("type") not in {"file", "submit"}:
                value = _value(field, as_they_are=as_they_are)
                if value is not None:
                    found[name] = value
    return found


def _value(field: Any, *, as_they_are: bool) -> str | None:
    kind = field.tag.removeprefix(HTML)
    if kind == "select":
        options = list(field.iter(f"{HTML}option"))
        chosen = [one for one in options if one.get("selected") is not None]
        picked = (chosen or options[:1]) if as_they_are else options[-1:]
        return picked[0].get("value") if picked else None
    if kind == "textarea":
        return (field.text or "").removeprefix("\n") if as_they_are else TYPED
    if kind != "input":
        return None
    if field.get("type") in {"radio", "checkbox"}:
        is_on = field.get("checked") is not None
        return field.get("value") if is_on or not as_they_are else None
    if field.get("type") == "hidden" or as_they_are:
        return field.get("value") or ""
    if field.get("type") == "password":
        return None
    return "17" if re.search(r"day|month|year", field.get("name")) else TYPED


def test_a_token_of_another_session_is_no_token(sign_in: SignIn) -> None:
    officer, other = sign_in("officer@demo.example"), sign_in("focal@demo.example")
    token = fields_of(other.get("/partners/new").text, "/partners/new", as_they_are=True)
    answer = officer.post("/partners/new", {"csrf_token": token["csrf_token"], "name": TYPED})
    assert answer.status_code == 400
    assert OLD_PAGE in answer.text


def test_a_token_of_the_morning_still_counts_in_the_evening(app: Flask) -> None:
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None

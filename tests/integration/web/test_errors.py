"""This file holds what people see when something is wrong: kind, in their language, no insides."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from partner_assess.domain.errors import ChangedMeanwhile, RuleError
from partner_assess.domain.permissions import NotPermitted
from partner_assess.web import errors, messages
from partner_assess.web.permit import public
from tests.client import Browser

SignIn = Callable[[str], Browser]
INSIDES = ("Traceback", "sqlalchemy", "SELECT", "password_hash", "/partner_assess/", "werkzeug")


def says(answer: TestResponse, title: str) -> None:
    """Fail unless it is a whole page of ours with this title, and tells no insides."""
    assert f"<h1>{title}</h1>" in answer.text
    assert 'class="footer"' in answer.text
    assert 'href="/"' in answer.text
    for word in INSIDES:
        assert word not in answer.text


def raising(app: Flask, error: BaseException) -> str:
    """Add a page that fails, and return its address."""

    @public
    def fail() -> Any:
        raise error

    app.add_url_rule("/fails", "fails", fail, methods=["GET", "POST"])
    return "/fails"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/partners/1",
        "/partners/00000000-0000-0000-0000-000000000000",
        "/partners/x'; DROP TABLE partner;--",
        "/assessments/00000000-0000-0000-0000-000000000000/standards/policy",
        "/static/../app.py",
        "/static/nothing.js",
        "/%00",
        "/partners/%ff",
    ],
)
def test_what_does_not_exist_is_said_so(sign_in: SignIn, path: str) -> None:
    answer = sign_in("officer@demo.example").get(path)
    assert answer.status_code == 404
    says(answer, "Page not found")


def test_a_stranger_gets_the_page_too(client: Browser) -> None:
    says(client.get("/nowhere"), "Page not found")


def test_the_wrong_method_is_named_with_the_right_ones(sign_in: SignIn) -> None:
    answer = sign_in("officer@demo.example").get("/logout")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    says(answer, "The request was not understood")


def test_what_a_role_may_not_do_is_said_with_whom_to_ask(sign_in: SignIn) -> None:
    answer = sign_in("auditor@demo.example").get("/partners/new")
    assert answer.status_code == 403
    says(answer, "You may not do this")
    assert "Ask the person it belongs to" in answer.text


def test_a_file_that_is_too_large_is_told_its_limit(sign_in: SignIn) -> None:
    browser = sign_in("officer@demo.example")
    megabyte = 1024 * 1024
    head = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
    for sent in (
        b"y" * 12 * megabyte,
        head + b"y" * 2 * megabyte + b"\r\n--x--\r\n",
        (head + b"y\r\n") * 1001 + b"--x--\r\n",
    ):
        kind = "multipart/form-data; boundary=x"
        answer = browser.plain("POST", "/partners/new", data=sent, content_type=kind)
        assert answer.status_code == 413
        says(answer, "That is too large")
        assert 'href="/partners/new"' in answer.text


def test_the_way_back_from_a_conflict_leads_to_a_page(app: Flask) -> None:
    @public
    def only_post() -> Any:
        raise ChangedMeanwhile

    app.add_url_rule("/only-post", "only_post", only_post, methods=["POST"])
    browser = Browser(app)
    came_from = browser.post("/only-post", headers={"Referer": "http://localhost/help?a=1"})
    assert 'href="/help?a=1"' in came_from.text
    for elsewhere in ("https://elsewhere.example/x", "javascript:alert(1)", ""):
        answer = browser.post("/only-post", headers={"Referer": elsewhere})
        assert answer.status_code == 409
        assert "elsewhere" not in answer.text
        assert "/only-post" not in answer.text


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (RuleError("already_asked"), 409, "Not possible"),
        (RuleError("a_code_without_a_sentence"), 409, "Not possible"),
        (NotPermitted(), 403, "You may not do this"),
        (ChangedMeanwhile(), 409, "Somebody else was faster"),
        (IntegrityError("INSERT", {}, Exception("UNIQUE")), 409, "Somebody else was faster"),
        (OperationalError("SELECT", {}, Exception("locked")), 503, "The service is busy"),
        (ProgrammingError("SELECT", {}, Exception("x")), 500, "Something went wrong on our side"),
        (ZeroDivisionError("secret"), 500, "Something went wrong on our side"),
    ],
)
def test_every_error_becomes_a_page(
    app: Flask,
    error: Exception,
    status: int,
    title: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = raising(app, error)
    with caplog.at_level(logging.ERROR, errors.__name__):
        answer = Browser(app).get(path)
    assert answer.status_code == status
    says(answer, title)
    assert "secret" not in answer.text
    assert bool(caplog.records) is (status >= 500)


def test_a_database_that_does_not_answer_gets_a_page_and_the_process_lives(
    app: Flask, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in("officer@demo.example")
    connection = session.get_bind()

    def lost(*_what: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("connection lost"))

    event.listen(connection, "before_cursor_execute", lost)
    try:
        answer = browser.get("/partners")
        health = browser.get("/healthz")
    finally:
        event.remove(connection, "before_cursor_execute", lost)
    assert answer.status_code == 503
    says(answer, "The service is busy")
    assert health.status_code == 200
    assert browser.get("/partners").status_code == 200


@pytest.mark.parametrize(("code", "direction"), [("en-XA", "ltr"), ("ar-XB", "rtl")])
def test_errors_speak_the_language_of_their_reader(
    client: Browser, code: str, direction: str
) -> None:
    answer = client.get(f"/nowhere?lang={code}")
    assert f'<html lang="{code}" dir="{direction}">' in answer.text
    assert "Page not found" not in answer.text
    assert "[Pàgé ñöt föûñd" in answer.text


def test_every_sentence_has_what_its_refusal_fills_in(app: Flask) -> None:
    with app.test_request_context("/"):
        for code in messages.SENTENCES:
            named = re.findall(r"%\((\w+)\)", str(messages.SENTENCES[code]))
            said = messages.sentence(RuleError(code, **dict.fromkeys(named, "1")))
            assert said
            assert "%(" not in said

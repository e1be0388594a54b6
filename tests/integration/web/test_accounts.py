"""This file holds how people sign in and out, and how long they stay signed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from partner_assess.app import create_app
from partner_assess.cli import demo
from partner_assess.db import queries
from partner_assess.db.models.user import UserSession
from partner_assess.settings import Settings
from partner_assess.usecases.accounts import IDLE, LONGEST, TOUCH_EVERY
from partner_assess.usecases.ports import Ports
from tests.client import NOW, Browser

OFFICER = "officer@demo.example"
SignIn = Callable[[str], Browser]
SECOND = timedelta(seconds=1)


@pytest.fixture
def app_at(
    settings: Settings, session: Session, web_ports: Ports, engine: Engine
) -> Callable[..., Flask]:
    """Return how to make an app on the same database at another moment or address."""
    connection = session.get_bind()
    assert isinstance(connection, Connection)

    def made(moment: datetime = NOW, **others: Any) -> Flask:
        return create_app(
            replace(settings, fixed_now=moment, pseudo_languages=True, **others),
            engine=engine,
            ports=web_ports,
            sessions_of=lambda _reading: Session(
                connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            ),
        )

    return made


def signed_in(browser: Browser, email: str = OFFICER, password: str = demo.PASSWORD) -> Browser:
    browser.get("/login")
    assert browser.post("/login", {"email": email, "password": password}).status_code == 302
    return browser


def test_somebody_who_is_not_signed_in_comes_back_to_where_they_wanted_to_go(
    client: Browser,
) -> None:
    sent = client.get("/partners?q=harbour")
    assert sent.headers["Location"] == "/login?next=/partners?q%3Dharbour"
    client.follow(sent)
    answer = client.post(
        "/login", {"email": OFFICER, "password": demo.PASSWORD, "next": "/partners?q=harbour"}
    )
    assert answer.headers["Location"] == "/partners?q=harbour"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "/\t/elsewhere.example/",
        "\n//elsewhere.example",
        " //elsewhere.example",
        "javascript:alert(1)",
        "elsewhere.example",
        "http:elsewhere.example",
        "/partners\r\nX: y",
        "",
    ],
)
def test_signing_in_never_leads_out_of_the_app(client: Browser, address: str) -> None:
    client.get("/login")
    answer = client.post("/login", {"email": OFFICER, "password": demo.PASSWORD, "next": address})
    there = answer.headers["Location"]
    assert there.startswith("/")
    assert not there.startswith(("//", "/\\", "/\t"))
    assert "\r" not in there
    assert there == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (OFFICER, "wrong"),
        ("nobody@demo.example", demo.PASSWORD),
        ("nobody@demo.example", "wrong"),
    ],
)
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    client: Browser, email: str, password: str
) -> None:
    client.get("/login")
    answer = client.post("/login", {"email": email, "password": password})
    assert answer.status_code == 400
    assert "The e-mail address or the password is wrong. Try again." in answer.text
    assert f'value="{email}"' in answer.text
    assert demo.PASSWORD not in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_an_unknown_account_takes_as_long_as_a_wrong_password(app: Flask) -> None:
    def seconds(email: str) -> float:
        browser = Browser(app)
        browser.get("/login")
        begun = time.perf_counter()
        browser.plain("POST", "/login", data={"email": email, "password": "wrong"})
        return time.perf_counter() - begun

    def sent(email: str) -> float:
        browser = Browser(app)
        browser.get("/login")
        begun = time.perf_counter()
        browser.post("/login", {"email": email, "password": "wrong"})
        return time.perf_counter() - begun

    seconds(OFFICER)
    without_token = min(seconds(OFFICER) for _ in range(3))
    known = min(sent(OFFICER) for _ in range(3))
    unknown = min(sent("nobody@demo.example") for _ in range(3))
    # Both hash, which is slow on purpose; a form without its token does not.
    assert known > without_token
    assert unknown > without_token
    assert 1 / 3 < known / unknown < 3


def test_the_tenth_wrong_password_is_answered_and_the_next_is_told_to_wait(
    client: Browser,
) -> None:
    client.get("/login")
    for _ in range(10):
        assert client.post("/login", {"email": OFFICER, "password": "x"}).status_code == 400
    answer = client.post("/login", {"email": OFFICER, "password": demo.PASSWORD})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    # Another account at the same address goes on.
    client.get("/login")
    other = client.post("/login", {"email": "focal@demo.example", "password": demo.PASSWORD})
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("proxies", "claimed", "last"),
    [
        pytest.param(0, "192.0.2.{}", 429, id="no proxy: what is claimed does not count"),
        pytest.param(1, "192.0.2.{}", 400, id="one proxy: it says who asks"),
        pytest.param(1, "192.0.2.{}, 198.51.100.7", 429, id="one proxy: only the last counts"),
        pytest.param(2, "192.0.2.{}, 198.51.100.7", 400, id="two proxies"),
    ],
)
def test_behind_a_proxy_wrong_passwords_count_by_whom_it_says(
    app_at: Callable[..., Flask], proxies: int, claimed: str, last: int
) -> None:
    client = Browser(app_at(proxies=proxies))
    client.get("/login")
    wrong = {"email": OFFICER, "password": "x"}
    for number in range(11):
        headers = {"X-Forwarded-For": claimed.format(number)}
        answer = client.post("/login", wrong, headers=headers)
    assert answer.status_code == last


def test_a_proxy_decides_neither_host_nor_scheme(app_at: Callable[..., Flask]) -> None:
    client = Browser(app_at(proxies=1))
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = client.get("/", headers=headers)
    assert answer.headers["Location"].startswith("/login")
    assert "evil.example" not in answer.text


def test_right_passwords_are_not_counted(app: Flask) -> None:
    for _ in range(12):
        signed_in(Browser(app))


def test_signing_in_begins_a_new_session(app: Flask, session: Session) -> None:
    browser = Browser(app)
    browser.get("/login")
    before = browser.cookie("session")
    signed_in(browser)
    first = browser.cookie("session")
    signed_in_again = Browser(app)
    signed_in_again.set_cookie("session", before or "")
    assert signed_in_again.get("/").status_code == 302
    signed_in(browser := Browser(app))
    assert first not in {before, browser.cookie("session")}
    assert len(session.scalars(select(UserSession)).all()) == 2


def test_the_database_holds_no_secret_of_a_session(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(OFFICER)
    (row,) = session.scalars(select(UserSession)).all()
    assert len(row.digest) == 64
    assert row.digest not in (browser.cookie("session") or "")


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(OFFICER)
    kept = browser.cookie("session")
    browser.get("/")
    assert browser.post("/logout").headers["Location"] == "/login"
    thief = Browser(app)
    thief.set_cookie("session", kept or "")
    assert thief.get("/").headers["Location"].startswith("/login")


def test_signing_out_without_the_token_signs_nobody_out(sign_in: SignIn) -> None:
    browser = sign_in(OFFICER)
    answer = browser.post("/logout", {"csrf_token": "wrong"})
    assert answer.status_code == 400
    assert "Nothing was saved yet" in answer.text
    assert browser.get("/").status_code == 200


def test_signing_out_everywhere_ends_all_sessions_of_the_account_and_no_other(
    sign_in: SignIn,
) -> None:
    here, there, other = sign_in(OFFICER), sign_in(OFFICER), sign_in("focal@demo.example")
    page = here.get("/account")
    assert page.text.count('data-label="Browser"') == 2
    assert here.post("/account").headers["Location"] == "/login"
    for browser in (here, there):
        assert browser.get("/").headers["Location"].startswith("/login")
    assert other.get("/").status_code == 200


def test_a_revoked_session_counts_no_more_at_the_next_request(
    sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(OFFICER)
    (row,) = session.scalars(select(UserSession)).all()
    row.revoked_at = NOW
    session.commit()
    assert browser.get("/partners").headers["Location"] == "/login?next=/partners"


def test_a_closed_account_is_out_at_the_next_request_and_cannot_sign_in(
    sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(OFFICER)
    user = queries.users.by_email(session, OFFICER)
    assert user
    user.is_active = False
    session.commit()
    assert browser.get("/").status_code == 302
    browser.get("/login")
    answer = browser.post("/login", {"email": OFFICER, "password": demo.PASSWORD})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (timedelta(0), 200),
        (IDLE, 200),
        (IDLE + SECOND, 302),
        (LONGEST, 302),
    ],
)
def test_a_session_ends_when_it_was_idle_for_long(
    app: Flask, app_at: Callable[..., Flask], later: timedelta, status: int
) -> None:
    kept = signed_in(Browser(app)).cookie("session")
    browser = Browser(app_at(NOW + later))
    browser.set_cookie("session", kept or "")
    assert browser.get("/").status_code == status


@pytest.mark.parametrize(("later", "status"), [(LONGEST, 200), (LONGEST + SECOND, 302)])
def test_a_session_that_is_used_ends_after_a_working_day(
    app: Flask,
    app_at: Callable[..., Flask],
    session: Session,
    later: timedelta,
    status: int,
) -> None:
    browser = signed_in(Browser(app))
    (row,) = session.scalars(select(UserSession)).all()
    row.seen_at = NOW + later
    session.commit()
    moved = Browser(app_at(NOW + later))
    moved.set_cookie("session", browser.cookie("session") or "")
    assert moved.get("/").status_code == status


@pytest.mark.parametrize(
    ("later", "is_noted"), [(TOUCH_EVERY - SECOND, False), (TOUCH_EVERY, True)]
)
def test_a_reader_is_noted_at_most_every_five_minutes(
    app: Flask,
    app_at: Callable[..., Flask],
    session: Session,
    later: timedelta,
    is_noted: bool,
) -> None:
    browser = signed_in(Browser(app))
    moved = Browser(app_at(NOW + later))
    moved.set_cookie("session", browser.cookie("session") or "")
    page = moved.get("/help")
    assert 'data-here="/account/here"' in page.text
    assert moved.post("/account/here").status_code == 204
    session.expire_all()
    (row,) = session.scalars(select(UserSession)).all()
    assert (row.seen_at > NOW) is is_noted


def test_a_reader_without_the_token_is_not_noted(sign_in: SignIn) -> None:
    browser = sign_in(OFFICER)
    assert browser.post("/account/here", {"csrf_token": "wrong"}).status_code == 400


def test_nobody_is_said_to_be_here_before_signing_in(client: Browser) -> None:
    assert "data-here" not in client.get("/login").text


def test_a_signed_in_person_is_not_asked_to_sign_in(sign_in: SignIn) -> None:
    assert sign_in(OFFICER).get("/login").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("base_url", "name", "is_secure"),
    [
        ("http://127.0.0.1:8000", "session", False),
        ("https://assess.example", "__Host-session", True),
    ],
)
def test_cookies_are_for_this_app_alone(
    app_at: Callable[..., Flask], base_url: str, name: str, is_secure: bool
) -> None:
    client = app_at(base_url=base_url).test_client()
    answer = client.get("/login?lang=en-XA", base_url=base_url)
    cookies = {
        key: morsel
        for header in answer.headers.getlist("Set-Cookie")
        for key, morsel in SimpleCookie(header).items()
    }
    assert set(cookies) == {name, "language"}
    for morsel in cookies.values():
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"
        assert morsel["path"] == "/"
        assert bool(morsel["secure"]) is is_secure
        assert not morsel["domain"]
    assert ("Strict-Transport-Security" in answer.headers) is is_secure


def test_no_page_is_kept_by_a_browser_or_a_proxy(sign_in: SignIn) -> None:
    browser = sign_in(OFFICER)
    for path in ("/", "/partners", "/login", "/help", "/nowhere"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


class TestLanguage:
    """The user's setting, else the cookie, else what the browser asks for, else English."""

    def test_english_comes_last(self, client: Browser) -> None:
        page = client.get("/login", headers={"Accept-Language": "xx, yy;q=0.5"})
        assert '<html lang="en" dir="ltr">' in page.text

    def test_the_browser_is_listened_to(self, client: Browser) -> None:
        page = client.get("/login", headers={"Accept-Language": "ar-XB, en;q=0.5"})
        assert '<html lang="ar-XB" dir="rtl">' in page.text

    def test_a_choice_is_remembered_before_what_the_browser_asks_for(self, client: Browser) -> None:
        client.get("/login?lang=en-XA")
        page = client.get("/help", headers={"Accept-Language": "ar-XB"})
        assert '<html lang="en-XA"' in page.text

    def test_a_language_that_is_not_offered_changes_nothing(self, client: Browser) -> None:
        answer = client.get("/login?lang=../../etc")
        assert '<html lang="en"' in answer.text
        assert "language=" not in str(answer.headers)

    def test_the_setting_of_the_account_comes_before_the_cookie(
        self, sign_in: SignIn, session: Session
    ) -> None:
        browser = sign_in(OFFICER)
        user = queries.users.by_email(session, OFFICER)
        assert user
        user.language = "ar-XB"
        session.commit()
        browser.set_cookie("language", "en-XA")
        assert '<html lang="ar-XB"' in browser.get("/").text
        assert '<html lang="ar-XB"' in browser.get("/nowhere").text


def test_a_form_sent_after_signing_out_leads_back_to_its_page(client: Browser) -> None:
    answer = client.plain("POST", "/partners/new")
    assert answer.headers["Location"] == "/login?next=/partners/new"
    assert "You were signed out before this was saved." in client.follow(answer).text


@pytest.mark.parametrize(
    ("referrer", "there"),
    [
        ("http://localhost/account?x=1", "/login?next=/account"),
        ("http://elsewhere.example/account", "/login"),
    ],
)
def test_a_deed_without_a_page_leads_back_to_where_it_was_asked(
    client: Browser, referrer: str, there: str
) -> None:
    answer = client.plain("POST", "/account/here", headers={"Referer": referrer})
    assert answer.headers["Location"] == there

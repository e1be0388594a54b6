"""This file holds what every answer carries, and how much is sent over a weak line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy.orm import Session

from partner_assess.usecases.ports import Ports
from partner_assess.web import static_files
from tests.client import Browser
from tests.integration.web.addresses import Address, Records, addresses

SignIn = Callable[[str], Browser]
KB = 1024
FIRST_VISIT, LATER_PAGE, REQUESTS = 35 * KB, 15 * KB, 5


@pytest.fixture
def pages(app: Flask, session: Session, web_ports: Ports) -> list[Address]:
    records = Records(session, web_ports)
    session.commit()
    return [
        one
        for one in addresses(app, records)
        if one.method == "GET" and one.endpoint != "health.readyz"
    ]


def sent(browser: Browser, path: str, encoding: str = "br, gzip") -> int:
    """Return how many bytes come over the line."""
    return len(browser.plain("GET", path, headers={"Accept-Encoding": encoding}).data)


def parts_of(page: str) -> list[str]:
    """Return what a browser fetches for a page beside it."""
    found = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', page)
    return list(dict.fromkeys(found))


def test_every_answer_is_fenced_in(sign_in: SignIn, pages: list[Address]) -> None:
    browser = sign_in("officer@demo.example")
    for page in pages:
        headers = browser.plain("GET", page.path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("who", ["stranger", "officer", "head", "admin", "partner"])
def test_a_first_visit_is_small(who: str, encoding: str, client: Browser, sign_in: SignIn) -> None:
    browser = client if who == "stranger" else sign_in(f"{who}@demo.example")
    path = "/login" if who == "stranger" else "/"
    parts = parts_of(browser.get(path).text)
    assert len(parts) + 1 <= REQUESTS
    assert all(part.startswith("/static/") for part in parts)
    sizes = {part: sent(browser, part, encoding) for part in [path, *parts]}
    assert all(sizes.values())
    assert sum(sizes.values()) <= FIRST_VISIT, sizes


@pytest.mark.parametrize("who", ["officer", "focal", "head"])
def test_every_later_page_is_small(who: str, sign_in: SignIn, pages: list[Address]) -> None:
    browser = sign_in(f"{who}@demo.example")
    sizes = {
        page.endpoint: sent(browser, page.path)
        for page in pages
        if browser.plain("GET", page.path).mimetype == "text/html"
    }
    assert {name: size for name, size in sizes.items() if size > LATER_PAGE} == {}


def test_what_a_page_fetches_is_kept_by_the_browser(client: Browser) -> None:
    for part in parts_of(client.get("/login").text):
        headers = client.plain("GET", part).headers
        assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert re.search(r"\?v=[0-9a-f]{12}$", part)


def test_a_changed_file_has_another_address(app: Flask, tmp_path: Path) -> None:
    def address(style: str) -> str:
        (tmp_path / "app.css").write_text(style)
        made = Flask("made", static_folder=str(tmp_path), static_url_path="/static")
        static_files.init(made)
        with made.test_request_context():
            return url_for("static", filename="app.css")

    assert address("a {}") != address("b {}")


def test_pages_fetch_nothing_from_elsewhere(sign_in: SignIn, pages: list[Address]) -> None:
    browser = sign_in("officer@demo.example")
    for page in pages:
        text = browser.plain("GET", page.path).get_data(as_text=True)
        assert all(part.startswith("/static/") for part in parts_of(text)), page

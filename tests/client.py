"""This file holds a browser for tests: it fills the token, and doubts every page it gets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

# Monday, in the middle of a day, so that no time zone of the demo makes it another.
NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)

HTML = "{http://www.w3.org/1999/xhtml}"


class Browser:
    """Flask's client, as a person uses it: the token comes from the last page with a form."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self._seen(self._client.get(path, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, with the token of the last page that had one."""
        filled = {"csrf_token": self._token, **(data or {})}
        return self._seen(self._client.post(path, data=filled, **options))

    def plain(self, method: str, path: str, **options: Any) -> TestResponse:
        """Ask without a token, and without a look at the page."""
        with self._client.open(path, method=method, **options) as answer:
            answer.get_data()
        return answer

    def cookie(self, name: str) -> str | None:
        """Return what the browser keeps under a name."""
        found = self._client.get_cookie(name)
        return found.value if found else None

    def set_cookie(self, name: str, value: str) -> None:
        """Let the browser keep something."""
        self._client.set_cookie(name, value)

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where an answer sends us."""
        assert answer.status_code in {302, 303}, answer.text[:2000]
        return self.get(answer.headers["Location"])

    def seen(self, path: str, name: str = "seen") -> str:
        """Return the version that a page's form carries."""
        found = re.search(rf'name="{name}"[^>]*value="(\d+)"', self.get(path).text)
        assert found, f"{path} has no field {name}"
        return found[1]

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and answer.status_code not in {204, 301, 302, 303}:
            check_page(answer.text)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
            if token:
                self._token = token[1]
        return answer


def check_page(text: str) -> None:
    """Fail for a page that a careful reader of HTML would send back."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=True)
    page = parser.parse(text)
    errors = [error for error in parser.errors if error[1] != "expected-doctype-but-got-start-tag"]
    assert not errors, errors[:5]
    assert page.get("lang"), "the page names its language"
    assert page.get("dir") in {"ltr", "rtl"}
    assert len(list(page.iter(f"{HTML}h1"))) == 1, "one h1"
    title = page.find(f".//{HTML}title")
    assert title is not None, "a title"
    assert (title.text or "").strip(" -"), "a title with words"
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
    _check_labels(page, set(ids))


def _check_labels(page: Any, ids: set[str | None]) -> None:
    labelled = {label.get("for") for label in page.iter(f"{HTML}label")}
    wrapped = {
        id(field)
        for label in page.iter(f"{HTML}label")
        for field in label.iter()
        if field.tag in {f"{HTML}input", f"{HTML}select", f"{HTML}textarea"}
    }
    for kind in ("input", "select", "textarea"):
        for field in page.iter(f"{HTML}{kind}"):
            if field.get("type") == "hidden":
                continue
            named = field.get("id") in labelled or id(field) in wrapped or field.get("aria-label")
            assert named, f"{kind} {field.get('name')} has no label"
    for element in page.iter():
        for reference in (element.get("aria-describedby") or "").split():
            assert reference in ids, f"aria-describedby names {reference}, which is not there"

"""This file holds that no word of a page was forgotten, and that pages turn round.

Every word of the app comes with accents in the pseudo language: `[Šîgñ îñ···]`. What stands on
a page without them must be data: of the database, of the instruments, of the calendar.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import html5lib
import pytest
from babel import Locale
from flask import Flask
from sqlalchemy import String, select
from sqlalchemy.orm import Session

from partner_assess.cli.demo import ACCOUNTS
from partner_assess.db.base import Model
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.policy import Policy
from partner_assess.usecases.ports import Ports
from tests.client import HTML, Browser
from tests.integration.web.addresses import Address, Records, addresses

SignIn = Callable[[str], Browser]

# Attributes that people read or hear.
SAID = ("aria-label", "title", "alt", "placeholder", "data-label", "data-under", "data-over",
        "data-sent", "data-kept")  # fmt: skip
NO_WORDS = {f"{HTML}{name}" for name in ("script", "style")}

# Names, and what stands in templates as it is in every language.
OURS = ("PartnerAssess", "en-XA", "ar-XB", "English", "Werkzeug", "Demo: Country",
        "PDF", "PNG", "JPG", "QR", "KB", "kB", "MB", "administration",
        "trust add --confirm")  # fmt: skip
MONTHS = "|".join(
    {name for kind in ("wide", "abbreviated")
     for name in Locale.parse("en").months["format"][kind].values()}
)  # fmt: skip


@pytest.fixture
def pages(app: Flask, session: Session, web_ports: Ports) -> list[Address]:
    records = Records(session, web_ports)
    session.commit()
    return [
        one
        for one in addresses(app, records)
        if one.method == "GET" and one.endpoint != "health.readyz"
    ]


@pytest.fixture
def data(
    session: Session, catalogue: Catalogue, policies: dict[str, Policy], pages: list[Address]
) -> re.Pattern[str]:
    """Return what finds everything that is data, the longest first."""
    assert pages
    known = set(OURS) | set(policies) | set(Locale.parse("en").territories.values())
    known |= {one for one in _in_database(session) if _is_no_code(one)}
    for framework in catalogue.all():
        known |= {text for words in framework.texts.values() for text in _strings(words)}
        known |= {text for text in _strings(framework) if _is_no_code(text)}
    session.rollback()
    longest_first = sorted((one for one in known if len(one) > 1), key=len, reverse=True)
    either = "|".join(re.escape(_squeezed(one)) for one in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _is_no_code(text: str) -> bool:
    """Tell a name or a reference from a word such as "draft", which a page must translate."""
    return bool(re.search(r"[\s\d:/@.]", text)) or text.isupper()


def _in_database(session: Session) -> Iterator[str]:
    for table in Model.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, String)]
        if columns:
            for row in session.execute(select(*columns)):
                yield from (value for value in row if isinstance(value, str))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from _strings(getattr(value, one.name))
    elif isinstance(value, dict) or hasattr(value, "items"):
        for key, item in value.items():
            yield from _strings(key)
            yield from _strings(item)
    elif isinstance(value, tuple | list | frozenset | set):
        for item in value:
            yield from _strings(item)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def said_on(text: str) -> Iterator[str]:
    """Yield every text that a reader meets, block by block."""
    page = html5lib.parse(text)
    for element in page.iter():
        if element.tag in NO_WORDS:
            continue
        yield from (element.get(name, "") for name in SAID)
        yield from json.loads(element.get("data-waiting", "{}")).values()
        if element.get("type") == "submit":
            yield element.get("value", "")
        for own in [element.text, *(child.tail for child in element)]:
            yield own or ""


def left_over(said: str, data: re.Pattern[str]) -> str:
    """Return what of a text is neither accented nor data."""
    rest = data.sub(" ", _squeezed(said))
    rest = re.sub(rf"\b(?:{MONTHS})\b", " ", rest)
    words = re.findall(r"[^\W\d_]{2,}", rest)
    return " ".join(word for word in words if word.isascii())


def test_a_forgotten_word_is_found() -> None:
    data = re.compile("Demo: Harbour Aid")
    assert left_over("[Šîgñ îñ···]", data) == ""
    assert left_over("[Öpéñ Demo: Harbour Aid···] 16 November 2026, 10:42", data) == ""
    assert left_over("[Öpéñ [Làšt···]···] since", data) == "since"
    assert left_over("Sign in", data) == "Sign in"


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.email)
def test_no_page_has_a_word_that_cannot_be_translated(
    account: Any, sign_in: SignIn, pages: list[Address], data: re.Pattern[str]
) -> None:
    browser = sign_in(account.email)
    browser.get("/help?lang=en-XA")
    found: dict[str, set[str]] = {}
    seen = 0
    for page in pages:
        answer = browser.plain("GET", page.path)
        if answer.mimetype != "text/html" or answer.status_code == 302:
            continue
        seen += 1
        assert '<html lang="en-XA" dir="ltr">' in answer.text
        words = {rest for said in said_on(answer.text) if (rest := left_over(said, data))}
        if words:
            found[page.endpoint] = words
    assert seen > 20
    assert found == {}


@pytest.mark.parametrize("who", ["stranger", "officer@demo.example"])
def test_forms_and_errors_have_no_word_that_cannot_be_translated(
    who: str, client: Browser, sign_in: SignIn, pages: list[Address], data: re.Pattern[str]
) -> None:
    browser = client if who == "stranger" else sign_in(who)
    browser.get("/help?lang=en-XA")
    answers = [browser.get(path) for path in ("/nowhere", "/logout", "/login", "/privacy")]
    for page in pages:
        if page.endpoint in {"partners.new", "partners.edit", "partnerships.new", "accounts.login",
                             "partnerships.edit", "partnerships.end", "partnerships.lives_at_risk",
                             "approvals.ask", "assessments.details", "assessments.add_evidence",
                             "plans.new_action", "assessments.cancel"}:  # fmt: skip
            browser.get(page.path)
            answers.append(browser.post(page.path, {}))
    for answer in answers:
        if answer.mimetype == "text/html" and answer.status_code != 302:
            words = {rest for said in said_on(answer.text) if (rest := left_over(said, data))}
            assert words == set(), answer.request.path


@pytest.mark.parametrize("who", ["officer@demo.example", "head@demo.example"])
def test_every_page_turns_round_for_a_language_from_right_to_left(
    who: str, sign_in: SignIn, pages: list[Address]
) -> None:
    browser = sign_in(who)
    browser.get("/help?lang=ar-XB")
    for page in pages:
        answer = browser.plain("GET", page.path)
        if answer.mimetype == "text/html" and answer.status_code != 302:
            assert '<html lang="ar-XB" dir="rtl">' in answer.text, page


def test_names_and_references_keep_their_own_direction(
    sign_in: SignIn, session: Session, pages: list[Address]
) -> None:
    assert pages
    browser = sign_in("officer@demo.example")
    listed = html5lib.parse(browser.get("/partners?lang=ar-XB").text)
    isolated = {element.text for element in listed.iter(f"{HTML}bdi")}
    for row in listed.iter(f"{HTML}a"):
        if (row.text or "").startswith("Demo: "):
            pytest.fail(f"{row.text} stands outside <bdi>")
    assert "Demo: جمعية النهر للتنمية" in isolated
    session.rollback()

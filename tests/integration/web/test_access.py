"""This file holds who may open what: each route, for each role, compared with a reviewed table.

`access.csv` is that table. When a route comes or a permission changes, this test writes the
table as it is now to `build/access.csv`: read the difference, then put it in place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from partner_assess.cli.demo import ACCOUNTS
from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.domain import permissions
from partner_assess.domain.permissions import Actor, Permission, Role
from partner_assess.usecases.ports import Ports
from tests.client import Browser
from tests.integration.web.addresses import KNOWN_BY, Address, Records, addresses

TABLE = Path(__file__).with_name("access.csv")
NEW_TABLE = Path(__file__).parents[3] / "build" / "access.csv"
STRANGER = "stranger"
WHO = [STRANGER, *(account.email for account in ACCOUNTS)]

# A GET of these hands a file out of the app, and writes down that it did.
WRITING_DOWNLOADS = {"assessments.download_evidence", "documents.file", "received.file"}

# Signing out ends the walk; readiness opens a connection beside the one of these tests.
ELSEWHERE = {"accounts.logout", "health.readyz"}

# Pages that more people may read than may act on.
STRONGER = {("POST", "plans.action"): Permission.PLAN_EDIT}

SignIn = Callable[[str], Browser]


@pytest.fixture
def records(session: Session, web_ports: Ports) -> Records:
    made = Records(session, web_ports)
    session.commit()
    return made


@pytest.fixture
def all_addresses(app: Flask, records: Records) -> list[Address]:
    return [one for one in addresses(app, records) if one.endpoint not in ELSEWHERE]


@pytest.fixture
def writes(demo_connection: Connection) -> Iterator[list[str]]:
    """Return the statements that write, as they come."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")):
            found.append(statement)

    event.listen(demo_connection, "before_cursor_execute", note)
    yield found
    event.remove(demo_connection, "before_cursor_execute", note)


@pytest.fixture
def browser_of(sign_in: SignIn, client: Browser) -> SignIn:
    return lambda who: client if who == STRANGER else sign_in(who)


def ask(browser: Browser, address: Address) -> TestResponse:
    """Ask for an address as it is, a POST without anything in it."""
    return browser.plain(address.method, address.path)


def final(browser: Browser, answer: TestResponse) -> int:
    """Return the status, of the page sent to where that is not the sign-in."""
    there = answer.headers.get("Location", "/login")
    return (
        answer.status_code
        if there.startswith("/login")
        else browser.plain("GET", there).status_code
    )


def expected(actor: Actor | None, address: Address) -> set[int]:
    """Return what interfaces.md says about who sees what, as the statuses it allows."""
    if address.needs is None:
        return {200, 302, 400}
    if actor is None:
        return {302}
    if not permissions.may(actor, address.needs):
        return {403}
    if address.standing is None:
        return {200} if address.method == "GET" else {400}
    if not permissions.may(actor, KNOWN_BY[address.about], address.standing):
        return {404}
    needed = STRONGER.get((address.method, address.endpoint), address.needs)
    if not permissions.may(actor, needed, address.standing):
        return {403, 404}
    return {200} if address.method == "GET" else {200, 400}


def actor_of(session: Session, email: str) -> Actor | None:
    user = queries.users.by_email(session, email)
    return user.actor() if user else None


@pytest.mark.parametrize("who", WHO)
def test_every_route_answers_each_role_as_the_reviewed_table_says(
    who: str, browser_of: SignIn, all_addresses: list[Address], session: Session
) -> None:
    actor = actor_of(session, who)
    browser = browser_of(who)
    found: dict[tuple[str, str], str] = {}
    for address in all_addresses:
        answer = ask(browser, address)
        found[address.method, address.route] = str(answer.status_code)
        allowed = expected(actor, address)
        status = final(browser, answer)
        assert status in allowed, f"{address}: {status}, not {allowed}"
        if actor is None and address.needs is not None:
            assert answer.headers["Location"].startswith("/login"), address
    _note(who, found)
    assert found == _reviewed(who)


def _reviewed(who: str) -> dict[tuple[str, str], str]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["route"]): row[who] for row in csv.DictReader(file)}


def _note(who: str, found: dict[tuple[str, str], str]) -> None:
    """Write a column of the table as it is now beside the others."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    if NEW_TABLE.exists():
        with NEW_TABLE.open(encoding="utf-8", newline="") as file:
            rows = {(row["method"], row["route"]): row for row in csv.DictReader(file)}
    NEW_TABLE.parent.mkdir(exist_ok=True)
    with NEW_TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["method", "route", *WHO], restval="?", lineterminator="\n")
        table.writeheader()
        for (method, route), status in found.items():
            before = rows.get((method, route), {})
            table.writerow({**before, "method": method, "route": route, who: status})


def test_the_table_names_every_route_of_the_app(app: Flask) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint not in {"static", *ELSEWHERE}
    }
    assert set(_reviewed(STRANGER)) == routes


def test_every_record_that_a_route_needs_is_of_office_1(
    app: Flask, all_addresses: list[Address], records: Records
) -> None:
    with_record = {rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments}
    assert with_record - {"static"} == set(records.by_endpoint)
    offices = {a.standing.office_id for a in all_addresses if a.standing} - {None}
    assert len(offices) == 1


@pytest.mark.parametrize("who", ["officer@demo.example", "focal@demo.example", "head@demo.example"])
def test_no_get_writes_but_the_downloads(
    who: str, sign_in: SignIn, all_addresses: list[Address], writes: list[str]
) -> None:
    browser = sign_in(who)
    writes.clear()
    writing = set()
    for address in all_addresses:
        if address.method == "GET":
            assert ask(browser, address).status_code < 500, address
            if writes:
                writing.add(address.endpoint)
            writes.clear()
    assert writing == WRITING_DOWNLOADS


def test_no_post_without_its_token_writes(
    sign_in: SignIn, all_addresses: list[Address], writes: list[str]
) -> None:
    for who in ("officer@demo.example", "focal@demo.example", "head@demo.example"):
        browser = sign_in(who)
        writes.clear()
        for address in all_addresses:
            if address.method == "POST":
                ask(browser, address)
                assert writes == [], address


def test_an_assessor_sees_what_is_assigned_and_nothing_else(
    sign_in: SignIn, session: Session, records: Records
) -> None:
    assessor = actor_of(session, "assessor@demo.example")
    assert assessor
    draft = records.assessment("Demo: Riverbend Women’s Association")
    other = records.assessment("Demo: Hilltop Legal Aid")
    session.get_one(Assessment, draft.id).assessor_id = assessor.user_id
    session.commit()

    browser = sign_in("assessor@demo.example")
    assert browser.get(f"/assessments/{draft.id}").status_code == 200
    assert browser.get(f"/assessments/{draft.id}/standards/policy").status_code == 200
    assert browser.get(f"/assessments/{other.id}").status_code == 404
    assert browser.get(f"/partners/{draft.partner_id}").status_code == 200
    assert browser.get(f"/partners/{other.partner_id}").status_code == 404
    listed = browser.get("/partners").text
    assert "Riverbend" in listed
    assert "Hilltop" not in listed
    assert "Riverbend" in browser.get("/").text


def test_a_partners_focal_point_sees_that_partner_only(
    sign_in: SignIn, session: Session, records: Records
) -> None:
    browser = sign_in("partner@demo.example")
    own = records.partner("Demo: Harbour Aid Network")
    other = records.partner("Demo: Hilltop Legal Aid")
    page = browser.get(f"/partners/{own.id}")
    assert page.status_code == 200
    assert browser.get(f"/partners/{other.id}").status_code == 404
    listed = browser.get("/partners").text
    assert re.findall(r'href="/partners/([^"?/]+)"', listed) == [str(own.id)]
    for word in ("Approval", "Justification", "Suspen"):
        assert word not in page.text


def test_a_sister_agency_finds_its_own_partners_only(sign_in: SignIn) -> None:
    listed = sign_in("sister@demo.example").get("/partners").text
    assert "Lighthouse Reading Rooms" in listed
    assert "Harbour" not in listed
    assert "Country Office 1" not in listed


def test_another_office_sees_the_partner_but_no_draft_plan_or_approval(
    sign_in: SignIn, records: Records
) -> None:
    browser = sign_in("officer2@demo.example")
    own = records.partner("Demo: Harbour Aid Network")
    page = browser.get(f"/partners/{own.id}")
    assert page.status_code == 200
    assert f"/partners/{own.id}/partnerships" in page.text
    assert "/plans/" not in page.text
    assert "/assessments/" not in page.text
    for link in _links_of(page.text):
        assert browser.get(link).status_code == 200, link


@pytest.mark.parametrize(
    "who",
    [f"{name}@demo.example" for name in ("officer", "head", "officer2", "auditor", "partner")],
)
def test_no_page_offers_a_link_that_its_reader_may_not_open(
    who: str, sign_in: SignIn, all_addresses: list[Address]
) -> None:
    browser = sign_in(who)
    seen: set[str] = set()
    for address in all_addresses:
        if address.method == "GET" and address.endpoint not in WRITING_DOWNLOADS:
            answer = ask(browser, address)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                seen |= _links_of(answer.text)
    assert seen
    refused = {link: browser.plain("GET", link).status_code for link in sorted(seen)}
    assert {link: code for link, code in refused.items() if code not in {200, 302}} == {}


def _links_of(text: str) -> set[str]:
    found = re.findall(r'href="(/[^"#]*)', text)
    return {link.replace("&amp;", "&") for link in found if not link.startswith("/static")}


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_asked_for_by_a_view_or_a_record(
    permission: Permission, all_addresses: list[Address]
) -> None:
    assert permission in {a.needs for a in all_addresses} | set(KNOWN_BY.values()) | {
        # Asked for by the page of a review, which others may read.
        Permission.ASSESSMENT_REVIEW,
    }


def test_every_role_has_a_demo_account() -> None:
    assert {account.role for account in ACCOUNTS} == set(Role)

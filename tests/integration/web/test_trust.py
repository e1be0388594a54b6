"""Trust in the browser: whose signatures count, and who says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from partner_assess.cli import demo
from partner_assess.db import queries
from partner_assess.db.models.trust import TrustedRoot
from partner_assess.domain.permissions import Role
from partner_assess.domain.report.status_list import StatusList, to_json
from partner_assess.domain.trust import SignedContent, State
from partner_assess.usecases import statuses, trust
from partner_assess.usecases.ports import Ports
from tests.client import NOW, Browser
from tests.factories import make_user
from tests.trusting import FakeGate, FakeSeals, a_root, fingerprint, revoked_by

SignIn = Callable[[str], Browser]

ADMIN, AUDITOR, OFFICER = (f"{name}@demo.example" for name in ("admin", "auditor", "officer"))
ROOT, RENEWED = a_root("UNX"), a_root("UNX renewed")
NAME = fingerprint(ROOT)


@pytest.fixture
def app_ports(web_ports: Ports) -> Ports:
    return replace(web_ports, gate=FakeGate(), seals=FakeSeals())


def by_operator(
    session: Session, ports: Ports, file: bytes = ROOT, *, confirmed: bool = False
) -> TrustedRoot:
    """Put a root on Agency A's list, as the operator does."""
    agency = queries.agencies.by_code(session, "UNA")
    assert agency
    whose = {"list_of": agency.id, "actor": None, "now": NOW}
    certificate = ports.gate.read_root(file, at=NOW)
    root = trust.add(session, ports, certificate=certificate, agency_code="UNX", **whose)
    if confirmed:
        name = root.fingerprint
        trust.confirm(session, root_id=root.id, seen=None, typed=name, **whose)
    session.commit()
    return root


def sent(browser: Browser, path: str, file: bytes, **fields: str) -> TestResponse:
    browser.get(path)
    return browser.post(path, {"file": (BytesIO(file), "file.pem"), **fields})


def state_of(session: Session, root: TrustedRoot) -> State:
    session.expire_all()
    return session.get_one(TrustedRoot, root.id).state


def test_an_administrator_adds_a_root_and_cannot_confirm_it(
    sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(ADMIN)
    page = browser.follow(sent(browser, "/trust/add", ROOT, agency="UNX"))
    assert "Waiting to be confirmed" in page.text
    assert "You: somebody else confirms." in page.text
    (root,) = queries.trust.everywhere(session)
    assert (root.state, root.fingerprint) == (State.PENDING, NAME)

    refused = browser.get(f"/trust/{root.id}/confirm")
    assert refused.status_code == 409
    assert "Another administrator must confirm it" in refused.text
    seen = {"seen": str(root.version), "fingerprint": NAME}
    assert browser.post(f"/trust/{root.id}/confirm", seen).status_code == 409
    assert state_of(session, root) is State.PENDING


def test_a_second_person_confirms_by_the_fingerprint_which_no_page_shows(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    root = by_operator(session, app_ports)
    browser = sign_in(ADMIN)
    there = f"/trust/{root.id}/confirm"
    bare = "".join((browser.get("/trust").text + browser.get(there).text).split())
    assert NAME.upper() not in bare
    assert NAME not in bare

    wrong = browser.post(there, {"seen": browser.seen(there), "fingerprint": fingerprint(RENEWED)})
    assert wrong.status_code == 400
    assert "This is not the fingerprint of the certificate." in wrong.text
    assert state_of(session, root) is State.PENDING

    typed = " ".join(NAME[at : at + 4].upper() for at in range(0, 64, 4))
    page = browser.follow(browser.post(there, {"seen": browser.seen(there), "fingerprint": typed}))
    assert "its signatures count" in page.text
    assert state_of(session, root) is State.TRUSTED


def test_a_root_is_removed_with_a_reason_and_stays_in_the_history(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    root = by_operator(session, app_ports, confirmed=True)
    browser = sign_in(ADMIN)
    there = f"/trust/{root.id}/remove"
    assert browser.post(there, {"seen": browser.seen(there)}).status_code == 400
    sent_form = {"seen": browser.seen(there), "reason": "Their key was lost."}
    page = browser.follow(browser.post(there, sent_form))
    assert state_of(session, root) is State.REMOVED
    assert "Their key was lost." in page.text
    for word in ("Root added", "Root confirmed", "Root removed", "Administrator, Agency A"):
        assert word in page.text
    assert browser.get(there).status_code == 409


def test_an_old_page_changes_nothing(sign_in: SignIn, session: Session, app_ports: Ports) -> None:
    root = by_operator(session, app_ports)
    browser = sign_in(ADMIN)
    there = f"/trust/{root.id}/confirm"
    browser.get(there)
    assert browser.post(there, {"seen": "0", "fingerprint": NAME}).status_code == 409
    assert state_of(session, root) is State.PENDING


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        (b"\x00\xff" * 99, "UNX", "The file holds no certificate."),
        (b"", "UNX", "The file holds no certificate."),
        (a_root("UNX", ends=NOW - timedelta(days=1)), "UNX", "This root has ended."),
        (ROOT, "U N X", "Enter the short code"),
        (ROOT, "  ", "Enter the short code"),
        (ROOT, "UNY", "This root is known to speak for UNX."),
        (a_root("UNB"), "UNX", "This root is known to speak for UNB."),
    ],
)
def test_a_root_that_cannot_be_added_says_why(
    sign_in: SignIn, session: Session, app_ports: Ports, file: bytes, code: str, said: str
) -> None:
    by_operator(session, app_ports)
    answer = sent(sign_in(ADMIN), "/trust/add", file, agency=code)
    assert answer.status_code == 400
    assert said in answer.text
    assert len(queries.trust.everywhere(session)) == 1


def test_a_form_without_its_file_asks_for_it(sign_in: SignIn) -> None:
    browser = sign_in(ADMIN)
    for path in ("/trust/add", "/trust/update"):
        browser.get(path)
        answer = browser.post(path, {"agency": "UNX"})
        assert answer.status_code == 400
        assert "Choose the file." in answer.text


def test_a_root_that_counts_already_is_said_to(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    by_operator(session, app_ports, confirmed=True)
    browser = sign_in(ADMIN)
    page = browser.follow(sent(browser, "/trust/add", ROOT, agency="UNX"))
    assert "This root counts already" in page.text


def test_two_roots_of_an_agency_are_said_to_count_both(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    for file in (ROOT, RENEWED):
        by_operator(session, app_ports, file, confirmed=True)
    assert "Two roots of UNX count." in sign_in(AUDITOR).get("/trust").text


@pytest.mark.parametrize(
    ("days", "said"),
    [(91, "Trusted"), (90, "Ends soon"), (-1, "Has ended")],
)
def test_the_end_of_a_root_is_warned_of(
    sign_in: SignIn, session: Session, app_ports: Ports, days: int, said: str
) -> None:
    root = by_operator(session, app_ports, confirmed=True)
    root.not_after = NOW + timedelta(days=days)
    session.commit()
    text = sign_in(AUDITOR).get("/trust").text
    assert f"</svg>{said}</span>" in "".join(text.split("\n"))
    for other in {"Trusted", "Ends soon", "Has ended"} - {said}:
        assert f"</svg>{other}</span>" not in text


def test_a_list_is_taken_in_once_and_an_older_one_is_refused_kindly(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    by_operator(session, app_ports, confirmed=True)
    browser = sign_in(ADMIN)
    made = NOW - timedelta(days=9)
    file = revoked_by(ROOT, made=made, update=NOW - timedelta(days=2))
    page = browser.follow(sent(browser, "/trust/update", file))
    assert "What UNX says is taken in." in page.text
    assert "Old: ask for a newer one" in page.text

    older = sent(browser, "/trust/update", revoked_by(ROOT, made=made - timedelta(days=1)))
    assert older.status_code == 400
    assert "What we have is as new as this, or newer." in older.text


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"\x00", "The file is damaged, or none of those that are taken here."),
        (revoked_by(RENEWED, made=NOW), "Nobody whose root counts here has signed this file."),
    ],
)
def test_a_list_of_nobody_on_the_list_is_refused(sign_in: SignIn, file: bytes, said: str) -> None:
    answer = sent(sign_in(ADMIN), "/trust/update", file)
    assert answer.status_code == 400
    assert said in answer.text


def test_everybodys_list_is_shown_and_left_to_the_operator(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    root = by_operator(session, app_ports)
    root.list_agency_id = None
    session.commit()
    browser = sign_in(ADMIN)
    page = browser.get("/trust")
    assert "On the list of the whole installation" in page.text
    assert f"/trust/{root.id}" not in page.text
    assert browser.get(f"/trust/{root.id}/remove").status_code == 404


def test_an_agency_sees_its_own_list_only(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    by_operator(session, app_ports, confirmed=True)
    assert "UNX" in sign_in(OFFICER).get("/trust").text
    assert "UNX" not in sign_in("sister@demo.example").get("/trust").text


def test_what_another_agency_here_was_told_is_not_shown(
    sign_in: SignIn, session: Session, app_ports: Ports
) -> None:
    by_operator(session, app_ports, confirmed=True)
    told = StatusList.of((), issuer="UNX", name="https://unx.example/status/UNX", made_at=NOW)
    signed = SignedContent("UNX", to_json(told), None, NAME)

    def take(code: str) -> None:
        agency = queries.agencies.by_code(session, code)
        assert agency
        statuses.take(session, signed=signed, file=b"", list_of=agency.id, by=None, now=NOW)
        session.commit()

    take("UNB")
    assert "Status of documents" not in sign_in(OFFICER).get("/trust").text
    take("UNA")
    assert "Status of documents" in sign_in(OFFICER).get("/trust").text


def test_the_own_root_is_handed_out_with_its_fingerprint(sign_in: SignIn) -> None:
    browser = sign_in(OFFICER)
    text = browser.get("/trust").text
    beginning = fingerprint(a_root("UNA"))[:4].upper()
    assert f'<span class="nowrap">{beginning} ' in text
    answer = browser.plain("GET", "/trust/own")
    assert answer.text.startswith("-----BEGIN CERTIFICATE-----")
    assert "attachment; filename=UNA-root.pem" in answer.headers["Content-Disposition"]


def test_only_administrators_and_auditors_have_it_among_their_places(sign_in: SignIn) -> None:
    for who, has in ((ADMIN, True), (AUDITOR, True), (OFFICER, False)):
        assert ('<a href="/trust"' in sign_in(who).get("/").text) is has


def test_two_administrators_of_an_agency_do_it_all_in_the_browser(
    app: Flask, sign_in: SignIn, session: Session
) -> None:
    first = sign_in(ADMIN)
    first.follow(sent(first, "/trust/add", ROOT, agency="UNX"))
    (root,) = queries.trust.everywhere(session)
    agency = queries.agencies.by_code(session, "UNA")
    officer = queries.users.by_email(session, OFFICER)
    assert agency
    assert officer
    other = make_user(session, agency, Role.ADMINISTRATOR)
    other.password_hash = officer.password_hash
    session.commit()

    second = Browser(app)
    second.get("/login")
    second.post("/login", {"email": other.email, "password": demo.PASSWORD})
    there = f"/trust/{root.id}/confirm"
    second.post(there, {"seen": second.seen(there), "fingerprint": NAME})
    assert state_of(session, root) is State.TRUSTED

"""This file holds what share links open, for whom, how long; and the page of the trust bundle."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.shared_report import Consent, Recipient
from partner_assess.domain.assessment import State
from partner_assess.domain.report import trust_bundle
from partner_assess.usecases.ports import Ports
from tests.client import NOW, Browser
from tests.integration.web.test_documents import HANDED, make, newest, page
from tests.sealing import MarkSeals, opened

SignIn = Callable[[str], Browser]
TRUST = "Demo: Lantern Community Trust"
LINKED = HANDED | {"how": "link", "days": "7"}
NOWHERE = "This link leads nowhere"


@pytest.fixture
def final(session: Session) -> Assessment:
    partner = queries.partners.named(session, TRUST, agency_code="UNA")
    found = queries.assessments.of_partner(session, partner.id)
    return next(one for one in found if one.state is State.FINAL)


@pytest.fixture
def officer(sign_in: SignIn) -> Browser:
    return sign_in("officer@demo.example")


@pytest.fixture
def token(officer: Browser, session: Session, final: Assessment, web_ports: Ports) -> str:
    """Return the secret of a link that the officer has just made, to a document that is made."""
    officer.get(page(final))
    shown = officer.follow(officer.post(page(final), LINKED))
    make(session, web_ports, newest(session, final))
    return secret_in(shown.text)


def secret_in(text: str) -> str:
    found = re.search(r'value="https://app.example/shared/([^"]+)"', text)
    assert found is not None
    return found[1]


def recipients(session: Session, final: Assessment) -> list[Recipient]:
    session.expire_all()
    return list(queries.recipients.of_assessment(session, final.id))


def test_a_link_is_shown_once_and_its_reads_are_listed(
    officer: Browser, client: Browser, session: Session, final: Assessment, token: str
) -> None:
    assert token not in officer.get(page(final)).text
    assert "Not fetched yet" in officer.get(page(final)).text

    looked = client.get(f"/shared/{token}")
    assert looked.status_code == 200
    assert recipients(session, final)[0].reads == []
    assert "Lantern" not in looked.text
    assert looked.headers["X-Robots-Tag"] == "noindex"
    assert looked.headers["Referrer-Policy"] == "no-referrer"
    assert looked.headers["Cache-Control"] == "no-store"

    with client.post(f"/shared/{token}") as file:
        assert file.mimetype == "application/pdf"
        assert file.data.startswith(b"%PDF")
        assert file.headers["Referrer-Policy"] == "no-referrer"
    (row,) = recipients(session, final)
    assert (row.consent, len(row.reads)) == (Consent.AGREEMENT, 1)
    assert "Fetched 1 time" in officer.get(page(final)).text


def test_a_new_link_is_shown_on_the_page_of_its_document_and_no_other(
    officer: Browser, session: Session, final: Assessment
) -> None:
    # Given: a link was made, and another page is opened before the answer is followed
    officer.get(page(final))
    answer = officer.post(page(final), LINKED)
    others = queries.partners.named(session, "Demo: Harbour Aid Network", agency_code="UNA")
    other = queries.assessments.of_partner(session, others.id)[0]

    # Then
    for address in (page(other), "/trust-bundle"):
        assert "/shared/" not in officer.get(address).text
    assert secret_in(officer.follow(answer).text)


def test_a_scanner_that_sends_the_form_without_its_token_fetches_nothing(
    client: Browser, session: Session, final: Assessment, token: str
) -> None:
    assert client.plain("POST", f"/shared/{token}").status_code == 400
    assert recipients(session, final)[0].reads == []


def test_a_link_that_was_taken_back_opens_nothing(
    officer: Browser, client: Browser, session: Session, final: Assessment, token: str
) -> None:
    (row,) = recipients(session, final)
    client.get(f"/shared/{token}")
    officer.get(page(final))
    answer = officer.follow(officer.post(f"/documents/recipients/{row.id}/revoke"))
    assert "Taken back" in answer.text
    for answer in (client.get(f"/shared/{token}"), client.post(f"/shared/{token}")):
        assert answer.status_code == 410
        assert NOWHERE in answer.text
    assert recipients(session, final)[0].reads == []


def test_a_link_that_has_expired_or_never_was_opens_nothing(
    client: Browser, session: Session, final: Assessment, token: str
) -> None:
    recipients(session, final)[0].expires_at = NOW - timedelta(seconds=1)
    session.commit()
    assert client.get(f"/shared/{token}").status_code == 410
    answer = client.get("/shared/nobody-has-it")
    assert answer.status_code == 404
    assert NOWHERE in answer.text


def test_behind_a_link_one_reads_that_the_document_was_superseded(
    client: Browser, session: Session, final: Assessment, token: str
) -> None:
    session.refresh(final)
    final.state = State.SUPERSEDED
    session.commit()
    assert "superseded since" in client.get(f"/shared/{token}").text


def test_what_is_still_being_made_can_be_fetched_later(
    officer: Browser, client: Browser, session: Session, final: Assessment
) -> None:
    officer.get(page(final))
    secret = secret_in(officer.follow(officer.post(page(final), LINKED)).text)
    shown = client.get(f"/shared/{secret}")
    assert "still being made" in shown.text
    assert "Download" not in shown.text


def test_who_guesses_is_told_to_wait(client: Browser) -> None:
    for _ in range(20):
        assert client.get("/shared/guess").status_code == 404
    answer = client.get("/shared/guess")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_the_secret_is_in_no_log(
    app: Flask, client: Browser, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    client.get(f"/shared/{token}")
    parts = app.extensions["partner_assess"]

    class Lost:
        def path(self, sha256: str) -> str:
            raise FileNotFoundError(sha256)

    app.extensions["partner_assess"] = replace(parts, ports=replace(parts.ports, store=Lost()))
    with caplog.at_level(logging.DEBUG):
        assert client.post(f"/shared/{token}").status_code == 500
    assert "/shared/<token>" in caplog.text
    assert token not in "".join(record.getMessage() for record in caplog.records)


def test_handing_over_asks_what_for_and_by_what_right(
    officer: Browser, session: Session, final: Assessment
) -> None:
    officer.get(page(final))
    for missing in ("purpose", "consent"):
        sent = {name: value for name, value in HANDED.items() if name != missing}
        answer = officer.post(page(final), sent)
        assert answer.status_code == 400
        assert 'value="Demo: Agency B"' in answer.text
    answer = officer.post(page(final), LINKED | {"recipient": ""})
    assert "Say who gets the link" in answer.text
    answer = officer.post(page(final), HANDED | {"recipient": ""})
    assert "Say who gets it, or leave out what for." in answer.text
    assert recipients(session, final) == []


def test_a_known_agency_is_proposed_and_kept_by_its_code(
    officer: Browser, session: Session, final: Assessment
) -> None:
    assert '<option value="Demo: Agency B">' in officer.get(page(final)).text
    officer.post(page(final), HANDED)
    assert recipients(session, final)[0].agency_code == "UNB"


def test_whom_to_tell_stands_on_the_home_page_until_they_are_told(
    officer: Browser, session: Session, final: Assessment
) -> None:
    officer.get(page(final))
    officer.post(page(final), HANDED | {"recipient": "Demo: Agency elsewhere"})
    assert "superseded document" not in officer.get("/").text
    session.refresh(final)
    final.state = State.SUPERSEDED
    session.commit()

    said = f"1 recipient of {final.document_number} relies on a superseded document"
    assert said in officer.get("/").text
    (row,) = recipients(session, final)
    assert "Not told yet" in officer.get(page(final)).text
    answer = officer.follow(officer.post(f"/documents/recipients/{row.id}/told"))
    assert "Noted: they were told." in answer.text
    assert said not in officer.get("/").text


@pytest.mark.parametrize("deed", ["revoke", "told"])
def test_nobody_else_changes_who_got_it(
    officer: Browser, sign_in: SignIn, session: Session, final: Assessment, token: str, deed: str
) -> None:
    (row,) = recipients(session, final)
    for email, status in (
        ("auditor@demo.example", 403),
        ("officer2@demo.example", 404),
        ("sister@demo.example", 404),
        ("partner@demo.example", 403),
    ):
        other = sign_in(email)
        other.get("/account")
        answer = other.post(f"/documents/recipients/{row.id}/{deed}")
        assert answer.status_code == status, email


# --- the trust bundle -----------------------------------------------------------------------------


@pytest.fixture
def sealed(app: Flask) -> Flask:
    parts = app.extensions["partner_assess"]
    ports = replace(parts.ports, seals=MarkSeals())
    app.extensions["partner_assess"] = replace(parts, ports=ports)
    return app


def test_the_bundle_is_downloaded_and_fetched_by_a_link(
    sealed: Flask, officer: Browser, client: Browser, session: Session
) -> None:
    officer.get("/trust-bundle")
    with officer.post("/trust-bundle") as file:
        signed = opened(file.data)
    assert signed.agency_code == "UNA"
    assert trust_bundle.from_json(signed.content).agency == "UNA"

    asked = {"recipient": "Demo: Agency B", "purpose": "Checking offline", "days": "90"}
    shown = officer.follow(officer.post("/trust-bundle/links", asked))
    secret = secret_in(shown.text)
    assert "trust bundle" in client.get(f"/shared/{secret}").text
    with client.post(f"/shared/{secret}") as file:
        assert opened(file.data).agency_code == "UNA"
    shown = officer.get("/trust-bundle")
    assert "Fetched 1 time" in shown.text
    agency = queries.agencies.by_code(session, "UNA")
    assert agency is not None
    (row,) = queries.recipients.of_bundle(session, agency_id=agency.id)
    officer.follow(officer.post(f"/trust-bundle/links/{row.id}/revoke"))
    assert client.get(f"/shared/{secret}").status_code == 410


def test_without_a_seal_the_page_says_so(officer: Browser) -> None:
    shown = officer.get("/trust-bundle").text
    assert "Your agency has no seal on this server." in shown
    assert "Make a link" not in shown
    assert officer.post("/trust-bundle").status_code == 409

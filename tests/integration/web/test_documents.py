from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partner_assess.adapters.pdf import PdfFailed
from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.domain.assessment import State
from partner_assess.domain.report import from_json
from partner_assess.usecases import sharing
from partner_assess.usecases.ports import Ports
from tests.client import NOW, Browser

SignIn = Callable[[str], Browser]
TRUST = "Demo: Lantern Community Trust"


@pytest.fixture(autouse=True)
def pdf_is_on(app: Flask) -> None:
    """Whatever the machine has: these tests print with a pen of their own."""
    switch_pdf(app, None)


def switch_pdf(app: Flask, missing: str | None) -> None:
    parts = app.extensions["partner_assess"]
    app.extensions["partner_assess"] = replace(parts, pdf_is_off=missing)


@pytest.fixture
def final(session: Session) -> Assessment:
    """Return the newest final result of a High partner of country office 1."""
    partner = queries.partners.named(session, TRUST, agency_code="UNA")
    found = queries.assessments.of_partner(session, partner.id)
    return next(one for one in found if one.state is State.FINAL)


@pytest.fixture
def submitted(session: Session) -> Assessment:
    """Return an assessment of country office 1 that waits for review."""
    officer = queries.users.by_email(session, "officer@demo.example")
    assert officer is not None
    (found, *_) = queries.assessments.waiting(
        session,
        agency_id=officer.agency_id,
        states=frozenset({State.SUBMITTED}),
        offices=officer.actor().offices,
    )
    return found


# What is typed to hand a document over as a file.
HANDED = {
    "profile": "full",
    "recipient": "Demo: Agency B",
    "purpose": "Joint review",
    "consent": "agreement",
    "how": "file",
    "days": "14",
}


def page(found: Assessment) -> str:
    return f"/assessments/{found.id}/documents"


def newest(session: Session, found: Assessment) -> ReportIssue:
    session.expire_all()
    return queries.shared_reports.of_assessment(session, found.id)[0]


def make(session: Session, ports: Ports, issue: ReportIssue) -> None:
    """Do what the job thread does."""

    def run(deed: Callable[[Session], Any]) -> Any:
        done = deed(session)
        session.commit()
        return done

    sharing.make(run, ports, issue_id=issue.id, now=NOW)


def test_a_document_is_asked_for_made_and_downloaded(
    session: Session, sign_in: SignIn, final: Assessment, web_ports: Ports
) -> None:
    browser = sign_in("officer@demo.example")
    assert "No document has been made yet." in browser.get(page(final)).text

    answer = browser.post(page(final), HANDED)
    shown = browser.follow(answer)
    assert "is being made" in shown.text
    assert "Look again" in shown.text

    make(session, web_ports, newest(session, final))
    shown = browser.get(page(final))
    assert "Ready" in shown.text
    assert "Unsigned for now." in shown.text
    address = re.search(r'href="(/documents/[^"]+/file)"', shown.text)
    assert address is not None
    with browser.get(address[1]) as file:
        assert file.mimetype == "application/pdf"
        name = f"{(final.document_number or '').replace('/', '-')}-1.pdf"
        assert file.headers["Content-Disposition"] == f"attachment; filename={name}"
        told = from_json(file.data.removeprefix(b"%PDF-1.7\n"))
    assert (told.identity.issue, told.partner.legal_name) == (1, TRUST)

    events = queries.events.of_partner(session, final.partner_id, limit=9, offices=None)
    told_of = {one.event.action: one.event.facts for one in events if one.event.about == "document"}
    assert set(told_of) == {"asked", "exported"}
    assert told_of["exported"]["recipient"] == "Demo: Agency B"
    history = f"/partners/{final.partner_id}/history"
    assert "Document handed over" in browser.get(history).text
    assert "Document handed over" not in sign_in("officer2@demo.example").get(history).text


def test_asking_again_says_that_nothing_has_changed(
    session: Session, sign_in: SignIn, final: Assessment, web_ports: Ports
) -> None:
    browser = sign_in("focal@demo.example")
    browser.get(page(final))
    browser.post(page(final), {"profile": "summary"})
    make(session, web_ports, newest(session, final))

    answer = browser.follow(browser.post(page(final), {"profile": "summary"}))

    assert "Nothing has changed" in answer.text
    assert newest(session, final).number == 1


def test_a_document_that_failed_says_why_and_can_be_tried_again(
    session: Session, sign_in: SignIn, final: Assessment
) -> None:
    browser = sign_in("head@demo.example")
    browser.get(page(final))
    browser.post(page(final), {"profile": "full"})
    newest(session, final).fail("timeout")
    session.commit()

    shown = browser.get(page(final)).text
    assert "Could not be made" in shown
    assert "It took too long." in shown
    assert "Try again" in shown

    browser.post(page(final), {"profile": "full"})
    assert "Being made" in browser.get(page(final)).text


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("officer@demo.example", 200),
        ("auditor@demo.example", 200),
        ("admin@demo.example", 200),
        ("officer2@demo.example", 404),
        ("sister@demo.example", 404),
        ("assessor@demo.example", 403),
        ("partner@demo.example", 403),
    ],
)
def test_who_sees_the_documents(
    sign_in: SignIn, final: Assessment, email: str, status: int
) -> None:
    assert sign_in(email).get(page(final)).status_code == status


def test_who_may_not_export_is_offered_nothing_and_refused(
    session: Session, sign_in: SignIn, final: Assessment
) -> None:
    browser = sign_in("auditor@demo.example")

    assert "Make or hand over" not in browser.get(page(final)).text
    assert browser.post(page(final), {"profile": "full"}).status_code == 403
    assert queries.shared_reports.of_assessment(session, final.id) == []


def test_another_office_does_not_get_the_file(
    session: Session, sign_in: SignIn, final: Assessment, web_ports: Ports
) -> None:
    browser = sign_in("officer@demo.example")
    browser.get(page(final))
    browser.post(page(final), {"profile": "full"})
    address = f"/documents/{newest(session, final).id}/file"

    not_made = browser.get(address)
    assert not_made.status_code == 302
    assert not_made.headers["Location"] == page(final)
    make(session, web_ports, newest(session, final))
    assert sign_in("officer2@demo.example").get(address).status_code == 404
    assert sign_in("sister@demo.example").get(address).status_code == 404


def test_a_bad_form_comes_back_as_it_was_typed(sign_in: SignIn, final: Assessment) -> None:
    browser = sign_in("officer@demo.example")
    browser.get(page(final))

    answer = browser.post(page(final), {"profile": "everything", "purpose": "Joint review"})
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert 'value="Joint review"' in answer.text
    answer = browser.post(page(final), {"profile": "full", "purpose": "x" * 201})
    assert answer.status_code == 400
    answer = browser.post(
        page(final), {"profile": "full", "purpose": "Joint review", "csrf_token": "old"}
    )
    assert answer.status_code == 400
    assert 'value="Joint review"' in answer.text


def test_without_pdf_the_page_says_so_and_nothing_is_asked_for(
    app: Flask, session: Session, sign_in: SignIn, final: Assessment
) -> None:
    browser = sign_in("officer@demo.example")
    browser.get(page(final))
    switch_pdf(app, "libpango-1.0-0")

    shown = browser.get(page(final)).text
    assert "PDF is switched off" in shown
    assert "libpango-1.0-0" in shown
    assert browser.post(page(final), {"profile": "full"}).status_code == 400
    assert queries.shared_reports.of_assessment(session, final.id) == []


def test_a_draft_is_printed_and_nothing_of_it_is_kept(
    session: Session, sign_in: SignIn, submitted: Assessment
) -> None:
    browser = sign_in("officer@demo.example")
    assert "Nothing of this assessment is shared yet." in browser.get(page(submitted)).text

    answer = browser.post(f"/assessments/{submitted.id}/draft")

    assert answer.mimetype == "application/pdf"
    told = from_json(answer.data.removeprefix(b"%PDF-1.7\n"))
    assert (told.is_final, told.identity.issue) == (False, None)
    assert told.identity.reference == submitted.reference
    assert queries.shared_reports.of_assessment(session, submitted.id) == []


def test_what_is_not_final_has_no_document(
    session: Session, sign_in: SignIn, submitted: Assessment
) -> None:
    browser = sign_in("officer@demo.example")
    browser.get(page(submitted))

    answer = browser.post(page(submitted), {"profile": "full"})

    assert answer.status_code == 409
    assert "Only a final assessment is shared." in answer.text


@pytest.mark.parametrize(
    ("email", "status"),
    [("officer2@demo.example", 404), ("sister@demo.example", 404), ("partner@demo.example", 403)],
)
def test_who_may_not_read_a_draft_may_not_print_it(
    sign_in: SignIn, submitted: Assessment, email: str, status: int
) -> None:
    browser = sign_in(email)
    browser.get("/account")
    assert browser.post(f"/assessments/{submitted.id}/draft").status_code == status


def test_a_draft_that_cannot_be_printed_says_so(
    app: Flask, sign_in: SignIn, submitted: Assessment
) -> None:
    def render(_payload: bytes) -> bytes:
        raise PdfFailed("timeout", "more than 60 s")

    browser = sign_in("officer@demo.example")
    browser.get(page(submitted))
    parts = app.extensions["partner_assess"]
    ports = replace(parts.ports, render_report=render)
    app.extensions["partner_assess"] = replace(parts, ports=ports)

    answer = browser.post(f"/assessments/{submitted.id}/draft")

    assert answer.status_code == 400
    assert "The draft could not be printed." in answer.text

"""This file holds that the public page tells status and date, to anybody, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.domain.assessment import State
from partner_assess.domain.report import Profile
from partner_assess.domain.suspension import Cause
from partner_assess.domain.suspension import State as CaseState
from partner_assess.usecases import sharing, suspensions
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing import Receiver
from tests.client import NOW, Browser
from tests.factories import make_active
from tests.integration.web.houses import TODAY, demo_house

TRUST = "Demo: Lantern Community Trust"


@pytest.fixture
def final(session: Session) -> Assessment:
    partner = queries.partners.named(session, TRUST, agency_code="UNA")
    found = queries.assessments.of_partner(session, partner.id)
    return next(one for one in found if one.state is State.FINAL)


@pytest.fixture
def issue(session: Session, web_ports: Ports, final: Assessment) -> ReportIssue:
    return ask(session, web_ports, final)


def ask(
    session: Session, ports: Ports, found: Assessment, profile: Profile = Profile.FULL
) -> ReportIssue:
    made = sharing.ask(
        session,
        ports,
        assessment_id=found.id,
        agency_id=found.agency_id,
        profile=profile,
        language="en",
        receiver=Receiver(),
        actor=None,
        now=NOW,
        today=TODAY,
    )
    session.commit()
    return made


def test_anybody_learns_that_a_document_is_current(client: Browser, issue: ReportIssue) -> None:
    asked = client.get(f"/check?code={issue.check_code}")
    answer = client.follow(asked)

    assert answer.status_code == 200
    assert "This document is current" in answer.text
    assert "23 November 2026" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_else_is_told(
    client: Browser, session: Session, issue: ReportIssue, final: Assessment
) -> None:
    partner = queries.partners.named(session, TRUST, agency_code="UNA")
    running = make_active(session, demo_house(session), partner)
    before = client.get(f"/check/{issue.check_code}").text
    suspensions.open_case(
        session,
        running,
        to=CaseState.SUSPENDED,
        cause=Cause.OTHER,
        plan=None,
        by=None,
        at=NOW,
        on=TODAY,
        reason="Demo",
    )
    session.commit()

    assert client.get(f"/check/{issue.check_code}").text == before
    for told in ("Lantern", "UNA", "Agency A", "Demo:", str(final.document_number), "uspen"):
        assert told not in before


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.SUPERSEDED, "This document was superseded"),
        (State.WITHDRAWN, "This document was withdrawn"),
        (State.EXPIRED, "This document has expired"),
    ],
)
def test_what_has_ended_says_so_and_since_when(
    client: Browser,
    session: Session,
    final: Assessment,
    issue: ReportIssue,
    state: State,
    said: str,
) -> None:
    final.state, final.touched_at = state, NOW
    session.commit()

    shown = client.get(f"/check/{issue.check_code}").text

    assert said in shown
    assert "Since" in shown


def test_an_older_issue_says_that_there_is_a_newer(
    client: Browser, session: Session, web_ports: Ports, final: Assessment, issue: ReportIssue
) -> None:
    newer = ask(session, web_ports, final, Profile.SUMMARY)

    old = client.get(f"/check/{issue.check_code}").text
    assert "This document is current" in old
    assert "number 2" in old
    assert "Newest issue" not in client.get(f"/check/{newer.check_code}").text


@pytest.mark.parametrize("code", ["x", "x" * 300, "'%20OR%201=1", "%00", "ü"])
def test_a_code_that_nobody_has_gets_the_same_kind_page(client: Browser, code: str) -> None:
    answer = client.get(f"/check/{code}")
    assert answer.status_code == 404
    assert "No document has this code" in answer.text
    assert 'name="code"' in answer.text


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "https://app.example/check/{code}"])
def test_a_code_is_found_however_it_is_pasted(
    client: Browser, issue: ReportIssue, typed: str
) -> None:
    answer = client.get("/check", query_string={"code": typed.format(code=issue.check_code)})
    assert answer.headers["Location"] == f"/check/{issue.check_code}"
    assert 'name="code"' in client.get("/check?code=").text


def test_a_code_is_found_however_it_was_read_from_paper(
    client: Browser, issue: ReportIssue
) -> None:
    code = issue.check_code
    in_fives = " ".join(code[at : at + 5] for at in range(0, len(code), 5))
    look_alike = code.lower().replace("0", "o").replace("1", "l")
    for typed in (in_fives, look_alike, in_fives.replace(" ", "-")):
        answer = client.get("/check", query_string={"code": typed}, follow_redirects=True)
        assert (answer.status_code, "Current" in answer.text) == (200, True), typed


def test_who_guesses_is_told_to_wait(client: Browser) -> None:
    for _ in range(20):
        assert client.get("/check/guess").status_code == 404
    answer = client.get("/check/guess")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_right_codes_are_answered_to_a_whole_office(client: Browser, issue: ReportIssue) -> None:
    for _ in range(60):
        assert client.plain("GET", f"/check/{issue.check_code}").status_code == 200
    assert client.plain("GET", f"/check/{issue.check_code}").status_code == 429

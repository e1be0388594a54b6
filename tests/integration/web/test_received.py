"""The screen of other agencies' reports, as officer and PSEA focal point use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain.acceptance import Decision, State
from partner_assess.domain.permissions import Role
from partner_assess.domain.report import Report
from partner_assess.usecases.ports import Ports
from partner_assess.web.context import Parts
from tests import exchange
from tests.client import NOW, Browser
from tests.exchange import FakeGate, reissued, report_of
from tests.factories import (
    DAY,
    EIGHT,
    House,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_user,
)
from tests.integration.web.houses import boxes, demo_house

TODAY = NOW.date()
NAME = "Demo: Shared Shelter Network"


@pytest.fixture
def fake_gate() -> FakeGate:
    return FakeGate()


@pytest.fixture
def app(app: Flask, fake_gate: FakeGate) -> Flask:
    parts: Parts = app.extensions["partner_assess"]
    app.extensions["partner_assess"] = replace(parts, ports=replace(parts.ports, gate=fake_gate))
    return app


@pytest.fixture
def there(session: Session) -> House:
    return make_house(session, "UNC")


@pytest.fixture
def here(session: Session) -> House:
    return demo_house(session)


def shared(
    session: Session, ports: Ports, there: House, *, every: str = "adequate", **how: Any
) -> Report:
    """Return what another agency shares of a partner that it knows."""
    partner = queries.partners.same_name(session, NAME, agency_id=there.agency.id) or make_partner(
        session, there, name=NAME, acronym="SSN", country="XD"
    )
    made = make_final(session, ports, there, partner, every=every, on=TODAY, **how)
    return report_of(session, ports, made, on=TODAY)


def drop(browser: Browser, *files: bytes) -> Any:
    browser.get("/received/new")
    sent = [(BytesIO(one), f"shared-{place}.pdf") for place, one in enumerate(files)]
    return browser.post("/received/new", {"files": sent}, content_type="multipart/form-data")


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ReceivedReport)) or 0


def test_a_partner_both_know_is_received_proposed_and_countersigned(
    session: Session,
    web_ports: Ports,
    fake_gate: FakeGate,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    partner = make_partner(session, here, name=NAME, acronym="SSN", country="XD")
    make_final(session, web_ports, here, partner, framework_id=EIGHT, every="no", on=TODAY)
    pdf = fake_gate.vouch(shared(session, web_ports, there, reporting="progressing"), on=TODAY)
    before = kept(session)

    officer = sign_in("officer@demo.example")
    looked = officer.follow(drop(officer, pdf))
    assert "Signed by" in looked.text
    assert "Side by side" in looked.text
    assert "Read in the other instrument" in looked.text
    assert kept(session) == before, "nothing is kept before a person says so"
    here_url = looked.request.path
    shown = officer.follow(officer.post(here_url, {"partner": str(partner.id)}))
    assert kept(session) == before + 1
    found = session.scalars(
        select(ReceivedReport).order_by(ReceivedReport.received_at.desc())
    ).first()
    assert found
    page = f"/received/{found.id}"
    assert "Accept it with reservations only" in shown.text

    refused = officer.post(f"{page}/decision", {"seen": found.version, "decision": "accept"})
    assert refused.status_code == 400
    assert "with reservations only. Write them" in refused.text
    officer.follow(
        officer.post(
            f"{page}/decision",
            {
                "seen": found.version,
                "decision": "reservations",
                "conditions": "A channel for communities first.",
                **boxes("review_on", TODAY.replace(year=TODAY.year + 1)),
            },
        )
    )
    focal = sign_in("focal@demo.example")
    assert "Countersign a decision" in focal.get("/").text
    assert "A channel for communities first." in focal.get(page).text
    seen = focal.seen(page)
    signed = focal.follow(focal.post(f"{page}/countersign", {"seen": seen}))
    assert "What was decided" in signed.text
    on_partner = officer.get(f"/partners/{partner.id}").text
    assert "Assessment of another agency" in on_partner
    assert found.reference in on_partner


def test_files_that_are_not_trusted_leave_nothing(
    session: Session, web_ports: Ports, sign_in: Callable[[str], Browser]
) -> None:
    before = kept(session)
    officer = sign_in("officer@demo.example")
    answer = drop(officer, b"%PDF-1.7 anything", b"GIF89a")
    assert answer.status_code == 200
    assert answer.text.count("Not trusted") >= 2
    assert "Look at it" not in answer.text
    assert kept(session) == before


def test_many_files_at_once_each_get_a_sentence(
    session: Session,
    web_ports: Ports,
    fake_gate: FakeGate,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    report = shared(session, web_ports, there)
    exchange.receive(session, web_ports, here, reissued(report, 2), on=TODAY)
    session.commit()
    new = fake_gate.vouch(reissued(report, 3), on=TODAY)
    old = fake_gate.vouch(report, on=TODAY)
    known = fake_gate.vouch(reissued(report, 2), on=TODAY)
    own = fake_gate.vouch(_own(session, web_ports, here), on=TODAY)
    answer = drop(sign_in("officer@demo.example"), new, old, known, own, b"nothing")
    for words in (
        "Look at it and receive it",
        "an older issue: issue 2 is here",
        "It is here already",
        "Your own agency issued it",
        "Not trusted",
    ):
        assert words in answer.text


def _own(session: Session, ports: Ports, here: House) -> Report:
    partner = make_partner(session, here, name="Demo: Own", acronym="OWN")
    return report_of(session, ports, make_final(session, ports, here, partner, on=TODAY), on=TODAY)


def test_what_waits_to_be_looked_at_is_its_readers_alone(
    session: Session,
    web_ports: Ports,
    fake_gate: FakeGate,
    there: House,
    sign_in: Callable[[str], Browser],
) -> None:
    pdf = fake_gate.vouch(shared(session, web_ports, there), on=TODAY)
    officer = sign_in("officer@demo.example")
    address = drop(officer, pdf).headers["Location"]
    assert officer.get(address).status_code == 200
    colleague = sign_in("officer2@demo.example")
    assert "waits no longer" in colleague.get(address).text
    assert NAME not in colleague.get(address).text
    assert "waits no longer" in officer.get(address + "x").text
    assert officer.post(address + "x", {"partner": "register"}).status_code == 400


def test_the_own_result_of_another_offices_partner_is_not_shown(
    session: Session,
    web_ports: Ports,
    fake_gate: FakeGate,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    elsewhere = make_office(session, here.agency, name="Demo: country office 9", country="XD")
    officer_there, focal_there = (
        make_user(session, here.agency, role, office=elsewhere).actor()
        for role in (Role.OFFICER, Role.FOCAL_POINT)
    )
    house = replace(here, office=elsewhere, officer=officer_there, focal_point=focal_there)
    partner = make_partner(session, house, name=NAME, acronym="SSN", country="XD")
    make_final(session, web_ports, house, partner, every="absent", on=TODAY)
    pdf = fake_gate.vouch(shared(session, web_ports, there), on=TODAY)

    officer = sign_in("officer@demo.example")
    looked = officer.follow(drop(officer, pdf))

    assert str(partner.number) in looked.text, "so that nobody registers it again"
    assert "Compared with your partner" not in looked.text
    assert "Absent" not in looked.text


def test_the_partner_is_registered_from_the_report(
    session: Session,
    web_ports: Ports,
    fake_gate: FakeGate,
    there: House,
    sign_in: Callable[[str], Browser],
) -> None:
    pdf = fake_gate.vouch(shared(session, web_ports, there), on=TODAY)
    officer = sign_in("officer@demo.example")
    looked = officer.follow(drop(officer, pdf))
    assert officer.post(looked.request.path, {}).status_code == 400
    shown = officer.follow(officer.post(looked.request.path, {"partner": "register"}))
    assert NAME in shown.text


def test_a_high_one_needs_the_head_of_office_and_its_pages_say_where_it_is_from(
    session: Session,
    web_ports: Ports,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    partner = make_partner(session, here, name=NAME, acronym="SSN", country="XD")
    report = shared(session, web_ports, there, every="absent")
    found = exchange.accept(session, web_ports, here, report, partner_id=partner.id, on=TODAY)
    proposed = make_partnership(session, here, partner)
    session.commit()

    officer = sign_in("officer@demo.example")
    plan = queries.plans.of_result(session, found.id)
    assert plan
    for path in (
        "/",
        "/plans",
        f"/plans/{plan.id}",
        f"/partners/{partner.id}",
        f"/partners/{partner.id}/plans",
        f"/partners/{partner.id}/assessments",
        f"/partners/{partner.id}/history",
        f"/partnerships/{proposed.id}",
        f"/received/{found.id}",
        "/received?show=all",
        "/portfolio",
    ):
        answer = officer.get(path)
        assert answer.status_code == 200, path
    assert found.reference in officer.get(f"/plans/{plan.id}").text
    history = officer.get(f"/partners/{partner.id}/history").text
    assert "Decision on a received assessment countersigned" in history
    asked = officer.post(
        f"/partnerships/{proposed.id}/approval",
        {
            **dict.fromkeys(
                ("why_this_partner", "alternatives", "mitigation", "assurance", "monitored_by"),
                "Said.",
            ),
            **boxes("review_on", TODAY.replace(year=TODAY.year + 1)),
        },
    )
    head = sign_in("head@demo.example")
    decision = head.get(asked.headers["Location"])
    assert decision.status_code == 200
    assert "of another agency" in decision.text
    assert found.reference in decision.text
    assert "Approve the partnership" in decision.text


def test_the_pdf_is_handed_out_as_it_came(
    session: Session,
    web_ports: Ports,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    found = exchange.receive(
        session, web_ports, here, shared(session, web_ports, there), register=True, on=TODAY
    )
    session.commit()
    with sign_in("auditor@demo.example").get(f"/received/{found.id}/file") as answer:
        assert answer.data.startswith(b"%PDF-")
        assert "attachment" in answer.headers["Content-Disposition"]


def test_a_report_without_its_partner_asks_for_it_first(
    session: Session,
    web_ports: Ports,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    found = exchange.receive(session, web_ports, here, shared(session, web_ports, there), on=TODAY)
    partner = make_partner(session, here, name=NAME, acronym="SSN", country="XD")
    session.commit()
    officer = sign_in("officer@demo.example")
    assert "Nobody has said yet" in officer.get(f"/received/{found.id}").text
    seen = officer.seen(f"/received/{found.id}/partner")
    shown = officer.follow(
        officer.post(f"/received/{found.id}/partner", {"seen": seen, "partner": str(partner.id)})
    )
    assert "Your proposal" in shown.text


def test_send_back_and_set_aside(
    session: Session,
    web_ports: Ports,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    found = exchange.receive(
        session, web_ports, here, shared(session, web_ports, there), register=True, on=TODAY
    )
    exchange.propose(session, web_ports, here, found, Decision.REASSESS, on=TODAY)
    session.commit()
    page = f"/received/{found.id}"
    focal = sign_in("focal@demo.example")
    seen = focal.seen(f"{page}/send-back")
    assert focal.post(f"{page}/send-back", {"seen": seen, "reason": " "}).status_code == 400
    focal.follow(focal.post(f"{page}/send-back", {"seen": seen, "reason": "Which districts?"}))
    officer = sign_in("officer@demo.example")
    assert "Which districts?" in officer.get(page).text
    seen = officer.seen(f"{page}/set-aside")
    officer.follow(officer.post(f"{page}/set-aside", {"seen": seen, "reason": "Not needed."}))
    session.expire_all()
    assert session.get_one(ReceivedReport, found.id).state is State.SET_ASIDE


def test_assess_again_shows_the_other_agencys_rating_at_each_question(
    session: Session,
    web_ports: Ports,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    found = exchange.receive(
        session,
        web_ports,
        here,
        shared(session, web_ports, there, every="progressing"),
        register=True,
        on=TODAY,
    )
    exchange.propose(session, web_ports, here, found, Decision.REASSESS, on=TODAY)
    opened = exchange.countersign(session, web_ports, here, found, on=TODAY)
    session.commit()
    assert opened
    page = sign_in("officer@demo.example").get(f"/assessments/{opened.id}/standards/policy").text
    assert "Nothing is an answer until you save it" in page
    chosen = re.search(r'name="rating"[^>]*value="progressing"[^>]*checked', page)
    assert chosen, "the rating is where one begins"
    opened = queries.assessments.get(session, opened.id, agency_id=here.agency.id)
    assert opened.answers == []


def test_a_review_that_comes_is_a_duty(
    session: Session,
    web_ports: Ports,
    there: House,
    here: House,
    sign_in: Callable[[str], Browser],
) -> None:
    words = "Review: a shared assessment counts no longer than this"
    found = exchange.accept(session, web_ports, here, shared(session, web_ports, there), on=TODAY)
    session.commit()
    officer = sign_in("officer@demo.example")
    assert words not in officer.get("/").text
    found.review_on = found.counts_until = TODAY + 30 * DAY
    session.commit()
    assert words in officer.get("/").text

"""Approvals in the browser: asked for, read on one page, approved, declined."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from partner_assess.adapters import passwords
from partner_assess.cli import demo
from partner_assess.db import queries
from partner_assess.db.models.approval import Approval
from partner_assess.domain.approval import State
from partner_assess.domain.partnership import State as PartnershipState
from partner_assess.domain.permissions import Grant, Role
from partner_assess.usecases import accounts, partners, partnerships
from partner_assess.usecases.ports import Ports
from tests import factories
from tests.client import NOW, Browser
from tests.factories import DAY, House
from tests.integration.web.houses import TODAY, boxes, demo_house

SignIn = Callable[[str], Browser]

OFFICER, FOCAL, HEAD = "officer@demo.example", "focal@demo.example", "head@demo.example"
JUSTIFICATION = {
    "why_this_partner": "Only they are there.",
    "alternatives": "Two were asked.",
    "mitigation": "Our own hotline.",
    "assurance": "Three visits.",
    "monitored_by": "The section.",
    **boxes("review_on", TODAY + 90 * DAY),
}
TERMS = {"conditions": "Hotline first.", **boxes("review_on", TODAY + 90 * DAY)}


@pytest.fixture
def house(session: Session) -> House:
    return demo_house(session)


@pytest.fixture
def asked(session: Session, web_ports: Ports, house: House) -> str:
    """Return the address of a request that waits, for a partnership that is not signed."""
    partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
    factories.make_final(
        session, web_ports, house, partner, on=TODAY - 400 * DAY, reporting="progressing"
    )
    factories.make_final(
        session, web_ports, house, partner, on=TODAY - 5 * DAY, policy="progressing"
    )
    proposed = factories.make_partnership(session, house, partner, title="Demo: Night school")
    return _request(session, web_ports, house, proposed.id)


def _request(session: Session, ports: Ports, house: House, partnership_id: object) -> str:
    found = queries.partnerships.get(session, partnership_id, agency_id=house.agency.id)
    made = factories.make_approval(session, ports, house, found, on=TODAY)
    session.commit()
    return f"/approvals/{made.id}"


def _approval(session: Session, path: str, house: House) -> Approval:
    session.expire_all()
    return queries.approvals.get(session, UUID(path.split("/")[2]), agency_id=house.agency.id)


@pytest.fixture
def running(session: Session, web_ports: Ports, house: House) -> str:
    """Return the address of a request that waits, for a partnership that runs."""
    partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
    factories.make_final(session, web_ports, house, partner, on=TODAY)
    active = factories.make_active(session, house, partner)
    return _request(session, web_ports, house, active.id)


@pytest.fixture
def high(session: Session, web_ports: Ports, house: House) -> str:
    """Return the address at which an approval is asked for."""
    partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
    factories.make_final(session, web_ports, house, partner, on=TODAY)
    made = factories.make_partnership(session, house, partner)
    session.commit()
    return f"/partnerships/{made.id}/approval"


def test_an_officer_asks_with_a_whole_justification(sign_in: SignIn, high: str) -> None:
    officer = sign_in(OFFICER)
    officer.get(high)

    shown = officer.follow(officer.post(high, JUSTIFICATION))

    assert "Three visits." in shown.text
    assert "The head of office decides." in shown.text


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("why_this_partner", "Write why it is this partner."),
        ("alternatives", "Write which alternatives you looked at."),
        ("mitigation", "Write what protects people until the gaps close."),
        ("assurance", "Write which visits and checks there will be."),
        ("monitored_by", "Write who follows up."),
        ("review_on-day", "Enter a day that exists"),
    ],
)
def test_each_part_of_the_justification_is_asked_for_and_the_others_are_kept(
    sign_in: SignIn, high: str, part: str, sentence: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(high)

    answer = officer.post(high, JUSTIFICATION | {part: " "})

    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert answer.text.count(sentence) == 2  # in the summary and at the field
    kept = "Two were asked." if part != "alternatives" else "Our own hotline."
    assert kept in answer.text


def test_an_old_token_loses_no_word(sign_in: SignIn, high: str) -> None:
    officer = sign_in(OFFICER)

    answer = officer.post(high, JUSTIFICATION | {"csrf_token": "old"})

    assert answer.status_code == 400
    assert "Two were asked." in answer.text


def test_who_asks_twice_is_shown_the_request_that_waits(
    sign_in: SignIn, session: Session, asked: str, house: House
) -> None:
    waiting = _approval(session, asked, house)

    answer = sign_in(OFFICER).get(f"/partnerships/{waiting.partnership_id}/approval")

    assert answer.headers["Location"] == asked


def test_nothing_is_asked_for_where_the_result_is_not_high(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House
) -> None:
    partner = factories.make_partner(session, house)
    factories.make_final(session, web_ports, house, partner, on=TODAY, every="progressing")
    made = factories.make_partnership(session, house, partner)
    session.commit()

    page = sign_in(OFFICER).get(f"/partnerships/{made.id}/approval")

    assert "No approval is needed now." in page.text
    assert "<textarea" not in page.text


def test_the_decision_page_says_all_that_a_head_of_office_needs(
    sign_in: SignIn, asked: str
) -> None:
    page = sign_in(HEAD).get(asked).text

    for words in (
        "Approve a high-risk partnership?",
        "Low capacity: high SEA risk",
        "5 of 6 standards have their lowest rating.",
        "↑ was Absent",
        "↓ was Progressing",
        "no change",
        "Critical gaps and what closes them",
        "Open and document channels",
        "The only one on the spot.",
        "You did neither, so you may decide.",
        "30 days left",
        "Approve the partnership",
        "Decline the partnership",
    ):
        assert words in page


def test_others_of_the_office_read_it_and_are_told_who_decides(sign_in: SignIn, asked: str) -> None:
    page = sign_in(FOCAL).get(asked).text

    assert "The head of office decides." in page
    assert "Approve the partnership<" not in page


def test_who_finalised_may_not_decide_and_is_told_why(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House
) -> None:
    both = accounts.create(
        session,
        agency_id=house.agency.id,
        email="both@demo.example",
        name="Demo: both",
        password_hash=passwords.hash_password(demo.PASSWORD),
        grants=[Grant(role, house.office.id) for role in (Role.FOCAL_POINT, Role.HEAD)],
        partner_id=None,
        now=NOW,
    )
    partner = factories.make_partner(session, house)
    submitted = factories.make_submitted(session, web_ports, house, partner, on=TODAY)
    finaliser = House(house.agency, house.office, house.officer, both.actor(), house.head)
    factories.finalise(session, web_ports, finaliser, submitted, on=TODAY)
    proposed = factories.make_partnership(session, house, partner)
    path = _request(session, web_ports, house, proposed.id)
    browser = sign_in("both@demo.example")

    assert "You rated or finalised this assessment." in browser.get(path).text
    assert browser.post(f"{path}/approve", TERMS | {"seen": "1"}).status_code == 403


def test_another_office_does_not_know_of_it(sign_in: SignIn, asked: str) -> None:
    assert sign_in("head2@demo.example").get(asked).status_code == 404


def test_the_head_approves_with_conditions(
    sign_in: SignIn, session: Session, asked: str, house: House
) -> None:
    head = sign_in(HEAD)
    seen = head.seen(asked)

    page = head.follow(head.post(f"{asked}/approve", TERMS | {"seen": seen})).text

    assert "High-risk partnership approved" in page
    assert "Hotline first." in page
    assert _approval(session, asked, house).state is State.APPROVED


def test_a_review_that_is_not_ahead_is_refused_and_the_conditions_stay(
    sign_in: SignIn, session: Session, asked: str, house: House
) -> None:
    head = sign_in(HEAD)
    seen = head.seen(asked)

    answer = head.post(f"{asked}/approve", TERMS | {"seen": seen} | boxes("review_on", TODAY))

    assert answer.status_code == 400
    assert "Enter a review day after today" in answer.text
    assert "Hotline first." in answer.text
    assert _approval(session, asked, house).state is State.REQUIRED


def test_two_decisions_at_once_are_a_conflict(sign_in: SignIn, asked: str) -> None:
    head = sign_in(HEAD)
    seen = head.seen(asked)
    head.post(f"{asked}/approve", TERMS | {"seen": seen})

    assert head.post(f"{asked}/approve", TERMS | {"seen": seen}).status_code == 409


def test_the_mark_of_lives_at_risk_is_confirmed_with_the_approval(
    sign_in: SignIn, session: Session, asked: str, house: House
) -> None:
    marked = _approval(session, asked, house).partnership
    partnerships.mark_lives_at_risk(
        session,
        partnership_id=marked.id,
        seen=marked.version,
        marked=True,
        reason="No other shelter.",
        actor=house.officer,
        now=NOW,
    )
    session.commit()
    head = sign_in(HEAD)
    seen = head.seen(asked)

    head.post(f"{asked}/approve", TERMS | {"seen": seen, "lives_confirmed": "y"})

    assert _approval(session, asked, house).partnership.lives_confirmed_on == TODAY


def test_a_request_on_an_older_result_can_only_be_declined(
    sign_in: SignIn, session: Session, web_ports: Ports, asked: str, house: House
) -> None:
    waiting = _approval(session, asked, house)
    waiting.result_digest = "0" * 64
    session.commit()
    head = sign_in(HEAD)

    page = head.get(asked).text
    answer = head.post(f"{asked}/approve", TERMS | {"seen": str(waiting.version)})

    assert "The partner has another result by now." in page
    assert "Approve the partnership<" not in page
    assert answer.status_code == 400


def test_declining_needs_reasons(sign_in: SignIn, asked: str) -> None:
    head = sign_in(HEAD)
    seen = head.seen(f"{asked}/decline")

    answer = head.post(f"{asked}/decline", {"seen": seen, "reasons": "  "})

    assert answer.status_code == 400
    assert "Write the reasons." in answer.text


def test_a_declined_request_can_be_asked_again_and_begins_with_its_words(
    sign_in: SignIn, session: Session, asked: str, house: House
) -> None:
    head, officer = sign_in(HEAD), sign_in(OFFICER)
    seen = head.seen(f"{asked}/decline")
    head.post(f"{asked}/decline", {"seen": seen, "reasons": "Show the hotline first."})
    declined = _approval(session, asked, house)

    page = officer.get(f"/partnerships/{declined.partnership_id}/approval").text

    assert declined.partnership.state is PartnershipState.PROPOSED
    assert "Show the hotline first." in page
    assert "The only one on the spot." in page


def test_a_running_partnership_is_suspended_or_ended_and_the_head_must_say_which(
    sign_in: SignIn, running: str
) -> None:
    head = sign_in(HEAD)
    seen = head.seen(f"{running}/decline")

    answer = head.post(f"{running}/decline", {"seen": seen, "reasons": "Too little."})

    assert answer.status_code == 400
    assert "Choose whether it is suspended or ended." in answer.text
    assert "Too little." in answer.text


@pytest.mark.parametrize(
    ("choice", "state"),
    [("suspend", PartnershipState.SUSPENDED), ("end", PartnershipState.ENDED)],
)
def test_declining_a_running_partnership_stops_it_in_the_same_step(
    sign_in: SignIn,
    session: Session,
    running: str,
    house: House,
    choice: str,
    state: PartnershipState,
) -> None:
    head = sign_in(HEAD)
    seen = head.seen(f"{running}/decline")

    head.post(f"{running}/decline", {"seen": seen, "reasons": "Too little.", "running": choice})

    assert _approval(session, running, house).partnership.state is state


def test_an_emergency_is_decided_on_its_record(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House
) -> None:
    partner = factories.make_partner(session, house)
    partners.record_emergency(
        session,
        web_ports,
        partner_id=partner.id,
        reason="Flood.",
        policy_name="default",
        actor=house.head,
        now=NOW,
        today=TODAY,
    )
    session.flush()
    proposed = factories.make_partnership(session, house, partner)
    path = _request(session, web_ports, house, proposed.id)
    head = sign_in(HEAD)

    page = head.get(path).text
    done = head.post(f"{path}/approve", TERMS | {"seen": head.seen(path)})

    assert "Low capacity assumed - emergency" in page
    assert "You may decide." in page
    assert "High-risk partnership approved" in head.follow(done).text


def test_opening_the_address_of_the_deed_changes_nothing(sign_in: SignIn, asked: str) -> None:
    assert sign_in(HEAD).get(f"{asked}/approve").headers["Location"] == asked

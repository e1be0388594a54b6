"""This file holds the pages about partnerships: proposed, active, marked, ended."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain.partnership import State
from tests.client import Browser
from tests.factories import DAY
from tests.integration.web.houses import TODAY, boxes, demo_house

SignIn = Callable[[str], Browser]


@pytest.fixture
def officer(sign_in: SignIn) -> Browser:
    return sign_in("officer@demo.example")


@pytest.fixture
def form(session: Session) -> dict[str, str]:
    office = demo_house(session).office
    filled = {
        "title": "Demo: Dry wells",
        "reference": "A/XD/2026/901",
        "office": str(office.id),
        "amount_usd": "12,500",
        **boxes("starts_on", TODAY),
        **boxes("ends_on", TODAY + 365 * DAY),
    }
    session.rollback()
    return filled


def path_of(session: Session, reference: str) -> str:
    found = session.scalars(select(Partnership).where(Partnership.reference == reference)).one()
    path = f"/partnerships/{found.id}"
    session.rollback()
    return path


def partner_path(session: Session, name: str) -> str:
    path = f"/partners/{queries.partners.named(session, name, agency_code='UNA').id}"
    session.rollback()
    return path


def proposed(officer: Browser, session: Session, partner: str, form: dict[str, str]) -> str:
    """Propose a partnership and return its address."""
    path = f"{partner_path(session, partner)}/partnerships/new"
    officer.get(path)
    return officer.post(path, form).headers["Location"]


def test_a_proposal_is_shown_with_what_was_typed(
    officer: Browser, session: Session, form: dict[str, str]
) -> None:
    page = officer.get(proposed(officer, session, "Demo: Green Valley Youth Union", form)).text
    assert "Partnership proposed." in page
    assert "Demo: Dry wells" in page
    assert "12,500" in page
    assert "Make the partnership active" in page


@pytest.mark.parametrize(
    ("change", "sentence", "target"),
    [
        ({"title": " "}, "Enter a title.", "#title"),
        ({"reference": ""}, "Enter the agreement’s reference.", "#reference"),
        ({"starts_on-day": ""}, "Enter a day that exists, for example 14 11 2026.", "#starts_on"),
        (
            {"starts_on-day": "", "starts_on-month": "", "starts_on-year": ""},
            "Enter the first day.",
            "#starts_on",
        ),
        ({"starts_on-year": "26"}, "Enter the year with four figures", "#starts_on"),
        ({"ends_on-year": "2020"}, "Enter a last day that is not before the first", "#ends_on"),
        ({"amount_usd": "much"}, "Enter the amount in figures", "#amount_usd"),
        ({"amount_usd": "2000000001"}, "Enter the amount in figures", "#amount_usd"),
        ({"amount_usd": "-5"}, "Enter the amount in figures", "#amount_usd"),
        ({"amount_usd": "²"}, "Enter the amount in figures", "#amount_usd"),
        ({"office": "x"}, "Select one of the choices.", "#office"),
        (
            {"reference": "A/XD/2025/017"},
            "Another partnership bears the reference A/XD/2025/017.",
            "#reference",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    officer: Browser,
    session: Session,
    form: dict[str, str],
    change: dict[str, str],
    sentence: str,
    target: str,
) -> None:
    path = f"{partner_path(session, 'Demo: Green Valley Youth Union')}/partnerships/new"
    officer.get(path)
    answer = officer.post(path, form | change)
    assert answer.status_code == 400
    said = re.search(rf'<a href="{target}[^"]*">{re.escape(sentence)}', answer.text)
    assert said, re.findall(r'<li><a href="#.*?</li>', answer.text)
    assert "<title>Error:" in answer.text
    if "title" not in change:
        assert 'value="Demo: Dry wells"' in answer.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("", "Not given"), ("0", ">0<"), ("1 000", "1,000"), ("2000000000", "2,000,000,000")],
)
def test_an_amount_may_be_left_out_or_be_large(
    officer: Browser, session: Session, form: dict[str, str], typed: str, shown: str
) -> None:
    there = proposed(
        officer, session, "Demo: Green Valley Youth Union", form | {"amount_usd": typed}
    )
    page = officer.get(there).text
    assert shown in re.sub(r">\s+|\s+<", lambda m: m[0].strip(), page)


def test_a_partnership_with_a_good_result_becomes_active(
    officer: Browser, session: Session, form: dict[str, str]
) -> None:
    there = proposed(officer, session, "Demo: Green Valley Youth Union", form)
    seen = officer.seen(there)
    page = officer.follow(officer.post(f"{there}/activate", {"seen": seen})).text
    assert "The partnership is active." in page
    assert "Make the partnership active" not in page


@pytest.mark.parametrize(
    ("partner", "sentence"),
    [
        ("Demo: Newcomers’ Association", "The partner has no valid result."),
        ("Demo: Orchard Farmers’ League", "The partner has no valid result."),
        ("Demo: Lantern Community Trust", "Ask the head of office to approve this"),
        ("Demo: Old Bridge Relief", "has passed its date unfinished"),
        ("Demo: Delta Food Committee", "has passed its date unfinished"),
    ],
)
def test_what_hinders_a_partnership_is_said_and_no_button_offered(
    officer: Browser, session: Session, form: dict[str, str], partner: str, sentence: str
) -> None:
    there = proposed(officer, session, partner, form)
    page = officer.get(there).text
    assert sentence in page
    assert "Make the partnership active" not in page
    answer = officer.post(f"{there}/activate", {"seen": "1"})
    assert answer.status_code == 400
    assert "This partnership cannot become active yet." in answer.text


def test_a_stale_button_is_a_conflict_that_leads_back(
    officer: Browser, session: Session, form: dict[str, str]
) -> None:
    there = proposed(officer, session, "Demo: Green Valley Youth Union", form)
    officer.get(there)
    answer = officer.post(
        f"{there}/activate", {"seen": "7"}, headers={"Referer": f"http://localhost{there}"}
    )
    assert answer.status_code == 409
    assert f'href="{there}"' in answer.text


def test_the_agreement_is_changed_and_keeps_its_office(
    officer: Browser, session: Session, form: dict[str, str]
) -> None:
    there = proposed(officer, session, "Demo: Green Valley Youth Union", form)
    page = officer.get(f"{there}/edit").text
    assert 'value="12500"' in page
    assert 'value="A/XD/2026/901"' in page
    seen = officer.seen(f"{there}/edit")
    changed = form | {"title": "Demo: Wet wells", "seen": seen}
    assert "Demo: Wet wells" in officer.follow(officer.post(f"{there}/edit", changed)).text
    assert officer.post(f"{there}/edit", changed).status_code == 409


def test_an_officer_of_another_office_may_not_change_it(
    sign_in: SignIn, session: Session, form: dict[str, str]
) -> None:
    there = path_of(session, "A/XD/2025/017")
    other = sign_in("officer2@demo.example")
    page = other.get(there)
    assert page.status_code == 200
    assert "Nothing, in your role." in page.text
    for deed in ("edit", "activate", "end", "lives-at-risk"):
        assert other.post(f"{there}/{deed}", form | {"reason": "x"}).status_code == 403


def test_lives_at_risk_counts_once_the_head_has_confirmed_it(
    officer: Browser, sign_in: SignIn, session: Session
) -> None:
    there = path_of(session, "A/XD/2025/017")
    mark = f"{there}/lives-at-risk"
    seen = officer.seen(mark)
    empty = officer.post(mark, {"seen": seen, "marked": "y", "reason": " "})
    assert empty.status_code == 400
    assert "Write why suspending would threaten lives." in empty.text
    page = officer.follow(
        officer.post(mark, {"seen": seen, "marked": "y", "reason": "The only clean water."})
    ).text
    assert "Marked, not confirmed: it does not count yet" in page

    head = sign_in("head@demo.example")
    assert "Confirm or leave: lives at risk if suspended" in head.get("/").text
    seen = head.seen(there)
    page = head.follow(head.post(f"{mark}/confirm", {"seen": seen})).text
    assert "Yes, confirmed by the head of office" in page
    assert "Confirm: lives at risk" not in page

    seen = officer.seen(mark)
    page = officer.follow(officer.post(mark, {"seen": seen, "reason": ""})).text
    assert "Not marked" in page


def test_an_ended_partnership_stays_with_its_reason_and_offers_nothing(
    officer: Browser, session: Session
) -> None:
    there = path_of(session, "A/XD/2026/019")
    seen = officer.seen(f"{there}/end")
    assert officer.post(f"{there}/end", {"seen": seen, "reason": " "}).status_code == 400
    page = officer.follow(
        officer.post(f"{there}/end", {"seen": seen, "reason": "The work is done."})
    ).text
    assert "The partnership has ended." in page
    assert "The work is done." in page
    assert "Nothing, in your role." in page
    answer = officer.post(f"{there}/end", {"seen": "99", "reason": "Again."})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("A/XD/2025/017", "Active"),
        ("A/XD/2025/009", "Approval due"),
        ("A/XD/2025/011", "Suspended: no new commitments"),
        ("A/XD/2025/013", "Decision due: the 12-month date has passed unfinished"),
        ("A/XD/2025/012", "Continues under a life-saving exception"),
        ("A/XD/2023/005", "Re-assessment due"),
        ("A/XD/2026/031", "Not active yet"),
    ],
)
def test_the_page_says_how_a_partnership_stands_today(
    officer: Browser, session: Session, reference: str, said: str
) -> None:
    assert said in officer.get(path_of(session, reference)).text


def test_every_state_of_the_life_is_in_the_demo_but_the_last(session: Session) -> None:
    states = set(session.scalars(select(Partnership.state).distinct()))
    assert states == set(State) - {State.ENDED}

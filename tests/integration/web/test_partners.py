"""This file holds the pages about partners: registered, found, changed, and what is special."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partner import Partner
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.partnership import NO_RESULT
from partner_assess.usecases.ports import Ports
from partner_assess.web.portfolio.pages import PortfolioPage
from tests import factories
from tests.client import NOW, Browser
from tests.integration.web.houses import demo_house

SignIn = Callable[[str], Browser]
OFFICER = "officer@demo.example"


def link_of(page: str, name: str) -> str:
    found = re.search(rf'href="([^"]+)"><bdi>{re.escape(name)}</bdi>', page)
    assert found, name
    return found[1]


def names_in(page: str) -> list[str]:
    return re.findall(r'<a href="/partners/[^"]+"><bdi>([^<]+)</bdi>', page)


@pytest.fixture
def officer(sign_in: SignIn) -> Browser:
    return sign_in(OFFICER)


@pytest.fixture
def form(session: Session) -> dict[str, str]:
    house = demo_house(session)
    filled = {
        "name": "Demo: Weir Keepers",
        "acronym": "DWK",
        "partner_type": "ngo",
        "scope": "national",
        "country": "XD",
        "office": str(house.office.id),
        "vendor_number": "DEMO-77",
        "unpp_id": "",
        "meets_beneficiaries": "yes",
    }
    session.rollback()
    return filled


def partner_of(session: Session, name: str) -> Partner:
    found = queries.partners.named(session, name, agency_code="UNA")
    session.rollback()
    return found


class TestRegister:
    def test_the_new_partner_is_shown(self, officer: Browser, form: dict[str, str]) -> None:
        officer.get("/partners/new")
        page = officer.follow(officer.post("/partners/new", form))
        assert "Partner registered." in page.text
        assert "Demo: Weir Keepers" in page.text
        assert "Not assessed" in page.text
        assert "DEMO-77" in page.text
        assert "Assess this partner" in page.text

    @pytest.mark.parametrize(
        ("change", "sentence", "target"),
        [
            ({"name": "  "}, "Enter the partner’s legal name.", "#name"),
            ({"name": "x" * 201}, "Write 200 characters or fewer.", "#name"),
            ({"partner_type": ""}, "Select the kind of organization.", "#partner_type-0"),
            ({"partner_type": "bank"}, "Select one of the choices.", "#partner_type-0"),
            ({"scope": ""}, "Select whether it is national or international.", "#scope-0"),
            ({"country": "QQ"}, "Select one of the choices.", "#country"),
            ({"office": "nowhere"}, "Select one of the choices.", "#office"),
            ({"acronym": "x" * 41}, "Write 40 characters or fewer.", "#acronym"),
            (
                {"meets_beneficiaries": ""},
                "Select whether its people meet beneficiaries.",
                "#meets_beneficiaries-0",
            ),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
        self,
        officer: Browser,
        form: dict[str, str],
        change: dict[str, str],
        sentence: str,
        target: str,
    ) -> None:
        officer.get("/partners/new")
        answer = officer.post("/partners/new", form | {"unpp_id": "KEPT-1"} | change)
        assert answer.status_code == 400
        assert "<title>Error: Register a partner" in answer.text
        assert f'<a href="{target}">{sentence}</a>' in answer.text
        assert f'id="{target[1:]}"' in answer.text
        assert 'value="KEPT-1"' in answer.text

    def test_a_number_of_another_partner_names_that_partner(
        self, officer: Browser, form: dict[str, str]
    ) -> None:
        officer.get("/partners/new")
        answer = officer.post("/partners/new", form | {"vendor_number": "DEMO-2500102"})
        assert answer.status_code == 400
        assert "Demo: Harbour Aid Network (XD-" in answer.text
        assert 'value="Demo: Weir Keepers"' in answer.text

    def test_the_same_name_is_registered_again_only_on_a_tick(
        self, officer: Browser, form: dict[str, str]
    ) -> None:
        page = officer.get("/partners/new").text
        assert "This is another organization" not in page
        assert 'maxlength="200"' not in page
        again = form | {"name": "DEMO: harbour  aid network"}
        answer = officer.post("/partners/new", again)
        assert answer.status_code == 400
        assert "is registered already by Demo: Country Office 1" in answer.text
        assert '<a href="#is_another">' in answer.text
        assert officer.post("/partners/new", again | {"is_another": "y"}).status_code == 302

    def test_an_officer_registers_for_the_own_office_only(
        self, sign_in: SignIn, form: dict[str, str]
    ) -> None:
        browser = sign_in("officer2@demo.example")
        assert "Demo: Country Office 1" not in browser.get("/partners/new").text
        assert browser.post("/partners/new", form).status_code == 400

    @pytest.mark.parametrize("name", ["Demo: <script>alert(1)</script>", "Demo: \x00", "\u202egnp"])
    def test_a_hostile_name_is_text(
        self, officer: Browser, form: dict[str, str], name: str
    ) -> None:
        officer.get("/partners/new")
        answer = officer.post("/partners/new", form | {"name": name})
        page = officer.follow(answer) if answer.status_code == 302 else answer
        assert page.status_code in {200, 400}
        assert "<script>alert" not in page.text


class TestEdit:
    def test_the_form_shows_what_is_known(self, officer: Browser, session: Session) -> None:
        partner = partner_of(session, "Demo: Harbour Aid Network")
        page = officer.get(f"/partners/{partner.id}/edit").text
        assert 'value="DEMO-2500102"' in page
        for checked in ("ngo", "national", "yes"):
            assert re.search(rf'value="{checked}"[^>]*checked', page), checked

    def test_what_was_changed_is_saved_and_stands_in_the_history(
        self, officer: Browser, session: Session, form: dict[str, str]
    ) -> None:
        partner = partner_of(session, "Demo: Harbour Aid Network")
        path = f"/partners/{partner.id}/edit"
        del form["office"]
        page = officer.follow(officer.post(path, form | {"seen": officer.seen(path)}))
        assert "Partner’s details saved." in page.text
        assert "Demo: Weir Keepers" in page.text
        assert "Partner’s details changed" in page.text

    def test_two_at_once_get_a_conflict_and_a_way_back(
        self, officer: Browser, sign_in: SignIn, session: Session, form: dict[str, str]
    ) -> None:
        partner = partner_of(session, "Demo: Harbour Aid Network")
        path = f"/partners/{partner.id}/edit"
        focal = sign_in("focal@demo.example")
        mine, theirs = officer.seen(path), focal.seen(path)
        assert focal.post(path, form | {"seen": theirs}).status_code == 302
        answer = officer.post(path, form | {"seen": mine, "name": "Demo: Other"})
        assert answer.status_code == 409
        assert "Somebody else was faster" in answer.text
        assert f'href="{path}"' in answer.text
        session.expire_all()
        assert partner_of(session, "Demo: Weir Keepers").id == partner.id

    def test_a_form_of_an_unknown_version_is_a_conflict(
        self, officer: Browser, session: Session, form: dict[str, str]
    ) -> None:
        partner = partner_of(session, "Demo: Harbour Aid Network")
        path = f"/partners/{partner.id}/edit"
        officer.get(path)
        for seen in ("", "x", "99999999999999999999", "-1", "١"):
            assert officer.post(path, form | {"seen": seen}).status_code in {302, 409}

    def test_a_number_of_another_partner_is_refused_here_too(
        self, officer: Browser, session: Session, form: dict[str, str]
    ) -> None:
        partner = partner_of(session, "Demo: Hilltop Legal Aid")
        path = f"/partners/{partner.id}/edit"
        taken = form | {"vendor_number": "DEMO-2500102", "seen": officer.seen(path)}
        answer = officer.post(path, taken)
        assert answer.status_code == 400
        assert "Demo: Harbour Aid Network" in answer.text


class TestFind:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("harbour", "Demo: Harbour Aid Network"),
            ("HARBOUR", "Demo: Harbour Aid Network"),
            ("hârböur", "Demo: Harbour Aid Network"),
            ("network harbour", "Demo: Harbour Aid Network"),
            ("  aid   harb ", "Demo: Harbour Aid Network"),
            ("DEMO-2500102", "Demo: Harbour Aid Network"),
            ("demo-unpp-0131", "Demo: Lantern Community Trust"),
            ("womens", None),
            ("women’s river", "Demo: Riverbend Women’s Association"),
            ("nahr", "Demo: جمعية النهر للتنمية"),
            ("النهر", "Demo: جمعية النهر للتنمية"),
            ("جمعيه", "Demo: جمعية النهر للتنمية"),
            ("النّهر", "Demo: جمعية النهر للتنمية"),
            ("الـنـهر", "Demo: جمعية النهر للتنمية"),
        ],
    )
    def test_a_partner_is_found_however_it_is_spelled(
        self, officer: Browser, asked: str, found: str | None
    ) -> None:
        page = officer.get("/partners", query_string={"q": asked}).text
        assert names_in(page) == ([found] if found else [])

    def test_what_matches_nothing_offers_all(self, officer: Browser) -> None:
        page = officer.get("/partners?q=nobody").text
        assert "No partner matches." in page
        assert "Show all partners" in page
        assert 'value="nobody"' in page

    def test_a_filter_stands_in_the_address_and_in_the_form(
        self, officer: Browser, session: Session
    ) -> None:
        office = demo_house(session).office
        session.rollback()
        page = officer.get(f"/partners?q=demo&tier=high&office={office.id}").text
        assert '<option value="high" selected>' in page
        assert f'<option value="{office.id}" selected>' in page
        shown = names_in(page)
        assert "Demo: Harbour Aid Network" in shown
        assert "Demo: Stormwind Rapid Response" in shown
        assert "Demo: Clearwater Health Initiative" not in shown

    @pytest.mark.parametrize("tier", ["high", "moderate", "low", "none"])
    def test_the_counts_of_the_home_page_are_those_of_the_list(
        self, officer: Browser, session: Session, tier: str
    ) -> None:
        office = demo_house(session).office
        session.rollback()
        home = officer.get("/").text
        found = re.search(rf'href="([^"]*tier={tier}[^"]*)">[^<]+</a> <b>(\d+)', home)
        assert found
        assert f"office={office.id}" in found[1]
        listed = officer.get(found[1].replace("&amp;", "&")).text
        assert len(names_in(listed)) == int(found[2])

    def test_an_agency_without_partners_is_told_what_to_do(
        self, sign_in: SignIn, session: Session
    ) -> None:
        house = factories.make_house(session, "UNC")
        user = queries.users.get(session, house.officer.user_id)
        known = queries.users.by_email(session, OFFICER)
        assert known
        user.password_hash = known.password_hash
        session.commit()
        page = sign_in(user.email).get("/partners").text
        assert "No partner is registered yet." in page
        assert page.count("Register a partner") == 2

    def test_a_long_list_comes_in_pages(self, officer: Browser, session: Session) -> None:
        many_partners(session, 120)
        seen: list[str] = []
        ranges: list[str] = []
        path: str | None = "/partners?q=demo+many"
        while path:
            page = officer.get(path).text
            seen += names_in(page)
            ranges += re.findall(r"\d+–\d+ of \d+", page)
            path = _next_of(page)
        assert seen == [f"Demo: Many {number:04}" for number in range(120)]
        assert ranges == ["1–50 of 120", "51–100 of 120", "101–120 of 120"]
        assert "q=demo+many" in (_first_of(page) or "")
        assert names_in(officer.get(_first_of(page) or "").text)[0] == "Demo: Many 0000"

    @pytest.mark.parametrize(
        "query",
        [
            "q=%00",
            "q=%00%00a&tier=%00&office=%00&after=%00",
            "q=%ff%fe",
            "q=%25&tier=%25",
            "q=_%5c%27%22",
            "q=" + "a+" * 300,
            "q=" + "%F0%9F%98%80" * 100,
            "after=x",
            "after=00000000-0000-0000-0000-000000000000",
            "after=" + "9" * 500,
            "office=1",
            "office=00000000-0000-0000-0000-000000000000",
            "tier=none&tier=high",
            "tier[]=x",
            "q=%ED%A0%80",
            "lang=%00",
            "q=%E2%80%AE",
            "q[]=1&q=2",
            "q={{7*7}}",
            "q=%D9%80%D9%80",
        ],
    )
    def test_no_address_is_a_fault(self, officer: Browser, query: str) -> None:
        for path in ("/partners", "/plans", "/portfolio", "/", "/login"):
            assert officer.get(f"{path}?{query}").status_code in {200, 302}


class TestOverview:
    def test_a_partner_at_high_risk_shows_what_comes_next(
        self, officer: Browser, session: Session
    ) -> None:
        partner = partner_of(session, "Demo: Harbour Aid Network")
        page = officer.get(f"/partners/{partner.id}").text
        assert "At risk: 43 days left, <bdi>5 January 2027</bdi>" in page
        assert "Unfinished, the partnership is suspended on 6 January 2027." in page
        assert page.count("Open the action plan") == 1
        assert "Assess this partner" not in page
        assert "Acronym" in page

    def test_a_result_that_ends_within_the_notice_says_how_many_days_are_left(
        self, officer: Browser, session: Session
    ) -> None:
        near = partner_of(session, "Demo: Green Valley Youth Union")
        far = partner_of(session, "Demo: Harbour Aid Network")
        said = officer.get(f"/partners/{near.id}").text
        assert "<dt>Valid until</dt><dd><span" in said
        assert "<strong>68 days left</strong>" in said
        said = officer.get(f"/partners/{far.id}").text
        assert "<dt>Valid until</dt><dd><bdi>5 January 2031</bdi></dd>" in said

    def test_the_same_deed_several_times_in_a_row_is_one_line_of_the_history(
        self, officer: Browser, session: Session
    ) -> None:
        partner = partner_of(session, "Demo: Old Bridge Relief")
        page = officer.get(f"/partners/{partner.id}/history").text
        assert page.count("Action changed") == 1
        assert "Action changed, 19 times" in page

    def test_an_emergency_says_until_when_to_assess(
        self, officer: Browser, session: Session
    ) -> None:
        partner = partner_of(session, "Demo: Stormwind Rapid Response")
        page = officer.get(f"/partners/{partner.id}").text
        assert "Assess the partner:" in page
        assert "Assess this partner" in page
        assert "Assess again" not in page

    def test_an_expired_result_stands_in_the_list_with_its_former_words(
        self, officer: Browser, session: Session
    ) -> None:
        partner = partner_of(session, "Demo: Harbour Aid Network")
        partner.current_expires_on = NOW.date() - factories.DAY
        session.add(partner)
        session.commit()
        page = officer.get("/partners?q=harbour").text
        assert (
            '<b class="late">Expired</b><div class="row-more">Low capacity: high SEA risk' in page
        )

    def test_those_who_speak_for_a_partner_see_its_plan_and_no_history(
        self, sign_in: SignIn, session: Session
    ) -> None:
        person = sign_in("partner@demo.example")
        home = person.get("/").text
        assert "Low capacity: high SEA risk" in home
        assert re.search(r"\d+ of \d+</dd>", home)
        partner = partner_of(session, "Demo: Harbour Aid Network")
        page = person.get(f"/partners/{partner.id}").text
        assert ">History<" not in page
        assert person.get(f"/partners/{partner.id}/history").status_code == 403

    def test_an_approval_stands_in_the_history_of_its_own_office_only(
        self, sign_in: SignIn, session: Session, web_ports: Ports
    ) -> None:
        # Given: a partner of office 1, and a partnership with it of office 2
        house = demo_house(session)
        partner = partner_of(session, "Demo: Harbour Aid Network")
        officer, head = (
            queries.users.by_email(session, f"{name}2@demo.example") for name in ("officer", "head")
        )
        assert officer
        assert head
        office = officer.grants[0].office
        assert office
        theirs = factories.make_active(session, house, partner, office=office, title="Demo: Wells")
        there = replace(house, office=office, officer=officer.actor(), head=head.actor())
        today = NOW.date()
        factories.make_approval(
            session, web_ports, there, theirs, state=ApprovalState.APPROVED, on=today
        )
        session.commit()

        # When
        def told(email: str) -> str:
            return sign_in(email).get(f"/partners/{partner.id}/history").text

        # Then
        assert "Train first." in told("officer2@demo.example")
        assert "Action plan drafted" not in told("officer2@demo.example")
        assert "Train first." not in told("officer@demo.example")
        assert "Demo: Wells" in told("officer@demo.example")
        assert "Train first." in told("auditor@demo.example")


class TestPortfolio:
    @pytest.mark.parametrize(
        ("assessed", "of_all", "percent"),
        [(0, 0, 0), (14, 21, 67), (1, 3, 33), (1, 8, 13), (1, 200, 1), (3, 3, 100)],
    )
    def test_the_share_is_rounded_half_up(self, assessed: int, of_all: int, percent: int) -> None:
        counts = {"high": assessed, "moderate": 0, "low": 0, "none": of_all - assessed}
        assert PortfolioPage((), counts, NOW.date()).assessed_percent == percent

    @pytest.mark.parametrize("tier", ["high", "moderate", "low", "none"])
    def test_the_numbers_on_top_are_those_of_the_list(self, officer: Browser, tier: str) -> None:
        found = re.search(rf'href="(/partners\?tier={tier})">(\d+)', officer.get("/portfolio").text)
        assert found
        assert len(names_in(officer.get(found[1]).text)) == int(found[2])

    def test_waived_partners_are_told_apart(self, officer: Browser, session: Session) -> None:
        waived = [
            one for one in session.scalars(select(Partner)) if one.current_basis == "no_contact"
        ]
        session.rollback()
        assert (" waived</div>" in officer.get("/portfolio").text) == bool(waived)


class TestHome:
    def test_who_waits_for_a_request_is_told_so(self, sign_in: SignIn) -> None:
        page = sign_in("head@demo.example").get("/").text
        assert "Ask for approval" not in page

    def test_an_approved_partnership_waits_to_be_made_active(
        self, officer: Browser, session: Session, web_ports: Ports
    ) -> None:
        house = demo_house(session)
        partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
        factories.make_final(session, web_ports, house, partner, on=NOW.date())
        found = factories.make_partnership(session, house, partner)
        factories.make_approval(
            session, web_ports, house, found, state=ApprovalState.APPROVED, on=NOW.date()
        )
        session.commit()
        assert "Approved: make the partnership active" in officer.get("/").text


def _next_of(page: str) -> str | None:
    found = re.search(r'href="([^"]*after=[^"]*)"', page)
    return found[1].replace("&amp;", "&") if found else None


def _first_of(page: str) -> str | None:
    found = re.search(
        r'<nav class="pagination.*?href="(/partners\?(?![^"]*after)[^"]*)"', page, re.S
    )
    return found[1].replace("&amp;", "&") if found else None


def many_partners(session: Session, count: int) -> list[UUID]:
    """Register so many partners at office 1, without a result."""
    house = demo_house(session)
    rows: list[Any] = []
    for number in range(count):
        one = Partner(
            agency_id=house.agency.id,
            office_id=house.office.id,
            number=f"XD-9{number:04}",
            registered_at=NOW,
        )
        one.rename(f"Demo: Many {number:04}")
        said = factories.identity()
        one.acronym, one.partner_type, one.scope = "", said.partner_type, said.scope
        one.country, one.meets_beneficiaries = "XD", True
        one.set_current(NO_RESULT, ended=False)
        rows.append(one)
    session.add_all(rows)
    session.commit()
    return [one.id for one in rows]


class TestSpecial:
    def test_the_head_records_an_emergency(self, sign_in: SignIn, session: Session) -> None:
        browser = sign_in("head@demo.example")
        partner = partner_of(session, "Demo: Newcomers’ Association")
        here = f"/partners/{partner.id}"
        assert f"{here}/emergency" in browser.get(here).text
        page = browser.get(f"{here}/emergency").text
        assert "no names or details" in page.lower() or "never" in page.lower()
        assert browser.post(f"{here}/emergency", {"reason": " "}).status_code == 400
        answer = browser.post(f"{here}/emergency", {"reason": "Flood; no time."})
        page = browser.follow(answer).text
        assert "Emergency recorded." in page
        assert "Low capacity assumed - emergency" in page
        assert "22 February 2027" in page or "23 February 2027" in page
        assert "Flood; no time." in page
        assert f"{here}/emergency" not in page

    def test_a_waiver_needs_a_partner_that_meets_nobody(
        self, sign_in: SignIn, session: Session, form: dict[str, str]
    ) -> None:
        browser = sign_in("focal@demo.example")
        partner = partner_of(session, "Demo: Newcomers’ Association")
        here = f"/partners/{partner.id}"
        browser.get(f"{here}/waive")
        refused = browser.post(f"{here}/waive", {"reason": "Prints only."})
        assert refused.status_code == 400
        assert "say that it meets beneficiaries" in refused.text
        assert "Prints only." in refused.text

        seen = browser.seen(f"{here}/edit")
        browser.post(f"{here}/edit", form | {"seen": seen, "meets_beneficiaries": "no"})
        browser.get(f"{here}/waive")
        page = browser.follow(browser.post(f"{here}/waive", {"reason": "Prints only."})).text
        assert "Assessment waived." in page
        assert "No contact with beneficiaries" in page

        seen = browser.seen(f"{here}/edit")
        page = browser.follow(browser.post(f"{here}/edit", form | {"seen": seen})).text
        assert "Not assessed" in page

    def test_the_places_of_a_partner_open(self, officer: Browser, session: Session) -> None:
        for partner in session.scalars(select(Partner)).all():
            for place in ("", "/assessments", "/plans", "/partnerships", "/history"):
                answer = officer.get(f"/partners/{partner.id}{place}")
                assert answer.status_code in {200, 404}
        session.rollback()

"""This file holds what everybody else finds: they sign in, and see what they may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages.person import Person

HARBOUR = "Demo: Harbour Aid Network"

# Account, places in the head, what home says, what the head must not offer.
PEOPLE = [
    ("partner", ["My work", "Partners"], f"You speak for {HARBOUR}", ["Plans"]),
    ("assessor", ["My work", "Partners"], "Nothing is due.", ["Plans"]),
    ("auditor", ["My work", "Partners", "Plans", "Portfolio"], "My work", []),
    ("admin", ["My work", "Partners", "Plans", "Portfolio"], "My work", []),
    ("sister", ["My work", "Partners", "Plans", "Portfolio"], "My work", []),
    ("head", ["Decisions", "Partners", "Plans", "Portfolio"], "Decide on a high-risk", []),
]


@pytest.mark.parametrize(("account", "offered", "said", "missing"), PEOPLE)
def test_everybody_finds_their_own_places(
    somebody: Callable[..., Person],
    account: str,
    offered: list[str],
    said: str,
    missing: list[str],
) -> None:
    person = somebody(account)
    person.go_home()

    person.reads(said)
    places = person.page.get_by_role("navigation", name="Main places")
    for place in offered:
        expect(places.get_by_role("link", name=place, exact=True)).to_be_visible()
    for place in missing:
        expect(places.get_by_role("link", name=place, exact=True)).to_have_count(0)


def test_a_partner_s_focal_point_sees_its_own_organization_and_no_other(
    somebody: Callable[..., Person],
) -> None:
    person = somebody("partner")

    person.follow(HARBOUR)
    person.reads("Low capacity: high SEA risk")
    person.cannot_press("Assess this partner")
    person.page.goto("/partners")
    person.reads(HARBOUR)
    person.does_not_read("Demo: Lantern Community Trust")


def test_an_auditor_reads_results_and_changes_nothing(somebody: Callable[..., Person]) -> None:
    auditor = somebody("auditor")

    auditor.find_partner(HARBOUR)
    auditor.cannot_press("Assess this partner")
    auditor.follow("Open the result")
    auditor.reads("Why", "Documents to share")
    auditor.cannot_press("Withdraw this result")


def test_a_sister_agency_sees_its_own_partners_only(somebody: Callable[..., Person]) -> None:
    sister = somebody("sister")

    sister.page.goto("/partners")

    sister.reads("Demo: Lighthouse Reading Rooms")
    sister.does_not_read(HARBOUR)


def test_whoever_follows_a_link_to_what_is_not_theirs_is_told_so(
    somebody: Callable[..., Person],
) -> None:
    officer, partner = somebody("officer"), somebody("partner")
    officer.find_partner("Demo: Lantern Community Trust")

    partner.page.goto(officer.page.url)

    partner.reads_heading("Page not found")


def test_signing_out_leaves_nothing_to_go_back_to(somebody: Callable[..., Person]) -> None:
    officer = somebody("officer")

    officer.page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    officer.reads_heading("Sign in")
    officer.page.go_back()

    officer.reads_heading("Sign in")

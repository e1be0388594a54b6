"""This file holds how much a page costs on a weak link, as Chromium counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page

from partner_assess.cli.demo import PASSWORD
from tests.browser.pages.person import Person
from tests.browser.site import Site

KB = 1024


@dataclass
class Meter:
    """Counts what goes over the line: requests, and bytes as they are sent, compressed."""

    session: CDPSession
    addresses: list[str] = field(default_factory=list)
    received: float = 0

    def __post_init__(self) -> None:
        self._asked: dict[str, str] = {}
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.send("Network.enable")

    def start(self) -> None:
        """Begin at nothing."""
        self.addresses.clear()
        self.received = 0

    def _sent(self, told: dict[str, Any]) -> None:
        self._asked[told["requestId"]] = told["request"]["url"]

    def _finished(self, told: dict[str, Any]) -> None:
        # What the browser keeps comes without a byte.
        if told["encodedDataLength"]:
            self.addresses.append(self._asked[told["requestId"]])
            self.received += told["encodedDataLength"]


@pytest.fixture
def page(contexts: Callable[..., BrowserContext], shared_site: Site) -> Page:
    """Return a page of a browser that was never here."""
    return contexts(base_url=shared_site.url).new_page()


@pytest.fixture
def meter(page: Page) -> Meter:
    """Return a meter on the page's line."""
    return Meter(page.context.new_cdp_session(page))


def test_a_first_visit_takes_at_most_five_requests_and_35_kb(page: Page, meter: Meter) -> None:
    page.goto("/login", wait_until="networkidle")

    assert len(meter.addresses) <= 5, meter.addresses
    assert 0 < meter.received <= 35 * KB


@pytest.mark.parametrize("address", ["/", "/partners", "/plans", "/portfolio", "/help"])
def test_a_later_page_takes_one_request_and_at_most_15_kb(
    page: Page, meter: Meter, address: str
) -> None:
    Person(page).sign_in("officer@demo.example", PASSWORD)
    page.wait_for_load_state("networkidle")
    meter.start()

    page.goto(address, wait_until="networkidle")

    assert len(meter.addresses) == 1, meter.addresses
    assert 0 < meter.received <= 15 * KB


def test_a_questionnaire_s_page_takes_one_request_and_at_most_15_kb(
    page: Page, meter: Meter
) -> None:
    officer = Person(page)
    officer.sign_in("officer@demo.example", PASSWORD)
    officer.open_duty("Demo: Hilltop Legal Aid")
    page.wait_for_load_state("networkidle")
    meter.start()

    officer.follow("Mandatory training")
    officer.reads_heading("Mandatory training")
    page.wait_for_load_state("networkidle")

    assert len(meter.addresses) == 1, meter.addresses
    assert 0 < meter.received <= 15 * KB

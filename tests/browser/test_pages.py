"""This file holds tests of one page of each kind: it fits, it is accessible, it is quiet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from partner_assess.cli.demo import PASSWORD
from tests.browser import crawl
from tests.browser.crawl import Visit
from tests.browser.pages.person import Person
from tests.browser.site import ROOT, Site

SCREENSHOTS = ROOT / "build" / "screenshots"

ENGLISH, RIGHT_TO_LEFT = "en", "ar-XB"
DESK, PHONE, SMALL_PHONE = 1280, 360, 320
# The other combinations have the same elements at the same sizes; a second costs.
LOOKED_THROUGH = {(ENGLISH, DESK), (ENGLISH, SMALL_PHONE), (RIGHT_TO_LEFT, SMALL_PHONE)}

AXE = Axe()
EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}

# Those with the most fields; sent empty they write nothing.
FORMS = (
    "/partners/new",
    "/partners/<uuid:partner_id>/partnerships/new",
    "/partnerships/<uuid:partnership_id>/approval",
    "/assessments/<uuid:assessment_id>/standards/<standard_id>/evidence/new",
    "/plans/<uuid:plan_id>/actions/new",
)

# What sticks out beyond the window, named so that one finds it.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  return [`${root.scrollWidth} px wide`, ...out.slice(-3).map((one) => one.outerHTML)];
}"""


# What is too low for a finger: less than 40 pixels, but for links inside a sentence.
TOO_LOW = """() => {
  const fields = "select, textarea, input:not([type=hidden])";
  const all = document.querySelectorAll(`a[href], button, summary, ${fields}`);
  return [...all].filter((one) => {
    const isChoice = one.matches("[type=radio], [type=checkbox]");
    const pressed = isChoice ? one.closest("label") : one;
    const { height } = pressed.getBoundingClientRect();
    if (!height || height >= 40) return false;
    const around = one.closest("p, li, dd, td, div, body").innerText.trim();
    return getComputedStyle(one).display !== "inline" || around === one.innerText.trim();
  }).map((one) => `too low for a finger: ${one.outerHTML.slice(0, 160)}`);
}"""


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, shared_site: Site) -> dict[str, Any]:
    """Return what the browser of each role keeps once it is signed in."""
    kept: dict[str, Any] = {}
    for role in crawl.ROLES:
        with chromium.new_context(base_url=shared_site.url) as context:
            Person(context.new_page()).sign_in(f"{role}@demo.example", PASSWORD)
            kept[role] = context.storage_state()
    return kept


@pytest.fixture(scope="module")
def visits(chromium: Browser, shared_site: Site, signed_in: dict[str, Any]) -> dict[str, Visit]:
    """Return the page of each kind, as the first role comes to it that may see it."""
    found: dict[str, Visit] = {}
    for role in crawl.WALKERS:
        with chromium.new_context(
            base_url=shared_site.url, storage_state=signed_in[role]
        ) as context:
            for visit in crawl.walk(context.new_page(), role, crawl.routes()):
                found.setdefault(visit.route, visit)
    return found


@pytest.fixture
def look(
    contexts: Callable[..., BrowserContext], shared_site: Site, signed_in: dict[str, Any]
) -> Callable[[str | None], Page]:
    """Return how the browser of a role is opened; None is nobody's."""

    def opened(role: str | None) -> Page:
        kept = {"storage_state": signed_in[role]} if role else {}
        context = contexts(base_url=shared_site.url, reduced_motion="reduce", **kept)
        return context.new_page()

    return opened


@pytest.mark.parametrize("route", crawl.routes())
def test_each_page_fits_is_accessible_and_quiet(
    route: str, visits: dict[str, Visit], look: Callable[[str | None], Page]
) -> None:
    assert route in visits, f"no link leads to {route}"
    visit = visits[route]
    assert problems_of(look(visit.role), visit.path, visit.name) == []


@pytest.mark.parametrize("role", crawl.ROLES)
def test_each_home_page_fits_is_accessible_and_quiet(
    role: str, look: Callable[[str | None], Page]
) -> None:
    assert problems_of(look(role), "/", f"home-{role}") == []


def test_the_page_for_signing_in_fits_is_accessible_and_quiet(
    look: Callable[[str | None], Page],
) -> None:
    assert problems_of(look(None), "/login", "login") == []


def test_the_page_for_what_is_not_there_fits_and_is_accessible(
    look: Callable[[str | None], Page],
) -> None:
    found = problems_of(look("officer"), "/partners/nowhere", "not-found")

    assert [one for one in found if "status of 404" not in one] == []


@pytest.mark.parametrize("route", FORMS)
def test_a_form_that_is_sent_empty_fits_and_is_accessible(
    route: str, visits: dict[str, Visit], look: Callable[[str | None], Page]
) -> None:
    visit = visits[route]
    page = look(visit.role)
    page.set_viewport_size({"width": SMALL_PHONE, "height": 780})
    found: list[str] = []
    for language in (ENGLISH, RIGHT_TO_LEFT):
        page.goto(f"{visit.path}?lang={language}")
        page.locator("main form button").last.click()
        expect(page.locator(".error-summary")).to_be_focused()
        found += page.evaluate(TOO_WIDE) + page.evaluate(TOO_LOW) + violations(page, EVERY_RULE)
    assert found == []


def problems_of(page: Page, path: str, name: str) -> list[str]:
    """Return all that is wrong with a page, in each language and width; keep its pictures."""
    person = Person(page, tolerant=False)
    found: list[str] = []
    for language in (ENGLISH, RIGHT_TO_LEFT):
        page.set_viewport_size({"width": DESK, "height": 900})
        page.goto(f"{path}?lang={language}")
        direction = page.locator("html").get_attribute("dir")
        if direction != ("rtl" if language == RIGHT_TO_LEFT else "ltr"):
            found.append(f"{language}: written {direction}")
        for width in (DESK, PHONE, SMALL_PHONE):
            page.set_viewport_size({"width": width, "height": 900 if width == DESK else 780})
            where = f"{language}, {width} px"
            found += [f"{where}: {one}" for one in page.evaluate(TOO_WIDE)]
            if (language, width) in LOOKED_THROUGH:
                found += [f"{where}: {one}" for one in violations(page, EVERY_RULE)]
                found += [f"{where}: {one}" for one in page.evaluate(TOO_LOW)]
            if width != SMALL_PHONE:
                person.photograph(SCREENSHOTS / f"{name}-{width}-{language}.png")
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {one}" for one in violations(page, CONTRAST)]
    return found + person.complaints


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe finds, with the element that it found it at."""
    results = AXE.run(page, options=options).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in results
        for node in rule["nodes"]
    ]

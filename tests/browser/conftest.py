"""This file holds the browser tests' fixtures: the app, Chromium, and the people who use it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from partner_assess.cli.demo import PASSWORD
from tests import machine
from tests.browser.pages.person import Person
from tests.browser.site import ROOT, Site, make_demo, served

# Nothing of the browser's own asks the network, and no part of the desktop is missed.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000  # milliseconds, for a machine that does other things too

SCREENSHOTS = ROOT / "build" / "screenshots"
FAILED = pytest.StashKey[bool]()

_NEEDS = machine.needs("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(_NEEDS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield the machine's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=machine.chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the demo."""
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def site(demo: Path, tmp_path: Path) -> Iterator[Site]:
    """Yield the app on a demo of this test's own."""
    with served(demo, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def shared_site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the app on a demo that a module's tests share: they only look."""
    with served(demo, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Yield how a browser of somebody's own is opened; all are closed in the end."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = chromium.new_context(locale="en-GB", **options)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def somebody(
    request: pytest.FixtureRequest, site: Site, contexts: Callable[..., BrowserContext]
) -> Iterator[Callable[..., Person]]:
    """Yield how somebody sits down and signs in: `somebody("officer")`, with a phone's width.

    In the end nobody's browser may have complained. Of a failed test a picture is kept.
    """
    people: list[Person] = []

    def sit_down(account: str, **options: Any) -> Person:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        page = contexts(base_url=site.url, **options).new_page()
        person = Person(page, runs_script=options.get("java_script_enabled", True))
        people.append(person)
        person.sign_in(f"{account}@demo.example", PASSWORD)
        return person

    yield sit_down
    if FAILED in request.node.stash:
        for number, person in enumerate(people, start=1):
            person.photograph(SCREENSHOTS / f"failed-{request.node.name}-{number}.png")
    for person in people:
        assert person.complaints == []

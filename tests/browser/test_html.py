"""This file holds the test that the Nu HTML checker finds nothing, on any page in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import APIResponse, BrowserContext, Page

from partner_assess.cli.demo import PASSWORD
from partner_assess.web import i18n
from tests import machine
from tests.browser import crawl, html_checker
from tests.browser.crawl import Visit
from tests.browser.pages.person import Person
from tests.browser.site import Site

pytestmark = machine.needs("html-checker")

LANGUAGES = (*i18n.LANGUAGES, i18n.PSEUDO_LONG, i18n.PSEUDO_RIGHT_TO_LEFT)

# Signing out would end the walk.
FORMS = r'<form\b[^>]*method="post"(?![^>]*action="/logout")[^>]*>'


def test_nu_finds_nothing_on_any_page_in_any_language(
    site: Site, contexts: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    pages: dict[str, str] = {}
    seen: set[str] = set()
    nobody = contexts(base_url=site.url).new_page()
    for path in ("/login", "/nowhere"):
        pages.update(_in_each_language(nobody, Visit(path, "nobody", path)))
    for role in crawl.ROLES:
        page = contexts(base_url=site.url).new_page()
        Person(page).sign_in(f"{role}@demo.example", PASSWORD)
        found = [Visit("/", role, "/")]
        if role in crawl.WALKERS:
            found += [
                one for one in crawl.walk(page, role, crawl.routes()) if one.route not in seen
            ]
        for visit in found:
            seen.add(visit.route)
            pages.update(_in_each_language(page, visit))
        # In the end, because a form without fields is a deed that succeeds.
        for visit in found:
            pages.update(_sent_empty(page, visit))

    assert set(crawl.routes()) <= seen
    assert any("-sent-" in name and "error-summary" in text for name, text in pages.items())
    folder = tmp_path / "pages"
    folder.mkdir()
    assert html_checker.problems_of(pages, folder) == []


def _in_each_language(page: Page, visit: Visit) -> Iterator[tuple[str, str]]:
    for language in (*LANGUAGES[1:], LANGUAGES[0]):
        answer = page.request.get(f"{visit.path}?lang={language}")
        yield f"{visit.role}-{visit.name}-{language}", answer.text()


def _sent_empty(page: Page, visit: Visit) -> Iterator[tuple[str, str]]:
    """Yield what comes back for each form of a page that nobody filled."""
    text = page.request.get(visit.path).text()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    for number, form in enumerate(re.findall(FORMS, text)):
        action = re.search(r'action="([^"]*)"', form)
        answer = page.request.post(
            action[1] if action else visit.path, form={"csrf_token": token[1] if token else ""}
        )
        if _is_page(answer):
            yield f"{visit.role}-{visit.name}-sent-{number}", answer.text()


def _is_page(answer: APIResponse) -> bool:
    return answer.headers["content-type"].startswith("text/html")

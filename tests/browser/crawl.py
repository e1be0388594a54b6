"""This file holds which pages there are: one address of each kind, found by following links."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

ACCESS = Path(__file__).parents[1] / "integration" / "web" / "access.csv"

ROLES = ("officer", "focal", "head", "assessor", "admin", "auditor", "sister", "partner")

# Between them they see every page; the first to come to one looks at it.
WALKERS = ("officer", "focal", "head", "admin")

# Where a button leads, and no link.
AFTER_A_BUTTON = {
    "/assessments/<uuid:assessment_id>": ("/submitted", "/finalise"),
    "/assessments/<uuid:assessment_id>/standards/<standard_id>": ("/evidence/new",),
}
UNLINKED = ("/account",)

# So many pages of a kind are searched for links; one partner differs from the next.
AS_MANY = 9

# No page to find by walking.
FILES = (
    "/healthz",
    "/login",  # who is signed in sees no more of it
    "/documents/<uuid:issue_id>/file",
    "/received/<uuid:received_id>/file",
    "/trust/own",
    "/assessments/<uuid:assessment_id>/evidence/<uuid:evidence_id>",
)

# What somebody's deed leads to, and the demo's story does not: journeys and `test_received`,
# `test_links` come there.
AFTER_A_DEED = (
    "/check/<code>",
    "/received/held/<held_id>",
    "/received/<uuid:received_id>/partner",
    "/received/<uuid:received_id>/send-back",
    "/shared/<token>",
)


@dataclass(frozen=True)
class Visit:
    """A page to look at: its route, who looks, and where it is."""

    route: str
    role: str
    path: str

    @property
    def name(self) -> str:
        """Return a name for a file."""
        words = re.sub(r"<[^>]*>", "one", self.route)
        return re.sub(r"[^a-z]+", "-", words).strip("-") or f"home-{self.role}"


def routes() -> list[str]:
    """Return every route that shows a page to somebody."""
    with ACCESS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        row["route"]
        for row in rows
        if row["method"] == "GET"
        and "200" in row.values()
        and row["route"] not in (*FILES, *AFTER_A_DEED)
    ]


def route_of(path: str, among: list[str]) -> str | None:
    """Return the route that an address belongs to."""
    fitting = [one for one in among if re.fullmatch(re.sub(r"<[^>]*>", "[^/]+", one), path)]
    # "/partners/new" is that, and no partner of the name "new".
    return min(fitting, key=lambda one: one.count("<"), default=None)


def walk(page: Page, role: str, among: list[str]) -> list[Visit]:
    """Return the first page of each kind that a signed-in person comes to from home."""
    found: dict[str, Visit] = {}
    looked: Counter[str] = Counter()
    waiting = deque(["/", *UNLINKED])
    known = set(waiting)
    while waiting:
        path = waiting.popleft()
        route = route_of(path, among)
        if route is None or looked[route] == AS_MANY:
            continue
        answer = page.request.get(path)
        if answer.status != 200 or route_of(_path(answer.url), among) != route:
            continue
        looked[route] += 1
        found.setdefault(route, Visit(route, role, path))
        links = re.findall(r'href="(/[^"#?]*)', answer.text())
        links += [path + after for after in AFTER_A_BUTTON.get(route, ())]
        new = [link for link in dict.fromkeys(links) if link not in known]
        known.update(new)
        waiting.extend(new)
    return list(found.values())


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3].split("?")[0]

"""This file holds the time of the server for a page, against our own empty signed-in page."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from partner_assess.app import create_app
from partner_assess.cli import demo
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests.bench import crowd
from tests.bench.crowd import Measured

ROUNDS = 40
OFFICER = "officer@demo.example"

# Nothing of its own but three lines: the frame, who is signed in, and his one open session.
EMPTY = "/account"


@dataclass(frozen=True)
class Page:
    """A page that is measured, by its name in `limits.PAGES`."""

    name: str
    path: str
    is_save: bool = False
    is_timed: bool = True


@dataclass
class Cost:
    """What one page cost.

    Attributes:
        times: Of the empty page's time.
        queries: With the demo's few rows.
        queries_tenfold: With ten times as many rows on the page.
    """

    page: Page
    times: float = 0.0
    milliseconds: float = 0.0
    queries: int = 0
    queries_tenfold: int = 0
    samples: list[float] = field(default_factory=list)


def pages_of(measured: Measured) -> list[Page]:
    """Return the pages."""
    draft = f"/assessments/{measured.draft_id}"
    return [
        Page("home of an officer", "/", is_timed=False),
        Page("list of 50", "/partners"),
        Page("partner", f"/partners/{measured.partner_id}"),
        Page("standard", f"{draft}/standards/policy"),
        Page("saving a standard", f"{draft}/standards/policy", is_save=True),
        Page("result", f"/assessments/{measured.final_id}/result"),
    ]


def ten(measured: Measured) -> list[str]:
    """Return the addresses of ten pages, as somebody opens them in a morning."""
    once = [page.path for page in pages_of(measured) if not page.is_save]
    return [*once, f"/partners/{measured.partner_id}/history", "/plans", "/help", *once[:2]]


class Visitor:
    """A signed-in browser inside this process, with a stopwatch and a count of queries."""

    def __init__(self, app: Flask, engine: Engine, *, clock: Callable[[], float]) -> None:
        self.seconds = 0.0
        self.queries = 0
        self._clock = clock
        app.wsgi_app = self._timed(app.wsgi_app)  # type: ignore[method-assign]
        event.listen(engine, "before_cursor_execute", self._count)
        self._client = app.test_client()
        sign_in(self._client)

    def get(self, path: str) -> str:
        """Open a page."""
        return self._asked(path, "GET")

    def save(self, path: str, form: dict[str, Any]) -> str:
        """Send a form."""
        return self._asked(path, "POST", data=form)

    def _asked(self, path: str, method: str, **options: Any) -> str:
        self.queries = 0
        answer = self._client.open(path, method=method, **options)
        expected = 200 if method == "GET" else 302
        if answer.status_code != expected:
            raise SystemExit(f"{method} {path}: {answer.status}\n{answer.text[:2000]}")
        return answer.text

    def _timed(self, wsgi_app: Any) -> Any:
        # Around the app alone: what the test's client costs would make every ratio smaller.
        def timed(environ: Any, start_response: Any) -> Iterable[bytes]:
            began = self._clock()
            body = wsgi_app(environ, start_response)
            try:
                return [b"".join(body)]
            finally:
                getattr(body, "close", lambda: None)()
                self.seconds = self._clock() - began

        return timed

    def _count(self, *_about: object) -> None:
        self.queries += 1


def sign_in(client: FlaskClient) -> None:
    """Sign the officer in, through the form."""
    token = _field(client.get("/login").text, "csrf_token")
    form = {"email": OFFICER, "password": demo.PASSWORD, "csrf_token": token}
    answer = client.post("/login", data=form)
    if answer.status_code != 302:
        raise SystemExit(f"sign-in: {answer.status}")


class Saver:
    """Saves one standard again and again, each time with another comment."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self._visitor = visitor
        self._path = path
        text = visitor.get(path)
        self._form = _filled(text)
        self._seen = int(self._form["seen"])
        self._times = 0

    def __call__(self) -> str:
        """Save once."""
        self._times += 1
        comment = f"Seen in the office, {self._times} times."
        seen, self._seen = self._seen, self._seen + 1
        return self._visitor.save(
            self._path, self._form | {"seen": str(seen), "comment": comment, "deed": "continue"}
        )


def costs(engine: Engine, settings: Settings, ports: Ports) -> list[Cost]:
    """Fill an empty database, and return what each page cost."""
    crowd.tell(engine, ports)
    measured = crowd.measured(engine)
    app = create_app(settings, engine=engine, ports=ports)
    # On SQLite all work is this thread's: its own time counts no other program's.
    clock = time.thread_time if engine.dialect.name == "sqlite" else time.perf_counter
    visitor = Visitor(app, engine, clock=clock)
    found = [Cost(page) for page in [Page("empty: the account", EMPTY), *pages_of(measured)]]
    asks = [_asking(visitor, cost.page) for cost in found]
    for cost, ask in zip(found, asks, strict=True):
        ask()
        cost.queries = visitor.queries
    crowd.crowd(engine)
    _measure(visitor, found, asks)
    crowd.tenfold(engine, partner_id=measured.partner_id, assessment_id=measured.draft_id)
    for cost, ask in zip(found, asks, strict=True):
        ask()
        cost.queries_tenfold = visitor.queries
    return found


def _asking(visitor: Visitor, page: Page) -> Callable[[], str]:
    return Saver(visitor, page.path) if page.is_save else lambda: visitor.get(page.path)


def _measure(visitor: Visitor, found: list[Cost], asks: list[Callable[[], str]]) -> None:
    """Ask for every page in every round, so that a busy moment meets all of them."""
    timed = [(cost, ask) for cost, ask in zip(found, asks, strict=True) if cost.page.is_timed]
    for _ in range(ROUNDS):
        for cost, ask in timed:
            ask()
            cost.samples.append(visitor.seconds)
    empty = statistics.median(found[0].samples)
    for cost, _ask in timed:
        middle = statistics.median(cost.samples)
        cost.times, cost.milliseconds = middle / empty, middle * 1000


def _field(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    if found is None:
        raise SystemExit(f"no field {name} in {text[:500]}")
    return found[1]


def _filled(text: str) -> dict[str, str]:
    """Return what stands in the one form of a standard's page."""
    form = {name: _field(text, name) for name in ("csrf_token", "seen")}
    for radio in re.findall(r'<input[^>]*type="radio"[^>]*>', text):
        if " checked" in radio:
            form[_attribute(radio, "name")] = _attribute(radio, "value")
    return form


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""

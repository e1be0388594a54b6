"""This file holds what `make bench` runs: every measurement, in one table of ratios."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from partner_assess.adapters import criteria_files
from partner_assess.app import create_app, make_ports
from partner_assess.db.session import make_engine
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests import machine, postgres
from tests.bench import crowd, documents, gate, limits, pages, seals, sizes, web_process
from tests.bench.rows import Row
from tests.client import NOW

SECRET = "only-for-the-benchmark-" * 2


def main() -> None:
    """Measure, and print as it goes."""
    with tempfile.TemporaryDirectory(prefix="partner-assess-bench-") as name:
        folder = Path(name)
        settings = Settings(
            database_url=f"sqlite:///{folder / 'small.db'}",
            secret_key=SECRET,
            storage_url=(folder / "files").as_uri(),
            fixed_now=NOW,
        )
        ports = make_ports(settings)
        with crowd.sqlite(folder) as engine:
            _print("Pages on SQLite, of 1,000 partners", _pages(engine, settings, ports))
        server_url = postgres.running_server()
        if server_url is None:
            print("\nPages on PostgreSQL: not measured, none runs on 127.0.0.1:5432")  # noqa: T201
        else:
            with crowd.postgresql(server_url) as engine:
                title = f"Pages on PostgreSQL {postgres.version(server_url)}, of 1,000 partners"
                _print(title, _pages(engine, settings, ports))
        _print("What travels, by gzip", _travel(settings, ports))
        _print("Memory of the web process, before any PDF", _memory(settings))
        _print("CPU time of a document, against Chromium", _document(settings, folder))
        _print("CPU time of the gate, against an empty child", _gate())
        _print("Documents printed and sealed", _sealed(settings, folder))


def _gate() -> Iterator[Row]:
    for name, cost, limit in (
        ("verify and extract", gate.cost_of_a_start(), limits.GATE),
        ("in a child that is warm", gate.cost(), None),
    ):
        note = f"{cost.verify * 1000:.1f} ms against {cost.empty * 1000:.1f} ms"
        yield Row(name, cost.verify / cost.empty, limit, note=note)


def _print(title: str, rows: Iterator[Row]) -> None:
    print(f"\n{title}\n  {'':<38} {'measured':>8} {'':<8} {'limit':>6}")  # noqa: T201
    for row in rows:
        print(row.line(), flush=True)  # noqa: T201


def _pages(engine: Engine, settings: Settings, ports: Ports) -> Iterator[Row]:
    for cost in pages.costs(engine, settings, ports):
        limit = limits.PAGES.get(cost.page.name)
        if cost.page.is_timed:
            note = f"{cost.milliseconds:.1f} ms"
            yield Row(cost.page.name, cost.times, limit, note=note)
        yield Row(
            f"{cost.page.name}, ten times the rows",
            cost.queries_tenfold,
            cost.queries + limits.MORE_QUERIES,
            unit="queries",
            note=f"{cost.queries} with few rows",
        )


def _travel(settings: Settings, ports: Ports) -> Iterator[Row]:
    engine = make_engine(settings.database_url)
    with crowd.told(engine, ports) as measured:
        client = create_app(settings, engine=engine, ports=ports).test_client()
        first = sizes.first_visit(client, "/login")
        yield Row("first visit", first.bytes / 1000, limits.FIRST_VISIT_KB, unit="KB")
        yield Row("first visit", first.requests, limits.FIRST_VISIT_REQUESTS, unit="requests")
        pages.sign_in(client)
        later = {
            page.name: sizes.later_page(client, page.path)
            for page in pages.pages_of(measured)
            if not page.is_save
        }
        name, size = max(later.items(), key=lambda item: item[1])
        yield Row(f"largest later page: {name}", size / 1000, limits.LATER_PAGE_KB, unit="KB")


def _memory(settings: Settings) -> Iterator[Row]:
    engine = make_engine(settings.database_url)
    measured = crowd.measured(engine)
    engine.dispose()
    port = _free_port()
    alone = web_process.megabytes_of_the_imports_alone()
    with web_process.served(_environment(settings, port), port=port) as server:
        web_process.visit(server, pages.ten(measured), email=pages.OFFICER)
        used = server.megabytes()
    note = f"{used:.0f} MB against {alone:.0f} MB"
    yield Row("signed in, ten pages opened", used / alone, limits.MEMORY, note=note)


def _environment(settings: Settings, port: int) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "PORT": str(port),
        "PARTNER_ASSESS_DATABASE_URL": settings.database_url,
        "PARTNER_ASSESS_SECRET_KEY": settings.secret_key,
        "PARTNER_ASSESS_STORAGE_URL": settings.storage_url,
        "PARTNER_ASSESS_NOW": NOW.isoformat(),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _document(settings: Settings, folder: Path) -> Iterator[Row]:
    chromium = machine.chromium()
    if chromium is None or not machine.has_pango():
        print("  not measured: it needs Chromium and Pango")  # noqa: T201
        return
    catalogue = criteria_files.load_frameworks(settings.criteria_dir)
    cost = documents.cost(catalogue, folder, chromium=chromium)
    note = f"{cost.warm * 1000:.0f} ms against {cost.chromium * 1000:.0f} ms"
    yield Row("both warm", cost.warm / cost.chromium, limits.DOCUMENT, note=note)
    note = f"{cost.as_made * 1000:.0f} ms, start and imports included"
    yield Row("as the app makes it", cost.as_made / cost.chromium, None, note=note)


def _sealed(settings: Settings, folder: Path) -> Iterator[Row]:
    if not machine.has_pango():
        print("  not measured: it needs Pango")  # noqa: T201
        return
    catalogue = criteria_files.load_frameworks(settings.criteria_dir)
    cost = seals.cost(catalogue, folder)
    note = f"{cost.sealed * 1000:.0f} ms against {cost.alone * 1000:.0f} ms"
    yield Row("one, against WeasyPrint alone", cost.sealed / cost.alone, limits.SEALED, note=note)
    one, two = seals.seconds_by_workers(catalogue, folder)
    note = f"{one / two:.2f} times as fast, of {seals.PART * seals.PARTS} documents each"
    yield Row("by two workers, against one", two / one, round(limits.TWO_WORKERS, 3), note=note)


if __name__ == "__main__":
    main()

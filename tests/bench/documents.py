"""This file holds the CPU time of a document, against the same page printed by Chromium."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from partner_assess.adapters import pdf, pdf_page
from partner_assess.domain.catalogue import Catalogue
from partner_assess.web.printing import Printer
from tests.sample_report import a_report

ROOT = Path(__file__).parents[2]
ROUNDS = 7
WARMING = 2
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one document, in the middle of all rounds.

    Attributes:
        warm: WeasyPrint, in a process that has printed before.
        as_made: The app's way: a process for each document, its start and imports included.
        chromium: All processes of a warm headless Chromium.
    """

    warm: float
    as_made: float
    chromium: float


def cost(catalogue: Catalogue, folder: Path, *, chromium: str) -> Cost:
    """Return what the same pages cost each of the three ways, one after another in each round."""
    pages = list(_pages(Printer(ROOT / "templates", catalogue)))
    with _warm_printer(folder) as ours, _warm_chromium(folder, chromium) as theirs:
        ways = (ours, _as_made, theirs)
        spent: list[tuple[float, ...]] = [tuple(way(page) for way in ways) for page in pages]
    warm, as_made, browser = zip(*spent[WARMING:], strict=True)
    # Chromium's processes are counted in ticks of 10 ms, so there the mean is the finer middle.
    return Cost(statistics.median(warm), statistics.median(as_made), statistics.mean(browser))


def _pages(printer: Printer) -> Iterator[str]:
    told = a_report()
    for number in range(WARMING + ROUNDS):
        partner = replace(told.partner, legal_name=f"Demo: Acacia Relief {number}")
        yield printer.page_of(replace(told, partner=partner))


def _as_made(html: str) -> float:
    before = _children_seconds()
    pdf.render_in_process(
        html,
        attachment=pdf.Attachment("report.json", html.encode(), "The facts of this document"),
        identifier=bytes(16),
        created=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return _children_seconds() - before


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _warm_printer(folder: Path) -> Iterator[Callable[[str], float]]:
    fontconfig = folder / "fonts.conf"
    fontconfig.write_text(pdf.FONTCONFIG.format(folder=folder), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.printer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"FONTCONFIG_FILE": str(fontconfig), "HOME": str(folder), "LANG": "C.UTF-8"},
    )
    assert process.stdin
    assert process.stdout
    page = folder / "page.html"

    def printed(html: str) -> float:
        page.write_text(html, encoding="utf-8")
        print(page, file=process.stdin, flush=True)
        return float(process.stdout.readline())

    try:
        yield printed
    finally:
        process.stdin.close()
        process.wait(30)


@contextmanager
def _warm_chromium(folder: Path, path: str) -> Iterator[Callable[[str], float]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--allow-file-access-from-files"]
        )
        yield lambda html: _by_chromium(browser, html, folder / "chromium.html")
        browser.close()


def _by_chromium(browser: Browser, html: str, file: Path) -> float:
    # Our fonts have addresses of their own; Chromium gets the same files by their paths.
    for address in pdf_page.FONTS:
        html = html.replace(address, pdf_page.font_file(address).as_uri())
    file.write_text(html, encoding="utf-8")
    before = _chromium_seconds()
    # A page of its own for each, as one partner's document must not meet another's.
    with browser.new_page() as page:
        page.goto(file.as_uri())
        made = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    if not made.startswith(b"%PDF-"):
        raise SystemExit("Chromium made no PDF")
    return _chromium_seconds() - before


def _chromium_seconds() -> float:
    """Return the CPU time of every process of the Chromium that we started, without its driver."""
    found = {int(path.parent.name): _stat(path) for path in Path("/proc").glob("[0-9]*/stat")}
    return sum(
        sum(map(int, fields[11:15])) / TICKS_A_SECOND  # utime, stime, and those of ended children
        for name, fields in found.values()
        if name.startswith("chrom") and _is_ours(fields, found)
    )


def _is_ours(fields: list[str], found: dict[int, tuple[str, list[str]]]) -> bool:
    parent = int(fields[1])
    while parent in found and parent != os.getpid():
        parent = int(found[parent][1][1])
    return parent == os.getpid()


def _stat(path: Path) -> tuple[str, list[str]]:
    """Return the name of a process, and what follows it in its `stat`; nothing once it ended."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", ["", "0"]
    name, _, rest = text.partition("(")[2].rpartition(")")
    return name, rest.split()

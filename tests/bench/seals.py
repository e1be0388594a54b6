"""This file holds what a sealed document costs: against WeasyPrint alone, and by two workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from partner_assess.adapters import pdf
from partner_assess.adapters.seals import FolderOfKeys
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.report import Report, to_json
from partner_assess.web.printing import Printer
from tests.client import NOW
from tests.sample_report import a_report, signed

ROOT = Path(__file__).parents[2]
ROUNDS = 12
WARMING = 2
PART = 100
PARTS = 5
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one document, on average.

    Attributes:
        alone: WeasyPrint, in a process that has printed before, on the same HTML.
        sealed: Printed and sealed as the app does it, all processes together.
    """

    alone: float
    sealed: float


class Maker:
    """Makes documents as the app does, but for the gate, the database and the storage."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.printer = Printer(ROOT / "templates", catalogue)
        self.seals = FolderOfKeys(folder / "keys", demo_clock=lambda: NOW)

    def make(self, report: Report) -> bytes:
        """Return the sealed document."""
        unsigned = self.printer.print_report(to_json(report))
        return self.seals.seal(unsigned, agency_code="UNA", at=NOW).content


def cost(catalogue: Catalogue, folder: Path) -> Cost:
    """Return what the same documents cost both ways, one after another in each round."""
    maker = Maker(catalogue, folder)
    with _weasyprint_alone(folder) as alone:
        spent: list[tuple[float, float]] = []
        for report in _reports(WARMING + ROUNDS):
            by_itself = alone(maker.printer.page_of(report))
            before = _workers_seconds()
            maker.make(report)
            spent.append((by_itself, _workers_seconds() - before))
    maker.seals.close()
    # Processes are counted in ticks of 10 ms, so the mean is the finer middle.
    by_itself, sealed = (sum(way) / ROUNDS for way in zip(*spent[WARMING:], strict=True))
    return Cost(by_itself, sealed)


def seconds_by_workers(catalogue: Catalogue, folder: Path) -> tuple[float, float]:
    """Return how long all documents take by one worker and by two, in turns of a part each."""
    maker = Maker(catalogue, folder)
    list(map(maker.make, _reports(WARMING)))
    took = [0.0, 0.0]
    for _ in range(PARTS):
        for workers in (1, 2):
            with ThreadPoolExecutor(workers) as pool:
                began = time.perf_counter()
                list(pool.map(maker.make, _reports(PART)))
                took[workers - 1] += time.perf_counter() - began
    maker.seals.close()
    return took[0], took[1]


def _reports(count: int) -> Iterator[Report]:
    told = signed(a_report())
    for number in range(count):
        partner = replace(told.partner, legal_name=f"Demo: Acacia Relief {number}")
        yield replace(told, partner=partner)


def _workers_seconds() -> float:
    """Return the CPU time of our workers, with that of their children that ended."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
            command = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == os.getpid() and b"partner_assess.adapters.workshop" in command:
            found += sum(map(int, fields[11:15]))
    return found / TICKS_A_SECOND


@contextmanager
def _weasyprint_alone(folder: Path) -> Iterator[Callable[[str], float]]:
    fontconfig, page = folder / "fonts.conf", folder / "alone.html"
    fontconfig.write_text(pdf.FONTCONFIG.format(folder=folder), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.weasyprint_alone"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"FONTCONFIG_FILE": str(fontconfig), "HOME": str(folder), "LANG": "C.UTF-8"},
    )
    assert process.stdin
    assert process.stdout

    def printed(html: str) -> float:
        page.write_text(html, encoding="utf-8")
        print(page, file=process.stdin, flush=True)
        return float(process.stdout.readline() if process.stdout else "")

    try:
        yield printed
    finally:
        process.stdin.close()
        process.wait(30)

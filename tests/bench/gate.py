"""This file holds the CPU time of a document's way through the gate, against a child's own.

Once with the child that the app starts for it, as it does after an idle minute, and once with one
that was warm already, where a child costs next to nothing by itself.
"""

from __future__ import annotations

import os
import resource
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from partner_assess.adapters.gate import LimitedGate
from tests import pki, signed_pdf

STARTS = 5
ROUNDS = 15
IN_A_ROUND = 20
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one piece of work, child and all, in the middle of all rounds.

    Attributes:
        empty: A child that is handed a document and does nothing with it.
        verify: A child that verifies it and extracts its data.
    """

    empty: float
    verify: float


def cost_of_a_start() -> Cost:
    """Return what both cost where the child is started for it, in turn."""
    trust, file = pki.trust(pki.agency()[0]), signed_pdf.good()

    def started(work: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        gate = LimitedGate()
        gate._ask(work, file, trust, pki.NOW)
        gate.close()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    started("nothing")  # what is read from the disk is read before the first round
    empty, verify = zip(
        *((started("nothing"), started("verify")) for _ in range(STARTS)), strict=True
    )
    return Cost(statistics.median(empty), statistics.median(verify))


def cost() -> Cost:
    """Return what both cost in a worker that is warm, in turn."""
    gate, trust, file = LimitedGate(), pki.trust(pki.agency()[0]), signed_pdf.good()
    try:
        (verdict,) = gate.verify([file], trust, at=pki.NOW)
        if not verdict.trusted:
            raise SystemExit("a good document is not trusted")

        def ask(work: str) -> Callable[[], object]:
            return lambda: gate._ask(work, file, trust, pki.NOW)

        worker = gate._workshop._idle[0].pid
        spent = [(_of(worker, ask("nothing")), _of(worker, ask("verify"))) for _ in range(ROUNDS)]
    finally:
        gate.close()
    empty, verify = zip(*spent, strict=True)
    return Cost(statistics.median(empty), statistics.median(verify))


def _of(worker: int, piece: Callable[[], object]) -> float:
    before = _seconds(worker)
    for _ in range(IN_A_ROUND):
        piece()
    return (_seconds(worker) - before) / IN_A_ROUND


def _seconds(worker: int) -> float:
    """Return what a process and its ended children have used, user and system."""
    told = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, told[11:15])) / TICKS_A_SECOND

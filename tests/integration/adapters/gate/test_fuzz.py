"""Nothing but a document as it was signed is trusted, whatever is done to it.

A short form stands in `make test`; `make soak` goes on for ten minutes, and turns every byte.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, takewhile

import pytest

from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.gate.documents import examine
from partner_assess.adapters.gate.sizes import LIMITS
from partner_assess.adapters.workshop import Outcome, WorkFailed
from partner_assess.domain.report.verdict import Refusal
from tests import pki
from tests.hostile import fuzz, in_place

SHORT = 250
MINUTES = 10


def fault_of(gate: LimitedGate, file: bytes) -> str | None:
    """Return what the gate did wrong with a spoiled file; None where it did right."""
    files, trust = fuzz.seeds()
    try:
        told, _ = gate._ask("verify", file, trust, pki.NOW)
    except WorkFailed as failed:
        costly = failed.outcome is Outcome.TIMEOUT or "MemoryError" in failed.detail
        return None if costly else f"a child broke: {failed.detail}"
    if told["cost"]["seconds"] > LIMITS.seconds:
        return "it took too long"
    if not told["problems"]:
        return None if file in files else "it was let in"
    known = {refusal.value for refusal in Refusal}
    return None if set(told["problems"]) <= known else "there is no such code"


def faults(gate: LimitedGate, numbers: Iterable[int]) -> list[str]:
    files, trust = fuzz.seeds()

    def fault(number: int) -> str | None:
        file = fuzz.spoiled(number, files)
        found = fault_of(gate, file)
        return found and f"{found}: {fuzz.keep(file, trust, pki.NOW)}, seed {number}"

    with ThreadPoolExecutor(2) as threads:
        return [one for one in threads.map(fault, numbers) if one]


def test_the_seeds_are_trusted(gate: LimitedGate) -> None:
    files, trust = fuzz.seeds()
    assert [one.problems for one in gate.verify(files, trust, at=pki.NOW)] == [()] * len(files)


def test_nothing_spoiled_is_trusted(gate: LimitedGate) -> None:
    assert faults(gate, range(SHORT)) == []


def test_what_was_once_let_in_is_refused(gate: LimitedGate) -> None:
    for path in sorted(fuzz.FOUND.glob("*.json")):
        file, trust, at = fuzz.kept(path)
        (verdict,) = gate.verify([file], trust, at=at)
        assert not verdict.trusted, path.name


@pytest.mark.soak
def test_nothing_spoiled_is_trusted_for_ten_minutes(gate: LimitedGate) -> None:
    end = time.monotonic() + MINUTES * 60
    begin = time.time_ns()
    numbers = takewhile(lambda _: time.monotonic() < end, count(begin))
    found: list[str] = []
    while time.monotonic() < end:
        found += faults(gate, [number for number, _ in zip(numbers, range(200), strict=False)])
    assert found == []


@pytest.mark.soak
@pytest.mark.parametrize("which", range(5))
def test_every_byte_of_a_document_counts(which: int) -> None:
    files, trust = fuzz.seeds()
    whole = files[which]
    copies = in_place.flips(whole, range(len(whole)))
    let_in = [
        place for place, one in enumerate(copies) if not examine(one, trust, at=pki.NOW).problems
    ]
    assert let_in == []

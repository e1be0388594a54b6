"""Every hostile file is refused with its own code, within its limits, and spoils nothing."""

from __future__ import annotations

import pytest

from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.gate.documents import examine
from partner_assess.adapters.gate.sizes import LIMITS
from partner_assess.adapters.workshop import WorkFailed
from partner_assess.domain.report.verdict import Refusal
from tests import pki, signed_pdf
from tests.hostile import bytes_of, changed, in_place
from tests.hostile.corpus import CORPUS, Hostile

OURS = pki.trust(pki.agency()[0])


def test_the_corpus_is_large_and_each_class_has_its_code() -> None:
    assert len(CORPUS) >= 120
    known_elsewhere = {Refusal.UNKNOWN_FRAMEWORK}  # by the catalogue, not by the gate
    assert {one.problems[0] for one in CORPUS} == set(Refusal) - known_elsewhere


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda one: one.name)
def test_a_hostile_file_is_refused_with_its_code(gate: LimitedGate, hostile: Hostile) -> None:
    file, trust = hostile.handed()
    (verdict,) = gate.verify([file], trust, at=pki.NOW)
    assert verdict.problems == hostile.problems
    assert not verdict.trusted


@pytest.mark.parametrize(
    "hostile",
    [one for one in CORPUS if one.problems == (Refusal.TOO_COMPLEX,)],
    ids=lambda one: one.name,
)
def test_what_costs_too_much_is_ended_in_time(gate: LimitedGate, hostile: Hostile) -> None:
    file, trust = hostile.handed()
    before = gate._ask("nothing", b"", trust, pki.NOW)[0]["cost"]
    try:
        spent = gate._ask("verify", file, trust, pki.NOW)[0]["cost"]
    except WorkFailed as ended:
        spent = None
        said = ended.detail
    if spent is None:
        assert said.startswith(("more than 2 s", "MemoryError"))
    else:
        assert spent["seconds"] <= LIMITS.seconds
        assert spent["kilobytes"] - before["kilobytes"] <= LIMITS.megabytes * 1024


def test_every_byte_counts() -> None:
    """A short form, in this process: each byte of a document is turned in `make soak`."""
    whole = signed_pdf.good()
    copies = in_place.flips(whole, range(0, len(whole), 23))
    assert [one for one in copies if not examine(one, OURS, at=pki.NOW).problems] == []


def test_hostile_files_among_good_ones_spoil_none(gate: LimitedGate) -> None:
    good = signed_pdf.good()
    files = [good, b"", changed.painted_over(), good, b"%PDF-", bytes_of.deep_nest(), good]
    verdicts = gate.verify(files, OURS, at=pki.NOW)
    assert [one.trusted for one in verdicts] == [True, False, False, True, False, False, True]

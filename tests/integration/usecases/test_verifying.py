"""A document is trusted only if we know its question set: this id, this version, these words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.report import Instrument, to_json
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import Trust
from partner_assess.usecases import verifying
from partner_assess.usecases.ports import Ports
from tests import pki
from tests.gates import ClosedGate
from tests.signed_pdf import sealed_report

KNOWN = "unicef-six-2020", "1.0"


class OpenGate(ClosedGate):
    """A gate that trusts whatever says that it is of this instrument."""

    def __init__(self, instrument: Instrument) -> None:
        report = sealed_report()
        identity = replace(report.identity, instrument=instrument)
        self.report = replace(report, identity=identity)

    def verify(self, files: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
        return [
            Verdict((), "0" * 64, payload=to_json(self.report), report=self.report) for _ in files
        ]


def problems(ports: Ports, gate: ClosedGate) -> tuple[Refusal, ...]:
    asked = replace(ports, gate=gate)
    (verdict,) = verifying.verify(asked, [b"file"], trusted=(), now=pki.NOW)
    return verdict.problems


def test_a_known_question_set_is_no_problem(ports: Ports, catalogue: Catalogue) -> None:
    digest = catalogue.get(*KNOWN).digest
    assert problems(ports, OpenGate(Instrument(*KNOWN, digest))) == ()


@pytest.mark.parametrize(
    ("name", "version", "digest"),
    [("unicef-six-2020", "9.9", None), ("other", "1.0", None), (*KNOWN, "0" * 64)],
)
def test_an_unknown_one_is(
    ports: Ports, catalogue: Catalogue, name: str, version: str, digest: str | None
) -> None:
    known = digest or catalogue.get(*KNOWN).digest
    gate = OpenGate(Instrument(name, version, known))
    assert problems(ports, gate) == (Refusal.UNKNOWN_FRAMEWORK,)


def test_what_the_gate_could_not_read_stays_as_it_said(ports: Ports) -> None:
    assert problems(ports, ClosedGate()) == (Refusal.UNTRUSTED,)

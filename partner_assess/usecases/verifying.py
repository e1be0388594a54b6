"""This file holds how documents that others hand in are verified: by the gate, and the catalogue.

Nothing is stored. It takes a child process and up to seconds a file: no transaction is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.errors import RuleError
from partner_assess.domain.report import Instrument
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import Trust
from partner_assess.usecases.ports import Ports


def verify(ports: Ports, files: Sequence[bytes], *, trusted: Trust, now: datetime) -> list[Verdict]:
    """Return what to think of each file, in order, going by these roots (`trust.trust_of`).

    Source: interfaces.md (`report verify`); docs/decisions/0020
    """
    verdicts = ports.gate.verify(files, trusted, at=now)
    return [_by_catalogue(one, ports.catalogue) for one in verdicts]


def _by_catalogue(verdict: Verdict, catalogue: Catalogue) -> Verdict:
    """Return the verdict, with a problem more where the instrument is not one we know.

    Ratings mean what the question set says, so it must be this very one: same id, version, content.
    """
    if verdict.report is None or _knows(catalogue, verdict.report.identity.instrument):
        return verdict
    return replace(verdict, problems=(*verdict.problems, Refusal.UNKNOWN_FRAMEWORK))


def _knows(catalogue: Catalogue, instrument: Instrument) -> bool:
    try:
        return catalogue.get(instrument.id, instrument.version).digest == instrument.digest
    except RuleError:
        return False

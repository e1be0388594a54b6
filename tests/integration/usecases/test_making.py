"""A document is sealed, has passed the gate that its readers have, and only then is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.seals import NoSeals
from partner_assess.db.models.shared_report import Making, ReportIssue
from partner_assess.db.session import unit_of_work
from partner_assess.domain.report import Profile, from_json
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import NoSeal, Root, Sealed, SealFailed, Trust
from partner_assess.usecases import sharing
from partner_assess.usecases.ports import Ports
from tests.factories import NOW, TODAY, House, make_final, make_house, make_partner

SEAL = "5e" * 32


class SealsByWord(NoSeals):
    """Signs by writing that it did."""

    def has(self, agency_code: str) -> bool:
        return True

    def root(self, agency_code: str) -> Root:
        return Root(agency_code, b"root of " + agency_code.encode())

    def seal(self, pdf: bytes, *, agency_code: str, at: datetime) -> Sealed:
        return Sealed(pdf + b" sealed by " + agency_code.encode(), SEAL)


@dataclass
class GateByWord(LimitedGate):
    """Trusts what carries the word, unless it was told otherwise."""

    agency_code: str
    problems: tuple[Refusal, ...] = ()
    payload: bytes | None = None

    def verify(self, files: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
        assert trust == (Root(self.agency_code, b"root of " + self.agency_code.encode()),)
        (content,) = files
        payload, _, sealed_by = content.removeprefix(b"%PDF-").partition(b" sealed by ")
        assert sealed_by == self.agency_code.encode()
        return [
            Verdict(
                self.problems,
                file_sha256=hashlib.sha256(content).hexdigest(),
                payload=self.payload or payload,
            )
        ]


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def sealing(ports: Ports, house: House) -> Ports:
    return replace(ports, seals=SealsByWord(), gate=GateByWord(house.agency.code))


def ask(session: Session, ports: Ports, house: House) -> ReportIssue:
    final = make_final(session, ports, house, make_partner(session, house))
    session.flush()
    return sharing.ask(
        session,
        ports,
        assessment_id=final.id,
        agency_id=final.agency_id,
        profile=Profile.FULL,
        language="en",
        receiver=sharing.Receiver(),
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )


def make(session: Session, ports: Ports, issue: ReportIssue) -> None:
    def run(deed):  # type: ignore[no-untyped-def]
        with unit_of_work(session):
            return deed(session)

    sharing.make(run, ports, issue_id=issue.id, now=NOW)


def test_what_is_stored_is_sealed(session: Session, sealing: Ports, house: House) -> None:
    issue = ask(session, sealing, house)
    assert from_json(issue.payload).provenance.signed
    make(session, sealing, issue)

    unsigned = b"%PDF-" + issue.payload
    assert issue.making is Making.MADE
    assert issue.pdf_sha256 is not None
    content = sealing.store.path(issue.pdf_sha256).read_bytes()
    assert content == unsigned + b" sealed by " + house.agency.code.encode()
    assert issue.pdf_bytes == len(content)
    assert issue.unsigned_sha256 == hashlib.sha256(unsigned).hexdigest()
    assert issue.seal == SEAL


def test_without_a_seal_a_document_is_made_that_says_so(
    session: Session, ports: Ports, house: House
) -> None:
    issue = ask(session, ports, house)
    assert not from_json(issue.payload).provenance.signed
    make(session, ports, issue)
    assert issue.making is Making.MADE
    assert issue.pdf_sha256 == issue.unsigned_sha256
    assert issue.seal is None


@pytest.mark.parametrize(
    "spoilt", [{"problems": (Refusal.REVOKED,)}, {"payload": b"{}"}], ids=["refused", "other data"]
)
def test_what_the_gate_refuses_is_not_stored(
    session: Session, sealing: Ports, house: House, spoilt: dict[str, object]
) -> None:
    issue = ask(session, sealing, house)
    gate = GateByWord(house.agency.code, **spoilt)  # type: ignore[arg-type]
    with pytest.raises(SealFailed):
        make(session, replace(sealing, gate=gate), issue)
    assert (issue.making, issue.pdf_sha256) == (Making.QUEUED, None)
    make(session, sealing, issue)
    assert issue.making is Making.MADE


def test_a_seal_that_was_taken_away_makes_no_unsigned_document(
    session: Session, sealing: Ports, ports: Ports, house: House
) -> None:
    issue = ask(session, sealing, house)
    with pytest.raises(NoSeal):
        make(session, ports, issue)
    assert issue.making is Making.QUEUED

"""This file holds how tests hand documents from agency to agency, without keys."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain.acceptance import Decision, Proposal
from partner_assess.domain.report import Profile, Report, from_json, to_json
from partner_assess.domain.report.verdict import Verdict
from partner_assess.domain.trust import Trust
from partner_assess.usecases import received, sharing
from partner_assess.usecases.ports import Ports
from tests.factories import DAY, NOW, TODAY, House, at
from tests.gates import ClosedGate

VERIFIER = "PartnerAssess 1"


@dataclass
class FakeGate(ClosedGate):
    """A gate that trusts the files it was told of, and no others."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def vouch(self, report: Report, *, on: date = TODAY) -> bytes:
        """Return a file that holds the report, and trust it from now on."""
        payload = to_json(report)
        pdf = b"%PDF-1.7\n" + payload
        sha256 = hashlib.sha256(pdf).hexdigest()
        self.verdicts[sha256] = Verdict(
            (),
            file_sha256=sha256,
            issuer=report.owner.agency_code,
            signed_at=at(on),
            seal="5" * 64,
            root="7" * 64,
            payload=payload,
            report=report,
        )
        return pdf

    def verify(self, files: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
        return [self._of(one, trust, at) for one in files]

    def _of(self, file: bytes, trust: Trust, at: datetime) -> Verdict:
        known = self.verdicts.get(hashlib.sha256(file).hexdigest())
        return known or super().verify([file], trust, at=at)[0]


def report_of(
    session: Session,
    ports: Ports,
    assessment: Assessment,
    *,
    profile: Profile = Profile.FULL,
    on: date = TODAY,
) -> Report:
    """Return what the newest issue of a final assessment says."""
    issue = sharing.ask(
        session,
        ports,
        assessment_id=assessment.id,
        agency_id=assessment.agency_id,
        profile=profile,
        language="en",
        receiver=sharing.Receiver(),
        actor=None,
        now=at(on),
        today=on,
    )
    return from_json(issue.payload)


def reissued(report: Report, issue: int, **changes: Any) -> Report:
    """Return the same document as another issue."""
    return replace(report, identity=replace(report.identity, issue=issue), **changes)


def receive(
    session: Session,
    ports: Ports,
    house: House,
    report: Report,
    *,
    partner_id: Any = None,
    register: bool = False,
    on: date = TODAY,
) -> ReceivedReport:
    """Let the house's officer receive a report."""
    gate = FakeGate()
    pdf = gate.vouch(report, on=on)
    made, _is_new = received.receive(
        session,
        ports,
        verdict=gate.verify([pdf], (), at=NOW)[0],
        pdf=pdf,
        about=received.About(house.office.id, partner_id, register=register),
        verifier=VERIFIER,
        actor=house.officer,
        now=at(on),
        today=on,
    )
    session.flush()
    return made


def propose(
    session: Session,
    ports: Ports,
    house: House,
    found: ReceivedReport,
    decision: Decision = Decision.ACCEPT,
    *,
    on: date = TODAY,
    **said: Any,
) -> ReceivedReport:
    """Let the house's officer propose; reservations and reasons are filled in."""
    defaults: dict[str, Any] = {}
    if decision is Decision.RESERVATIONS:
        defaults = {"conditions": "A channel for communities first.", "review_on": on + 180 * DAY}
    if decision is Decision.REASSESS:
        defaults = {"reasons": "The programme is another one."}
    made = received.propose(
        session,
        ports,
        received_id=found.id,
        seen=found.version,
        proposal=Proposal(decision, **(defaults | said)),
        actor=house.officer,
        now=at(on),
        today=on,
    )
    session.flush()
    return made


def countersign(
    session: Session, ports: Ports, house: House, found: ReceivedReport, *, on: date = TODAY
) -> Assessment | None:
    """Let the house's focal point countersign what was proposed."""
    opened = received.countersign(
        session,
        ports,
        received_id=found.id,
        seen=found.version,
        policy_name="default",
        actor=house.focal_point,
        now=at(on),
        today=on,
    )
    session.flush()
    return opened


def accept(
    session: Session,
    ports: Ports,
    house: House,
    report: Report,
    *,
    partner_id: Any = None,
    decision: Decision = Decision.RESERVATIONS,
    on: date = TODAY,
) -> ReceivedReport:
    """Receive a report, propose and countersign; register its partner where none is named."""
    found = receive(
        session,
        ports,
        house,
        report,
        partner_id=partner_id,
        register=partner_id is None,
        on=on,
    )
    propose(session, ports, house, found, decision, on=on)
    countersign(session, ports, house, found, on=on)
    return queries.received_reports.get(session, found.id, agency_id=house.agency.id)

"""This file holds what the demo's Agency B shares with Agency A, and what A decides on it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.adapters import pdf
from partner_assess.cli.demo.people import B
from partner_assess.cli.demo.teller import Teller
from partner_assess.domain.acceptance import Decision, Proposal
from partner_assess.domain.partner import PartnerType
from partner_assess.domain.report import Profile
from partner_assess.domain.trust import NoSeal, SealFailed
from partner_assess.usecases import received, sharing, trust, verifying

if TYPE_CHECKING:
    from partner_assess.db.models.received_report import ReceivedReport

log = logging.getLogger(__name__)

CLEARWATER = "Demo: Clearwater Health Initiative"
MILL = "Demo: Old Mill Literacy Circle"


def share(here: Teller, there: Teller, *, now: datetime) -> None:
    """Let Agency A receive two of B's assessments: one waits, one is accepted with reservations.

    Where B has no seal, or no PDF can be made, nothing is shared.
    """
    if not there.ports.seals.has(B) or pdf.available() is not None:
        return
    mill = there.partner(
        MILL, PartnerType.CSO, days_ago=90, unpp_id="DEMO-UNPP-0344", acronym="OMLC"
    )
    known = here.partner(
        MILL, PartnerType.CSO, days_ago=30, unpp_id="DEMO-UNPP-0344", acronym="OMLC"
    )
    accepted = _received(here, there, there.final(mill, "FFFPFF", days_ago=60), known, now=now)
    if accepted is not None:
        _rely_on(here, accepted, now=now)

    clearwater = there.known(CLEARWATER)
    final = there.final(clearwater, "FPFFFF", days_ago=40)
    _received(here, there, final, here.known(CLEARWATER), now=now)


def _received(
    here: Teller, there: Teller, assessment_id: UUID, partner_id: UUID, *, now: datetime
) -> ReceivedReport | None:
    """Have B make a document and A receive it; None where it cannot, or A does not trust it."""
    issue = sharing.ask(
        there.session,
        there.ports,
        assessment_id=assessment_id,
        agency_id=there.officer.agency_id,
        profile=Profile.FULL,
        language="en",
        receiver=sharing.Receiver("Demo: Agency A", "Both work with this partner"),
        actor=there.officer,
        now=now,
        today=there.today,
    )
    there.session.flush()
    try:
        sharing.make(lambda deed: deed(there.session), there.ports, issue_id=issue.id, now=now)
    except (NoSeal, SealFailed, pdf.PdfFailed) as failed:
        log.warning("the demo's agencies share nothing: %s", failed.code)
        return None
    file = there.ports.store.path(issue.pdf_sha256 or "").read_bytes()
    trusted = trust.trust_of(here.session, here.ports, agency_id=here.officer.agency_id)
    (verdict,) = verifying.verify(here.ports, [file], trusted=trusted, now=now)
    if not verdict.trusted:
        return None
    kept, _is_new = received.receive(
        here.session,
        here.ports,
        verdict=verdict,
        pdf=file,
        about=received.About(here.office_id, partner_id),
        verifier=received.verifier(),
        actor=here.officer,
        now=now,
        today=here.today,
    )
    here.session.flush()
    return kept


def _rely_on(here: Teller, found: ReceivedReport, *, now: datetime) -> None:
    received.propose(
        here.session,
        here.ports,
        received_id=found.id,
        seen=found.version,
        proposal=Proposal(
            Decision.RESERVATIONS,
            conditions="A reporting channel for communities before the second instalment.",
            review_on=here.today + timedelta(days=300),
            extra_assurance="One more visit in the first half-year.",
        ),
        actor=here.officer,
        now=now,
        today=here.today,
    )
    here.session.flush()
    received.countersign(
        here.session,
        here.ports,
        received_id=found.id,
        seen=found.version,
        policy_name="default",
        actor=here.focal,
        now=now,
        today=here.today,
    )
    here.session.flush()

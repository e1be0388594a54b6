"""This file holds how a report of another agency is received, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.agency import Office
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.queries.received_reports import Document
from partner_assess.domain import acceptance, permissions
from partner_assess.domain.acceptance import State
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Actor, NotPermitted, Permission, Standing
from partner_assess.domain.report import Report
from partner_assess.domain.report.verdict import Verdict
from partner_assess.usecases import partners
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.received import matching, notes, receipts
from partner_assess.usecases.received.judging import told_now


class NotTrusted(RuleError):
    """The gate found something wrong: nothing of the file is kept."""

    code = "not_trusted"


class OwnDocument(RuleError):
    """The agency issued it itself."""

    code = "own_document"


class OlderIssue(RuleError):
    """A newer issue of the same document is here already: `received_id`, `issue`."""

    code = "older_issue"


class PartnerSettled(RuleError):
    """Whom it is about cannot be changed once something is proposed on it."""

    code = "partner_settled"


@dataclass(frozen=True, slots=True)
class About:
    """Whom a report is about, as a person says: a known partner, one to register, or later.

    Attributes:
        office_id: Where it is registered, and where the report lies until its partner is known.
    """

    office_id: UUID
    partner_id: UUID | None = None
    register: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the agency has of a document already.

    Attributes:
        same: This very file, or another copy of this very issue.
        newer: A newer issue that tells as much.
    """

    same: ReceivedReport | None
    newer: ReceivedReport | None


def office_for(session: Session, actor: Actor) -> Office | None:
    """Return the office in which a person receives: the first one where they may, by name."""
    for one in queries.agencies.offices(session, agency_id=actor.agency_id):
        if permissions.may(actor, Permission.RECEIVED_IMPORT, Standing(actor.agency_id, one.id)):
            return one
    return None


def read(verdict: Verdict) -> Report:
    """Return what a trusted document says. Raises NotTrusted."""
    if not verdict.trusted or verdict.report is None:
        raise NotTrusted(problems=[one.value for one in verdict.problems])
    return verdict.report


def known(session: Session, verdict: Verdict, *, agency_id: UUID) -> Known:
    """Return what the agency has of a trusted document already.

    Raises:
        NotTrusted: there is no telling which document it is.
        OwnDocument: the agency issued it itself.
    """
    said = read(verdict)
    if queries.agencies.get(session, agency_id).code == said.owner.agency_code:
        raise OwnDocument
    document = Document(said.owner.agency_code, said.identity.document_id)
    issues = queries.received_reports.of_document(session, document, agency_id=agency_id)
    number, profile = said.identity.issue or 0, said.identity.profile
    same = next(
        (
            one
            for one in issues
            if one.pdf_sha256 == verdict.file_sha256
            or (one.issue, one.profile) == (number, profile)
        ),
        None,
    )
    newer = next(
        (one for one in issues if acceptance.is_older(number, profile, [(one.issue, one.profile)])),
        None,
    )
    return Known(same, newer)


def receive(
    session: Session,
    ports: Ports,
    *,
    verdict: Verdict,
    pdf: bytes,
    about: About,
    verifier: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> tuple[ReceivedReport, bool]:
    """Keep a trusted report with its file and its receipt; return it, and whether it is new.

    The same issue is recognised, however often it comes. Nothing of a file that is not trusted
    is kept.

    Raises:
        NotTrusted, OwnDocument, OlderIssue.
        NotPermitted: the actor may not, in this office or the partner's.

    Source: domain.md 5.3; docs/decisions/0019
    """
    said = read(verdict)
    queries.received_reports.one_at_a_time(session, actor.agency_id)

    permissions.require(
        actor, Permission.RECEIVED_IMPORT, Standing(actor.agency_id, about.office_id)
    )

    before = known(session, verdict, agency_id=actor.agency_id)
    if before.same is not None:
        return before.same, False
    if before.newer is not None:
        raise OlderIssue(received_id=before.newer.id, issue=before.newer.issue)

    received = _as_told(verdict, said, at=now)
    received.agency_id, received.office_id = actor.agency_id, about.office_id
    received.received_by, received.pdf_bytes = actor.user_id, len(pdf)
    received.receipt = receipts.of(verdict, verifier, at=now)
    received.pdf_sha256 = ports.store.put(pdf)
    _hear(session, ports, received, said, today=today)
    session.add(received)
    session.flush()
    notes.record(
        session,
        received,
        "received",
        by=actor.user_id,
        at=now,
        moved=("", State.RECEIVED.value),
        sha256=received.pdf_sha256,
        risk=received.risk.value,
    )
    _settle(session, received, said, about, actor=actor, now=now)
    return received, True


def confirm_partner(
    session: Session,
    *,
    received_id: UUID,
    seen: int,
    about: About,
    actor: Actor,
    now: datetime,
) -> ReceivedReport:
    """Say whom a report is about that came without its partner.

    Raises:
        PartnerSettled: something is proposed on it by now.
    """
    found = queries.received_reports.lock(
        session, received_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.RECEIVED_IMPORT, found.standing())

    if found.state is not State.RECEIVED:
        raise PartnerSettled

    _settle(session, found, found.report(), about, actor=actor, now=now)
    return found


def _as_told(verdict: Verdict, said: Report, *, at: datetime) -> ReceivedReport:
    """Return the columns that repeat what the document says; all of them are in a final one."""
    facts: dict[str, Any] = {
        "issue": said.identity.issue,
        "content_digest": said.identity.content_digest,
        "final_on": said.dates.final_on,
        "expires_on": said.dates.expires_on,
        "score": said.totals.score,
        "capacity": said.totals.capacity,
        "risk": said.totals.risk,
        "payload": verdict.payload,
        "signed_at": verdict.signed_at,
    }
    if None in facts.values():
        raise NotTrusted(problems=["not-final"])
    return ReceivedReport(
        issuer_code=said.owner.agency_code,
        document_id=said.identity.document_id,
        reference=said.identity.reference,
        profile=said.identity.profile,
        framework_id=said.identity.instrument.id,
        framework_version=said.identity.instrument.version,
        generated_at=said.identity.generated_at,
        received_at=at,
        state=State.RECEIVED,
        **facts,
    )


def _hear(
    session: Session, ports: Ports, received: ReceivedReport, said: Report, *, today: date
) -> None:
    told = told_now(session, ports, said, agency_id=received.agency_id, today=today)
    received.hear(
        status=told.status, at=told.as_of, newer_issue=told.newer_issue, suspended=told.suspended
    )
    as_of = told.as_of.isoformat() if told.as_of else None
    received.receipt = {**received.receipt, "status": told.status.value, "status_as_of": as_of}


def _settle(
    session: Session,
    received: ReceivedReport,
    said: Report,
    about: About,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Bind it to the partner that a person named, and to that partner's office."""
    if about.register:
        office = queries.agencies.office(session, about.office_id, agency_id=actor.agency_id)
        partner = partners.register(
            session,
            office_id=office.id,
            identity=matching.identity_of(said, country=office.country),
            actor=actor,
            now=now,
        )
    elif about.partner_id is not None:
        partner = queries.partners.get(session, about.partner_id, agency_id=actor.agency_id)
    else:
        return
    if not permissions.may(actor, Permission.RECEIVED_IMPORT, partner.standing()):
        raise NotPermitted("partner_of_other_office", office=partner.office.name)
    received.partner_id, received.office_id = partner.id, partner.office_id
    received.partner = partner
    session.flush()
    notes.record(session, received, "partner_confirmed", by=actor.user_id, at=now)

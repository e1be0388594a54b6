"""This file holds how a received report is decided: proposed by one, countersigned by another."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain import acceptance, permissions
from partner_assess.domain.acceptance import LIFE, Action, Decision, Ending, Proposal, State
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases import assessments, partners, plans, reasons
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.received import notes
from partner_assess.usecases.received.judging import judge, told_now


class PartnerUnconfirmed(RuleError):
    """Nobody has said yet whom the report is about."""

    code = "partner_unconfirmed"


def propose(
    session: Session,
    ports: Ports,
    *,
    received_id: UUID,
    seen: int,
    proposal: Proposal,
    actor: Actor,
    now: datetime,
    today: date,
) -> ReceivedReport:
    """Propose what to decide; the PSEA focal point countersigns.

    Raises:
        PartnerUnconfirmed: nobody has said whom it is about.
        NotAcceptable: something bars it, or asks for reservations.
        NotReady: conditions, reasons or an earlier review day are missing.

    Source: SA 77, SC 27; domain.md 5.3
    """
    partner, found = _lock(session, received_id, seen, actor)

    permissions.require(actor, Permission.RECEIVED_PROPOSE, found.standing())

    to = LIFE.next(found.state, Action.PROPOSE)
    _require_decidable(session, ports, found, partner, proposal, today=today)

    before = found.state
    found.propose(proposal, to=to, by=actor.user_id, at=now)
    notes.record(
        session,
        found,
        "proposed",
        by=actor.user_id,
        at=now,
        moved=(before.value, to.value),
        comment=proposal.conditions or proposal.reasons,
        decision=proposal.decision.value,
    )
    return found


def send_back(
    session: Session, *, received_id: UUID, seen: int, comment: str, actor: Actor, now: datetime
) -> ReceivedReport:
    """Send a proposal back to the officer, with a comment.

    Raises:
        NotReady: nothing was said.
    """
    _partner, found = _lock(session, received_id, seen, actor)

    permissions.require(actor, Permission.RECEIVED_COUNTERSIGN, found.standing())

    to = LIFE.next(found.state, Action.SEND_BACK)
    reasons.require(comment)

    before = found.state
    found.state, found.comment = to, comment
    notes.record(
        session,
        found,
        "sent_back",
        by=actor.user_id,
        at=now,
        moved=(before.value, to.value),
        comment=comment,
    )
    return found


def set_aside(
    session: Session, *, received_id: UUID, seen: int, reason: str, actor: Actor, now: datetime
) -> ReceivedReport:
    """Decide that a report is not needed here, with a reason; it stays readable.

    Raises:
        NotReady: no reason was given.
    """
    _partner, found = _lock(session, received_id, seen, actor)

    permissions.require(actor, Permission.RECEIVED_PROPOSE, found.standing())

    to = LIFE.next(found.state, Action.SET_ASIDE)
    reasons.require(reason)

    before = found.state
    found.state, found.comment = to, reason
    notes.record(
        session,
        found,
        "set_aside",
        by=actor.user_id,
        at=now,
        moved=(before.value, to.value),
        comment=reason,
    )
    return found


def countersign(
    session: Session,
    ports: Ports,
    *,
    received_id: UUID,
    seen: int,
    policy_name: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment | None:
    """Let what was proposed take effect; return the assessment that *re-assess* opens.

    An accepted result counts for the partner from today and demands what an own one would.

    Raises:
        NotPermitted: the actor may not countersign, or proposed it.
        NotAcceptable, NotReady: since it was proposed, something bars it.
        ChangedMeanwhile: it is no longer the version `seen`.

    Source: SA 77, SC 27, SB II.34; domain.md 3.3, 5.3; docs/decisions/0019
    """
    partner, found = _lock(session, received_id, seen, actor)

    permissions.require(actor, Permission.RECEIVED_COUNTERSIGN, found.standing())

    if partner is None or found.state is not State.PROPOSED:
        LIFE.next(found.state, Action.ACCEPT)
        raise PartnerUnconfirmed
    proposal = found.proposal()
    _require_decidable(session, ports, found, partner, proposal, today=today)

    is_reassessment = proposal.decision is Decision.REASSESS
    action = Action.DEMAND_REASSESSMENT if is_reassessment else Action.ACCEPT
    before = found.state
    found.decide(
        to=LIFE.next(found.state, action),
        by=actor.user_id,
        at=now,
        on=today,
        counts_until=acceptance.counts_until(proposal, expires_on=found.expires_on),
    )
    notes.record(
        session,
        found,
        "countersigned",
        by=actor.user_id,
        at=now,
        moved=(before.value, found.state.value),
        comment=found.conditions or found.reasons,
        decision=proposal.decision.value,
    )
    session.flush()
    if is_reassessment:
        return _reassess(session, ports, found, partner, actor=actor, now=now, today=today)
    _take_effect(session, ports, found, partner, policy_name=policy_name, now=now, today=today)
    return None


def _lock(
    session: Session, received_id: UUID, seen: int, actor: Actor
) -> tuple[Partner | None, ReceivedReport]:
    # The partner first, as everywhere, so that two never wait for each other.
    known = queries.received_reports.get(session, received_id, agency_id=actor.agency_id)
    partner = None
    if known.partner_id is not None:
        partner = queries.partners.lock(session, known.partner_id, agency_id=actor.agency_id)
    found = queries.received_reports.lock(
        session, received_id, agency_id=actor.agency_id, seen=seen
    )
    return partner, found


def _require_decidable(
    session: Session,
    ports: Ports,
    found: ReceivedReport,
    partner: Partner | None,
    proposal: Proposal,
    *,
    today: date,
) -> None:
    if partner is None:
        raise PartnerUnconfirmed
    said = found.report()
    told = told_now(session, ports, said, agency_id=found.agency_id, today=today)
    judged = judge(session, ports, said, partner, told, today=today)
    acceptance.require_proposable(proposal, judged.found, judged.place, today=today)


def _take_effect(
    session: Session,
    ports: Ports,
    found: ReceivedReport,
    partner: Partner,
    *,
    policy_name: str,
    now: datetime,
    today: date,
) -> None:
    for old in _replaced(session, found, partner):
        end(session, old, Ending.NEWER_IMPORT, now=now)
        if old.content_digest == found.content_digest:
            plans.carry_over(session, old, found, at=now)
    session.flush()
    partners.refresh_current(session, partner, now=now, today=today)
    plans.follow_result(
        session, ports, found, policy=ports.policy(policy_name), now=now, today=today
    )


def _replaced(session: Session, found: ReceivedReport, partner: Partner) -> list[ReceivedReport]:
    """Return the accepted reports that this one follows: older issues, and what it replaces."""
    replaces = found.report().identity.replaces
    return [
        one
        for one in queries.received_reports.accepted(session, partner.id)
        if one.id != found.id
        and one.issuer_code == found.issuer_code
        and (one.document_id == found.document_id or one.reference == replaces)
    ]


def end(session: Session, found: ReceivedReport, because: Ending, *, now: datetime) -> None:
    """End an accepted report, without a word of a person."""
    before = found.state
    found.end(to=LIFE.next(before, Action.END), at=now, because=because)
    notes.record(
        session,
        found,
        "ended",
        by=None,
        at=now,
        moved=(before.value, found.state.value),
        because=because.value,
    )


def _reassess(
    session: Session,
    ports: Ports,
    found: ReceivedReport,
    partner: Partner,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> Assessment | None:
    """Open an own assessment beside the report; one that is open already is left as it is."""
    if found.proposed_by is None:
        return None
    open_one = queries.assessments.open_one(
        session, partner_id=partner.id, framework_id=found.framework_id
    )
    if open_one is not None:
        return open_one
    return assessments.open_(
        session,
        ports,
        partner_id=partner.id,
        framework_id=found.framework_id,
        actor=actor,
        now=now,
        today=today,
        start=assessments.Start(found.id, found.proposed_by),
    )

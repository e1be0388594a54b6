"""This file holds how a high-risk partnership is asked for, approved and declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.approval import Approval
from partner_assess.domain import approval, partnership, permissions, suspension
from partner_assess.domain.approval import LIFE, Action, Justification, State
from partner_assess.domain.errors import NotReady, RuleError
from partner_assess.domain.partnership import Basis
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.risk import Risk
from partner_assess.usecases import partnerships, plans, suspensions, trail
from partner_assess.usecases.ports import Ports

# Which column of a request holds what a High result is. Source: domain.md 3.3
_RESTS_ON = {
    Basis.ASSESSED: "assessment_id",
    Basis.IMPORTED: "received_id",
    Basis.EMERGENCY: "special_record_id",
}


class NotHighRisk(RuleError):
    """The partner's current result is not High: no approval is needed."""

    code = "not_high_risk"


class AlreadyAsked(RuleError):
    """A request for this partnership waits for the head of office."""

    code = "already_asked"


class AlreadyApproved(RuleError):
    """A valid approval carries this partnership on this very result."""

    code = "already_approved"


class ResultChanged(RuleError):
    """The result the request rests on is no longer the partner's current one."""

    code = "result_changed"


class Running(StrEnum):
    """What declining does to a partnership that runs. Source: domain.md 3.3."""

    SUSPEND = "suspend"
    END = "end"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the head of office attaches to an approval."""

    conditions: str
    review_on: date
    valid_until: date | None
    lives_at_risk_confirmed: bool = False


def ask(
    session: Session,
    ports: Ports,
    *,
    partnership_id: UUID,
    justification: Justification,
    policy_name: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Approval:
    """Ask the head of office to approve a partnership on the partner's current result.

    Raises:
        NotReady: a part of the justification is empty.
        NotHighRisk: nothing needs approving.
        AlreadyAsked: a request waits.
        AlreadyApproved: it is approved on this result.
        ActionNotAllowed: the partnership has ended.

    Source: SA 55; domain.md 3.3
    """
    # The partner too, so that no result changes between this look and the request on it.
    found = queries.partnerships.lock_after_partner(
        session, partnership_id, agency_id=actor.agency_id
    )

    permissions.require(actor, Permission.APPROVAL_ASK, found.standing())

    partnership.LIFE.next(found.state, partnership.Action.END)  # not for an ended one
    approval.require_complete(justification)
    result = found.partner.result()
    if not result.is_valid(today) or result.risk is not Risk.HIGH:
        raise NotHighRisk
    if any(
        one.state is State.REQUIRED
        for one in queries.approvals.of_partnerships(session, [found.id])
    ):
        raise AlreadyAsked
    if partnerships.is_approved(session, found, today=today):
        raise AlreadyApproved

    request = Approval(
        partnership_id=found.id,
        **{_RESTS_ON[result.basis]: result.record_id},
        result_digest=result.digest,
        state=State.REQUIRED,
        requested_by=actor.user_id,
        requested_at=now,
        decide_by=approval.decide_by(today, days=ports.policy(policy_name).approval_days),
        why_this_partner=justification.why_this_partner,
        alternatives=justification.alternatives,
        mitigation=justification.mitigation,
        assurance=justification.assurance,
        monitored_by=justification.monitored_by,
        review_on=justification.review_on,
    )
    session.add(request)
    session.flush()
    trail.record(
        session,
        request,
        "asked",
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=actor.user_id,
        at=now,
        moved=("", State.REQUIRED.value),
        title=found.title,
    )
    return request


def approve(
    session: Session,
    ports: Ports,
    *,
    approval_id: UUID,
    seen: int,
    terms: Terms,
    actor: Actor,
    now: datetime,
    today: date,
) -> Approval:
    """Approve a high-risk partnership, as the actor saw it.

    Raises:
        ChangedMeanwhile: it is no longer the version `seen`.
        NotPermitted: the actor may not decide, or rated or finalised the assessment.
        ActionNotAllowed: it has been decided already.
        ResultChanged: the partner has another current result by now.
        NotReady: the justification is incomplete, or the review day is not ahead.

    Source: SA 55; domain.md 3.3
    """
    found = _lock(session, approval_id, seen, actor)

    permissions.require(actor, Permission.APPROVAL_DECIDE, found.standing())

    to = LIFE.next(found.state, Action.APPROVE)
    approval.require_complete(found.justification())
    _require_current(found, today=today)
    if terms.review_on <= today or (terms.valid_until or date.max) < terms.review_on:
        raise NotReady(("review_on",), "review_day_not_ahead")

    found.decide(
        to=to,
        by=actor.user_id,
        at=now,
        on=today,
        conditions=terms.conditions,
        review_on=terms.review_on,
        valid_until=terms.valid_until,
    )
    if terms.lives_at_risk_confirmed and found.partnership.lives_at_risk:
        found.partnership.confirm_lives_at_risk(by=actor.user_id, on=today)
        partnerships.record(
            session, found.partnership, "confirmed_lives_at_risk", by=actor.user_id, at=now
        )
    _record_decision(session, found, "approved", comment=terms.conditions, by=actor, at=now)
    if result_id := found.assessment_id or found.received_id:
        plans.start_clock(session, ports, result_id, approved_on=today)
    return found


def decline(
    session: Session,
    *,
    approval_id: UUID,
    seen: int,
    reasons: str,
    running: Running,
    actor: Actor,
    now: datetime,
    today: date,
) -> Approval:
    """Decline, with reasons; a partnership that runs is suspended or ended in the same step.

    Raises:
        NotReady: no reason was given.

    Source: SA 55; domain.md 3.3
    """
    found = _lock(session, approval_id, seen, actor)

    permissions.require(actor, Permission.APPROVAL_DECIDE, found.standing())

    to = LIFE.next(found.state, Action.DECLINE)
    if not reasons.strip():
        raise NotReady(("reasons",), "reasons_missing")

    found.decide(to=to, by=actor.user_id, at=now, on=today, reasons=reasons)
    _record_decision(session, found, "declined", comment=reasons, by=actor, at=now)
    if found.partnership.state is partnership.State.ACTIVE:
        _stop(session, found, running, reasons=reasons, actor=actor, now=now, today=today)
    return found


def _lock(session: Session, approval_id: UUID, seen: int, actor: Actor) -> Approval:
    # The partnership first, as everywhere, so that two never wait for each other.
    known = queries.approvals.get(session, approval_id, agency_id=actor.agency_id)
    queries.partnerships.lock(session, known.partnership_id, agency_id=actor.agency_id)
    return queries.approvals.lock(session, approval_id, agency_id=actor.agency_id, seen=seen)


def _stop(
    session: Session,
    found: Approval,
    running: Running,
    *,
    reasons: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    if running is Running.SUSPEND:
        suspensions.open_case(
            session,
            found.partnership,
            to=suspension.State.SUSPENDED,
            cause=suspension.Cause.OTHER,
            plan=None,
            by=actor.user_id,
            at=now,
            on=today,
            reason=reasons,
        )
        return
    to = partnership.LIFE.next(found.partnership.state, partnership.Action.END)
    partnerships.stop(
        session, found.partnership, to, on=today, by=actor.user_id, at=now, reason=reasons
    )


def _require_current(found: Approval, *, today: date) -> None:
    result = found.partnership.partner.result()
    if not result.is_valid(today) or result.digest != found.result_digest:
        raise ResultChanged


def _record_decision(
    session: Session, found: Approval, action: str, *, comment: str, by: Actor, at: datetime
) -> None:
    trail.record(
        session,
        found,
        action,
        agency_id=found.partnership.agency_id,
        partner_id=found.partnership.partner_id,
        by=by.user_id,
        at=at,
        moved=(State.REQUIRED.value, found.state.value),
        comment=comment,
        title=found.partnership.title,
    )

"""This file holds what is done with partnerships."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain import approval, permissions, suspension
from partner_assess.domain.errors import NotReady, RuleError
from partner_assess.domain.partnership import LIFE, Action, Hindrance, State, hindrances
from partner_assess.domain.permissions import Actor, Permission, Standing
from partner_assess.domain.suspension import OPEN, Cause
from partner_assess.usecases import reasons, trail


class ReferenceTaken(RuleError):
    """Another partnership of the agency bears this reference."""

    code = "reference_taken"


class NotMarked(RuleError):
    """The officer has not marked this partnership *lives at risk*."""

    code = "lives_not_marked"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said about a partnership in a form."""

    reference: str
    title: str
    starts_on: date
    ends_on: date
    amount_usd: int | None


def propose(
    session: Session,
    *,
    partner_id: UUID,
    office_id: UUID,
    terms: Terms,
    actor: Actor,
    now: datetime,
) -> Partnership:
    """Enter a partnership that is not signed yet.

    Raises:
        NotPermitted: the actor may not, in this office.
        ReferenceTaken: the agency has a partnership of this reference.
    """
    partner = queries.partners.get(session, partner_id, agency_id=actor.agency_id)
    office = queries.agencies.office(session, office_id, agency_id=actor.agency_id)

    standing = Standing(agency_id=actor.agency_id, office_id=office.id, partner_id=partner.id)
    permissions.require(actor, Permission.PARTNERSHIP_EDIT, standing)
    _require_free(session, terms.reference, agency_id=actor.agency_id, but=None)

    made = Partnership(
        agency_id=actor.agency_id,
        office_id=office.id,
        partner_id=partner.id,
        created_by=actor.user_id,
        created_at=now,
        state=State.PROPOSED,
    )
    _describe(made, terms)
    session.add(made)
    session.flush()
    record(session, made, "proposed", by=actor.user_id, at=now)
    return made


def edit(
    session: Session,
    *,
    partnership_id: UUID,
    seen: int,
    terms: Terms,
    actor: Actor,
    now: datetime,
) -> Partnership:
    """Change what is said about a partnership that has not ended."""
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.PARTNERSHIP_EDIT, found.standing())
    LIFE.next(found.state, Action.END)  # ended ones are history
    _require_free(session, terms.reference, agency_id=actor.agency_id, but=found.id)

    _describe(found, terms)
    record(session, found, "edited", by=actor.user_id, at=now)
    return found


def hindrances_of(session: Session, found: Partnership, *, today: date) -> tuple[Hindrance, ...]:
    """Return what keeps this partnership from becoming active on `today`."""
    partner = found.partner
    result = partner.result()
    siblings = [p.id for p in queries.partnerships.of_partner(session, partner.id)]
    cases = queries.suspensions.of_partnerships(session, siblings)
    approved = any(
        approval.is_valid(
            one.state,
            digest=one.result_digest,
            valid_until=one.valid_until,
            result=result,
            today=today,
        )
        for one in queries.approvals.of_partnerships(session, [found.id])
    )
    late = queries.plans.past_limit(session, today=today, partner_id=partner.id)
    return hindrances(
        result,
        today=today,
        approved=approved,
        deadline_passed=any(not plan.progress().is_complete for plan in late),
        suspended_for_cause=any(case.cause is Cause.OTHER and case.state in OPEN for case in cases),
    )


def activate(
    session: Session, *, partnership_id: UUID, seen: int, actor: Actor, now: datetime, today: date
) -> Partnership:
    """Let a proposed partnership run.

    Raises:
        NotReady: something hinders it; `problems` are `Hindrance`s.
        ActionNotAllowed: it is not proposed.

    Source: SA 55; domain.md 3.3
    """
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.PARTNERSHIP_ACTIVATE, found.standing())

    to = LIFE.next(found.state, Action.ACTIVATE)
    if found_hindrances := hindrances_of(session, found, today=today):
        raise NotReady(found_hindrances, "partnership_hindered")

    _move(session, found, to, on=today, by=actor.user_id, at=now, action="activated")
    return found


def end(
    session: Session,
    *,
    partnership_id: UUID,
    seen: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Partnership:
    """End a partnership, with a reason in general words.

    Raises:
        NotReady: no reason was given.
    """
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.PARTNERSHIP_END, found.standing())

    to = LIFE.next(found.state, Action.END)
    reasons.require(reason)

    stop(session, found, to, on=today, by=actor.user_id, at=now, reason=reason)
    return found


def stop(
    session: Session,
    found: Partnership,
    to: State,
    *,
    on: date,
    by: UUID,
    at: datetime,
    reason: str,
) -> None:
    """End a partnership and whatever hangs on it: cases are closed, requests lapse."""
    _move(session, found, to, on=on, by=by, at=at, action="ended", reason=reason)
    for case in queries.suspensions.of_partnerships(session, [found.id]):
        if case.state in OPEN:
            case.move(suspension.LIFE.next(case.state, suspension.Action.CLOSE), on=on, by=by)
    for one in queries.approvals.of_partnerships(session, [found.id]):
        if approval.LIFE.allows(one.state, approval.Action.LAPSE):
            one.lapse(at=at, because="partnership_ended")


def mark_lives_at_risk(
    session: Session,
    *,
    partnership_id: UUID,
    seen: int,
    marked: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Partnership:
    """Set or remove the mark; it counts only once the head of office has confirmed it.

    Raises:
        NotReady: a mark was set, and no reason given.
    """
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.LIVES_AT_RISK_MARK, found.standing())
    LIFE.next(found.state, Action.END)
    if marked:
        reasons.require(reason)

    found.mark_lives_at_risk(marked=marked, reason=reason)
    action = "marked_lives_at_risk" if marked else "unmarked_lives_at_risk"
    record(session, found, action, by=actor.user_id, at=now, comment=reason)
    return found


def confirm_lives_at_risk(
    session: Session, *, partnership_id: UUID, seen: int, actor: Actor, now: datetime, today: date
) -> Partnership:
    """Confirm the officer's mark, for a year.

    Raises:
        NotMarked: there is no mark to confirm.
    """
    found = queries.partnerships.lock(session, partnership_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.LIVES_AT_RISK_CONFIRM, found.standing())
    if not found.lives_at_risk:
        raise NotMarked

    found.confirm_lives_at_risk(by=actor.user_id, on=today)
    record(session, found, "confirmed_lives_at_risk", by=actor.user_id, at=now)
    return found


def _move(
    session: Session,
    found: Partnership,
    to: State,
    *,
    on: date,
    by: UUID | None,
    at: datetime,
    action: str,
    reason: str = "",
) -> None:
    before = found.state
    found.move(to, on=on, reason=reason)
    record(session, found, action, by=by, at=at, moved=(before.value, to.value), comment=reason)


def record(
    session: Session,
    found: Partnership,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str] = ("", ""),
    comment: str = "",
) -> None:
    """Write down a deed about a partnership."""
    trail.record(
        session,
        found,
        action,
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
        title=found.title,
    )


def _require_free(session: Session, reference: str, *, agency_id: UUID, but: UUID | None) -> None:
    other = queries.partnerships.with_reference(session, reference, agency_id=agency_id)
    if other is not None and other.id != but:
        raise ReferenceTaken(reference=reference)


def _describe(found: Partnership, terms: Terms) -> None:
    found.reference, found.title = terms.reference, terms.title
    found.starts_on, found.ends_on = terms.starts_on, terms.ends_on
    found.amount_usd = terms.amount_usd

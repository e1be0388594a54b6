"""This file holds how a partnership becomes active and ends."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain import approval, permissions, suspension
from partner_assess.domain.errors import NotReady
from partner_assess.domain.partnership import (
    LIFE,
    Action,
    Hindrance,
    State,
    hindrances,
)
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.domain.suspension import OPEN, Cause
from partner_assess.usecases import reasons, trail
from partner_assess.usecases.partnerships import notes


def is_approved(session: Session, found: Partnership, *, today: date) -> bool:
    """Return whether a valid approval carries this partnership on the partner's current result."""
    return any(
        approval.is_valid(
            one.state,
            digest=one.result_digest,
            valid_until=one.valid_until,
            result=found.partner.result(),
            today=today,
        )
        for one in queries.approvals.of_partnerships(session, [found.id])
    )


def hindrances_of(session: Session, found: Partnership, *, today: date) -> tuple[Hindrance, ...]:
    """Return what keeps this partnership from becoming active on `today`."""
    open_causes = causes_against(session, found.partner_id, today=today)
    return hindrances(
        found.partner.result(),
        today=today,
        approved=is_approved(session, found, today=today),
        deadline_passed=Cause.DEADLINE in open_causes,
        suspended_for_cause=Cause.OTHER in open_causes,
    )


def causes_against(session: Session, partner_id: UUID, *, today: date) -> frozenset[Cause]:
    """Return what bars a new or renewed partnership with the partner in this agency.

    Every office counts, and a passed date counts before the sweep has written it.

    Source: SA 55; domain.md 3.3, 3.5
    """
    siblings = [one.id for one in queries.partnerships.of_partner(session, partner_id)]
    cases = queries.suspensions.of_partnerships(session, siblings)
    causes = {case.cause for case in cases if case.state in OPEN}
    late = queries.plans.past_limit(session, today=today, partner_id=partner_id)
    if any(not plan.progress().is_complete for plan in late):
        causes.add(Cause.DEADLINE)
    return frozenset(causes)


def activate(
    session: Session, *, partnership_id: UUID, seen: int, actor: Actor, now: datetime, today: date
) -> Partnership:
    """Let a proposed partnership run.

    Raises:
        NotReady: something hinders it; `problems` are `Hindrance`s.
        ActionNotAllowed: it is not proposed.

    Source: SA 55; domain.md 3.3
    """
    found = queries.partnerships.lock_after_partner(
        session, partnership_id, agency_id=actor.agency_id, seen=seen
    )

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
            _record_consequence(session, found, case, "closed", by=by, at=at)
    for one in queries.approvals.of_partnerships(session, [found.id]):
        if approval.LIFE.allows(one.state, approval.Action.LAPSE):
            one.lapse(at=at, because="partnership_ended")
            _record_consequence(session, found, one, "lapsed", by=by, at=at)


def _record_consequence(
    session: Session,
    found: Partnership,
    about: trail.Recorded,
    action: str,
    *,
    by: UUID,
    at: datetime,
) -> None:
    trail.record(
        session,
        about,
        action,
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=by,
        at=at,
        title=found.title,
        because="partnership_ended",
    )


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
    notes.record(
        session, found, action, by=by, at=at, moved=(before.value, to.value), comment=reason
    )

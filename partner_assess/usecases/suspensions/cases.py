"""This file holds how a case is opened and moved, and its partnership with it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.db.models.suspension import SuspensionCase
from partner_assess.domain import partnership
from partner_assess.domain.suspension import Cause, State
from partner_assess.usecases import trail


def open_case(
    session: Session,
    found: Partnership,
    *,
    to: State,
    cause: Cause,
    plan: Plan | None,
    by: UUID | None,
    at: datetime,
    on: date,
    reason: str,
) -> SuspensionCase:
    """Open a case for a running partnership; a suspended one makes no new commitments."""
    case = SuspensionCase(
        partnership_id=found.id,
        plan_id=plan.id if plan else None,
        cause=cause,
        deadline_on=plan.limit_on if plan else None,
        state=to,
        opened_at=at,
        since=on,
        decided_by=by,
        reason=reason,
    )
    session.add(case)
    session.flush()
    _settle(session, case, found, to, on=on)
    record(session, case, found, to.value, by=by, at=at, moved=("", to.value), comment=reason)
    return case


def move(
    session: Session,
    case: SuspensionCase,
    found: Partnership,
    to: State,
    *,
    by: UUID | None,
    at: datetime,
    on: date,
    reason: str,
    review_on: date | None = None,
) -> None:
    """Bring a case to another state, its partnership with it, and write it down."""
    before = case.state
    case.move(to, on=on, by=by, reason=reason, review_on=review_on)
    _settle(session, case, found, to, on=on)
    record(
        session,
        case,
        found,
        to.value,
        by=by,
        at=at,
        moved=(before.value, to.value),
        comment=reason,
    )


def _settle(
    session: Session, case: SuspensionCase, found: Partnership, to: State, *, on: date
) -> None:
    """Bring the partnership into the state that its cases mean: one suspends it, all free it."""
    if to is State.SUSPENDED and found.state is partnership.State.ACTIVE:
        found.move(partnership.LIFE.next(found.state, partnership.Action.SUSPEND), on=on)
    if to not in {State.LIFTED, State.CONTINUES}:
        return
    others = [
        one
        for one in queries.suspensions.of_partnerships(session, [found.id])
        if one.id != case.id and one.state is State.SUSPENDED
    ]
    if found.state is partnership.State.SUSPENDED and not others:
        found.move(partnership.LIFE.next(found.state, partnership.Action.LIFT), on=on)


def record(
    session: Session,
    case: SuspensionCase,
    found: Partnership,
    action: str,
    *,
    by: UUID | None,
    at: datetime,
    moved: tuple[str, str],
    comment: str,
) -> None:
    """Write down a deed about a case."""
    trail.record(
        session,
        case,
        action,
        agency_id=found.agency_id,
        partner_id=found.partner_id,
        by=by,
        at=at,
        moved=moved,
        comment=comment,
        title=found.title,
    )

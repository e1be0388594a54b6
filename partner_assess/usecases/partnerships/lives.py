"""This file holds the mark *lives at risk if suspended*."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain import permissions
from partner_assess.domain.errors import RuleError
from partner_assess.domain.partnership import (
    LIFE,
    Action,
)
from partner_assess.domain.permissions import Actor, Permission
from partner_assess.usecases import reasons
from partner_assess.usecases.partnerships import notes


class NotMarked(RuleError):
    """The officer has not marked this partnership *lives at risk*."""

    code = "lives_not_marked"


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
    notes.touch_requests(session, found)
    action = "marked_lives_at_risk" if marked else "unmarked_lives_at_risk"
    notes.record(session, found, action, by=actor.user_id, at=now, comment=reason)
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
    notes.record(session, found, "confirmed_lives_at_risk", by=actor.user_id, at=now)
    return found

"""This file holds how a partnership is proposed and changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain import approval, permissions
from partner_assess.domain.errors import RuleError
from partner_assess.domain.partnership import (
    LIFE,
    Action,
    State,
    may_be_amended,
)
from partner_assess.domain.permissions import Actor, Permission, Standing
from partner_assess.domain.suspension import Cause
from partner_assess.usecases import trail
from partner_assess.usecases.partnerships import notes
from partner_assess.usecases.partnerships.running import causes_against, is_approved


class ReferenceTaken(RuleError):
    """Another partnership of the agency bears this reference."""

    code = "reference_taken"


class AmendmentBarred(RuleError):
    """A suspended or overdue partnership, or one that awaits approval, is not amended."""

    code = "amendment_barred"


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
    notes.record(session, made, "proposed", by=actor.user_id, at=now)
    return made


def edit(
    session: Session,
    *,
    partnership_id: UUID,
    seen: int,
    terms: Terms,
    actor: Actor,
    now: datetime,
    today: date,
) -> Partnership:
    """Change what is said about a partnership that has not ended.

    Raises:
        AmendmentBarred: it is suspended, waits for the head of office, or runs with a partner
            whose 12-month date has passed or who is suspended for another cause.
        ReferenceTaken: the agency has a partnership of this reference.

    Source: domain.md 3.3, 3.5
    """
    found = queries.partnerships.lock_after_partner(
        session, partnership_id, agency_id=actor.agency_id, seen=seen
    )

    permissions.require(actor, Permission.PARTNERSHIP_EDIT, found.standing())
    LIFE.next(found.state, Action.END)  # ended ones are history
    open_causes = causes_against(session, found.partner_id, today=today)
    if not may_be_amended(
        found.state,
        found.partner.result(),
        today=today,
        approved=is_approved(session, found, today=today),
        deadline_passed=Cause.DEADLINE in open_causes,
        suspended_for_cause=Cause.OTHER in open_causes,
    ):
        raise AmendmentBarred
    _require_free(session, terms.reference, agency_id=actor.agency_id, but=found.id)

    if terms != _terms_of(found):
        _describe(found, terms)
        _tell_approvals(session, found, actor=actor, now=now)
    notes.record(session, found, "edited", by=actor.user_id, at=now)
    return found


def _tell_approvals(session: Session, found: Partnership, *, actor: Actor, now: datetime) -> None:
    """Let nobody approve other terms than he saw, and nothing start on terms nobody approved."""
    notes.touch_requests(session, found)
    if found.state is not State.PROPOSED:
        return
    for one in queries.approvals.of_partnerships(session, [found.id]):
        if one.state is not approval.State.APPROVED:
            continue
        before = one.state
        one.lapse(at=now, because="terms_changed")
        trail.record(
            session,
            one,
            "lapsed",
            agency_id=found.agency_id,
            partner_id=found.partner_id,
            by=actor.user_id,
            at=now,
            moved=(before.value, one.state.value),
            title=found.title,
            because="terms_changed",
        )


def _require_free(session: Session, reference: str, *, agency_id: UUID, but: UUID | None) -> None:
    other = queries.partnerships.with_reference(session, reference, agency_id=agency_id)
    if other is not None and other.id != but:
        raise ReferenceTaken(reference=reference)


def _terms_of(found: Partnership) -> Terms:
    return Terms(
        reference=found.reference,
        title=found.title,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        amount_usd=found.amount_usd,
    )


def _describe(found: Partnership, terms: Terms) -> None:
    found.reference, found.title = terms.reference, terms.title
    found.starts_on, found.ends_on = terms.starts_on, terms.ends_on
    found.amount_usd = terms.amount_usd

"""This file holds what is done with partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partner import Partner, SpecialRecord
from partner_assess.domain import approval, deadlines, partnership, permissions
from partner_assess.domain.approval import Action as ApprovalAction
from partner_assess.domain.errors import RuleError
from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.domain.partnership import Basis
from partner_assess.domain.permissions import Actor, Permission, Standing
from partner_assess.usecases import numbers, reasons, trail
from partner_assess.usecases.ports import Ports


class NumberTaken(RuleError):
    """Another partner of the agency bears this vendor number or UN Partner Portal id."""

    code = "partner_number_taken"


class MeetsBeneficiaries(RuleError):
    """A partner that meets beneficiaries cannot be waived."""

    code = "meets_beneficiaries"


class EmergencyInForce(RuleError):
    """An emergency is on record, and its time has not run out."""

    code = "emergency_in_force"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is said about a partner in a form."""

    name: str
    acronym: str
    partner_type: PartnerType
    scope: Scope
    country: str
    vendor_number: str
    unpp_id: str
    meets_beneficiaries: bool


def register(
    session: Session, *, office_id: UUID, identity: Identity, actor: Actor, now: datetime
) -> Partner:
    """Register a partner in the actor's agency.

    Raises:
        NotPermitted: the actor may not, in this office.
        NumberTaken: an identifier belongs to another partner of the agency.
    """
    office = queries.agencies.office(session, office_id, agency_id=actor.agency_id)

    standing = Standing(agency_id=actor.agency_id, office_id=office.id)
    permissions.require(actor, Permission.PARTNER_EDIT, standing)
    _require_free(session, identity, agency_id=actor.agency_id, but=None)

    number = numbers.take(session, agency_id=actor.agency_id, name=f"partner:{office.country}")
    partner = Partner(
        agency_id=actor.agency_id,
        office_id=office.id,
        number=f"{office.country}-{number:04d}",
        registered_at=now,
    )
    _describe(partner, identity)
    partner.set_current(partnership.NO_RESULT, ended=False)
    session.add(partner)
    session.flush()
    _record(session, partner, "registered", actor=actor, now=now)
    return partner


def edit(
    session: Session,
    *,
    partner_id: UUID,
    seen: int,
    identity: Identity,
    actor: Actor,
    now: datetime,
) -> Partner:
    """Change what is said about a partner; one that meets beneficiaries is waived no more.

    Raises:
        ChangedMeanwhile: it is no longer the version `seen`.
        NotPermitted: the actor may not.
        NumberTaken: an identifier belongs to another partner of the agency.
    """
    partner = queries.partners.lock(session, partner_id, agency_id=actor.agency_id, seen=seen)

    permissions.require(actor, Permission.PARTNER_EDIT, partner.standing())
    _require_free(session, identity, agency_id=actor.agency_id, but=partner.id)

    _describe(partner, identity)
    _record(session, partner, "edited", actor=actor, now=now)
    if partner.meets_beneficiaries:
        _end_waivers(session, partner, now=now)
    return partner


def record_emergency(
    session: Session,
    ports: Ports,
    *,
    partner_id: UUID,
    reason: str,
    policy_name: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> SpecialRecord:
    """Record *low capacity assumed - emergency*: High, with a day by which to assess.

    Raises:
        NotReady: no reason was given.
        EmergencyInForce: one is on record: its day by which to assess is not moved.

    Source: E5, P14 (3 months); domain.md 3.3
    """
    partner = queries.partners.lock(session, partner_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.EMERGENCY_RECORD, partner.standing())
    reasons.require(reason)
    if any(
        one.basis is Basis.EMERGENCY and one.ended_at is None and one.result().is_valid(today)
        for one in queries.partners.special_records(session, partner.id)
    ):
        raise EmergencyInForce

    months = ports.policy(policy_name).emergency_months
    special = SpecialRecord(
        partner_id=partner.id,
        basis=Basis.EMERGENCY,
        reason=reason,
        recorded_by=actor.user_id,
        recorded_at=now,
        from_on=today,
        until=deadlines.add_months(today, months),
    )
    return _add_special(session, partner, special, actor=actor, now=now, today=today)


def waive(
    session: Session, *, partner_id: UUID, reason: str, actor: Actor, now: datetime, today: date
) -> SpecialRecord:
    """Record *no contact with beneficiaries*: no assessment is needed while that is so.

    Raises:
        MeetsBeneficiaries: the partner's record says that it meets them.
        NotReady: no reason was given.

    Source: E5; domain.md 3.5
    """
    partner = queries.partners.lock(session, partner_id, agency_id=actor.agency_id)

    permissions.require(actor, Permission.WAIVER_RECORD, partner.standing())
    if partner.meets_beneficiaries:
        raise MeetsBeneficiaries
    reasons.require(reason)

    special = SpecialRecord(
        partner_id=partner.id,
        basis=Basis.NO_CONTACT,
        reason=reason,
        recorded_by=actor.user_id,
        recorded_at=now,
        from_on=today,
    )
    return _add_special(session, partner, special, actor=actor, now=now, today=today)


def refresh_current(session: Session, partner: Partner, *, now: datetime, today: date) -> int:
    """Work out the current result anew, and end the approvals that no longer rest on it.

    Returns:
        How many approvals lapsed.
    """
    results = queries.partners.results(session, partner.id)
    result = partnership.current_result(results, today=today)
    has_ended = not result.is_valid(today)
    partner.set_current(partnership.last_result(results) if has_ended else result, ended=has_ended)
    lapsed = 0
    for one in queries.approvals.lock_undecided_or_valid(session, partner.id):
        is_over = one.valid_until is not None and one.valid_until < today
        if one.result_digest == result.digest and not is_over:
            continue
        approval.LIFE.next(one.state, ApprovalAction.LAPSE)
        before = one.state
        because = "own_end" if is_over else "result_changed"
        one.lapse(at=now, because=because)
        trail.record(
            session,
            one,
            "lapsed",
            agency_id=partner.agency_id,
            partner_id=partner.id,
            by=None,
            at=now,
            moved=(before.value, one.state.value),
            because=because,
        )
        lapsed += 1
    return lapsed


def _add_special(
    session: Session,
    partner: Partner,
    special: SpecialRecord,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> SpecialRecord:
    session.add(special)
    session.flush()
    refresh_current(session, partner, now=now, today=today)
    _record(
        session,
        partner,
        f"recorded_{special.basis.value}",
        actor=actor,
        now=now,
        comment=special.reason,
    )
    return special


def _end_waivers(session: Session, partner: Partner, *, now: datetime) -> None:
    special = queries.partners.special_records(session, partner.id)
    waivers = [one for one in special if one.basis is Basis.NO_CONTACT]
    for one in waivers:
        one.ended_at = now
    if waivers:
        today = now.astimezone(ZoneInfo(partner.office.timezone)).date()
        refresh_current(session, partner, now=now, today=today)


def _require_free(
    session: Session, identity: Identity, *, agency_id: UUID, but: UUID | None
) -> None:
    other = queries.partners.with_name_or_number(
        session,
        agency_id=agency_id,
        vendor_number=identity.vendor_number or None,
        unpp_id=identity.unpp_id or None,
    )
    if other is not None and other.id != but:
        raise NumberTaken(partner=other.name, number=other.number)


def _describe(partner: Partner, identity: Identity) -> None:
    partner.rename(identity.name)
    partner.acronym = identity.acronym
    partner.partner_type, partner.scope = identity.partner_type, identity.scope
    partner.country = identity.country
    partner.vendor_number = identity.vendor_number or None
    partner.unpp_id = identity.unpp_id or None
    partner.meets_beneficiaries = identity.meets_beneficiaries


def _record(
    session: Session,
    partner: Partner,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    comment: str = "",
) -> None:
    trail.record(
        session,
        partner,
        action,
        agency_id=partner.agency_id,
        partner_id=partner.id,
        by=actor.user_id,
        at=now,
        comment=comment,
    )

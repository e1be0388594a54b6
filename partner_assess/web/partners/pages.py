"""This file holds what the pages about partners show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for

from partner_assess.db import queries
from partner_assess.db.queries.partners import Filter, Page
from partner_assess.domain import assessment, plan
from partner_assess.domain.partner import is_assessed
from partner_assess.domain.partnership import Basis, Result
from partner_assess.domain.permissions import Permission
from partner_assess.domain.risk import Risk
from partner_assess.usecases import overview
from partner_assess.usecases.overview import Standing
from partner_assess.web import context, history, i18n, identity
from partner_assess.web.history import Entry
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity
from partner_assess.web.partners import next_steps
from partner_assess.web.partners.next_steps import NextStep

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.partner import Partner, SpecialRecord
    from partner_assess.db.models.plan import Plan
    from partner_assess.db.models.received_report import ReceivedReport

SHOWN_EVENTS = 8
READ_EVENTS = 80  # several may be one line


@dataclass(frozen=True, slots=True)
class ListRow:
    """A partner in the list."""

    partner: Partner
    result: Result
    is_expired: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list of partners, as filtered."""

    rows: tuple[ListRow, ...]
    asked: Filter
    office: str
    range_text: str
    next_url: str | None
    first_url: str | None
    may_register: bool

    @classmethod
    def of(cls, page: Page, asked: Filter, *, office: str, today: date) -> ListPage:
        """Return what the list shows."""
        kept: dict[str, Any] = {
            "q": asked.q or None,
            "office": office or None,
            "tier": asked.tier or None,
        }
        return cls(
            rows=tuple(
                ListRow(
                    one,
                    one.result(),
                    is_expired=one.result().expires_on is not None
                    and not one.result().is_valid(today),
                )
                for one in page.rows
            ),
            asked=asked,
            office=office,
            range_text=_(
                "%(first)s–%(last)s of %(total)s",
                first=i18n.number(page.first),
                last=i18n.number(page.first + len(page.rows) - 1),
                total=i18n.number(page.total),
            ),
            next_url=url_for("partners.index", after=page.next_after, **kept)
            if page.next_after
            else None,
            first_url=None if page.is_first else url_for("partners.index", **kept),
            may_register=context.may(Permission.PARTNER_EDIT),
        )


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An open plan, with how it stands."""

    plan: Plan
    health: plan.Health
    done: plan.Progress
    days_left: int | None

    @classmethod
    def of(cls, found: Plan, *, today: date) -> PlanLine:
        """Return how a plan stands on `today`."""
        policy = context.ports().policy(found.policy_name)
        done = found.progress()
        return cls(
            plan=found,
            health=plan.health(
                done,
                due_on=found.due_on,
                today=today,
                at_risk_days=policy.at_risk_days,
                share_percent=policy.at_risk_share_percent,
            ),
            done=done,
            days_left=(found.due_on - today).days if found.due_on else None,
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """A partner on one page."""

    partner: Partner
    identity: Identity
    result: Result
    is_valid: bool
    current: Assessment | None
    special: SpecialRecord | None
    accepted: ReceivedReport | None
    received: Sequence[ReceivedReport]
    plans: tuple[PlanLine, ...]
    standings: tuple[Standing, ...]
    assessments: Sequence[Assessment]
    open_assessment: Assessment | None
    history: tuple[Entry, ...]
    history_count: int
    next_step: NextStep | None
    sees_details: bool
    may_assess: bool

    @classmethod
    def of(cls, partner: Partner, *, today: date) -> Overview:
        """Return what the overview shows to the actor."""
        session = context.session()
        result = partner.result()
        sees = context.may(Permission.ASSESSMENT_READ, partner.standing())
        plans = plans_of(partner, today=today, open_only=True) if sees else ()
        standings = standings_of(partner, today=today)
        is_high = result.is_valid(today) and result.risk is Risk.HIGH
        knows = context.may(Permission.PARTNERSHIP_READ, partner.standing())
        assessments = queries.assessments.of_partner(session, partner.id) if sees else []
        received = queries.received_reports.of_partner(session, partner.id) if sees else []
        return cls(
            partner=partner,
            identity=identity.of(partner, place="overview", today=today),
            result=result,
            is_valid=result.is_valid(today),
            current=next((a for a in assessments if a.id == result.record_id), None),
            special=next(
                (
                    one
                    for one in queries.partners.special_records(session, partner.id)
                    if one.id == result.record_id
                ),
                None,
            )
            if result.basis in {Basis.EMERGENCY, Basis.NO_CONTACT}
            else None,
            accepted=next((one for one in received if one.id == result.record_id), None),
            received=received,
            plans=plans,
            standings=standings,
            assessments=assessments,
            open_assessment=next((a for a in assessments if a.state in assessment.OPEN), None),
            history=history.of(partner, limit=READ_EVENTS)[:SHOWN_EVENTS] if knows else (),
            history_count=queries.events.count_of_partner(
                session, partner.id, offices=context.actor().offices
            )
            if knows
            else 0,
            next_step=next_steps.of(standings, plans) if sees and is_high else None,
            sees_details=sees,
            may_assess=context.may(Permission.ASSESSMENT_OPEN, partner.standing())
            and is_assessed(partner.partner_type),
        )


def standings_of(partner: Partner, *, today: date) -> tuple[Standing, ...]:
    """Return how the partner's partnerships stand, where the actor may know."""
    if not context.may(Permission.PARTNERSHIP_READ, partner.standing()):
        return ()
    session = context.session()
    found = queries.partnerships.of_partner(session, partner.id)
    return tuple(overview.standings(session, context.ports(), found, today=today))


def plans_of(partner: Partner, *, today: date, open_only: bool) -> tuple[PlanLine, ...]:
    """Return the partner's plans, newest first."""
    return tuple(
        PlanLine.of(one, today=today)
        for one in queries.plans.of_partner(context.session(), partner.id)
        if not open_only or one.state in plan.OPEN
    )

"""This file holds the home page: what waits for this person, soonest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from partner_assess.db import queries
from partner_assess.domain import plan
from partner_assess.domain.partnership import Result
from partner_assess.domain.permissions import Permission, Role
from partner_assess.web import context
from partner_assess.web.home import decisions, duties, sharing
from partner_assess.web.home.duties import STUCK_AFTER, Desk, Duty
from partner_assess.web.home.recipients import recipients_to_tell
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext

if TYPE_CHECKING:
    from partner_assess.db.models.partner import Partner

_WEEK = timedelta(days=7)

_OFFICER = (
    duties.assessments_to_finish,
    decisions.approvals_to_ask,
    decisions.partnerships_to_activate,
    duties.plans_to_follow,
    duties.results_to_renew,
    sharing.received_to_propose,
    sharing.accepted_to_review,
    recipients_to_tell,
)
_DUTIES: dict[Role, tuple[Callable[[Desk], Iterator[Duty]], ...]] = {
    Role.OFFICER: _OFFICER,
    Role.FOCAL_POINT: (
        duties.assessments_to_review,
        duties.assessments_to_finish,
        duties.plans_to_follow,
        sharing.proposals_to_countersign,
        sharing.accepted_to_review,
    ),
    Role.HEAD: (
        decisions.approvals_to_decide,
        decisions.suspensions_to_decide,
        decisions.marks_to_confirm,
        decisions.exceptions_to_review,
    ),
    Role.ASSESSOR: (duties.assessments_to_finish,),
    Role.ADMINISTRATOR: (
        decisions.suspensions_to_decide,
        decisions.exceptions_to_review,
        decisions.approvals_to_decide,
    ),
    Role.AUDITOR: (
        decisions.suspensions_to_decide,
        decisions.exceptions_to_review,
        decisions.approvals_to_decide,
    ),
    Role.PARTNER: (),
}

# What somebody else has to do next.
_ELSEWHERE: dict[Role, tuple[Callable[[Desk], Iterator[Duty]], ...]] = {
    Role.OFFICER: (
        duties.assessments_to_review,
        decisions.approvals_to_decide,
        decisions.suspensions_to_decide,
        sharing.proposals_elsewhere,
    ),
    Role.FOCAL_POINT: (decisions.approvals_to_decide, decisions.suspensions_to_decide),
    Role.HEAD: (decisions.approvals_not_asked,),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Duties of the same urgency."""

    title: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the home page shows.

    Attributes:
        office: The one office whose partners are counted; None where it is several.
    """

    title: str
    summary: str
    more: str
    groups: tuple[Group, ...]
    stuck: tuple[Duty, ...]
    elsewhere: tuple[Duty, ...]
    tiers: dict[str, int]
    office: str | None
    today: date
    may_assess: bool
    sees_tiers: bool

    @classmethod
    def of(cls, role: Role, *, today: date) -> HomePage:
        """Return the page of a role on `today`."""
        offices = context.actor().offices
        desk = Desk(offices=offices, today=today)
        found = _sorted(_DUTIES[role], desk)
        waiting = _sorted(_ELSEWHERE.get(role, ()), desk)
        stuck = tuple(
            one for one in found if one.due_on is None and today - one.since >= STUCK_AFTER
        )
        sees = role not in {Role.ASSESSOR, Role.PARTNER}
        return cls(
            title=_("Decisions") if role is Role.HEAD else _("My work"),
            summary=_summary(found),
            more=_soonest(found, today),
            groups=tuple(_groups(found, today)),
            stuck=stuck,
            elsewhere=tuple(waiting[:8]),
            tiers=queries.partners.tier_counts(
                context.session(), context.scope(), offices=offices, today=today
            )
            if sees
            else {},
            office=str(next(iter(offices))) if offices and len(offices) == 1 else None,
            today=today,
            may_assess=context.may(Permission.ASSESSMENT_OPEN),
            sees_tiers=sees,
        )


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """An open plan as the partner itself reads it."""

    due_on: date | None
    days_left: int | None
    verified: int
    required: int


@dataclass(frozen=True, slots=True)
class PartnerHome:
    """How a partner stands, for those who speak for it."""

    partner: Partner
    result: Result
    is_valid: bool
    plans: tuple[OwnPlan, ...]

    @classmethod
    def of(cls, partner: Partner, *, today: date) -> PartnerHome:
        """Return the page of the reader's own partner on `today`."""
        return cls(
            partner=partner,
            result=partner.result(),
            is_valid=partner.result().is_valid(today),
            plans=tuple(
                OwnPlan(
                    due_on=one.due_on,
                    days_left=(one.due_on - today).days if one.due_on else None,
                    verified=one.progress().verified,
                    required=one.progress().mandatory,
                )
                for one in queries.plans.of_partner(context.session(), partner.id)
                if one.state in plan.OPEN
            ),
        )


def _sorted(sources: tuple[Callable[[Desk], Iterator[Duty]], ...], desk: Desk) -> list[Duty]:
    found = [duty for source in sources for duty in source(desk)]
    return sorted(found, key=lambda d: (d.due_on or date.max, d.since, d.partner, d.title))


def _groups(found: list[Duty], today: date) -> Iterator[Group]:
    overdue = tuple(d for d in found if d.due_on and d.due_on < today)
    week = tuple(d for d in found if d.due_on and today <= d.due_on <= today + _WEEK)
    later = tuple(d for d in found if d.due_on and d.due_on > today + _WEEK)
    undated = tuple(d for d in found if d.due_on is None)
    for title, members in (
        (_("Overdue"), overdue),
        (_("This week"), week),
        (_("In hand"), undated),
        (_("Later"), later),
    ):
        if members:
            yield Group(title, members)


def _summary(found: list[Duty]) -> str:
    if not found:
        return _("Nothing waits for you.")
    return ngettext("%(num)s thing waits for you.", "%(num)s things wait for you.", len(found))


def _soonest(found: list[Duty], today: date) -> str:
    late = sum(1 for duty in found if duty.due_on and duty.due_on < today)
    said = []
    if late:
        said.append(ngettext("%(num)s is overdue.", "%(num)s are overdue.", late))
    ahead = [duty.due_on for duty in found if duty.due_on and duty.due_on >= today]
    if ahead:
        days = (min(ahead) - today).days
        said.append(
            _("The next is due today.")
            if days == 0
            else ngettext(
                "The next is due in %(num)s day.", "The next is due in %(num)s days.", days
            )
        )
    return " ".join(said)

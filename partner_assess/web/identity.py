"""This file holds the identity bar: whom a page is about, in what state, and the places around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import url_for

from partner_assess.domain import deadlines
from partner_assess.domain.partnership import Basis
from partner_assess.domain.permissions import Permission
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.web import context, words
from partner_assess.web.frame import Place
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    from partner_assess.db.models.partner import Partner


@dataclass(frozen=True, slots=True)
class Identity:
    """What the bar shows.

    Attributes:
        result_name: "Result now in force", or "Last result" once it has expired.
        until: Last valid day of the result.
        is_expired: Whether that day has passed.
        days_left: Until then, once it is near enough to be noticed; else None.
    """

    name: str
    details: tuple[str, ...]
    result_name: str
    basis: Basis
    basis_word: str
    capacity: Capacity | None
    risk: Risk | None
    until: date | None
    is_expired: bool
    days_left: int | None
    places: tuple[Place, ...]


def of(partner: Partner, *, place: str, today: date) -> Identity:
    """Return the bar of a partner; `place` is where the page stands among the partner's places.

    Needs the partner's office.
    """
    result = partner.result()
    is_expired = result.basis is not Basis.NONE and not result.is_valid(today)
    return Identity(
        name=partner.name,
        details=tuple(
            filter(
                None,
                (
                    partner.acronym,
                    words.of(partner.partner_type),
                    partner.number,
                    partner.office.name,
                ),
            )
        ),
        result_name=_("Last result") if is_expired else _("Result now in force"),
        basis=result.basis,
        basis_word=words.of(result.basis),
        capacity=result.capacity,
        risk=result.risk,
        until=result.expires_on,
        is_expired=is_expired,
        days_left=_days_left(result.expires_on, today),
        places=_places(partner, place),
    )


def _days_left(until: date | None, today: date) -> int | None:
    notice = context.ports().policy(context.policy_name()).reassessment_notice_days
    left = deadlines.days_left(until, today=today) if until else None
    return left if left is not None and 0 <= left <= notice else None


def _places(partner: Partner, here: str) -> tuple[Place, ...]:
    standing = partner.standing()
    all_places = [
        ("overview", _("Overview"), "partners.show", Permission.PARTNER_READ),
        ("assessments", _("Assessments"), "partners.assessments", Permission.ASSESSMENT_READ),
        ("plans", _("Action plans"), "partners.plans", Permission.PLAN_READ),
        ("partnerships", _("Partnerships"), "partners.partnerships", Permission.PARTNERSHIP_READ),
        ("history", _("History"), "partners.history", Permission.PARTNERSHIP_READ),
    ]
    return tuple(
        Place(label, url_for(endpoint, partner_id=partner.id), name == here)
        for name, label, endpoint, permission in all_places
        if context.may(permission, standing)
    )

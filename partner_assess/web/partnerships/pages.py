"""This file holds what the pages about partnerships show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partner_assess.db import queries
from partner_assess.domain.partnership import LIFE, Action, Hindrance, State
from partner_assess.domain.permissions import Permission
from partner_assess.domain.risk import Risk
from partner_assess.usecases import overview, partnerships
from partner_assess.usecases.overview import Standing
from partner_assess.web import context, identity
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.approval import Approval
    from partner_assess.db.models.partnership import Partnership
    from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase


@dataclass(frozen=True, slots=True)
class PartnershipPage:
    """One partnership: how it stands, and what can be done."""

    partnership: Partnership
    standing: Standing
    identity: Identity
    hindrances: tuple[Hindrance, ...]
    approvals: Sequence[Approval]
    cases: Sequence[SuspensionCase]
    exceptions: Sequence[LifeSavingException]
    offers: frozenset[str]

    @classmethod
    def of(cls, found: Partnership, *, today: date) -> PartnershipPage:
        """Return what the page shows to the actor."""
        session = context.session()
        (standing,) = overview.standings(session, context.ports(), [found], today=today)
        sees = context.may(Permission.APPROVAL_READ, found.standing())
        hindered = (
            partnerships.hindrances_of(session, found, today=today)
            if found.state is State.PROPOSED
            else ()
        )
        return cls(
            partnership=found,
            standing=standing,
            identity=identity.of(found.partner, place="partnerships", today=today),
            hindrances=hindered,
            approvals=queries.approvals.of_partnerships(session, [found.id]) if sees else (),
            cases=queries.suspensions.of_partnerships(session, [found.id]),
            exceptions=queries.suspensions.exceptions(session, [found.id]) if sees else (),
            offers=frozenset(_offers(found, standing, today=today)),
        )


def _offers(found: Partnership, standing: Standing, *, today: date) -> list[str]:
    own = found.standing()
    is_high = standing.result.is_valid(today) and standing.result.risk is Risk.HIGH
    runs = found.state in {State.ACTIVE, State.SUSPENDED}
    is_over = found.state is State.ENDED
    wanted = [
        ("edit", Permission.PARTNERSHIP_EDIT, not is_over),
        ("activate", Permission.PARTNERSHIP_ACTIVATE, LIFE.allows(found.state, Action.ACTIVATE)),
        ("end", Permission.PARTNERSHIP_END, LIFE.allows(found.state, Action.END)),
        (
            "ask",
            Permission.APPROVAL_ASK,
            is_high and not is_over and not standing.approval and not standing.asked,
        ),
        ("mark", Permission.LIVES_AT_RISK_MARK, not is_over),
        (
            "confirm",
            Permission.LIVES_AT_RISK_CONFIRM,
            found.lives_at_risk and not standing.lives_at_risk,
        ),
        ("except", Permission.SUSPENSION_DECIDE, runs and is_high),
    ]
    return [name for name, permission, fits in wanted if fits and context.may(permission, own)]

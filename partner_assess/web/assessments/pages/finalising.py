"""This file holds what the page shows that asks once more before a result is finalised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.db import queries
from partner_assess.domain import deadlines, plan, scoring
from partner_assess.domain.assessment import FROZEN, State
from partner_assess.domain.deadlines import PlanDates
from partner_assess.domain.framework import Determination, Framework
from partner_assess.domain.policy import Policy
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.web import context, i18n, identity
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@dataclass(frozen=True, slots=True)
class FinalisePage:
    """The result that would stand, and the days it would start.

    Attributes:
        capacity: None where standards are missing after all; then nothing can be finalised.
    """

    id: UUID
    reference: str
    identity: Identity
    capacity: Capacity | None
    risk: Risk | None
    is_preliminary: bool
    starts: tuple[str, ...]

    @classmethod
    def of(cls, assessment: Assessment, framework: Framework, today: date) -> FinalisePage:
        """Return the page of an assessment that waits for its reviewer."""
        score = scoring.score(framework, assessment.ratings())
        return cls(
            id=assessment.id,
            reference=assessment.reference,
            identity=identity.of(assessment.partner, place="assessments", today=today),
            capacity=score.capacity,
            risk=score.risk,
            is_preliminary=framework.determination is Determination.PRELIMINARY
            and assessment.state is State.SUBMITTED,
            starts=_starts(assessment, framework, score.risk, today) if score.risk else (),
        )


def _starts(
    assessment: Assessment, framework: Framework, risk: Risk, today: date
) -> tuple[str, ...]:
    policy = context.ports().policy(context.policy_name())
    until = deadlines.expires_on(today, months=policy.validity_months)
    valid = _("The result is valid until %(day)s.", day=i18n.day(until))
    if not plan.is_needed(risk, assessment.ratings(), framework):
        return (_("It needs no action plan."), valid)
    dates = deadlines.plan_dates(
        policy,
        framework.id,
        risk,
        final_on=assessment.effective_on or today,
        running_since=_running_since(assessment, risk),
    )
    approval = _("Each partnership needs the approval of the head of office.")
    said = (approval,) if risk is Risk.HIGH else ()
    return (*said, _plan_days(policy, framework, risk, dates), valid)


def _plan_days(policy: Policy, framework: Framework, risk: Risk, dates: PlanDates) -> str:
    length = policy.plan_length(framework.id)
    if dates.limit_on:
        months, until = length.suspension_months, dates.limit_on
    elif dates.plan_due_on:
        months, until = length.months(risk) or 0, dates.plan_due_on
    elif length.months(risk) is None:
        return _("An action plan opens.")
    else:
        return _("The months begin with the approval or the agreement, as the policy says.")
    return ngettext(
        "The action plan is carried out within %(num)s month, by %(day)s.",
        "The action plan is carried out within %(num)s months, by %(day)s.",
        months,
        day=i18n.day(until),
    )


def _running_since(assessment: Assessment, risk: Risk) -> date | None:
    """Return the start of the clock that a High result after a High one keeps."""
    session = context.session()
    before = queries.assessments.previous(session, assessment, states=FROZEN - {State.WITHDRAWN})
    if risk is not Risk.HIGH or before is None or before.risk is not Risk.HIGH:
        return None
    found = queries.plans.of_result(session, before.id)
    return found.started_on if found else None

"""This file holds the words for states, roles and kinds, so that each has one name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from partner_assess.domain import (
    acceptance,
    approval,
    assessment,
    partnership,
    plan,
    suspension,
    trust,
)
from partner_assess.domain.framework import Met, Need
from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.domain.permissions import Role
from partner_assess.domain.report import OwnerSide
from partner_assess.web.i18n import lazy_gettext as _l

_ROLES = {
    Role.OFFICER: _l("Programme officer"),
    Role.FOCAL_POINT: _l("PSEA focal point"),
    Role.HEAD: _l("Head of office"),
    Role.ASSESSOR: _l("External assessor"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
    Role.PARTNER: _l("Partner’s focal point"),
}
_TYPES = {
    PartnerType.NGO: _l("Non-governmental organization"),
    PartnerType.CSO: _l("Other civil society organization"),
    PartnerType.COMMUNITY: _l("Community-based organization"),
    PartnerType.GOVERNMENT: _l("National government entity"),
    PartnerType.UN_ENTITY: _l("United Nations entity"),
    PartnerType.INTERGOVERNMENTAL: _l("Intergovernmental entity outside the United Nations"),
    PartnerType.ACADEMIA: _l("Academic institution"),
    PartnerType.OTHER: _l("Other entity"),
}
_SCOPES = {Scope.NATIONAL: _l("National"), Scope.INTERNATIONAL: _l("International")}
_ASSESSMENTS = {
    assessment.State.DRAFT: _l("Draft"),
    assessment.State.ASSIGNED: _l("Assigned"),
    assessment.State.SELF_ASSESSMENT: _l("With the partner"),
    assessment.State.IN_PROGRESS: _l("In progress"),
    assessment.State.SUBMITTED: _l("Submitted for review"),
    assessment.State.RETURNED: _l("Returned"),
    assessment.State.PRELIMINARY: _l("Preliminary"),
    assessment.State.FINAL: _l("Final"),
    assessment.State.SUPERSEDED: _l("Superseded"),
    assessment.State.EXPIRED: _l("Expired"),
    assessment.State.WITHDRAWN: _l("Withdrawn"),
    assessment.State.CANCELLED: _l("Cancelled"),
}
_PARTNERSHIPS = {
    partnership.State.PROPOSED: _l("Proposed"),
    partnership.State.ACTIVE: _l("Active"),
    partnership.State.SUSPENDED: _l("Suspended"),
    partnership.State.ENDED: _l("Ended"),
}
_APPROVALS = {
    approval.State.REQUIRED: _l("Waits for the head of office"),
    approval.State.APPROVED: _l("Approved"),
    approval.State.DECLINED: _l("Declined"),
    approval.State.LAPSED: _l("Lapsed"),
}
_PLANS = {
    plan.State.DRAFTING: _l("Being drafted"),
    plan.State.AGREED: _l("Agreed"),
    plan.State.IN_PROGRESS: _l("In progress"),
    plan.State.COMPLETED: _l("Completed"),
    plan.State.CLOSED: _l("Closed"),
}
_HEALTH = {
    plan.Health.ON_TRACK: _l("On track"),
    plan.Health.AT_RISK: _l("At risk"),
    plan.Health.OVERDUE: _l("Overdue"),
}
_ACTIONS = {
    plan.ActionState.OPEN: _l("Open"),
    plan.ActionState.DONE: _l("Waits for a check"),
    plan.ActionState.RETURNED: _l("Returned"),
    plan.ActionState.VERIFIED: _l("Verified"),
}
_CASES = {
    suspension.State.SUSPENDED: _l("Suspended"),
    suspension.State.DECISION_DUE: _l("Decision due"),
    suspension.State.CONTINUES: _l("Under a life-saving exception"),
    suspension.State.LIFTED: _l("Lifted"),
    suspension.State.CLOSED: _l("Closed"),
}
_RECEIVED = {
    acceptance.State.RECEIVED: _l("Waits for a proposal"),
    acceptance.State.PROPOSED: _l("Waits for the PSEA focal point"),
    acceptance.State.ACCEPTED: _l("Accepted"),
    acceptance.State.REASSESS: _l("To be assessed again"),
    acceptance.State.SET_ASIDE: _l("Set aside"),
    acceptance.State.ENDED: _l("Counts no more"),
}
_DECISIONS = {
    acceptance.Decision.ACCEPT: _l("Accept"),
    acceptance.Decision.RESERVATIONS: _l("Accept with reservations"),
    acceptance.Decision.REASSESS: _l("Assess again"),
}
_ENDINGS = {
    acceptance.Ending.NEWER_IMPORT: _l("A newer issue of it is accepted."),
    acceptance.Ending.SUPERSEDED_AT_SOURCE: _l("Its agency has superseded it."),
    acceptance.Ending.WITHDRAWN_AT_SOURCE: _l("Its agency has withdrawn it."),
}
_ROOTS = {
    trust.State.PENDING: _l("Waits to be confirmed"),
    trust.State.TRUSTED: _l("Trusted"),
    trust.State.REMOVED: _l("Removed"),
}
_MET = {
    Met.MET: _l("Met"),
    Met.PARTLY: _l("Partly"),
    Met.NOT_MET: _l("Not met"),
    Met.NOT_APPLICABLE: _l("Not applicable"),
}
_NEEDS = {Need.REQUIRED: _l("Required"), Need.SUPPORTING: _l("Supporting")}
_SIDES = {OwnerSide.PARTNER: _l("Partner"), OwnerSide.AGENCY: _l("Agency")}
_BASES = {
    partnership.Basis.ASSESSED: _l("Own assessment"),
    partnership.Basis.IMPORTED: _l("Assessment of another agency"),
    partnership.Basis.EMERGENCY: _l("Low capacity assumed - emergency"),
    partnership.Basis.NO_CONTACT: _l("No contact with beneficiaries"),
    partnership.Basis.NONE: _l("Not assessed"),
}
_HINDRANCES = {
    partnership.Hindrance.NO_RESULT: _l(
        "The partner has no valid result. Assess it first, or record an emergency."
    ),
    partnership.Hindrance.APPROVAL_MISSING: _l(
        "The result is low capacity: high SEA risk. Ask the head of office to approve this"
        " partnership first."
    ),
    partnership.Hindrance.DEADLINE_PASSED: _l(
        "The partner’s 12-month plan has passed its date unfinished. No new partnership starts"
        " in any office until its required actions are verified."
    ),
    partnership.Hindrance.SUSPENDED_ELSEWHERE: _l(
        "A partnership with this partner is suspended. No new one starts in any office until the"
        " suspension is lifted."
    ),
}

_ALL: Mapping[type[StrEnum], Mapping[Any, str]] = {
    type(next(iter(table))): table
    for table in (
        _ROLES,
        _TYPES,
        _SCOPES,
        _ASSESSMENTS,
        _PARTNERSHIPS,
        _APPROVALS,
        _PLANS,
        _HEALTH,
        _ACTIONS,
        _CASES,
        _RECEIVED,
        _DECISIONS,
        _ENDINGS,
        _ROOTS,
        _MET,
        _NEEDS,
        _SIDES,
        _BASES,
        _HINDRANCES,
    )
}

# The sign and ground of a state (templates/components/tags.html).
_TAGS: tuple[tuple[StrEnum, str], ...] = (
    (assessment.State.DRAFT, "none"),
    (assessment.State.ASSIGNED, "waits"),
    (assessment.State.SELF_ASSESSMENT, "waits"),
    (assessment.State.IN_PROGRESS, "progress"),
    (assessment.State.SUBMITTED, "waits"),
    (assessment.State.RETURNED, "returned"),
    (assessment.State.PRELIMINARY, "progress"),
    (assessment.State.FINAL, "done"),
    (assessment.State.SUPERSEDED, "none"),
    (assessment.State.EXPIRED, "none"),
    (assessment.State.WITHDRAWN, "none"),
    (assessment.State.CANCELLED, "none"),
    (partnership.State.PROPOSED, "none"),
    (partnership.State.ACTIVE, "done"),
    (partnership.State.SUSPENDED, "late"),
    (partnership.State.ENDED, "none"),
    (approval.State.REQUIRED, "waits"),
    (approval.State.APPROVED, "done"),
    (approval.State.DECLINED, "returned"),
    (approval.State.LAPSED, "none"),
    (plan.State.DRAFTING, "none"),
    (plan.State.AGREED, "waits"),
    (plan.State.IN_PROGRESS, "progress"),
    (plan.State.COMPLETED, "done"),
    (plan.State.CLOSED, "none"),
    (plan.Health.ON_TRACK, "progress"),
    (plan.Health.AT_RISK, "late"),
    (plan.Health.OVERDUE, "late"),
    (plan.ActionState.OPEN, "none"),
    (plan.ActionState.DONE, "waits"),
    (plan.ActionState.RETURNED, "returned"),
    (plan.ActionState.VERIFIED, "done"),
    (suspension.State.SUSPENDED, "late"),
    (suspension.State.DECISION_DUE, "late"),
    (suspension.State.CONTINUES, "waits"),
    (suspension.State.LIFTED, "done"),
    (suspension.State.CLOSED, "none"),
    (acceptance.State.RECEIVED, "waits"),
    (acceptance.State.PROPOSED, "waits"),
    (acceptance.State.ACCEPTED, "done"),
    (acceptance.State.REASSESS, "progress"),
    (acceptance.State.SET_ASIDE, "none"),
    (acceptance.State.ENDED, "none"),
    (trust.State.PENDING, "waits"),
    (trust.State.TRUSTED, "done"),
    (trust.State.REMOVED, "none"),
)


def of(member: StrEnum) -> str:
    """Return the word for a state, role or kind. Raises KeyError for one without a word."""
    return str(_ALL[type(member)][member])


def tag(member: StrEnum) -> str:
    """Return how a state is drawn. Raises KeyError for one without a drawing."""
    # Members of different enums can be equal as strings: their type decides.
    return _BY_TYPE[type(member), member.value]


_BY_TYPE: Mapping[tuple[type[StrEnum], str], str] = {
    (type(member), member.value): kind for member, kind in _TAGS
}


def lazy(member: StrEnum) -> str:
    """Return the word later, in the language of the request: for the choices of a form."""
    return _ALL[type(member)][member]

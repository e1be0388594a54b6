"""This file holds who may do what: one table, and what depends on the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from partner_assess.domain.errors import RuleError


class Role(StrEnum):
    """What a person is in an agency. Source: domain.md 3.1."""

    OFFICER = "officer"
    FOCAL_POINT = "focal_point"
    HEAD = "head"
    ASSESSOR = "assessor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PARTNER = "partner"


class Permission(StrEnum):
    """What can be permitted, `resource:action`, in the order of the journey."""

    HOME_READ = "home:read"
    PARTNER_READ = "partner:read"
    PARTNER_EDIT = "partner:edit"
    WAIVER_RECORD = "partner:waive"
    EMERGENCY_RECORD = "partner:record_emergency"
    PARTNERSHIP_READ = "partnership:read"
    PARTNERSHIP_EDIT = "partnership:edit"
    PARTNERSHIP_ACTIVATE = "partnership:activate"
    PARTNERSHIP_END = "partnership:end"
    LIVES_AT_RISK_MARK = "partnership:mark_lives_at_risk"
    LIVES_AT_RISK_CONFIRM = "partnership:confirm_lives_at_risk"
    ASSESSMENT_READ = "assessment:read"
    ASSESSMENT_OPEN = "assessment:open"
    ASSESSMENT_ANSWER = "assessment:answer"
    ASSESSMENT_REVIEW = "assessment:review"
    ASSESSMENT_CANCEL = "assessment:cancel"
    ASSESSMENT_WITHDRAW = "assessment:withdraw"
    APPROVAL_READ = "approval:read"
    APPROVAL_ASK = "approval:ask"
    APPROVAL_DECIDE = "approval:decide"
    PLAN_READ = "plan:read"
    PLAN_EDIT = "plan:edit"
    PLAN_VERIFY = "plan:verify"
    SUSPENSION_DECIDE = "suspension:decide"
    DOCUMENT_READ = "document:read"
    DOCUMENT_EXPORT = "document:export"
    RECEIVED_READ = "received:read"
    RECEIVED_IMPORT = "received:import"
    RECEIVED_PROPOSE = "received:propose"
    RECEIVED_COUNTERSIGN = "received:countersign"
    TRUST_READ = "trust:read"
    TRUST_EDIT = "trust:edit"
    TRUST_SHARE = "trust:share"
    PORTFOLIO_READ = "portfolio:read"


_STAFF = frozenset({Role.OFFICER, Role.FOCAL_POINT, Role.HEAD, Role.ADMINISTRATOR, Role.AUDITOR})
_ALL = frozenset(Role)
_DESK = frozenset({Role.OFFICER, Role.FOCAL_POINT})

# The whole table. What is not granted is refused. tests/unit/domain/permissions.csv shows it
# as people review it.
GRANTS: Mapping[Permission, frozenset[Role]] = {
    Permission.HOME_READ: _ALL,
    Permission.PARTNER_READ: _ALL,
    Permission.PARTNER_EDIT: _DESK,
    Permission.WAIVER_RECORD: frozenset({Role.FOCAL_POINT}),
    Permission.EMERGENCY_RECORD: frozenset({Role.HEAD}),
    Permission.PARTNERSHIP_READ: _STAFF,
    Permission.PARTNERSHIP_EDIT: _DESK,
    Permission.PARTNERSHIP_ACTIVATE: _DESK,
    Permission.PARTNERSHIP_END: _DESK | {Role.HEAD},
    Permission.LIVES_AT_RISK_MARK: _DESK,
    Permission.LIVES_AT_RISK_CONFIRM: frozenset({Role.HEAD}),
    Permission.ASSESSMENT_READ: _STAFF | {Role.ASSESSOR},
    Permission.ASSESSMENT_OPEN: _DESK,
    Permission.ASSESSMENT_ANSWER: _DESK | {Role.ASSESSOR},
    Permission.ASSESSMENT_REVIEW: frozenset({Role.FOCAL_POINT}),
    Permission.ASSESSMENT_CANCEL: _DESK,
    Permission.ASSESSMENT_WITHDRAW: frozenset({Role.FOCAL_POINT}),
    Permission.APPROVAL_READ: _STAFF,
    Permission.APPROVAL_ASK: _DESK,
    Permission.APPROVAL_DECIDE: frozenset({Role.HEAD}),
    Permission.PLAN_READ: _STAFF,
    Permission.PLAN_EDIT: _DESK,
    Permission.PLAN_VERIFY: _DESK,
    Permission.SUSPENSION_DECIDE: frozenset({Role.HEAD}),
    Permission.DOCUMENT_READ: _STAFF,
    Permission.DOCUMENT_EXPORT: frozenset({Role.OFFICER, Role.FOCAL_POINT, Role.HEAD}),
    Permission.RECEIVED_READ: _STAFF,
    Permission.RECEIVED_IMPORT: _DESK,
    Permission.RECEIVED_PROPOSE: _DESK,
    Permission.RECEIVED_COUNTERSIGN: frozenset({Role.FOCAL_POINT}),
    Permission.TRUST_READ: _STAFF,
    Permission.TRUST_EDIT: frozenset({Role.ADMINISTRATOR}),
    Permission.TRUST_SHARE: _DESK | {Role.ADMINISTRATOR},
    Permission.PORTFOLIO_READ: _ALL,
}

# What the whole agency knows of a partner; everything else is the office's.
# Source: interfaces.md, who sees what
_AGENCY_WIDE = frozenset(
    {
        Permission.HOME_READ,
        Permission.PARTNER_READ,
        Permission.PARTNERSHIP_READ,
        Permission.PORTFOLIO_READ,
    }
)


class NotPermitted(RuleError):
    """This person may not do this, here."""

    code = "not_permitted"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in one office, or in all offices of the agency (None)."""

    role: Role
    office_id: UUID | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of one agency, with roles.

    Attributes:
        partner_id: The one partner that a partner's focal point sees.
    """

    user_id: UUID
    agency_id: UUID
    grants: frozenset[Grant]
    partner_id: UUID | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def offices(self) -> frozenset[UUID] | None:
        """Return the offices whose records may be seen in detail; None means all of the agency."""
        inner = [g for g in self.grants if g.role not in {Role.ASSESSOR, Role.PARTNER}]
        if any(grant.office_id is None for grant in inner):
            return None
        return frozenset(g.office_id for g in inner if g.office_id is not None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a record decides who may act on it.

    Attributes:
        office_id: Whose record it is; None where it is the agency's.
        assessor_id: Who answers the assessment.
        raters: Who rated any standard.
        finalisers: Who made the result preliminary, and who made it final.
    """

    agency_id: UUID
    office_id: UUID | None = None
    partner_id: UUID | None = None
    assessor_id: UUID | None = None
    raters: frozenset[UUID] = frozenset()
    finalisers: frozenset[UUID] = frozenset()


def may(actor: Actor, permission: Permission, standing: Standing | None = None) -> bool:
    """Return whether the actor may, on a record of this standing or (None) at all.

    Who rated cannot finalise, who proposed cannot countersign; who did any of these, or made the
    result preliminary, cannot approve.

    Source: E4 (segregation of duties), SA 55; ours, domain.md 3.1
    """
    roles = GRANTS[permission]
    if standing is None:
        return bool(actor.roles & roles)
    if standing.agency_id != actor.agency_id:
        return False
    holders = [g for g in actor.grants if g.role in roles and _reaches(g, permission, standing)]
    return any(_suits(actor, grant, standing) for grant in holders) and _is_separate(
        actor, permission, standing
    )


def _reaches(grant: Grant, permission: Permission, standing: Standing) -> bool:
    if permission in _AGENCY_WIDE or grant.office_id is None or standing.office_id is None:
        return True
    return grant.office_id == standing.office_id


def _suits(actor: Actor, grant: Grant, standing: Standing) -> bool:
    if grant.role is Role.PARTNER:
        return standing.partner_id is not None and standing.partner_id == actor.partner_id
    if grant.role is Role.ASSESSOR:
        return standing.assessor_id == actor.user_id
    return True


def _is_separate(actor: Actor, permission: Permission, standing: Standing) -> bool:
    if permission is Permission.ASSESSMENT_ANSWER:
        return standing.assessor_id == actor.user_id
    if permission in {Permission.ASSESSMENT_REVIEW, Permission.RECEIVED_COUNTERSIGN}:
        return actor.user_id not in standing.raters
    if permission is Permission.APPROVAL_DECIDE:
        return actor.user_id not in standing.raters | standing.finalisers
    return True


def require(actor: Actor, permission: Permission, standing: Standing | None = None) -> None:
    """Raise NotPermitted unless the actor may.

    The code says whether it is the rule that rater, finaliser and approver are three people,
    so that the page can say so.
    """
    if may(actor, permission, standing):
        return
    code = "not_permitted"
    if standing is not None and not _is_separate(actor, permission, standing):
        code = f"not_separate_{permission.name.lower()}"
    raise NotPermitted(code, permission=permission.value)

"""This file holds the facts about one assessment that are shared, and no field for what never is.

What may be shared is domain.md 5.1, what must not 5.2: there is no field for anything about a
case or a person, for a justification, for answers to single indicators, for the reason of a
differing rating, or for the title or content of evidence. A field that does not exist cannot leak.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from partner_assess.domain.report.scalars import (
    Audience,
    Code,
    Digest,
    Language,
    Line,
    Name,
    Number,
    OwnerSide,
    Place,
    Points,
    Profile,
    Prose,
    Slug,
    WebAddress,
)
from partner_assess.domain.report.status import Status
from partner_assess.domain.risk import Capacity, Risk


@dataclass(frozen=True, slots=True)
class Instrument:
    """The question set, pinned by the digest of its content."""

    id: Slug
    version: Code
    digest: Digest


@dataclass(frozen=True, slots=True)
class Identity:
    """Which document this is.

    Attributes:
        document_id: The same for all issues of one assessment.
        reference: The assessment's reference, without the issue (`UNA/2026/0042`).
        issue: Number within the assessment; None while it is a draft.
        notice: That this is no official text, in the language of the document.
        generated_at: The moment of the facts.
        content_digest: SHA-256 of the frozen assessment; None while it is a draft.
        replaces: Reference of the assessment that this one superseded.
        status: What it was worth at that moment; None while it is a draft.
        ended_on: First day on which it counted no more; None while it counts.
        replaced_by: Reference of the assessment that superseded this one.
    """

    document_id: Code
    reference: Name
    issue: Number | None
    profile: Profile
    instrument: Instrument
    language: Language
    notice: Prose
    generated_at: datetime
    content_digest: Digest | None
    replaces: Line | None
    status: Status | None
    ended_on: date | None
    replaced_by: Line | None


@dataclass(frozen=True, slots=True)
class Partner:
    """Whom it is about: an organization, never a person.

    Attributes:
        kind: By the UN definition of implementing partner (SC fn 15).
        reach: National or international.
        scope: Whether headquarters or a country office was assessed.
    """

    legal_name: Name
    acronym: Line
    kind: Slug
    reach: Slug
    countries: tuple[Name, ...]
    scope: Slug
    un_partner_portal_id: Line
    vendor_number: Line


@dataclass(frozen=True, slots=True)
class Owner:
    """Who assessed, by role."""

    agency: Name
    agency_code: Code
    office: Name
    assessed_by: Slug
    finalised_by: Slug | None
    kind: Slug
    ingo_reason: Slug | None


@dataclass(frozen=True, slots=True)
class Dates:
    """When it was assessed, and how long it holds; the plan has its own."""

    assessed_on: date | None
    final_on: date | None
    expires_on: date | None
    last_monitored_on: date | None


@dataclass(frozen=True, slots=True)
class RatingOption:
    """A rating that a standard can get, and its points."""

    id: Slug
    points: Points


@dataclass(frozen=True, slots=True)
class EvidenceSeen:
    """That a document of this type was seen, and the document's own date. Nothing else of it."""

    type: Slug
    dated_on: date | None


@dataclass(frozen=True, slots=True)
class StandardResult:
    """How one standard was rated.

    Attributes:
        options: Every rating it could get, fewest points first.
        was: The rating last time, None where there was none.
        rating_only: Shared as its rating alone, without comment and evidence (harmonized CS8).
        comment: Written for sharing.
    """

    id: Slug
    number: Number
    weight: Number
    options: tuple[RatingOption, ...]
    rating: Slug | None
    was: Slug | None
    rating_only: bool
    comment: Prose
    evidence: tuple[EvidenceSeen, ...]

    def points(self, rating: str | None) -> int | None:
        """Return the points of a rating, None for one that is not among the options."""
        return next((option.points for option in self.options if option.id == rating), None)


@dataclass(frozen=True, slots=True)
class Band:
    """From here to there (both inclusive), this capacity and this risk."""

    from_points: Points
    to_points: Points
    capacity: Capacity
    risk: Risk


@dataclass(frozen=True, slots=True)
class Totals:
    """What the ratings come to; no sum and no tier before every standard is rated."""

    score: Points | None
    min_score: Points
    max_score: Points
    capacity: Capacity | None
    risk: Risk | None
    critical_gaps: tuple[Slug, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class PreviousResult:
    """The final result before this one, by the same agency."""

    reference: Name
    instrument: Slug
    final_on: date
    score: Points
    capacity: Capacity
    risk: Risk


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action. It names its standard, never an indicator. Source: domain.md 5.2."""

    standard: Slug
    text: Prose
    owner: OwnerSide
    due_on: date | None
    state: Slug
    verified_on: date | None
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, by when, and what happens otherwise.

    Attributes:
        starts_from: Which event started the clock, by policy.
        extended_to: The plan's date after an extension.
        suspended_since: Suspended by the clock since this day; None if it is not.
        mandatory_count: Mandatory actions in all, also where the actions are left out.
        verified_count: Mandatory actions that are verified.
    """

    state: Slug
    starts_on: date | None
    starts_from: Slug | None
    due_on: date | None
    extended_to: date | None
    suspends_on: date | None
    exception_in_force: bool
    suspended_since: date | None
    mandatory_count: Points
    verified_count: Points
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """A head of office approved a partnership on this result; never why."""

    approved_on: date
    valid_until: date | None
    conditions: Prose


@dataclass(frozen=True, slots=True)
class Limits:
    """What the result does not say."""

    scope: Prose
    not_assessed: Prose
    self_score: Points | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who may see it and how it can be checked.

    Attributes:
        check_code: What the public page about this issue is found by; it cannot be guessed.
        status_list: Name of the signed list in which its agency says whether it still counts.
        status_index: The assessment's place in that list, the same for all its issues.
        signed: Whether the agency's seal is on the file.
    """

    audience: Audience
    contact_desk: Line
    contact_web: WebAddress | None
    check_code: Code | None
    check_web: WebAddress | None
    status_list: WebAddress | None
    status_index: Place | None
    signed: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is shared about one assessment. Source: domain.md 5.1."""

    is_final: bool
    identity: Identity
    partner: Partner
    owner: Owner
    dates: Dates
    results: tuple[StandardResult, ...]
    totals: Totals
    previous: PreviousResult | None
    plan: Plan | None
    approval_required: bool
    approvals: tuple[Approval, ...]
    limits: Limits
    provenance: Provenance

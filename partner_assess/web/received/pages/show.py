"""This file holds the page of a report of another agency, before and after it is received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from partner_assess.domain.acceptance import LIFE, Action, State
from partner_assess.domain.permissions import Permission
from partner_assess.domain.report import Report
from partner_assess.usecases.received import Judgement, Told
from partner_assess.web import context, identity
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity
from partner_assess.web.jinja import isolated
from partner_assess.web.received.pages import parts
from partner_assess.web.received.pages.compare import Comparison
from partner_assess.web.received.pages.parts import Why

if TYPE_CHECKING:
    from partner_assess.db.models.partner import Partner
    from partner_assess.db.models.received_report import ReceivedReport


@dataclass(frozen=True, slots=True)
class Contents:
    """What a report says, whether it is received yet or not.

    Attributes:
        suspended: What its agency says of a suspension, in words.
        bars: Why it cannot be accepted; `doubts` why only with reservations.
    """

    reference: str
    agency: str
    office: str
    partner: str
    framework: str
    is_summary: bool
    assessed_on: date | None
    expires_on: date | None
    evidence: str
    status: str
    plan: str
    approval: str
    suspended: str
    scope: str
    not_assessed: str
    conditions: tuple[str, ...]
    comparison: Comparison
    whys: tuple[Why, ...]
    actions: tuple[tuple[str, str, date | None, str], ...]
    bars: tuple[str, ...]
    doubts: tuple[str, ...]

    @classmethod
    def of(cls, said: Report, judged: Judgement | None, told: Told) -> Contents:
        """Return what a report says, beside what we know ourselves."""
        framework = parts.framework_of(said)
        comparison = Comparison.of(said, judged, framework)
        whys = parts.whys(said, framework)
        names = {one.id: why.name for one, why in zip(said.results, whys, strict=True)}
        bars, doubts = parts.reasons(judged)
        return cls(
            reference=f"{said.identity.reference}-{said.identity.issue}",
            agency=said.owner.agency,
            office=said.owner.office,
            partner=said.partner.legal_name,
            framework=comparison.theirs.framework,
            is_summary=said.identity.profile.value == "summary",
            assessed_on=said.dates.assessed_on,
            expires_on=said.dates.expires_on,
            evidence=parts.evidence_words(said),
            status=parts.status_words(told),
            plan=parts.plan_words(said),
            approval=parts.approval_words(said),
            suspended=parts.clock_words(said, suspended=told.suspended),
            scope=said.limits.scope,
            not_assessed=said.limits.not_assessed,
            conditions=tuple(one.conditions for one in said.approvals if one.conditions),
            comparison=comparison,
            whys=whys,
            actions=tuple(
                (names[one.standard], one.text, one.due_on, one.state)
                for one in (said.plan.actions if said.plan else ())
            ),
            bars=bars,
            doubts=doubts,
        )


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A trusted file that nobody has decided to keep.

    Attributes:
        headline: Who signed it, when, unchanged, trusted: one sentence.
        known_id: The report that it is already; None for a new one.
        newer_id: A newer issue that is here already.
    """

    headline: str
    contents: Contents
    candidates: Sequence[Partner]
    partner: Partner | None
    known_id: UUID | None
    newer_id: UUID | None
    newer_issue: int | None


@dataclass(frozen=True, slots=True)
class ShowPage:
    """A received report: what it says, what was decided, and what the reader may do next."""

    received: ReceivedReport
    headline: str
    contents: Contents
    identity: Identity | None
    receipt: list[tuple[str, Any, str]]
    plan_id: UUID | None
    assessment_id: UUID | None
    proposer: str
    decider: str
    refusal: str
    may_propose: bool
    may_countersign: bool
    may_confirm: bool
    may_set_aside: bool

    @classmethod
    def of(
        cls,
        received: ReceivedReport,
        contents: Contents,
        *,
        headline: str,
        refusal: str,
        plan_id: UUID | None,
        assessment_id: UUID | None,
        today: date,
    ) -> ShowPage:
        """Return the page of a received report as its reader may see it."""
        standing, partner = received.standing(), received.partner
        proposes = context.may(Permission.RECEIVED_PROPOSE, standing)
        return cls(
            received=received,
            headline=headline,
            contents=contents,
            identity=identity.of(partner, place="assessments", today=today) if partner else None,
            receipt=_receipt(received),
            plan_id=plan_id,
            assessment_id=assessment_id,
            proposer=received.proposer.name if received.proposer else "",
            decider=received.decider.name if received.decider else "",
            refusal=refusal,
            may_propose=partner is not None
            and LIFE.allows(received.state, Action.PROPOSE)
            and proposes,
            may_countersign=received.state is State.PROPOSED and not refusal,
            may_confirm=received.state is State.RECEIVED
            and context.may(Permission.RECEIVED_IMPORT, standing),
            may_set_aside=LIFE.allows(received.state, Action.SET_ASIDE) and proposes,
        )


def _receipt(received: ReceivedReport) -> list[tuple[str, Any, str]]:
    """Return what the gate found when the file came, as a list of facts."""
    told: dict[str, Any] = received.receipt
    stamped = _("proven by a time-stamp authority")
    said = (
        (_("Checked with"), told.get("verifier")),
        (_("Seal (SHA-256)"), told.get("seal")),
        (_("Root (SHA-256)"), told.get("root")),
        (_("File (SHA-256)"), received.pdf_sha256),
        (_("Result (digest)"), received.content_digest),
        (_("Time of signing"), stamped if told.get("timestamped") else _("as the signer says")),
    )
    return [(name, isolated(str(value)), "") for name, value in said if value]

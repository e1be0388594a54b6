"""This file holds the reports of other agencies, as they came, and what was decided on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key
from partner_assess.db.models.agency import Office
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.user import User
from partner_assess.domain.acceptance import Decision, Ending, Proposal, State
from partner_assess.domain.partnership import Basis, Result
from partner_assess.domain.permissions import Standing
from partner_assess.domain.report import Profile, Report, from_json
from partner_assess.domain.report.status import Status
from partner_assess.domain.risk import Capacity, Risk


class ReceivedReport(Versioned, Model):
    """One document of another agency: never changed, decided upon by people.

    What it says is in `payload`; the columns before it repeat what lists and rules ask for.

    Attributes:
        partner_id: Whom it is about; None until a person has confirmed it.
        issuer_code: The agency that signed it.
        receipt: What the gate found, when, and by which roots and lists (docs/decisions/0020).
        source_status: What its agency says of it by now, as far as we were told.
        source_status_at: The moment of that word; None where we know no more than the document.
        counts_until: Last day on which the accepted report counts: the review day, or its expiry.
    """

    __tablename__ = "received_report"
    __table_args__ = (
        UniqueConstraint("agency_id", "pdf_sha256"),
        CheckConstraint(
            "state NOT IN ('accepted', 'reassess', 'ended') OR"
            " (partner_id IS NOT NULL AND decided_by IS NOT NULL AND decided_on IS NOT NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint(
            "state <> 'proposed' OR"
            " (partner_id IS NOT NULL AND decision IS NOT NULL AND proposed_by IS NOT NULL)",
            name="proposed_by_somebody",
        ),
        CheckConstraint(
            "(state = 'accepted') <= (counts_until IS NOT NULL)", name="accepted_counts_until"
        ),
        CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name="countersigned_by_another"
        ),
        Index("ix_received_report_partner_id_state", "partner_id", "state"),
        Index("ix_received_report_office_id_state", "office_id", "state"),
        Index("ix_received_report_issuer_code_document_id", "issuer_code", "document_id"),
    )

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    office_id: Mapped[UUID] = mapped_column(ForeignKey("office.id"))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    issuer_code: Mapped[str] = mapped_column(String(64))
    document_id: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(300))
    issue: Mapped[int]
    profile: Mapped[Profile] = choice("profile", Profile)
    framework_id: Mapped[str] = mapped_column(String(80))
    framework_version: Mapped[str] = mapped_column(String(64))
    content_digest: Mapped[str] = mapped_column(String(64))
    final_on: Mapped[date]
    expires_on: Mapped[date]
    score: Mapped[int]
    capacity: Mapped[Capacity] = choice("capacity", Capacity)
    risk: Mapped[Risk] = choice("risk", Risk)
    generated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    pdf_bytes: Mapped[int]
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    received_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = choice("state", State, default=State.RECEIVED)
    source_status: Mapped[Status] = choice("source_status", Status, default=Status.CURRENT)
    source_status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source_suspended: Mapped[bool] = mapped_column(default=False)
    newer_issue: Mapped[int | None]
    decision: Mapped[Decision | None] = choice("decision", Decision)
    reasons: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    extra_assurance: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_on: Mapped[date | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    counts_until: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[Ending | None] = choice("ended_because", Ending)

    __mapper_args__ = {"version_id_col": Versioned.version}

    office: Mapped[Office] = relationship(lazy="raise_on_sql")
    partner: Mapped[Partner | None] = relationship(lazy="raise_on_sql")
    proposer: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[proposed_by])
    decider: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by])

    @property
    def effective_on(self) -> date | None:
        """Return the day its result took effect here: of the countersignature."""
        return self.decided_on

    def report(self) -> Report:
        """Return what it says. It was checked when it came, so it can be read again."""
        return from_json(self.payload)

    def ratings(self) -> dict[str, str]:
        """Return the rating of each standard."""
        return {one.id: one.rating for one in self.report().results if one.rating is not None}

    def standing(self) -> Standing:
        """Return what decides who may act on it.

        Who proposed stands where a rater does, who countersigned where a finaliser does: they
        and the approver of a partnership on it are three people.
        """
        return Standing(
            agency_id=self.agency_id,
            office_id=self.office_id,
            partner_id=self.partner_id,
            raters=frozenset({self.proposed_by} if self.proposed_by else ()),
            finalisers=frozenset({self.decided_by} if self.decided_by else ()),
        )

    def result(self) -> Result | None:
        """Return the result it gives here, None while it is not accepted."""
        if self.state is not State.ACCEPTED or self.decided_at is None:
            return None
        return Result(
            basis=Basis.IMPORTED,
            capacity=self.capacity,
            risk=self.risk,
            took_effect_on=self.decided_on,
            expires_on=self.counts_until,
            digest=self.content_digest,
            framework_id=self.framework_id,
            record_id=self.id,
            order=self.decided_at.timestamp(),
        )

    def propose(self, proposal: Proposal, *, to: State, by: UUID, at: datetime) -> None:
        """Keep what is proposed, whole; what was said about an earlier proposal goes."""
        self.state, self.comment = to, ""
        self.decision, self.reasons = proposal.decision, proposal.reasons
        self.conditions, self.extra_assurance = proposal.conditions, proposal.extra_assurance
        self.review_on = proposal.review_on
        self.proposed_by, self.proposed_at = by, at

    def proposal(self) -> Proposal:
        """Return what is proposed. Only for a report on which something was."""
        if self.decision is None:
            raise ValueError("nothing is proposed")
        return Proposal(
            decision=self.decision,
            reasons=self.reasons,
            conditions=self.conditions,
            review_on=self.review_on,
            extra_assurance=self.extra_assurance,
        )

    def decide(
        self, *, to: State, by: UUID, at: datetime, on: date, counts_until: date | None
    ) -> None:
        """Keep the countersignature, whole."""
        self.state, self.counts_until = to, counts_until
        self.decided_by, self.decided_at, self.decided_on = by, at, on

    def end(self, *, to: State, at: datetime, because: Ending) -> None:
        """Keep that it counts no more, and why."""
        self.state, self.ended_at, self.ended_because = to, at, because

    def hear(
        self, *, status: Status, at: datetime | None, newer_issue: int | None, suspended: bool
    ) -> None:
        """Keep what its agency says of it by now."""
        self.source_status, self.source_status_at = status, at
        self.newer_issue, self.source_suspended = newer_issue, suspended

"""This file holds assessments, their answers, their evidence, and what reviewers said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key, unique_where
from partner_assess.db.models.agency import Office
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.user import User
from partner_assess.domain.answers import AnswerSheet, EvidenceItem, StandardAnswers
from partner_assess.domain.assessment import FROZEN, IN_FORCE, Kind, State
from partner_assess.domain.framework import Met
from partner_assess.domain.partnership import Basis, Result
from partner_assess.domain.permissions import Standing
from partner_assess.domain.risk import Capacity, Risk

_FROZEN_SQL = ", ".join(f"'{state.value}'" for state in sorted(FROZEN))
_OPEN_SQL = (
    "state IN ('draft', 'assigned', 'self_assessment', 'in_progress', 'submitted', 'returned')"
)


class Assessment(Versioned, Model):
    """One assessment of a partner with one version of an instrument.

    Attributes:
        framework_digest: The structure it is scored by, for ever.
        content_digest: SHA-256 of the frozen answers; what an approval binds to.
        content_salt: Random part of it, never shared, made with the first result.
        determined_by: Who made the result preliminary; `finalised_by` is who acted last.
        document_number: Its document's reference (`UNA/2026/0042`), given when it is final.
        status_index: Its place in the agency's status list, given with the first issue; by chance.
        effective_on: Day the result took effect, in the office's calendar.
        starting_point_id: The other agency's report that stands beside its questions, where the
            countersigned decision on that report was to assess again.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("agency_id", "reference"),
        UniqueConstraint("agency_id", "document_number"),
        UniqueConstraint("agency_id", "status_index"),
        CheckConstraint(
            f"state = 'cancelled' OR (state IN ({_FROZEN_SQL})) = (effective_on IS NOT NULL"
            " AND score IS NOT NULL AND risk IS NOT NULL AND capacity IS NOT NULL"
            " AND content_digest IS NOT NULL AND finalised_by IS NOT NULL)",
            name="frozen_when_final",
        ),
        CheckConstraint(
            "state NOT IN ('submitted', 'final', 'preliminary') OR"
            " (submitted_by IS NOT NULL AND assessed_on IS NOT NULL)",
            name="submitted_is_complete",
        ),
        # One open assessment for a partner and instrument, whatever two people do at once.
        unique_where(_OPEN_SQL, "uq_assessment_open", "partner_id", "framework_id"),
        Index("ix_assessment_office_id_state", "office_id", "state"),
        Index("ix_assessment_partner_id_effective_on", "partner_id", "effective_on"),
        Index("ix_assessment_assessor_id_state", "assessor_id", "state"),
    )

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    office_id: Mapped[UUID] = mapped_column(ForeignKey("office.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    reference: Mapped[str] = mapped_column(String(40))
    framework_id: Mapped[str] = mapped_column(String(80))
    framework_version: Mapped[str] = mapped_column(String(20))
    framework_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Kind] = choice("kind", Kind, default=Kind.OWN)
    state: Mapped[State] = choice("state", State, default=State.DRAFT)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessed_on: Mapped[date | None]
    assessed_where: Mapped[str] = mapped_column(String(200), default="")
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    determined_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    finalised_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    finalised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    score: Mapped[int | None]
    capacity: Mapped[Capacity | None] = choice("capacity", Capacity)
    risk: Mapped[Risk | None] = choice("risk", Risk)
    content_digest: Mapped[str | None] = mapped_column(String(64))
    content_salt: Mapped[str] = mapped_column(String(32), default="")
    document_number: Mapped[str | None] = mapped_column(String(40))
    status_index: Mapped[int | None]
    starting_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("received_report.id"))
    ended_reason: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    office: Mapped[Office] = relationship(lazy="raise_on_sql")
    assessor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[assessor_id])
    determiner: Mapped[User | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[determined_by]
    )
    finaliser: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[finalised_by])
    answers: Mapped[list[StandardAnswer]] = relationship(
        lazy="raise_on_sql", order_by="StandardAnswer.standard_id"
    )
    evidence: Mapped[list[Evidence]] = relationship(
        lazy="raise_on_sql", order_by="(Evidence.added_at, Evidence.id)"
    )

    def standing(self) -> Standing:
        """Return what decides who may act on it; needs `answers`."""
        return Standing(
            agency_id=self.agency_id,
            office_id=self.office_id,
            partner_id=self.partner_id,
            assessor_id=self.assessor_id,
            raters=frozenset(a.rated_by for a in self.answers if a.rated_by is not None),
            finalisers=frozenset(
                one for one in (self.determined_by, self.finalised_by) if one is not None
            ),
        )

    def answer_sheet(self) -> AnswerSheet:
        """Return the answers as the rules read them; needs `answers` and `evidence`."""
        items: dict[str, list[EvidenceItem]] = {}
        for piece in self.evidence:
            items.setdefault(piece.standard_id, []).append(piece.item())
        begun = {answer.standard_id: answer for answer in self.answers}
        return AnswerSheet(
            {
                standard_id: _answers(begun.get(standard_id), tuple(items.get(standard_id, ())))
                for standard_id in begun.keys() | items.keys()
            }
        )

    def ratings(self) -> dict[str, str]:
        """Return the ratings given so far, by standard; needs `answers`."""
        return {a.standard_id: a.rating for a in self.answers if a.rating is not None}

    def freeze(
        self,
        *,
        to: State,
        by: UUID,
        at: datetime,
        effective_on: date,
        expires_on: date,
        score: int,
        capacity: Capacity,
        risk: Risk,
        content_digest: str,
        document_number: str,
    ) -> None:
        """Keep the result for ever, with all that belongs to it."""
        self.state = to
        if to is State.PRELIMINARY:
            self.determined_by = by
        self.finalised_by, self.finalised_at = by, at
        self.effective_on, self.expires_on = effective_on, expires_on
        self.score, self.capacity, self.risk = score, capacity, risk
        self.content_digest, self.document_number = content_digest, document_number

    def result(self) -> Result | None:
        """Return the result in force or expired, None where there is none."""
        counts = self.state in IN_FORCE or self.state is State.EXPIRED
        if not counts or self.finalised_at is None:
            return None
        return Result(
            basis=Basis.ASSESSED,
            capacity=self.capacity,
            risk=self.risk,
            took_effect_on=self.effective_on,
            expires_on=self.expires_on,
            digest=self.content_digest or "",
            framework_id=self.framework_id,
            record_id=self.id,
            order=self.finalised_at.timestamp(),
        )


class StandardAnswer(Versioned, Model):
    """What was answered about one standard, and who rated it."""

    __tablename__ = "standard_answer"
    __table_args__ = (UniqueConstraint("assessment_id", "standard_id"),)

    id: Mapped[UUID] = key()
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    standard_id: Mapped[str] = mapped_column(String(60))
    rating: Mapped[str | None] = mapped_column(String(40))
    indicators: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    reason_for_difference: Mapped[str] = mapped_column(Text, default="")
    rated_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": Versioned.version}

    def answer(
        self,
        *,
        rating: str | None,
        indicators: dict[str, Met],
        comment: str,
        reason_for_difference: str,
        by: UUID,
        at: datetime,
    ) -> None:
        """Replace what was said about this standard."""
        self.rating = rating
        self.indicators = {key: met.value for key, met in sorted(indicators.items())}
        self.comment = comment
        self.reason_for_difference = reason_for_difference
        self.rated_by = by
        self.saved_at = at


def _answers(row: StandardAnswer | None, evidence: tuple[EvidenceItem, ...]) -> StandardAnswers:
    if row is None:
        return StandardAnswers(evidence=evidence)
    return StandardAnswers(
        rating=row.rating,
        indicators={key: Met(value) for key, value in row.indicators.items()},
        evidence=evidence,
        comment=row.comment,
        reason_for_difference=row.reason_for_difference,
    )


class Evidence(Model):
    """A piece of evidence seen: its kind, what it proves, and perhaps a file."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_assessment_id_standard_id", "assessment_id", "standard_id"),
        CheckConstraint("(sha256 IS NULL) = (filename IS NULL)", name="file_has_a_name"),
    )

    id: Mapped[UUID] = key()
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    standard_id: Mapped[str] = mapped_column(String(60))
    type_id: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    dated_on: Mapped[date | None]
    proves: Mapped[list[str]] = mapped_column(JSON, default=list)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    filename: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(100))
    size_bytes: Mapped[int | None]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def item(self) -> EvidenceItem:
        """Return it as the rules read it."""
        return EvidenceItem(
            type_id=self.type_id,
            title=self.title,
            dated_on=self.dated_on,
            proves=frozenset(self.proves),
            has_file=self.sha256 is not None,
        )


class ReviewComment(Model):
    """What a reviewer said about one standard when sending an assessment back."""

    __tablename__ = "review_comment"

    id: Mapped[UUID] = key()
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), index=True)
    standard_id: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    said_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""This file holds the issues of shared documents."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, choice, key
from partner_assess.db.models.assessment import Assessment
from partner_assess.domain.report import Profile


class Making(StrEnum):
    """Where the making of an issue is."""

    QUEUED = "queued"
    MADE = "made"
    FAILED = "failed"


class ReportIssue(Model):
    """The facts about one assessment as of a moment, in one language and one profile.

    Attributes:
        number: Counted within its assessment, from 1.
        facts_digest: The same facts make no new issue.
        asked_at: The moment of the facts.
        payload: The canonical JSON, as it lies in the PDF.
        pdf_sha256: Where the bytes are stored.
    """

    __tablename__ = "report_issue"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        UniqueConstraint("assessment_id", "language", "profile", "facts_digest"),
        CheckConstraint("(making = 'made') = (pdf_sha256 IS NOT NULL)", name="made_is_stored"),
    )

    id: Mapped[UUID] = key()
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    profile: Mapped[Profile] = choice("profile", Profile)
    facts_digest: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    making: Mapped[Making] = choice("making", Making, default=Making.QUEUED)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    pdf_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    pdf_bytes: Mapped[int | None]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")

    assessment: Mapped[Assessment] = relationship(lazy="raise_on_sql")

    def store(self, *, sha256: str, size_bytes: int, at: datetime) -> None:
        """Keep where the made document lies."""
        self.making, self.failure = Making.MADE, ""
        self.pdf_sha256, self.pdf_bytes, self.made_at = sha256, size_bytes, at

    def wait(self) -> None:
        """Wait to be made, once more."""
        self.making, self.failure = Making.QUEUED, ""

    def fail(self, why: str) -> None:
        """Keep why it could not be made: a code, for which the page has a sentence."""
        self.making, self.failure = Making.FAILED, why

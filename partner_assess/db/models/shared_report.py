"""This file holds the issues of shared documents, who got them, and the links they lie behind."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, choice, key
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.user import User
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
        check_code: What the public page about this issue is found by; cannot be guessed.
        pdf_sha256: Where the bytes are stored; of the signed file, where it is signed.
        unsigned_sha256: Of the part before the signature, which anybody can recompute.
        seal: SHA-256 of the certificate that signed it, hex; None for an unsigned one.
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
    unsigned_sha256: Mapped[str | None] = mapped_column(String(64))
    seal: Mapped[str | None] = mapped_column(String(64))
    check_code: Mapped[str] = mapped_column(String(40), unique=True)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")

    assessment: Mapped[Assessment] = relationship(lazy="raise_on_sql")

    def store(
        self,
        *,
        sha256: str,
        size_bytes: int,
        at: datetime,
        unsigned_sha256: str | None = None,
        seal: str | None = None,
    ) -> None:
        """Keep where the made document lies, and who sealed it."""
        self.making, self.failure = Making.MADE, ""
        self.pdf_sha256, self.pdf_bytes, self.made_at = sha256, size_bytes, at
        self.unsigned_sha256, self.seal = unsigned_sha256, seal

    def wait(self) -> None:
        """Wait to be made, once more."""
        self.making, self.failure = Making.QUEUED, ""

    def fail(self, why: str) -> None:
        """Keep why it could not be made: a code, for which the page has a sentence."""
        self.making, self.failure = Making.FAILED, why


class Consent(StrEnum):
    """What allows an agency to hand a document on. Source: E6 art. 16; docs/decisions/0018."""

    GIVEN = "given"
    AGREEMENT = "agreement"
    NOT_STATED = "not_stated"


class Recipient(Model):
    """That an issue, or the agency's trust bundle, was handed to somebody, and what for.

    Attributes:
        issue_id: None for the trust bundle.
        agency_code: Short code of the receiving agency where it is one we know of; so that it
            can be told when the document is superseded.
        consent: What the partner's consent rests on.
        by: None for the operator at the command line.
        token_sha256: Of the secret in a share link; None where the file itself was handed over.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        CheckConstraint("name <> '' AND purpose <> ''", name="who_and_what_for"),
        CheckConstraint("(token_sha256 IS NULL) = (expires_at IS NULL)", name="a_link_expires"),
        CheckConstraint("revoked_at IS NULL OR token_sha256 IS NOT NULL", name="revoked_is_a_link"),
        Index("ix_recipient_agency_id_at", "agency_id", "at", "id"),
    )

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    issue_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_issue.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    agency_code: Mapped[str] = mapped_column(String(64), default="")
    purpose: Mapped[str] = mapped_column(String(200))
    consent: Mapped[Consent] = choice("consent", Consent)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    issue: Mapped[ReportIssue | None] = relationship(lazy="raise_on_sql")
    giver: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[by])
    reads: Mapped[list[LinkRead]] = relationship(
        lazy="raise_on_sql", order_by="(LinkRead.at, LinkRead.id)"
    )

    def revoke(self, *, by: UUID, at: datetime) -> None:
        """End the link before its time."""
        self.revoked_by, self.revoked_at = by, at


class LinkRead(Model):
    """That somebody fetched what lies behind a share link: when, and nothing of who."""

    __tablename__ = "link_read"

    id: Mapped[UUID] = key()
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

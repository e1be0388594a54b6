"""This file holds whose signatures count, and their lists of what no longer does."""

from __future__ import annotations

from datetime import datetime
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

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key, unique_where
from partner_assess.db.models.agency import Agency
from partner_assess.db.models.user import User
from partner_assess.domain.permissions import Standing
from partner_assess.domain.trust import Root, State


class TrustedRoot(Versioned, Model):
    """A root certificate on one agency's list, or (list_agency_id None) on everybody's.

    Attributes:
        list_agency_id: Whose list it is on.
        agency_code: Whom it speaks for, which need not be an agency of this installation.
        added_by: None for the operator at the command line.
        removal_reason: Here too, since a list of the installation may have no agency's trail.
    """

    __tablename__ = "trusted_root"
    __table_args__ = (
        CheckConstraint("agency_code <> ''", name="speaks_for_somebody"),
        CheckConstraint(
            "state <> 'trusted' OR confirmed_at IS NOT NULL", name="trusted_is_confirmed"
        ),
        CheckConstraint(
            "(state = 'removed') = (removed_at IS NOT NULL)", name="removed_has_a_moment"
        ),
        # One row on a list that counts or waits, whatever two people do at once: a root speaks
        # for one agency.
        unique_where(
            "state <> 'removed'", "uq_trusted_root_of_agency", "list_agency_id", "fingerprint"
        ),
        unique_where(
            "state <> 'removed' AND list_agency_id IS NULL", "uq_trusted_root_of_all", "fingerprint"
        ),
    )

    id: Mapped[UUID] = key()
    list_agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    agency_code: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(300))
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = choice("state", State, default=State.PENDING)
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removal_reason: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}

    list_agency: Mapped[Agency | None] = relationship(lazy="raise_on_sql")
    adder: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[added_by])
    confirmer: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[confirmed_by])
    remover: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[removed_by])

    def confirm(self, *, by: UUID | None, at: datetime) -> None:
        """Let it count."""
        self.state, self.confirmed_by, self.confirmed_at = State.TRUSTED, by, at

    def remove(self, *, by: UUID | None, at: datetime, reason: str) -> None:
        """Let it count no more."""
        self.state, self.removed_by, self.removed_at = State.REMOVED, by, at
        self.removal_reason = reason

    def standing(self) -> Standing | None:
        """Return whose record it is; None on the list of the whole installation."""
        return Standing(self.list_agency_id) if self.list_agency_id else None

    def root(self, revocation_lists: tuple[bytes, ...]) -> Root:
        """Return it as the gate reads it."""
        return Root(self.agency_code, self.certificate, revocation_lists)


class RevocationList(Model):
    """The newest list of revoked certificates that a root has signed, as far as we were told."""

    __tablename__ = "revocation_list"
    __table_args__ = (UniqueConstraint("issuer_fingerprint"),)

    id: Mapped[UUID] = key()
    issuer_fingerprint: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_update: Mapped[datetime | None] = mapped_column(UtcDateTime)
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def replace(
        self,
        content: bytes,
        *,
        made_at: datetime,
        next_update: datetime | None,
        by: UUID | None,
        at: datetime,
    ) -> None:
        """Put a newer list in its place."""
        self.content, self.made_at, self.next_update = content, made_at, next_update
        self.added_by, self.added_at = by, at


class StatusList(Model):
    """The newest list of what an agency says of its documents, as far as we were told.

    Attributes:
        list_agency_id: Whose list of roots vouched for it (None: everybody's). Whom one agency
            trusts says nothing to the others.
        content: The signed file as it came.
        made_at: The moment of its facts: what a page calls *status as of*.
        next_update: From then on it is old, and pages say so.
    """

    __tablename__ = "status_list"
    __table_args__ = (
        UniqueConstraint("list_agency_id", "agency_code", "name"),
        unique_where("list_agency_id IS NULL", "uq_status_list_of_all", "agency_code", "name"),
    )

    id: Mapped[UUID] = key()
    list_agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    agency_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_update: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""This file holds partnerships: agreements of one office with one partner."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key
from partner_assess.db.models.agency import Office
from partner_assess.db.models.partner import Partner
from partner_assess.domain.partnership import State
from partner_assess.domain.permissions import Standing


class Partnership(Versioned, Model):
    """One agreement. It is what is approved and what is suspended."""

    __tablename__ = "partnership"
    __table_args__ = (
        UniqueConstraint("agency_id", "reference"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_has_a_day"),
        CheckConstraint("(state = 'suspended') = (suspended_on IS NOT NULL)", name="suspended_day"),
        CheckConstraint(
            "lives_confirmed_on IS NULL OR lives_at_risk",
            name="confirmed_what_is_marked",
        ),
        Index("ix_partnership_partner_id_state", "partner_id", "state"),
        Index("ix_partnership_office_id_state", "office_id", "state"),
    )

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    office_id: Mapped[UUID] = mapped_column(ForeignKey("office.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    reference: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    amount_usd: Mapped[int | None]
    state: Mapped[State] = choice("state", State, default=State.PROPOSED)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_on: Mapped[date | None]
    suspended_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    lives_at_risk: Mapped[bool] = mapped_column(default=False)
    lives_reason: Mapped[str] = mapped_column(Text, default="")
    lives_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    lives_confirmed_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    office: Mapped[Office] = relationship(lazy="raise_on_sql")

    def standing(self) -> Standing:
        """Return what decides who may act on it."""
        return Standing(
            agency_id=self.agency_id,
            office_id=self.office_id,
            partner_id=self.partner_id,
        )

    def move(self, to: State, *, on: date, reason: str = "") -> None:
        """Set the state and the day that belongs to it."""
        self.state = to
        self.suspended_on = on if to is State.SUSPENDED else None
        if to is State.ACTIVE and self.activated_on is None:
            self.activated_on = on
        if to is State.ENDED:
            self.ended_on, self.ended_reason = on, reason

    def mark_lives_at_risk(self, *, marked: bool, reason: str) -> None:
        """Set or remove the officer's mark; a new mark is not confirmed."""
        self.lives_at_risk = marked
        self.lives_reason = reason if marked else ""
        self.lives_confirmed_by = None
        self.lives_confirmed_on = None

    def confirm_lives_at_risk(self, *, by: UUID, on: date) -> None:
        """Confirm the mark, for a year."""
        self.lives_confirmed_by, self.lives_confirmed_on = by, on

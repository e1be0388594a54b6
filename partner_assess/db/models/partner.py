"""This file holds partners, and the records that stand in for an assessment."""

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
from partner_assess.domain.partner import PartnerType, Scope, name_key
from partner_assess.domain.partnership import NO_RESULT, Basis, Result
from partner_assess.domain.permissions import Standing
from partner_assess.domain.risk import Capacity, Risk


class Partner(Versioned, Model):
    """An organization as one agency knows it, with its current result.

    The `current_…` columns repeat what its assessments and records say, so that a list of a
    hundred thousand needs no other table. `set_current` is their only writer. Where nothing is
    valid any more they keep the last result: whether it counts is always asked of
    `current_expires_on`. `current_ended` only says that the sweep has seen its end.
    """

    __tablename__ = "partner"
    __table_args__ = (
        UniqueConstraint("agency_id", "number"),
        UniqueConstraint("agency_id", "vendor_number"),
        UniqueConstraint("agency_id", "unpp_id"),
        Index("ix_partner_agency_id_name_key_id", "agency_id", "name_key", "id"),
        Index("ix_partner_office_id_current_risk", "office_id", "current_risk"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    office_id: Mapped[UUID] = mapped_column(ForeignKey("office.id"))
    number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(400))
    acronym: Mapped[str] = mapped_column(String(40), default="")
    partner_type: Mapped[PartnerType] = choice("partner_type", PartnerType)
    scope: Mapped[Scope] = choice("scope", Scope)
    country: Mapped[str] = mapped_column(String(2))
    vendor_number: Mapped[str | None] = mapped_column(String(40))
    unpp_id: Mapped[str | None] = mapped_column(String(40))
    meets_beneficiaries: Mapped[bool] = mapped_column(default=True)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    current_basis: Mapped[Basis] = choice("current_basis", Basis, default=Basis.NONE)
    current_capacity: Mapped[Capacity | None] = choice("current_capacity", Capacity)
    current_risk: Mapped[Risk | None] = choice("current_risk", Risk)
    current_from: Mapped[date | None]
    current_expires_on: Mapped[date | None]
    current_digest: Mapped[str] = mapped_column(String(64), default="")
    current_framework: Mapped[str] = mapped_column(String(80), default="")
    current_record_id: Mapped[UUID | None]
    current_ended: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {"version_id_col": Versioned.version}

    office: Mapped[Office] = relationship(lazy="raise_on_sql")

    def rename(self, name: str) -> None:
        """Set the name, and the key it is found by."""
        self.name = name
        self.name_key = name_key(name)[:400]

    def set_current(self, result: Result, *, ended: bool) -> None:
        """Repeat what the assessments and records of this partner say."""
        self.current_ended = ended
        self.current_basis = result.basis
        self.current_capacity = result.capacity
        self.current_risk = result.risk
        self.current_from = result.took_effect_on
        self.current_expires_on = result.expires_on
        self.current_digest = result.digest
        self.current_framework = result.framework_id
        self.current_record_id = result.record_id

    def result(self) -> Result:
        """Return the current result; ask it whether it is still valid."""
        if self.current_basis is Basis.NONE:
            return NO_RESULT
        return Result(
            basis=self.current_basis,
            capacity=self.current_capacity,
            risk=self.current_risk,
            took_effect_on=self.current_from,
            expires_on=self.current_expires_on,
            digest=self.current_digest,
            framework_id=self.current_framework,
            record_id=self.current_record_id,
        )

    def standing(self) -> Standing:
        """Return what decides who may act on it."""
        return Standing(agency_id=self.agency_id, office_id=self.office_id, partner_id=self.id)


class SpecialRecord(Model):
    """A capacity and a risk that stand without an assessment: emergency, or no contact."""

    __tablename__ = "special_record"
    __table_args__ = (
        CheckConstraint("basis IN ('emergency', 'no_contact')", name="basis_is_special"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[UUID] = key()
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    basis: Mapped[Basis] = choice("basis", Basis)
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_on: Mapped[date]
    until: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def result(self) -> Result:
        """Return what it counts as. Source: E5; domain.md 1.4."""
        is_emergency = self.basis is Basis.EMERGENCY
        return Result(
            basis=self.basis,
            capacity=Capacity.LOW if is_emergency else None,
            risk=Risk.HIGH if is_emergency else Risk.LOW,
            took_effect_on=self.from_on,
            expires_on=self.until,
            digest=self.id.hex if is_emergency else "",
            record_id=self.id,
            order=self.recorded_at.timestamp(),
        )

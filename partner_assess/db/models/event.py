"""This file holds events: what was done, by whom, when and why. Only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime
from partner_assess.db.models.user import User


class Event(Model):
    """One deed, of a person or (by_id None) of the clock."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_partner_id_at", "partner_id", "at", "id"),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    about: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(60))
    from_state: Mapped[str] = mapped_column(String(32), default="")
    to_state: Mapped[str] = mapped_column(String(32), default="")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    comment: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    by: Mapped[User | None] = relationship(lazy="raise_on_sql")

"""This file holds agencies, their offices, and their counters."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, key


class Agency(Model):
    """A UN agency in this installation.

    Attributes:
        code: Short code that its references begin with (`UNA`).
        policy_name: Which of `criteria/policies/` it follows.
        contact_name: The desk that answers questions about its documents; no person.
        report_channel_name: Where allegations are reported, outside this app.
    """

    __tablename__ = "agency"

    id: Mapped[UUID] = key()
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    policy_name: Mapped[str] = mapped_column(String(60), default="default")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_url: Mapped[str] = mapped_column(String(300), default="")
    report_channel_name: Mapped[str] = mapped_column(String(200), default="")
    report_channel_url: Mapped[str] = mapped_column(String(300), default="")


class Office(Model):
    """A country office; its time zone decides what day it is."""

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(60), default="UTC")

    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")


class Counter(Model):
    """The last number given out for a kind of reference in an agency."""

    __tablename__ = "counter"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)

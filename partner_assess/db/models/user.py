"""This file holds people's accounts, their roles, and their sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, choice, key
from partner_assess.db.models.agency import Agency, Office
from partner_assess.domain.permissions import Actor, Grant, Role


class User(Model):
    """An account. `name` is what others see; in the demo it is a role.

    Attributes:
        email: Sign-in name, in lower case.
        partner_id: The one partner that a partner's focal point sees.
    """

    __tablename__ = "user"

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(12))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id", use_alter=True))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")
    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="raise_on_sql", order_by="RoleGrant.role", cascade="all, delete-orphan"
    )

    def actor(self) -> Actor:
        """Return who this is to the rules."""
        return Actor(
            user_id=self.id,
            agency_id=self.agency_id,
            grants=frozenset(Grant(grant.role, grant.office_id) for grant in self.grants),
            partner_id=self.partner_id,
        )


class RoleGrant(Model):
    """A role held in one office, or in all of the agency (no office)."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "office_id"),)

    id: Mapped[UUID] = key()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[Role] = choice("role", Role)
    office_id: Mapped[UUID | None] = mapped_column(ForeignKey("office.id"))

    office: Mapped[Office | None] = relationship(lazy="raise_on_sql")


class UserSession(Model):
    """A signed-in browser. The cookie holds the secret, this row only its digest."""

    __tablename__ = "user_session"

    id: Mapped[UUID] = key()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent: Mapped[str] = mapped_column(String(200), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise_on_sql")

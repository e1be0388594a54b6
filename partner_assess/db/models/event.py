"""This file holds events: what was done, by whom, when and why. Only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, key
from partner_assess.db.models.user import User
from partner_assess.domain.trail import START, Entry, Head


class Event(Model):
    """One deed, of a person or (by_id None) of the clock.

    Attributes:
        number: Its place in the agency's chain; given at the end of its transaction.
        digest: What chains it to the one before. Once it is there, the database itself refuses
            to change or remove the entry.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_partner_id_at", "partner_id", "at", "id"),
        UniqueConstraint("agency_id", "number"),
        CheckConstraint("(number IS NULL) = (digest IS NULL)", name="chained_whole"),
    )

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
    number: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))

    by: Mapped[User | None] = relationship(lazy="raise_on_sql")

    def entry(self) -> Entry:
        """Return it as it is chained."""
        return Entry(
            number=self.number,
            digest=self.digest,
            agency_id=self.agency_id,
            partner_id=self.partner_id,
            about=self.about,
            about_id=self.about_id,
            action=self.action,
            from_state=self.from_state,
            to_state=self.to_state,
            by_id=self.by_id,
            at=self.at,
            comment=self.comment,
            facts=self.facts,
        )


class ChainHead(Model):
    """Where the chain of an agency ends; changed with every entry."""

    __tablename__ = "chain_head"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default=START)

    def head(self) -> Head:
        """Return it as a value."""
        return Head(self.number, self.digest)

    def move(self, to: Head) -> None:
        """End the chain there."""
        self.number, self.digest = to.number, to.digest


class Installation(Model):
    """This very database: what is kept outside of it is filed under its id.

    One row, written when the tables are made (migration 0004).
    """

    __tablename__ = "installation"

    id: Mapped[UUID] = key()


# What is chained stays as it is, whoever asks and by whichever way. The statements of migration
# 0004 are these.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event"
        " WHEN OLD.digest IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'the trail is only ever added to'); END",
        "CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event"
        " BEGIN SELECT RAISE(ABORT, 'the trail is only ever added to'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the trail is only ever added to'; END $$",
        "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event FOR EACH ROW"
        " WHEN (OLD.digest IS NOT NULL) EXECUTE FUNCTION event_stays()",
        "CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event FOR EACH ROW"
        " EXECUTE FUNCTION event_stays()",
        "CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event"
        " EXECUTE FUNCTION event_stays()",
    ),
}


def _guard(table: Table, connection: Any, **_options: object) -> None:
    for statement in APPEND_ONLY[connection.dialect.name]:
        connection.execute(DDL(statement.replace("%", "%%")))


event.listen(Event.__table__, "after_create", _guard)

"""This file holds what all tables share: the base class, names of constraints, column kinds."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, Enum, Index, MetaData, Uuid, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=StrEnum)


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses a naive one on the way in, gives UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant has a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; SQLite hands it back without a zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key() -> MappedColumn[UUID]:
    """Return a primary key that says nothing about its record."""
    return mapped_column(Uuid, primary_key=True, default=uuid4, sort_order=-10)


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


def choice(name: str, kind: type[E], **options: Any) -> MappedColumn[E]:
    """Return a column that holds one value of an enum, with a CHECK named after it."""
    column_type = Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=_values,
    )
    return mapped_column(name, column_type, **options)


def unique_where(condition: str, name: str, *columns: str) -> Index:
    """Return an index that lets no two of the rows that meet a condition be alike.

    An index that names PostgreSQL makes SQLAlchemy load all it has for PostgreSQL, megabytes that
    nobody needs on SQLite. So it is told only where tables are made: `tell_postgresql`.
    """
    return Index(
        name, *columns, unique=True, sqlite_where=text(condition), info={"where": text(condition)}
    )


@event.listens_for(Model.metadata, "before_create")
def tell_postgresql(*_before: object, **_create: object) -> None:
    """Let the indexes of `unique_where` have their condition on PostgreSQL too."""
    for table in Model.metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_kwargs["postgresql_where"] = index.info["where"]


class Versioned:
    """What two people may edit: a version that each edit must have seen."""

    version: Mapped[int] = mapped_column(default=1, sort_order=90)

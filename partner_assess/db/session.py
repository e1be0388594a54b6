"""This file holds the engine and the unit of work."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from partner_assess.db import chain

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-4096",
)


def make_engine(url: str) -> Engine:
    """Return an engine for SQLite or PostgreSQL, with the settings each needs."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=utc -c statement_timeout=15000"},
        )
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy and not the driver says when a transaction begins: the driver's own deferred
    # BEGIN cannot be upgraded to a writing one while another connection writes.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def open_session(engine: Engine, *, reading: bool = False) -> Session:
    """Return a session; a reading one never blocks, nor waits for, a writer."""
    bind = engine.execution_options(reading=True) if reading else engine
    return Session(bind, expire_on_commit=False)


@contextmanager
def unit_of_work(session: Session) -> Generator[Session]:
    """Commit what the one use case inside wrote, its trail chained, or nothing of it."""
    try:
        yield session
        chain.chain(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def has_unsaved(session: Session) -> bool:
    """Return whether the session holds writes that nobody committed."""
    return bool(session.new or session.dirty or session.deleted)

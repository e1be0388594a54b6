"""This package holds how the database is brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it is used: the web process only asks which revision it stands on.


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(engine: Engine) -> str:
    """Bring the database to the newest revision, in one transaction; return its name.

    Raises:
        LostReference: a revision would leave a row that refers to none; nothing was changed.
    """
    from alembic import command

    _move(engine, command.upgrade, "head")
    return head()


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an older revision; what only newer ones hold is lost."""
    from alembic import command

    _move(engine, command.downgrade, revision)


def _move(engine: Engine, way: Callable[[Config, str], None], revision: str) -> None:
    config = _config()
    with engine.connect() as connection, _tables_made_anew(connection), connection.begin():
        config.attributes["connection"] = connection
        way(config, revision)
        _require_references(connection)


class LostReference(Exception):
    """A row refers to one that is not there."""


@contextmanager
def _tables_made_anew(connection: Connection) -> Generator[None]:
    """Let SQLite make a table anew to which others refer: it changes a table in no other way."""
    driver = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    # Has no effect inside a transaction; what it lets through is looked for before the commit.
    driver.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.cursor().execute("PRAGMA foreign_keys=ON")


def _require_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise LostReference(tuple(lost))


def head() -> str:
    """Return the newest revision: each file of `versions/` begins with its number."""
    folder = Path(__file__).parent / "versions"
    return max((path.name.split("_")[0] for path in folder.glob("[0-9]*_*.py")), default="")


def is_current(engine: Engine) -> bool:
    """Return whether the database is at the newest revision."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalar(text("SELECT version_num FROM alembic_version")) == head()


def draft(message: str) -> None:
    """Write a revision that brings a database made by the revisions so far to the models."""
    from alembic import command
    from sqlalchemy import create_engine

    number = f"{int(head() or 0) + 1:04d}"
    engine = create_engine("sqlite://")
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.revision(config, message=message, autogenerate=True, rev_id=number)

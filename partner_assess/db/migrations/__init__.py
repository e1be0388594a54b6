"""This package holds how the database is brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it is used: the web process only asks which revision it stands on.


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(engine: Engine) -> str:
    """Bring the database to the newest revision, in one transaction; return its name."""
    from alembic import command

    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head()


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

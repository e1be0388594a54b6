"""This file holds the `partner-assess` command: its parts, its errors, its exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from partner_assess.adapters import pdf
from partner_assess.adapters.criteria_files import BadCriteria
from partner_assess.adapters.evidence_files import BadStorageUrl
from partner_assess.db.session import make_engine
from partner_assess.domain.errors import RuleError
from partner_assess.settings import BadSettings, Settings
from partner_assess.usecases.ports import Ports

BAD_INPUT = 2


@dataclass(frozen=True)
class Parts:
    """What commands are handed. Settings and ports are made when first asked for.

    `frameworks`, `score`, `dates`, `crosswalk` and `report schema` ask for neither.
    """

    env: Mapping[str, str]
    make_ports: Callable[[Settings], Ports]
    create_app: Callable[..., Flask]

    @property
    def criteria_dir(self) -> Path:
        """Return the folder of criteria."""
        return Settings.criteria_dir_of_checkout()

    @cached_property
    def settings(self) -> Settings:
        """Return the settings of the environment."""
        return Settings.from_env(self.env)

    @cached_property
    def engine(self) -> Engine:
        """Return the database's engine."""
        try:
            return make_engine(self.settings.database_url)
        except ImportError as error:
            raise click.ClickException(
                f"PARTNER_ASSESS_DATABASE_URL needs {error.name}, which is not installed;"
                " for PostgreSQL install requirements/scale.txt."
            ) from error

    @cached_property
    def ports(self) -> Ports:
        """Return the outside world."""
        return self.make_ports(self.settings)

    @property
    def pdf_is_off(self) -> str | None:
        """Return which packages PDF waits for, None where it works."""
        return pdf.available()

    def now(self) -> datetime:
        """Return the instant; in the demo it can be set."""
        return self.settings.fixed_now or datetime.now(UTC)

    def today(self, zone: str) -> date:
        """Return the calendar day in a time zone."""
        return self.now().astimezone(ZoneInfo(zone)).date()


# Which file holds a command. It is read when the command is called: the server carries no more
# than it serves with.
_HOMES = {
    "frameworks": "criteria",
    "score": "criteria",
    "dates": "criteria",
    "crosswalk": "criteria",
    "criteria": "criteria",
    "db": "database",
    "demo": "demo",
    "user": "users",
    "agency": "agencies",
    "office": "agencies",
    "partnership": "partnerships",
    "plan": "partnerships",
    "audit": "audit",
    "jobs": "jobs",
    "report": "reports",
    "trust": "trust",
    "serve": "serving",
}


class _Commands(click.Group):
    """The commands, each fetched from its file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, None where there is none."""
        if cmd_name not in _HOMES:
            return None
        home = import_module(f"partner_assess.cli.{_HOMES[cmd_name]}")
        commands: tuple[click.Command, ...] = home.commands
        return next(one for one in commands if one.name == cmd_name)


@click.group(cls=_Commands, no_args_is_help=True)
def group() -> None:
    """Assess partners, run what is due, print what can be shared."""


def run(arguments: list[str], parts: Parts) -> int:
    """Run a command; a refusal is one clear line on standard error, and exit code 2."""
    try:
        result = group.main(arguments, "partner-assess", standalone_mode=False, obj=parts)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        return _refuse(error.format_message())
    except click.ClickException as error:
        return _refuse(" ".join(error.format_message().split()))  # click lists choices on lines
    except (BadSettings, BadCriteria) as error:
        return _refuse(*(str(problem) for problem in error.problems))
    except BadStorageUrl as error:
        return _refuse(f"PARTNER_ASSESS_{error}")
    except RuleError as error:
        return _refuse(_plain(error))
    except SQLAlchemyError as error:
        return _refuse(
            "The database cannot be used; run `partner-assess db upgrade`, or check"
            f" PARTNER_ASSESS_DATABASE_URL. ({type(error).__name__})"
        )
    return result if isinstance(result, int) else 0


def _plain(error: RuleError) -> str:
    said = ", ".join(f"{name}: {value}" for name, value in error.params.items())
    words = error.code.replace("_", " ").capitalize()
    return f"{words} ({said})." if said else f"{words}."


def _refuse(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201  (a command speaks to people here)
    return BAD_INPUT

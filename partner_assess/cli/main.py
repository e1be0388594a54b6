"""This file holds the `partner-assess` command: its parts, its errors, its exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from partner_assess.adapters.criteria_files import BadCriteria
from partner_assess.cli import criteria, database, demo, jobs, partnerships, reports, users
from partner_assess.cli.serving import serve
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
        return make_engine(self.settings.database_url)

    @cached_property
    def ports(self) -> Ports:
        """Return the outside world."""
        return self.make_ports(self.settings)

    def now(self) -> datetime:
        """Return the instant; in the demo it can be set."""
        return self.settings.fixed_now or datetime.now(UTC)

    def today(self, zone: str) -> date:
        """Return the calendar day in a time zone."""
        return self.now().astimezone(ZoneInfo(zone)).date()


@click.group(no_args_is_help=True)
def group() -> None:
    """Assess partners, run what is due, print what can be shared."""


for commands in (
    criteria.commands,
    database.commands,
    demo.commands,
    users.commands,
    partnerships.commands,
    jobs.commands,
    reports.commands,
    (serve,),
):
    for one in commands:
        group.add_command(one)


def run(arguments: list[str], parts: Parts) -> int:
    """Run a command; a refusal is one clear line on standard error, and exit code 2."""
    try:
        result = group.main(arguments, "partner-assess", standalone_mode=False, obj=parts)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        return _refuse(error.format_message())
    except (BadSettings, BadCriteria) as error:
        return _refuse(*(str(problem) for problem in error.problems))
    except RuleError as error:
        return _refuse(_plain(error))
    except SQLAlchemyError as error:
        return _refuse(
            "The database cannot be used; run `partner-assess db upgrade`, or check"
            f" DATABASE_URL. ({type(error).__name__})"
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

"""This file holds the command that does what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from partner_assess.cli import json_lines
from partner_assess.cli.criteria import Day
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.usecases import jobs as usecase

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts


log = logging.getLogger(__name__)


@click.group()
def jobs() -> None:
    """Do what is due."""


@jobs.command()
@click.option("--today", type=Day(), help="Do what is due up to this day; default: today.")
@click.pass_obj
def run(parts: Parts, *, today: date | None) -> int:
    """Do everything due up to a day, once; print how many deeds of each kind.

    A record on which it fails is told on standard error and does not stop the rest; exit 1.
    """
    engine = parts.engine
    failed: list[Exception] = []

    def in_one_unit(deed: Callable[[Session], Any]) -> Any:
        try:
            with open_session(engine) as opened, unit_of_work(opened) as session:
                return deed(session)
        except (OperationalError, ProgrammingError):
            raise  # the database itself, not one record
        except Exception as error:
            log.exception("sweep: one record failed")
            failed.append(error)

    done = usecase.sweep(
        parts.ports,
        run=in_one_unit,
        now=parts.now(),
        today_of=lambda zone: today or parts.today(zone),
    )
    json_lines.write([done])
    return 1 if failed else 0


commands = (jobs,)

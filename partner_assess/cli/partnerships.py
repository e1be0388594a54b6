"""This file holds the commands that list partnerships and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from partner_assess.cli import json_lines
from partner_assess.db.session import open_session
from partner_assess.usecases import overview

if TYPE_CHECKING:
    from datetime import date

    from partner_assess.cli.main import Parts


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@click.group()
def partnership() -> None:
    """Look at partnerships."""


@partnership.command("list")
@click.pass_obj
def list_partnerships(parts: Parts) -> None:
    """List every partnership with its result, approval and deadlines as of today."""
    with open_session(parts.engine, reading=True) as session:
        json_lines.write(
            {
                "reference": row.reference,
                "partner": row.partner,
                "agency": row.agency,
                "office": row.office,
                "risk": row.risk.value if row.risk else None,
                "state": row.state.value,
                "approved_on": _iso(row.approved_on),
                "plan_due_on": _iso(row.plan_due_on),
                "suspends_on": _iso(row.suspends_on),
                "lives_at_risk": row.lives_at_risk,
                "exception_until": _iso(row.exception_until),
            }
            for row in overview.partnerships(session, parts.ports, today_of=parts.today)
        )


@click.group()
def plan() -> None:
    """Look at action plans."""


@plan.command("list")
@click.pass_obj
def list_plans(parts: Parts) -> None:
    """List the open action plans, soonest due first."""
    with open_session(parts.engine, reading=True) as session:
        json_lines.write(
            {
                "reference": row.rests_on.reference,
                "partner": row.partner.name,
                "agency": row.office.agency.code,
                "office": row.office.name,
                "risk": row.risk.value,
                "state": row.state.value,
                "plan_due_on": _iso(row.due_on),
                "suspends_on": _iso(row.suspends_on),
            }
            for row in overview.plans(session)
        )


commands = (partnership, plan)

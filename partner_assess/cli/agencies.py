"""This file holds the commands about agencies and their offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from partner_assess.cli import json_lines
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.cli.typed import Country, ShortCode, Text, WebAddress
from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.usecases import agencies

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts

_LONGEST_URL = 300


@click.group()
def agency() -> None:
    """Look after agencies."""


@agency.command("list")
@click.pass_obj
def list_agencies(parts: Parts) -> None:
    """List the agencies: short code, name, policy."""
    with open_session(parts.engine, reading=True) as session:
        json_lines.write(
            {"code": one.code, "name": one.name, "policy": one.policy_name}
            for one in queries.agencies.all_agencies(session)
        )


@agency.command("create")
@click.argument("code", type=ShortCode())
@click.option("--name", required=True, type=Text(), help="As it stands on documents.")
@click.option("--policy", default="default", show_default=True, help="A file of criteria/policies.")
@click.option("--contact", type=Text(), help="The desk that answers; no person.")
@click.option("--contact-url", type=WebAddress(_LONGEST_URL), help="Where it is found.")
@click.option("--report-to", type=Text(), help="Who receives reports of allegations.")
@click.option("--report-url", type=WebAddress(_LONGEST_URL), help="Where to report.")
@click.pass_obj
def create_agency(
    parts: Parts,
    code: str,
    *,
    name: str,
    policy: str,
    contact: str | None,
    contact_url: str | None,
    report_to: str | None,
    report_url: str | None,
) -> None:
    """Set up an agency; its references begin with CODE."""
    if policy not in parts.ports.policies:
        known = ", ".join(sorted(parts.ports.policies))
        raise BadInput(f"There is no policy {quoted(policy)}; known: {known}.")
    profile = agencies.Profile(
        code=code,
        name=name,
        policy_name=policy,
        contact_name=contact or "",
        contact_url=contact_url or "",
        report_channel_name=report_to or "",
        report_channel_url=report_url or "",
    )
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        agencies.found(session, profile)
    json_lines.write([{"code": code, "name": name, "policy": policy}])


@click.group()
def office() -> None:
    """Look after offices."""


@office.command("list")
@click.pass_obj
def list_offices(parts: Parts) -> None:
    """List the offices: name, agency, country, time zone."""
    with open_session(parts.engine, reading=True) as session:
        json_lines.write(
            {
                "name": one.name,
                "agency": one.agency.code,
                "country": one.country,
                "timezone": one.timezone,
            }
            for one in queries.agencies.offices(session)
        )


@office.command("create")
@click.option("--agency", "code", required=True, help="Short code of the agency.")
@click.option("--name", required=True, type=Text(), help="As people call it.")
@click.option("--country", required=True, type=Country(), help="Two letters, such as KE.")
@click.option("--timezone", required=True, help="Decides what day it is there: Africa/Nairobi.")
@click.pass_obj
def create_office(parts: Parts, *, code: str, name: str, country: str, timezone: str) -> None:
    """Set up an office of an agency."""
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        found = queries.agencies.by_code(session, code)
        if found is None:
            raise BadInput(f"There is no agency {quoted(code)}.")
        agencies.open_office(
            session, agency_id=found.id, name=name, country=country, timezone=timezone
        )
    json_lines.write([{"name": name, "agency": code, "country": country, "timezone": timezone}])


commands = (agency, office)

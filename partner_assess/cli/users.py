"""This file holds the commands about accounts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from partner_assess.adapters import passwords
from partner_assess.cli import json_lines
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.cli.typed import Email, Text
from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.permissions import Grant, Role
from partner_assess.usecases import accounts

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts

_SHORTEST_PASSWORD = 12

# Who speaks for a partner is invited by it; an account without a partner would see nothing.
_ROLES = [role.value for role in Role if role is not Role.PARTNER]


@click.group()
def user() -> None:
    """Look after accounts."""


@user.command("list")
@click.pass_obj
def list_(parts: Parts) -> None:
    """List the accounts: e-mail, agency, roles, whether active."""
    with open_session(parts.engine, reading=True) as session:
        json_lines.write(
            {
                "email": one.email,
                "name": one.name,
                "agency": one.agency.code,
                "roles": [
                    {"role": g.role.value, "office": g.office.name if g.office else None}
                    for g in one.grants
                ],
                "active": one.is_active,
            }
            for one in queries.users.all_users(session)
        )


@user.command()
@click.argument("email", type=Email())
@click.option("--name", required=True, type=Text(), help="What others see: rather a function.")
@click.option("--agency", required=True, help="Short code of the agency.")
@click.option("--office", help="Name of the office; without it the role holds in all offices.")
@click.option("--role", required=True, type=click.Choice(_ROLES))
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from standard input.")
@click.pass_obj
def create(
    parts: Parts,
    email: str,
    *,
    name: str,
    agency: str,
    office: str | None,
    role: str,
    password_stdin: bool,
) -> None:
    """Make an account; the password comes from standard input, never from the command line."""
    password = sys.stdin.readline().rstrip("\n")
    if len(password) < _SHORTEST_PASSWORD:
        raise BadInput(f"The password has fewer than {_SHORTEST_PASSWORD} characters.")
    password_hash = passwords.hash_password(password)
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        found = queries.agencies.by_code(session, agency)
        if found is None:
            raise BadInput(f"There is no agency {quoted(agency)}.")
        offices = {
            one.name: one.id for one in queries.agencies.offices(session, agency_id=found.id)
        }
        if office is not None and office not in offices:
            raise BadInput(f"There is no office {quoted(office)} in {agency}.")
        made = accounts.create(
            session,
            agency_id=found.id,
            email=email,
            name=name,
            password_hash=password_hash,
            grants=[Grant(Role(role), offices[office] if office else None)],
            now=parts.now(),
        )
        created = {"email": made.email, "agency": agency, "role": role, "office": office}
    json_lines.write([created])


commands = (user,)

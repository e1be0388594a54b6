"""This file holds the command that fills a database with the demo."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from partner_assess.adapters import passwords
from partner_assess.cli import json_lines
from partner_assess.cli.demo import story
from partner_assess.cli.demo.people import (
    ACCOUNTS,
    OFFICE_1,
    OFFICE_2,
    OFFICE_B,
    PASSWORD,
    A,
    B,
)
from partner_assess.cli.demo.sharing import share
from partner_assess.cli.demo.teller import Teller
from partner_assess.cli.demo.trusting import trust_each_other
from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.permissions import Actor, Grant
from partner_assess.usecases import accounts, agencies, jobs
from partner_assess.usecases.ports import Ports

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts

__all__ = ["ACCOUNTS", "PASSWORD", "commands", "load"]

_LETTERS = {A: "A", B: "B"}


@click.group()
def demo() -> None:
    """Fill a database with the demo."""


@demo.command("load")
@click.pass_obj
def load_command(parts: Parts) -> None:
    """Load the demo; a database that holds it already is left alone."""
    if not parts.settings.is_demo:
        raise click.UsageError("The demo is for demo mode only; unset PARTNER_ASSESS_MODE.")
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        loaded = load(session, parts.ports, now=parts.now())
    for agency_code in filter(parts.ports.seals.has, _LETTERS):
        parts.ports.seals.root(agency_code)  # the demo's keys are made when first asked for
    json_lines.write([{"loaded": loaded}])


def load(session: Session, ports: Ports, *, now: datetime) -> bool:
    """Tell the whole demo, relative to `now`; return whether anything was written."""
    if queries.agencies.by_code(session, A) is not None:
        return False
    offices = _offices(session)
    actors = _accounts(session, offices, now=now)
    tellers: dict[str, Teller] = {}
    for office, tale, people in (
        (OFFICE_1, story.office_1, ("officer@", "focal@", "head@")),
        (OFFICE_2, story.office_2, ("officer2@", "focal2@", "head2@")),
        (OFFICE_B, story.agency_b, ("sister@", "sisterfocal@", "sisterhead@")),
    ):
        officer, focal, head = (actors[f"{name}demo.example"] for name in people)
        tellers[office] = Teller(
            session=session,
            ports=ports,
            office_id=offices[office][1],
            officer=officer,
            focal=focal,
            head=head,
            today=now.date(),
        )
        tale(tellers[office])
    _attach_partner(session)
    trust_each_other(session, ports, now=now)
    share(tellers[OFFICE_1], tellers[OFFICE_B], now=now)
    # What would fall due on the way to today has happened: the first sweep finds nothing.
    jobs.sweep(
        ports,
        run=lambda deed: deed(session),
        now=now,
        today_of=lambda zone: now.astimezone(ZoneInfo(zone)).date(),
    )
    return True


def _offices(session: Session) -> dict[str, tuple[UUID, UUID]]:
    found: dict[str, tuple[UUID, UUID]] = {}
    for code, names in ((A, ((OFFICE_1, "XD"), (OFFICE_2, "XE"))), (B, ((OFFICE_B, "XD"),))):
        letter = _LETTERS[code]
        agency = agencies.found(
            session,
            agencies.Profile(
                code=code,
                name=f"Demo: Agency {letter}",
                contact_name=f"Demo: Partnerships desk, Agency {letter}",
                contact_url=f"https://agency-{letter.lower()}.example/partnerships",
                report_channel_name=f"Demo: Investigation office, Agency {letter}",
                report_channel_url=f"https://agency-{letter.lower()}.example/report",
            ),
        )
        for name, country in names:
            office = agencies.open_office(
                session, agency_id=agency.id, name=name, country=country, timezone="UTC"
            )
            found[name] = (agency.id, office.id)
    return found


def _accounts(
    session: Session, offices: dict[str, tuple[UUID, UUID]], *, now: datetime
) -> dict[str, Actor]:
    # One hash for all: the password is printed at the start, and hashing is slow on purpose.
    password_hash = passwords.hash_password(PASSWORD)
    agency_of = {A: offices[OFFICE_1][0], B: offices[OFFICE_B][0]}
    actors: dict[str, Actor] = {}
    began = datetime.combine(now.date() - timedelta(days=2200), time(8), UTC)
    for account in ACCOUNTS:
        office_id = offices[account.office][1] if account.office else None
        made = accounts.create(
            session,
            agency_id=agency_of[account.agency],
            email=account.email,
            name=account.said[0].upper() + account.said[1:],
            password_hash=password_hash,
            grants=[Grant(account.role, office_id)],
            now=began,
        )
        actors[account.email] = made.actor()
    return actors


def _attach_partner(session: Session) -> None:
    for account in ACCOUNTS:
        if account.partner is not None:
            user = queries.users.by_email(session, account.email)
            partner = queries.partners.named(session, account.partner, agency_code=account.agency)
            if user is not None:
                accounts.represent(session, user_id=user.id, partner_id=partner.id)


commands = (demo,)

"""This file holds how a test adds records of its own to the demo, through its accounts."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from partner_assess.db import queries
from tests.client import NOW
from tests.factories import House

TODAY = NOW.date()


def house_at(session: Session, domain: str) -> House:
    """Return the office whose officer, PSEA focal point and head have accounts of that domain."""
    officer, focal, head = (
        queries.users.by_email(session, f"{name}@{domain}") for name in ("officer", "focal", "head")
    )
    assert officer
    assert focal
    assert head
    office = officer.grants[0].office
    assert office
    return House(officer.agency, office, officer.actor(), focal.actor(), head.actor())


def demo_house(session: Session) -> House:
    """Return country office 1 with its officer, PSEA focal point and head, who can sign in."""
    return house_at(session, "demo.example")


def boxes(name: str, day: date) -> dict[str, str]:
    """Return what is typed into the three boxes of a date."""
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }

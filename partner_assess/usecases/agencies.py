"""This file holds how agencies and offices are set up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.agency import Agency, Office
from partner_assess.db.models.event import ChainHead
from partner_assess.domain.errors import RuleError


class CodeTaken(RuleError):
    """An agency with this short code exists."""

    code = "agency_code_taken"


class OfficeTaken(RuleError):
    """The agency has an office of this name."""

    code = "office_taken"


class UnknownZone(RuleError):
    """There is no such time zone."""

    code = "unknown_time_zone"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is said about an agency. The contacts are desks, never people."""

    code: str
    name: str
    policy_name: str = "default"
    contact_name: str = ""
    contact_url: str = ""
    report_channel_name: str = ""
    report_channel_url: str = ""


def found(session: Session, profile: Profile) -> Agency:
    """Set up an agency.

    Raises:
        CodeTaken: there is one with this code.
    """
    if queries.agencies.by_code(session, profile.code) is not None:
        raise CodeTaken(agency=profile.code)
    agency = Agency(
        code=profile.code,
        name=profile.name,
        policy_name=profile.policy_name,
        contact_name=profile.contact_name,
        contact_url=profile.contact_url,
        report_channel_name=profile.report_channel_name,
        report_channel_url=profile.report_channel_url,
    )
    session.add(agency)
    session.flush()
    session.add(ChainHead(agency_id=agency.id))
    return agency


def open_office(
    session: Session, *, agency_id: UUID, name: str, country: str, timezone: str
) -> Office:
    """Set up an office; its time zone decides what day it is there.

    Raises:
        OfficeTaken: the agency has one of this name.
        UnknownZone: the zone is not in the database of time zones.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, "Africa"
        raise UnknownZone(timezone=timezone) from None
    if name in {one.name for one in queries.agencies.offices(session, agency_id=agency_id)}:
        raise OfficeTaken(office=name)
    office = Office(agency_id=agency_id, name=name, country=country, timezone=timezone)
    session.add(office)
    session.flush()
    return office

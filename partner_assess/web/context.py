"""This file holds what a view may ask of its request: session, actor, clock, records."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import flask
from flask import g, request
from flask_login import current_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from partner_assess.db import queries
from partner_assess.db.queries.partners import Scope
from partner_assess.db.session import has_unsaved
from partner_assess.domain import permissions
from partner_assess.domain.permissions import Actor, Permission, Role, Standing
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports

if TYPE_CHECKING:
    from partner_assess.db.models.approval import Approval
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.partner import Partner
    from partner_assess.db.models.partnership import Partnership
    from partner_assess.db.models.plan import Plan
    from partner_assess.db.models.shared_report import Recipient, ReportIssue
    from partner_assess.db.models.suspension import SuspensionCase
    from partner_assess.db.models.user import User


class UnsavedWork(Exception):
    """A view changed something and nobody committed it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the app was made of.

    Attributes:
        open_session: Opens a session, told whether it only reads.
        pdf_is_off: Why no PDF can be made here, None where it can.
    """

    settings: Settings
    engine: Engine
    open_session: Callable[[bool], Session]
    ports: Ports
    pdf_is_off: str | None


def parts() -> Parts:
    """Return what this app was made of."""
    return flask.current_app.extensions["partner_assess"]


def ports() -> Ports:
    """Return the outside world."""
    return parts().ports


def session() -> Session:
    """Return this request's session; one that only reads where the method only reads."""
    if "db" not in g:
        is_reading = request.method in {"GET", "HEAD", "OPTIONS"}
        g.db = parts().open_session(is_reading)
    return g.db


def release() -> None:
    """End this request's transaction: what follows takes seconds, and nobody waits for it."""
    session().rollback()


@contextmanager
def separate(*, reading: bool) -> Generator[Session]:
    """Open a session of its own, for what must not wait for, or hold up, this request's."""
    with parts().open_session(reading) as opened:
        yield opened


def close_session(_error: BaseException | None) -> None:
    """Close the session at the end; unsaved work is a fault in the view."""
    opened: Session | None = g.pop("db", None)
    if opened is None:
        return
    unsaved = has_unsaved(opened)
    opened.rollback()
    opened.close()
    if unsaved and _error is None:
        raise UnsavedWork(request.endpoint)


def now() -> datetime:
    """Return the instant; in the demo it can be set."""
    if "now" not in g:
        g.now = parts().settings.fixed_now or datetime.now(UTC)
    return g.now


def zone() -> str:
    """Return the time zone of the actor's office; UTC for roles over all offices."""
    offices = [grant.office for grant in user().grants if grant.office is not None]
    return offices[0].timezone if offices else "UTC"


def today(timezone: str | None = None) -> date:
    """Return the calendar day in an office's time zone, by default the actor's."""
    return now().astimezone(ZoneInfo(timezone or zone())).date()


def user() -> User:
    """Return who is signed in."""
    return current_user.user


def actor() -> Actor:
    """Return who acts, as a plain value."""
    return user().actor()


def policy_name() -> str:
    """Return the policy of the actor's agency."""
    return user().agency.policy_name


def main_role() -> Role:
    """Return the role whose home page the actor sees, the one that decides most first."""
    order = (
        Role.HEAD,
        Role.FOCAL_POINT,
        Role.OFFICER,
        Role.ASSESSOR,
        Role.PARTNER,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    )
    roles = actor().roles
    return next(role for role in order if role in roles)


def scope() -> Scope:
    """Return which partners the actor may see."""
    who = actor()
    if who.roles <= {Role.PARTNER}:
        # A partner's focal point without a partner sees none.
        return Scope(who.agency_id, partner_id=who.partner_id or UUID(int=0))
    if who.roles <= {Role.ASSESSOR}:
        return Scope(who.agency_id, assessor_id=who.user_id)
    return Scope(who.agency_id)


def may(permission: Permission, standing: Standing | None = None) -> bool:
    """Return whether the actor may; for what a page offers."""
    return permissions.may(actor(), permission, standing)


def known(permission: Permission, standing: Standing) -> None:
    """Raise 404 unless the actor may: what one may not know of does not exist."""
    if not may(permission, standing):
        raise NotFound


def partner(partner_id: UUID) -> Partner:
    """Return a partner that the actor may see, else 404."""
    asked = scope()
    # Staff see every partner of their agency, which the next query asks for anyway.
    is_narrow = asked.partner_id is not None or asked.assessor_id is not None
    if is_narrow and not queries.partners.is_visible(session(), partner_id, asked):
        raise NotFound
    return queries.partners.get(session(), partner_id, agency_id=actor().agency_id)


def assessment(assessment_id: UUID) -> Assessment:
    """Return an assessment that the actor may see, else 404."""
    found = queries.assessments.get(session(), assessment_id, agency_id=actor().agency_id)
    known(Permission.ASSESSMENT_READ, found.standing())
    return found


def partnership(partnership_id: UUID) -> Partnership:
    """Return a partnership that the actor may see, else 404."""
    found = queries.partnerships.get(session(), partnership_id, agency_id=actor().agency_id)
    known(Permission.PARTNERSHIP_READ, found.standing())
    return found


def approval(approval_id: UUID) -> Approval:
    """Return an approval that the actor may see, else 404."""
    found = queries.approvals.get(session(), approval_id, agency_id=actor().agency_id)
    known(Permission.APPROVAL_READ, found.standing())
    return found


def plan(plan_id: UUID) -> Plan:
    """Return a plan that the actor may see, else 404."""
    found = queries.plans.get(session(), plan_id, agency_id=actor().agency_id)
    known(Permission.PLAN_READ, found.standing())
    return found


def suspension_case(case_id: UUID) -> SuspensionCase:
    """Return a suspension case that the actor may see, else 404."""
    found = queries.suspensions.get(session(), case_id, agency_id=actor().agency_id)
    known(Permission.PARTNERSHIP_READ, found.standing())
    return found


def issue(issue_id: UUID) -> ReportIssue:
    """Return an issue of a document that the actor may see, else 404."""
    found = queries.shared_reports.get(session(), issue_id, agency_id=actor().agency_id)
    known(Permission.DOCUMENT_READ, found.assessment.standing())
    return found


def recipient(recipient_id: UUID) -> Recipient:
    """Return who got a document, or the trust bundle, that the actor may see, else 404."""
    found = queries.recipients.get(session(), recipient_id, agency_id=actor().agency_id)
    if found.issue is None:
        known(Permission.TRUST_SHARE, Standing(found.agency_id))
    else:
        known(Permission.DOCUMENT_READ, found.issue.assessment.standing())
    return found

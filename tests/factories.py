"""This file holds how tests make records: through the use cases, wherever there is one.

Everything happens on `TODAY` unless a day is named. Nothing is committed: the test does, or
lets its session be rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.base import Model
from partner_assess.db.models.agency import Agency, Office
from partner_assess.db.models.approval import Approval
from partner_assess.db.models.assessment import Assessment, Evidence
from partner_assess.db.models.event import ChainHead
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.db.models.suspension import LifeSavingException, SuspensionCase
from partner_assess.db.models.user import User
from partner_assess.domain import partnership as partnership_rules
from partner_assess.domain.approval import Justification
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Met, Standard
from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.domain.permissions import Actor, Grant, Role
from partner_assess.usecases import (
    accounts,
    approvals,
    assessments,
    partners,
    partnerships,
    plans,
    suspensions,
)
from partner_assess.usecases.assessments import Said
from partner_assess.usecases.partners import Identity
from partner_assess.usecases.ports import Ports

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
SIX = "unicef-six-2020"
EIGHT = "un-harmonized-eight-2020"

_MET = {"absent": Met.NOT_MET, "progressing": Met.PARTLY, "adequate": Met.MET}
_numbers = count(1)


def at(day: date) -> datetime:
    """Return nine in the morning of a day, UTC."""
    return datetime.combine(day, time(9), tzinfo=UTC)


NOW = at(TODAY)


@dataclass(frozen=True)
class House:
    """An agency with one office, and its people as the rules see them."""

    agency: Agency
    office: Office
    officer: Actor
    focal_point: Actor
    head: Actor


def make_house(session: Session, code: str = "UNA", **agency: str) -> House:
    """Make an agency with an office, an officer, a PSEA focal point and a head of office."""
    made = make_agency(session, code, **agency)
    office = make_office(session, made)
    return House(
        agency=made,
        office=office,
        officer=make_user(session, made, Role.OFFICER, office=office).actor(),
        focal_point=make_user(session, made, Role.FOCAL_POINT, office=office).actor(),
        head=make_user(session, made, Role.HEAD, office=office).actor(),
    )


def make_agency(session: Session, code: str = "UNA", *, policy_name: str = "default") -> Agency:
    made = Agency(code=code, name=f"Demo: agency {code}", policy_name=policy_name)
    session.add(made)
    session.flush()
    session.add(ChainHead(agency_id=made.id))
    return made


def make_office(
    session: Session,
    agency: Agency,
    *,
    name: str = "Demo: country office",
    country: str = "KE",
    timezone: str = "UTC",
) -> Office:
    made = Office(agency_id=agency.id, name=name, country=country, timezone=timezone)
    session.add(made)
    session.flush()
    return made


def make_user(
    session: Session,
    agency: Agency,
    *roles: Role,
    office: Office | None = None,
    partner: Partner | None = None,
) -> User:
    """Make an account; without an office it holds its roles in all of the agency."""
    grants = [Grant(role, office.id if office else None) for role in roles]
    return accounts.create(
        session,
        agency_id=agency.id,
        email=f"demo-{next(_numbers)}@example.org",
        name="Demo: " + ", ".join(roles),
        password_hash="not a hash",  # noqa: S106 - nobody signs in with it
        grants=grants,
        partner_id=partner.id if partner else None,
        now=NOW,
    )


def identity(**changes: Any) -> Identity:
    """Return what a form says about a partner."""
    said: dict[str, Any] = {
        "name": "Demo: Acacia Relief",
        "acronym": "DAR",
        "partner_type": PartnerType.NGO,
        "scope": Scope.NATIONAL,
        "country": "KE",
        "vendor_number": "",
        "unpp_id": "",
        "meets_beneficiaries": True,
    }
    return Identity(**(said | changes))


def make_partner(
    session: Session, house: House, *, office: Office | None = None, **said: Any
) -> Partner:
    """Register a partner in the house's office, or in another one of its agency."""
    home = office or house.office
    actor = make_user(session, house.agency, Role.OFFICER, office=home).actor()
    return partners.register(
        session, office_id=home.id, identity=identity(**said), actor=actor, now=NOW
    )


def terms(**changes: Any) -> partnerships.Terms:
    """Return what a form says about a partnership."""
    said: dict[str, Any] = {
        "reference": f"PCA/{next(_numbers):05d}",
        "title": "Demo: safe water",
        "starts_on": TODAY - 365 * DAY,
        "ends_on": TODAY + 3650 * DAY,
        "amount_usd": 100_000,
    }
    return partnerships.Terms(**(said | changes))


def make_partnership(
    session: Session,
    house: House,
    partner: Partner,
    *,
    office: Office | None = None,
    state: partnership_rules.State = partnership_rules.State.PROPOSED,
    **said: Any,
) -> Partnership:
    """Propose a partnership; any other state is set as if it had been reached long ago."""
    home = office or house.office
    actor = make_user(session, house.agency, Role.OFFICER, office=home).actor()
    made = partnerships.propose(
        session,
        partner_id=partner.id,
        office_id=home.id,
        terms=terms(**said),
        actor=actor,
        now=NOW,
    )
    if state is not partnership_rules.State.PROPOSED:
        made.move(state, on=TODAY)
    session.flush()
    return queries.partnerships.get(session, made.id, agency_id=house.agency.id)


def make_active(session: Session, house: House, partner: Partner, **said: Any) -> Partnership:
    """Return a partnership that runs, as one does that began before the result."""
    active = partnership_rules.State.ACTIVE
    return make_partnership(session, house, partner, state=active, **said)


def said_about(standard: Standard, rating: str) -> Said:
    """Return a form about one standard: every indicator answered, and a reason for the rating."""
    met = _MET.get(rating, Met.NOT_MET)
    answers = {
        indicator.id: met if met in indicator.answers else indicator.answers[0]
        for indicator in standard.indicators
    }
    return Said(rating, answers, "Seen in the office.", "The documents say otherwise.")


def make_assessment(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    *,
    framework_id: str = SIX,
    every: str | None = "absent",
    on: date = TODAY,
    **others: str,
) -> Assessment:
    """Open an assessment; answer every standard alike, but for those named. None answers none."""
    opened = assessments.open_(
        session,
        ports,
        partner_id=partner.id,
        framework_id=framework_id,
        actor=house.officer,
        now=at(on),
        today=on,
    )
    if every is not None:
        framework = assessments.framework_of(ports, opened)
        answer(session, ports, house, opened, {s.id: every for s in framework.standards} | others)
        opened = see(session, opened)
        opened = assessments.save_details(
            session,
            assessment_id=opened.id,
            seen=opened.version,
            assessed_on=on,
            assessed_where="Demo: office",
            actor=house.officer,
            now=at(on),
        )
    return see(session, opened)


def answer(
    session: Session,
    ports: Ports,
    house: House,
    assessment: Assessment,
    ratings: Mapping[str, str],
) -> None:
    """Rate standards; a rating that asks for a file gets a piece of evidence with one."""
    framework = assessments.framework_of(ports, assessment)
    for standard_id, rating in ratings.items():
        standard = framework.standard(standard_id)
        before = queries.assessments.answer(session, assessment.id, standard_id)
        assessments.save_answers(
            session,
            ports,
            assessment_id=assessment.id,
            standard_id=standard_id,
            seen=before.version if before else 0,
            said=said_about(standard, rating),
            actor=house.officer,
            now=assessment.created_at,
        )
        if standard.option(rating).needs_file:
            add_evidence(session, assessment, standard)


def add_evidence(session: Session, assessment: Assessment, standard: Standard) -> Evidence:
    """Add a piece of evidence that proves the whole standard."""
    made = Evidence(
        assessment_id=assessment.id,
        standard_id=standard.id,
        type_id=standard.evidence[0],
        title="Demo: policy",
        proves=[indicator.id for indicator in standard.indicators],
        sha256="a" * 64,
        filename="policy.pdf",
        media_type="application/pdf",
        size_bytes=1,
        added_by=assessment.assessor_id,
        added_at=assessment.created_at,
    )
    session.add(made)
    session.flush()
    return made


def make_submitted(
    session: Session, ports: Ports, house: House, partner: Partner, **how: Any
) -> Assessment:
    """Make an assessment that waits for the PSEA focal point."""
    made = make_assessment(session, ports, house, partner, **how)
    assessments.submit(
        session,
        ports,
        assessment_id=made.id,
        seen=made.version,
        actor=house.officer,
        now=made.created_at,
        today=made.created_at.date(),
    )
    return see(session, made)


def make_final(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    *,
    on: date = TODAY,
    policy_name: str = "default",
    **how: Any,
) -> Assessment:
    """Make a final result (of the eight: a preliminary one); all absent, so High, by default."""
    submitted = make_submitted(session, ports, house, partner, on=on, **how)
    finalise(session, ports, house, submitted, on=on, policy_name=policy_name)
    return see(session, submitted)


def finalise(
    session: Session,
    ports: Ports,
    house: House,
    assessment: Assessment,
    *,
    on: date = TODAY,
    policy_name: str = "default",
) -> Assessment:
    """Let the house's focal point finalise an assessment, as it now stands."""
    return assessments.finalise(
        session,
        ports,
        assessment_id=assessment.id,
        seen=assessment.version,
        policy_name=policy_name,
        actor=house.focal_point,
        now=at(on),
        today=on,
    )


def justification(**changes: Any) -> Justification:
    """Return a whole justification."""
    said: dict[str, Any] = {
        "why_this_partner": "The only one on the spot.",
        "alternatives": "None within a day's drive.",
        "mitigation": "Training in the first month.",
        "assurance": "A visit each quarter.",
        "monitored_by": "The programme section.",
        "review_on": TODAY + 90 * DAY,
    }
    return Justification(**(said | changes))


def make_approval(
    session: Session,
    ports: Ports,
    house: House,
    partnership: Partnership,
    *,
    state: ApprovalState = ApprovalState.REQUIRED,
    on: date = TODAY,
    valid_until: date | None = None,
) -> Approval:
    """Ask for an approval, and let the house's head give it where `state` says so."""
    made = approvals.ask(
        session,
        ports,
        partnership_id=partnership.id,
        justification=justification(),
        policy_name="default",
        actor=house.officer,
        now=at(on),
        today=on,
    )
    if state is ApprovalState.APPROVED:
        approvals.approve(
            session,
            ports,
            approval_id=made.id,
            seen=made.version,
            terms=approvals.Terms("Train first.", on + 1 * DAY, valid_until),
            actor=house.head,
            now=at(on),
            today=on,
        )
    session.flush()
    return queries.approvals.get(session, made.id, agency_id=house.agency.id)


def make_plan(session: Session, ports: Ports, house: House, partner: Partner, **how: Any) -> Plan:
    """Make a result, High by default, and return the plan it opens."""
    return plan_of(session, make_final(session, ports, house, partner, **how))


def plan_of(session: Session, assessment: Assessment) -> Plan:
    """Return the plan of a result, whole."""
    found = queries.plans.of_result(session, assessment.id)
    assert found is not None
    return found


def verify_all(
    session: Session, ports: Ports, house: House, plan: Plan, *, on: date = TODAY
) -> Plan:
    """Agree the plan; report and verify every mandatory action of it."""
    plans.agree(
        session,
        ports,
        plan_id=plan.id,
        seen=plan.version,
        actor=house.officer,
        now=at(on),
        today=on,
    )
    for action in [one for one in plan.actions if one.mandatory]:
        verify_one(session, house, action, on=on)
    session.flush()
    return queries.plans.get(session, plan.id, agency_id=house.agency.id)


def verify_one(session: Session, house: House, action: PlanAction, *, on: date = TODAY) -> None:
    """Report an action done, and verify it."""
    about: dict[str, Any] = {"plan_id": action.plan_id, "action_id": action.id}
    deed: dict[str, Any] = {"actor": house.officer, "now": at(on), "today": on}
    plans.report_done(session, **about, seen=action.version, note="Done.", **deed)
    session.flush()
    plans.verify(session, **about, seen=action.version, **deed)


def make_case(
    session: Session, ports: Ports, house: House, partnership: Partnership, *, on: date
) -> SuspensionCase:
    """Let the clock act on the partner's plans on a day; return the case it opened."""
    for plan in queries.plans.past_limit(session, today=on, partner_id=partnership.partner_id):
        suspensions.act_on_deadlines(
            session, ports, plan_id=plan.id, agency_id=house.agency.id, now=at(on), today=on
        )
    session.flush()
    (made,) = queries.suspensions.of_partnerships(session, [partnership.id])
    return queries.suspensions.get(session, made.id, agency_id=house.agency.id)


def make_exception(
    session: Session,
    ports: Ports,
    house: House,
    partnership: Partnership,
    *,
    on: date = TODAY,
    ends_on: date,
) -> LifeSavingException:
    """Let the house's head grant a life-saving exception."""
    return suspensions.grant_exception(
        session,
        ports,
        partnership_id=partnership.id,
        seen=partnership.version,
        reason="People would be without water.",
        ends_on=ends_on,
        policy_name="default",
        actor=house.head,
        now=at(on),
        today=on,
    )


def see(session: Session, assessment: Assessment) -> Assessment:
    """Return an assessment as a page would show it now: saved, read anew, whole."""
    session.flush()
    session.expire(assessment)
    return queries.assessments.get(session, assessment.id, agency_id=assessment.agency_id)


def everything(session: Session) -> dict[str, list[str]]:
    """Return every row of every table."""
    return {
        table.name: sorted(str(row) for row in session.execute(select(table)))
        for table in Model.metadata.sorted_tables
    }


@contextmanager
def refused(
    session: Session, error: type[RuleError], code: str | None = None
) -> Iterator[pytest.ExceptionInfo[RuleError]]:
    """Check that a use case refuses, and that by then it has written nothing at all."""
    session.flush()
    before = everything(session)
    with pytest.raises(error) as caught:
        yield caught
    session.flush()
    assert everything(session) == before
    if code is not None:
        assert caught.value.code == code

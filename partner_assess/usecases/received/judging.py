"""This file holds what is looked at before a received report is decided upon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.queries.received_reports import Document
from partner_assess.domain import acceptance, crosswalk
from partner_assess.domain.acceptance import Bar, Doubt, Found, Place
from partner_assess.domain.assessment import IN_FORCE
from partner_assess.domain.crosswalk import Reading
from partner_assess.domain.framework import Framework
from partner_assess.domain.report import Profile, Report
from partner_assess.domain.report.status import Status
from partner_assess.usecases import statuses
from partner_assess.usecases.ports import Ports


@dataclass(frozen=True, slots=True)
class Told:
    """What is known beside a report's own facts: its agency's later word, and our issues of it."""

    status: Status
    suspended: bool
    as_of: datetime | None = None
    newer_issue: int | None = None
    issues: Sequence[ReceivedReport] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A report beside what we know ourselves.

    Attributes:
        own: The own result that it is compared with; None where there is none.
        other: The instrument it is read in: the own result's, else another one.
        reading: What it can mean there; None where no crosswalk leads there.
    """

    found: Found
    place: Place
    own: Assessment | None
    other: Framework | None
    reading: Reading | None
    bars: tuple[Bar, ...]
    doubts: tuple[Doubt, ...]


def told_now(session: Session, ports: Ports, said: Report, *, agency_id: UUID, today: date) -> Told:
    """Return what is known by now of a report that nobody has received yet."""
    code = said.owner.agency_code
    document = Document(code, said.identity.document_id)
    issues = queries.received_reports.of_document(session, document, agency_id=agency_id)
    word = statuses.word_on(
        session,
        ports,
        reader_id=agency_id,
        issuer_code=code,
        document_id=said.identity.document_id,
        status_list=said.provenance.status_list,
        status_index=said.provenance.status_index,
        status_said=status_said([said, *(one.report() for one in issues)]),
        expires_on=said.dates.expires_on,
        today=today,
        issue=said.identity.issue or 0,
    )
    return Told(word.status, word.suspended, word.as_of, word.newer_issue, issues)


def status_said(issues: Iterable[Report]) -> Status | None:
    """Return what a document says of itself: the newest of its issues that are here."""
    return max(issues, key=lambda one: one.identity.issue or 0).identity.status


def judge(
    session: Session, ports: Ports, said: Report, partner: Partner, told: Told, *, today: date
) -> Judgement:
    """Return what speaks against relying on a report about this partner, here and today.

    Source: domain.md 5.3; docs/decisions/0019
    """
    framework = ports.catalogue.get(said.identity.instrument.id, said.identity.instrument.version)
    own = _own_result(session, partner, framework.id, today=today)
    other = _other(ports, framework, own)
    reading = _read(ports, said, framework, other) if other else None
    if told.status is not Status.WITHDRAWN and _is_followed(session, said, partner):
        told = replace(told, status=Status.SUPERSEDED)
    found = _found(said, framework, reading, told, today=today)
    place = Place(
        country=partner.office.country,
        scope=partner.scope.assessed_part,
        own_framework=own.framework_id if own else None,
    )
    return Judgement(
        found=found,
        place=place,
        own=own,
        other=other,
        reading=reading,
        bars=acceptance.bars(found, place, today=today),
        doubts=acceptance.doubts(found, place, today=today),
    )


def _is_followed(session: Session, said: Report, partner: Partner) -> bool:
    """Return whether its agency's next result for this partner is here, in whatever state.

    Both are signed: that one has superseded this, also where no list of the agency says so.

    Source: domain.md 3.3 (a final supersedes finals of its own instrument)
    """
    for one in queries.received_reports.of_partner(session, partner.id):
        is_other = one.document_id != said.identity.document_id
        if is_other and one.issuer_code == said.owner.agency_code:
            later = one.report()
            if later.identity.replaces == said.identity.reference or (
                one.framework_id == said.identity.instrument.id
                and later.partner.scope == said.partner.scope
                and one.final_on > (said.dates.final_on or date.min)
            ):
                return True
    return False


def _own_result(
    session: Session, partner: Partner, framework_id: str, *, today: date
) -> Assessment | None:
    """Return the own result in force: of the report's instrument, else the newest."""
    results = [
        one
        for one in queries.assessments.of_partner(session, partner.id)
        if one.state in IN_FORCE
        and one.effective_on is not None
        and (one.expires_on is None or today <= one.expires_on)
    ]
    return max(
        results,
        key=lambda one: (one.framework_id == framework_id, one.effective_on or date.min),
        default=None,
    )


def _other(ports: Ports, framework: Framework, own: Assessment | None) -> Framework | None:
    if own is not None and own.framework_id != framework.id:
        return ports.catalogue.get(own.framework_id)
    targets = sorted(target for source, target in ports.crosswalks if source == framework.id)
    return ports.catalogue.get(targets[0]) if targets else None


def _read(ports: Ports, said: Report, framework: Framework, other: Framework) -> Reading | None:
    table = ports.crosswalks.get((framework.id, other.id))
    return crosswalk.read(table, framework, other, ratings_of(said)) if table else None


def ratings_of(said: Report) -> dict[str, str]:
    """Return the rating of each standard."""
    return {one.id: one.rating for one in said.results if one.rating is not None}


def is_code(country: str) -> bool:
    """Return whether a country is named by its code of two letters."""
    return len(country) == 2 and country.isascii() and country.isupper()


def _found(
    said: Report, framework: Framework, reading: Reading | None, told: Told, *, today: date
) -> Found:
    best = {
        one.id: frozenset(o.id for o in one.options if o.points == one.highest_points)
        for one in framework.standards
    }
    plan = said.plan
    return Found(
        framework=framework.id,
        final_on=said.dates.final_on or date.min,
        expires_on=said.dates.expires_on or date.min,
        status=told.status,
        # Names of countries are written in any language: only codes can be compared.
        countries=frozenset(one for one in said.partner.countries if is_code(one)),
        scope=said.partner.scope,
        is_summary=said.identity.profile is Profile.SUMMARY,
        weak=acceptance.weak_standards(ratings_of(said), best),
        indicative_risk=reading.indicative_risk if reading else None,
        is_overdue=plan is not None
        and acceptance.is_overdue(
            plan.due_on,
            extended_to=plan.extended_to,
            mandatory=plan.mandatory_count,
            verified=plan.verified_count,
            today=today,
        ),
        is_suspended=told.suspended or (plan is not None and plan.suspended_since is not None),
        higher_issue_counts=any(
            one.state is acceptance.State.ACCEPTED and one.issue > (said.identity.issue or 0)
            for one in told.issues
        ),
    )

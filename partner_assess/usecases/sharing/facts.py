"""This file holds how records become the facts that are shared.

What must not be shared has no field in a report; what has one is chosen here, field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.agency import Agency
from partner_assess.db.models.assessment import Assessment
from partner_assess.domain import approval, assessment, deadlines, partnership, report, scoring
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Determination, Framework, Standard
from partner_assess.domain.permissions import Role
from partner_assess.domain.report import Profile, Report
from partner_assess.domain.report.kinds import CONTROLS
from partner_assess.domain.report.status import Status, status_of
from partner_assess.domain.risk import Risk
from partner_assess.usecases.assessments import framework_of
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing import planned
from partner_assess.usecases.statuses import list_name

# Who assessed, where the account has several roles by now.
_ASSESSING = (Role.ASSESSOR, Role.OFFICER, Role.FOCAL_POINT)


class UnknownLanguage(RuleError):
    """The instrument has no words in this language."""

    code = "unknown_language"


def facts_of(
    session: Session,
    ports: Ports,
    found: Assessment,
    *,
    profile: Profile,
    language: str,
    now: datetime,
    today: date,
) -> Report:
    """Return everything that is shared about a whole assessment, as of this moment.

    The issue has no number yet. What was not made final makes a draft. `today` is the calendar
    day of the assessment's office.

    Raises:
        UnknownLanguage: the instrument has no words in it.
    """
    framework = framework_of(ports, found)
    if language not in framework.languages:
        raise UnknownLanguage(language=language)
    agency = queries.agencies.get(session, found.agency_id)
    previous = _previous(session, found)
    running = queries.partnerships.of_partner(session, found.partner_id)
    identity = _identity(
        session, found, framework, previous, language=language, now=now, today=today
    )
    words = framework.text(language)
    plan = planned.plan_of(session, ports, found, partnerships=running, text=words, today=today)
    is_final = identity.status is not None
    full = Report(
        is_final=is_final,
        identity=identity,
        partner=_partner(found),
        owner=_owner(session, found, agency),
        dates=report.Dates(
            assessed_on=found.assessed_on,
            final_on=_final_on(found, framework) if is_final else None,
            expires_on=found.expires_on if is_final else None,
            last_monitored_on=planned.last_monitored_on(plan),
        ),
        results=tuple(_result(found, one, previous) for one in framework.standards),
        totals=_totals(found, framework),
        previous=_previous_result(previous),
        plan=plan,
        approval_required=found.risk is Risk.HIGH
        and any(one.state is not partnership.State.ENDED for one in running),
        approvals=_approvals(session, found),
        limits=report.Limits(scope=said(found.assessed_where), not_assessed="", self_score=None),
        provenance=report.Provenance(
            audience=report.Audience.UN_ENTITIES_ONLY,
            contact_desk=said(agency.contact_name),
            contact_web=agency.contact_url or None,
            check_code=None,  # each issue has its own
            check_web=None,
            status_list=list_name(ports, agency.code) if is_final else None,
            status_index=found.status_index if is_final else None,
            signed=is_final and ports.seals.has(agency.code),
        ),
    )
    return report.summary(full) if profile is Profile.SUMMARY else full


def _identity(
    session: Session,
    found: Assessment,
    framework: Framework,
    previous: Assessment | None,
    *,
    language: str,
    now: datetime,
    today: date,
) -> report.Identity:
    status = status_of(found.state, expires_on=found.expires_on, today=today)
    ended_on, replaced_by = _ended(session, found, status)
    return report.Identity(
        document_id=str(found.id),
        reference=found.document_number or found.reference,
        issue=None,
        profile=Profile.FULL,
        instrument=report.Instrument(framework.id, framework.version, framework.digest),
        language=language,
        notice=framework.text(language).notice,
        generated_at=now.replace(microsecond=0),
        content_digest=found.content_digest,
        replaces=_replaced(found, previous),
        status=status,
        ended_on=ended_on,
        replaced_by=replaced_by,
    )


def said(text: str) -> str:
    """Return what a person typed without the signs that no document may hold."""
    return CONTROLS.sub("", text.replace("\r\n", "\n"))


def _previous(session: Session, found: Assessment) -> Assessment | None:
    """Return the final result before this one; what was taken back is none."""
    before = queries.assessments.previous(session, found)
    left_out = {assessment.State.WITHDRAWN, assessment.State.PRELIMINARY}
    return None if before is None or before.state in left_out else before


def _replaced(found: Assessment, previous: Assessment | None) -> str | None:
    is_replaced = previous is not None and previous.state is assessment.State.SUPERSEDED
    return previous.document_number if previous and is_replaced and found.document_number else None


def _ended(
    session: Session, found: Assessment, status: Status | None
) -> tuple[date | None, str | None]:
    """Return since when a document counts no more, and which one took its place."""
    if status is Status.EXPIRED and found.expires_on is not None:
        return deadlines.add_days(found.expires_on, 1), None
    if status is Status.WITHDRAWN:
        return found.touched_at.astimezone(ZoneInfo(found.office.timezone)).date(), None
    if status is Status.SUPERSEDED and (after := queries.assessments.following(session, found)):
        return after.effective_on, after.document_number
    return None, None


def _partner(found: Assessment) -> report.Partner:
    partner = found.partner
    return report.Partner(
        legal_name=said(partner.name),
        acronym=said(partner.acronym),
        kind=partner.partner_type.value,
        reach=partner.scope.value,
        countries=(partner.country,),
        scope=partner.scope.assessed_part,
        un_partner_portal_id=said(partner.unpp_id or ""),
        vendor_number=said(partner.vendor_number or ""),
    )


def _owner(session: Session, found: Assessment, agency: Agency) -> report.Owner:
    assessor = queries.users.get(session, found.assessor_id)
    roles = {grant.role for grant in assessor.grants}
    return report.Owner(
        agency=said(agency.name),
        agency_code=agency.code,
        office=said(found.office.name),
        assessed_by=next((one for one in _ASSESSING if one in roles), Role.OFFICER).value,
        # Nobody else may review: domain/permissions.py.
        finalised_by=Role.FOCAL_POINT.value if found.finalised_by else None,
        kind=found.kind.value,
        ingo_reason=None,
    )


def _final_on(found: Assessment, framework: Framework) -> date | None:
    """Return the day it became final; of two steps, the second."""
    if framework.determination is Determination.FINAL or found.finalised_at is None:
        return found.effective_on
    return found.finalised_at.astimezone(ZoneInfo(found.office.timezone)).date()


def _result(
    found: Assessment, standard: Standard, previous: Assessment | None
) -> report.StandardResult:
    answer = next((one for one in found.answers if one.standard_id == standard.id), None)
    options = tuple(report.RatingOption(one.id, one.points) for one in standard.options)
    before = previous.ratings().get(standard.id) if previous else None
    is_open = not standard.rating_only
    return report.StandardResult(
        id=standard.id,
        number=standard.number,
        weight=standard.weight,
        options=options,
        rating=answer.rating if answer else None,
        was=before if before in {one.id for one in options} else None,
        rating_only=standard.rating_only,
        comment=said(answer.comment) if answer and is_open else "",
        evidence=_evidence(found, standard) if is_open else (),
    )


def _evidence(found: Assessment, standard: Standard) -> tuple[report.EvidenceSeen, ...]:
    """Return type and date of what was seen; never its title or content."""
    seen = [one for one in found.evidence if one.standard_id == standard.id]
    pairs = sorted((one.type_id, one.dated_on or date.min) for one in seen)
    return tuple(report.EvidenceSeen(kind, None if day == date.min else day) for kind, day in pairs)


def _totals(found: Assessment, framework: Framework) -> report.Totals:
    sheet = scoring.score(framework, found.ratings())
    return report.Totals(
        # Frozen results are told as they were frozen, never computed anew.
        score=sheet.score if found.score is None else found.score,
        min_score=scoring.lowest_score(framework),
        max_score=sheet.max_score,
        capacity=found.capacity or sheet.capacity,
        risk=found.risk or sheet.risk,
        critical_gaps=sheet.critical_gaps,
        bands=_bands(framework),
    )


def _bands(framework: Framework) -> tuple[report.Band, ...]:
    tiers = sorted(framework.tiers, key=lambda tier: tier.from_points)
    ends = [tier.from_points - 1 for tier in tiers[1:]] + [scoring.highest_score(framework)]
    return tuple(
        report.Band(tier.from_points, end, tier.capacity, tier.risk)
        for tier, end in zip(tiers, ends, strict=True)
    )


def _previous_result(previous: Assessment | None) -> report.PreviousResult | None:
    if (
        previous is None
        or previous.effective_on is None
        or previous.score is None
        or previous.capacity is None
        or previous.risk is None
    ):
        return None
    return report.PreviousResult(
        reference=previous.document_number or previous.reference,
        instrument=previous.framework_id,
        final_on=previous.effective_on,
        score=previous.score,
        capacity=previous.capacity,
        risk=previous.risk,
    )


def _approvals(session: Session, found: Assessment) -> tuple[report.Approval, ...]:
    """Return what the head of office approved on this result: when and how, never why."""
    given: Sequence[report.Approval] = [
        report.Approval(one.decided_on, one.valid_until, said(one.conditions))
        for one in queries.approvals.of_assessment(session, found.id)
        if one.state is approval.State.APPROVED and one.decided_on is not None
    ]
    return tuple(sorted(given, key=lambda one: (one.approved_on, one.conditions)))

"""This file holds the questions about partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from partner_assess.db.models.agency import Agency
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner, SpecialRecord
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.queries.locking import one_as_seen
from partner_assess.domain import acceptance
from partner_assess.domain.assessment import IN_FORCE, State
from partner_assess.domain.partner import name_key
from partner_assess.domain.partnership import Basis, Result
from partner_assess.domain.risk import Risk

PAGE_SIZE = 50
TIERS: tuple[str, ...] = ("high", "moderate", "low", "none")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which partners an actor may see.

    Attributes:
        partner_id: Only this one (a partner's focal point).
        assessor_id: Only those this person assesses (an external assessor).
    """

    agency_id: UUID
    partner_id: UUID | None = None
    assessor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the visible partners is asked for. `tier` is a risk, "none", or empty."""

    q: str = ""
    office_id: UUID | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and the keys of the pages beside it."""

    rows: Sequence[Partner]
    total: int
    first: int
    next_after: str | None
    is_first: bool


def get(session: Session, partner_id: UUID, *, agency_id: UUID) -> Partner:
    """Return a partner of the agency, with its office. Raises NoResultFound."""
    return session.execute(_one(partner_id, agency_id)).scalar_one()


def named(session: Session, name: str, *, agency_code: str) -> Partner:
    """Return the partner of exactly this name. Raises NoResultFound, MultipleResultsFound."""
    query = (
        select(Partner)
        .join(Agency, Agency.id == Partner.agency_id)
        .where(Partner.name == name, Agency.code == agency_code)
    )
    return session.execute(query).scalar_one()


def same_name(session: Session, name: str, *, agency_id: UUID) -> Partner | None:
    """Return a partner of the agency whose name is folded to the same letters, if any."""
    query = (
        select(Partner)
        .where(Partner.agency_id == agency_id, Partner.name_key == name_key(name)[:400])
        .options(joinedload(Partner.office))
        .order_by(Partner.number)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def lock(
    session: Session, partner_id: UUID, *, agency_id: UUID, seen: int | None = None
) -> Partner:
    """Return the partner, locked, as it was seen."""
    return one_as_seen(session, _one(partner_id, agency_id), of=Partner, seen=seen)


def _one(partner_id: UUID, agency_id: UUID) -> Select[Partner]:
    return (
        select(Partner)
        .where(Partner.id == partner_id, Partner.agency_id == agency_id)
        .options(joinedload(Partner.office))
    )


def _visible(scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Partner.agency_id == scope.agency_id]
    if scope.partner_id is not None:
        conditions.append(Partner.id == scope.partner_id)
    if scope.assessor_id is not None:
        assigned = select(Assessment.partner_id).where(Assessment.assessor_id == scope.assessor_id)
        conditions.append(Partner.id.in_(assigned))
    return conditions


def is_visible(session: Session, partner_id: UUID, scope: Scope) -> bool:
    """Return whether the partner is among those the scope shows."""
    query = select(Partner.id).where(Partner.id == partner_id, *_visible(scope))
    return session.scalars(query).one_or_none() is not None


def _matching(asked: Filter, *, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for word in name_key(asked.q).split():
        conditions.append(
            or_(
                Partner.name_key.contains(word, autoescape=True),
                func.lower(Partner.number) == word,
                func.lower(Partner.acronym) == word,
                func.lower(Partner.vendor_number) == word,
                func.lower(Partner.unpp_id) == word,
            )
        )
    if asked.office_id is not None:
        conditions.append(Partner.office_id == asked.office_id)
    unexpired = or_(Partner.current_expires_on.is_(None), Partner.current_expires_on >= today)
    if asked.tier == "none":
        conditions.append(or_(Partner.current_basis == Basis.NONE, ~unexpired))
    elif asked.tier in {risk.value for risk in Risk}:
        conditions += [Partner.current_risk == Risk(asked.tier), unexpired]
    return conditions


def page(session: Session, scope: Scope, asked: Filter, *, today: date, after: str = "") -> Page:
    """Return a page of partners by name, beginning behind the partner with the id `after`."""
    conditions = _visible(scope) + _matching(asked, today=today)
    total = session.scalar(select(func.count()).select_from(Partner).where(*conditions)) or 0
    before = 0
    behind = list(conditions)
    start = _start(session, scope, after)
    if start is not None:
        position = tuple_(Partner.name_key, Partner.id)
        behind.append(position > tuple_(*start))
        before = (
            session.scalar(
                select(func.count())
                .select_from(Partner)
                .where(*conditions, position <= tuple_(*start))
            )
            or 0
        )
    rows = session.scalars(
        select(Partner)
        .where(*behind)
        .options(joinedload(Partner.office))
        .order_by(Partner.name_key, Partner.id)
        .limit(PAGE_SIZE + 1)
    ).all()
    shown = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    return Page(
        rows=shown,
        total=total,
        first=before + 1,
        next_after=str(shown[-1].id) if more else None,
        is_first=start is None,
    )


def _start(session: Session, scope: Scope, after: str) -> tuple[str, UUID] | None:
    try:
        partner_id = UUID(after)
    except ValueError:
        return None
    query = select(Partner.name_key, Partner.id).where(
        Partner.id == partner_id, Partner.agency_id == scope.agency_id
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def results(session: Session, partner_id: UUID) -> list[Result]:
    """Return every result and record that could be the current one, or was the last."""
    states = IN_FORCE | {State.EXPIRED}
    assessments = session.scalars(
        select(Assessment)
        .where(Assessment.partner_id == partner_id, Assessment.state.in_(states))
        .order_by(Assessment.effective_on, Assessment.id)
    )
    accepted = session.scalars(
        select(ReceivedReport)
        .where(
            ReceivedReport.partner_id == partner_id,
            ReceivedReport.state == acceptance.State.ACCEPTED,
        )
        .order_by(ReceivedReport.decided_at, ReceivedReport.id)
    )
    rows = [*assessments, *accepted]
    found = [result for row in rows if (result := row.result()) is not None]
    return found + [record.result() for record in special_records(session, partner_id)]


def special_records(session: Session, partner_id: UUID) -> Sequence[SpecialRecord]:
    """Return the emergency and waiver records that nobody ended, oldest first."""
    query = (
        select(SpecialRecord)
        .where(SpecialRecord.partner_id == partner_id, SpecialRecord.ended_at.is_(None))
        .order_by(SpecialRecord.recorded_at, SpecialRecord.id)
    )
    return session.scalars(query).all()


def with_name_or_number(
    session: Session, *, agency_id: UUID, vendor_number: str | None, unpp_id: str | None
) -> Partner | None:
    """Return a partner of the agency that bears one of these numbers already."""
    asked: list[ColumnElement[bool]] = []
    if vendor_number:
        asked.append(Partner.vendor_number == vendor_number)
    if unpp_id:
        asked.append(Partner.unpp_id == unpp_id)
    if not asked:
        return None
    query = select(Partner).where(Partner.agency_id == agency_id, or_(*asked)).order_by(Partner.id)
    return session.scalars(query.limit(1)).one_or_none()


def tier_counts(
    session: Session, scope: Scope, *, offices: frozenset[UUID] | None, today: date
) -> dict[str, int]:
    """Return how many visible partners stand in each tier on `today`; "none" has no result."""
    counts = dict.fromkeys(TIERS, 0)
    for office_id, tiers in tier_counts_by_office(session, scope, today=today).items():
        if offices is None or office_id in offices:
            for tier, number in tiers.items():
                counts[tier] += number
    return counts


def tier_counts_by_office(
    session: Session, scope: Scope, *, today: date
) -> dict[UUID, dict[str, int]]:
    """Return for each office how many visible partners stand in each tier on `today`."""
    unexpired = or_(Partner.current_expires_on.is_(None), Partner.current_expires_on >= today)
    query = (
        select(Partner.office_id, Partner.current_risk, unexpired.label("unexpired"), func.count())
        .where(*_visible(scope))
        .group_by(Partner.office_id, Partner.current_risk, "unexpired")
        .order_by(Partner.office_id)
    )
    found: dict[UUID, dict[str, int]] = {}
    for office_id, risk, is_unexpired, number in session.execute(query):
        tier = risk.value if risk is not None and is_unexpired else "none"
        found.setdefault(office_id, dict.fromkeys(TIERS, 0))[tier] += number
    return found


def waived_by_office(session: Session, scope: Scope) -> dict[UUID, int]:
    """Return for each office how many visible partners are waived: no contact."""
    query = (
        select(Partner.office_id, func.count())
        .where(*_visible(scope), Partner.current_basis == Basis.NO_CONTACT)
        .group_by(Partner.office_id)
    )
    return dict(session.execute(query).all())


def with_stale_result(session: Session, *, office_id: UUID, today: date) -> Sequence[UUID]:
    """Return partners of an office whose result ended before `today`, and nobody has seen it."""
    query = (
        select(Partner.id)
        .where(
            Partner.office_id == office_id,
            Partner.current_ended.is_(False),
            Partner.current_expires_on < today,
        )
        .order_by(Partner.id)
    )
    return session.scalars(query).all()

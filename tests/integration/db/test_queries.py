from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import InvalidRequestError, NoResultFound
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.agency import Office
from partner_assess.db.models.partner import Partner
from partner_assess.db.queries.partners import PAGE_SIZE, Filter, Scope
from partner_assess.db.queries.received_reports import Document
from partner_assess.domain.assessment import OPEN
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.permissions import Role
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    NOW,
    SIX,
    TODAY,
    House,
    make_active,
    make_approval,
    make_assessment,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_plan,
    make_user,
    plan_of,
)

LIMIT = date(2027, 11, 22)


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collect the SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(" ".join(statement.split()))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


ANY = UUID(int=1)
EVERYWHERE: dict[str, Any] = {"agency_id": ANY, "offices": None}
LISTS: dict[str, Callable[[Session], object]] = {
    "agencies.all_agencies": queries.agencies.all_agencies,
    "agencies.offices": queries.agencies.offices,
    "approvals.of_assessment": lambda s: queries.approvals.of_assessment(s, ANY),
    "approvals.of_partnerships": lambda s: queries.approvals.of_partnerships(s, [ANY]),
    "approvals.lock_undecided_or_valid": lambda s: queries.approvals.lock_undecided_or_valid(
        s, ANY
    ),
    "approvals.partners_past_end": lambda s: queries.approvals.partners_past_end(
        s, office_id=ANY, today=TODAY
    ),
    "approvals.waiting": lambda s: queries.approvals.waiting(s, **EVERYWHERE),
    "assessments.comments": lambda s: queries.assessments.comments(s, ANY),
    "assessments.expired": lambda s: queries.assessments.expired(s, office_id=ANY, today=TODAY),
    "assessments.expiring": lambda s: queries.assessments.expiring(s, **EVERYWHERE, until=TODAY),
    "assessments.in_force": lambda s: queries.assessments.in_force(
        s, partner_id=ANY, framework_id=SIX
    ),
    "assessments.of_partner": lambda s: queries.assessments.of_partner(s, ANY),
    "assessments.waiting": lambda s: queries.assessments.waiting(s, **EVERYWHERE, states=OPEN),
    "assessments.with_documents": queries.assessments.with_documents,
    "events.of_partner": lambda s: queries.events.of_partner(s, ANY, limit=10, offices=None),
    "events.heads": queries.events.heads,
    "jobs.leased": queries.jobs.leased,
    "partners.results": lambda s: queries.partners.results(s, ANY),
    "partners.special_records": lambda s: queries.partners.special_records(s, ANY),
    "partners.with_stale_result": lambda s: queries.partners.with_stale_result(
        s, office_id=ANY, today=TODAY
    ),
    "partnerships.active_high": lambda s: queries.partnerships.active_high(
        s, **EVERYWHERE, today=TODAY
    ),
    "partnerships.active_without_result": lambda s: queries.partnerships.active_without_result(
        s, **EVERYWHERE, today=TODAY
    ),
    "partnerships.all_partnerships": queries.partnerships.all_partnerships,
    "partnerships.proposed_high": lambda s: queries.partnerships.proposed_high(
        s, **EVERYWHERE, today=TODAY
    ),
    "partnerships.lock_of_partner": lambda s: queries.partnerships.lock_of_partner(s, ANY),
    "partnerships.of_partner": lambda s: queries.partnerships.of_partner(s, ANY),
    "partnerships.of_partners": lambda s: queries.partnerships.of_partners(s, [ANY]),
    "partnerships.unconfirmed_lives_at_risk": (
        lambda s: queries.partnerships.unconfirmed_lives_at_risk(s, **EVERYWHERE)
    ),
    "plans.of_partner": lambda s: queries.plans.of_partner(s, ANY),
    "plans.open_plans": queries.plans.open_plans,
    "plans.past_limit": lambda s: queries.plans.past_limit(s, today=TODAY),
    "plans.turns": lambda s: queries.plans.turns(s, ANY),
    "shared_reports.of_assessment": lambda s: queries.shared_reports.of_assessment(s, ANY),
    "suspensions.exceptions": lambda s: queries.suspensions.exceptions(s, [ANY]),
    "suspensions.exceptions_to_review": lambda s: queries.suspensions.exceptions_to_review(
        s, **EVERYWHERE, today=TODAY
    ),
    "suspensions.of_partnerships": lambda s: queries.suspensions.of_partnerships(s, [ANY]),
    "suspensions.waiting": lambda s: queries.suspensions.waiting(s, **EVERYWHERE),
    "agencies.lock": lambda s: queries.agencies.lock(s, None),
    "received_reports.accepted": lambda s: queries.received_reports.accepted(s, ANY),
    "received_reports.listed": lambda s: queries.received_reports.listed(s, **EVERYWHERE),
    "received_reports.of_document": lambda s: queries.received_reports.of_document(
        s, Document("UNB", str(ANY)), agency_id=ANY
    ),
    "received_reports.of_partner": lambda s: queries.received_reports.of_partner(s, ANY),
    "received_reports.partners_that_may_be": lambda s: (
        queries.received_reports.partners_that_may_be(
            s, agency_id=ANY, unpp_id="1", name="Demo: A", acronym="DA"
        )
    ),
    "received_reports.told_about": queries.received_reports.told_about,
    "recipients.of_assessment": lambda s: queries.recipients.of_assessment(s, ANY),
    "recipients.of_bundle": lambda s: queries.recipients.of_bundle(s, agency_id=ANY),
    "recipients.of_ended": lambda s: queries.recipients.of_ended(s, **EVERYWHERE),
    "statuses.shared": lambda s: queries.statuses.shared(s, agency_id=ANY),
    "trust.counting": lambda s: queries.trust.counting(s, agency_id=ANY),
    "trust.everywhere": queries.trust.everywhere,
    "trust.listed": lambda s: queries.trust.listed(s, agency_id=ANY),
    "trust.status_lists": lambda s: queries.trust.status_lists(s, ["UNB"], reader_id=ANY),
    "trust.with_fingerprint": lambda s: queries.trust.with_fingerprint(s, "0" * 64),
    "users.all_users": queries.users.all_users,
    "users.open_sessions": lambda s: queries.users.open_sessions(s, ANY),
}


def test_every_list_is_tried() -> None:
    found = {
        f"{module}.{name}"
        for module in queries.__all__
        for name, function in inspect.getmembers(getattr(queries, module), inspect.isfunction)
        if function.__module__.endswith(f".{module}")
        and not name.startswith("_")
        and function.__annotations__["return"].startswith(("Sequence[", "list["))
    }

    assert LISTS.keys() == found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_ordered_with_the_id_as_tie_break(session: Session, name: str) -> None:
    with statements(session) as sent:
        LISTS[name](session)

    assert sent
    for statement in sent:
        order = statement.rpartition(" ORDER BY ")[2]
        last = order.partition(" LIMIT ")[0].partition(" FOR ")[0].split(",")[-1].split()[0]
        assert last.endswith(".id"), statement


def _partner(session: Session, _ports: Ports, house: House) -> UUID:
    return make_partner(session, house).id


def _assessment(session: Session, ports: Ports, house: House) -> UUID:
    return make_assessment(session, ports, house, make_partner(session, house), every=None).id


def _partnership(session: Session, _ports: Ports, house: House) -> UUID:
    return make_partnership(session, house, make_partner(session, house)).id


def _plan(session: Session, ports: Ports, house: House) -> UUID:
    return make_plan(session, ports, house, make_partner(session, house)).id


def _approval(session: Session, ports: Ports, house: House) -> UUID:
    partner = make_partner(session, house)
    make_final(session, ports, house, partner)
    return make_approval(session, ports, house, make_partnership(session, house, partner)).id


def _case(session: Session, ports: Ports, house: House) -> UUID:
    partner = make_partner(session, house)
    make_final(session, ports, house, partner)
    return make_case(session, ports, house, make_active(session, house, partner), on=LIMIT + DAY).id


RECORDS: list[tuple[Any, Callable[[Session, Ports, House], UUID]]] = [
    (queries.partners, _partner),
    (queries.assessments, _assessment),
    (queries.partnerships, _partnership),
    (queries.plans, _plan),
    (queries.approvals, _approval),
    (queries.suspensions, _case),
]


@pytest.mark.parametrize(("module", "make"), RECORDS, ids=lambda one: one.__name__)
def test_a_record_of_another_agency_does_not_exist(
    session: Session,
    ports: Ports,
    house: House,
    module: Any,
    make: Callable[[Session, Ports, House], UUID],
) -> None:
    made = make(session, ports, house)
    other = make_house(session, "UNB").agency.id

    assert module.get(session, made, agency_id=house.agency.id).id == made
    for ask in (module.get, module.lock):
        with pytest.raises(NoResultFound):
            ask(session, made, agency_id=other)


@pytest.mark.parametrize(("module", "make"), RECORDS, ids=lambda one: one.__name__)
def test_a_record_is_locked_as_it_was_seen(
    session: Session,
    ports: Ports,
    house: House,
    module: Any,
    make: Callable[[Session, Ports, House], UUID],
) -> None:
    made = make(session, ports, house)
    version = module.get(session, made, agency_id=house.agency.id).version

    assert module.lock(session, made, agency_id=house.agency.id, seen=version).id == made
    assert module.lock(session, made, agency_id=house.agency.id).id == made
    for seen in (version - 1, version + 1):
        with pytest.raises(ChangedMeanwhile):
            module.lock(session, made, agency_id=house.agency.id, seen=seen)


def test_what_was_not_asked_for_is_never_fetched_by_the_way(session: Session, house: House) -> None:
    made = make_partnership(session, house, make_partner(session, house))
    session.expunge_all()
    (whole,) = queries.partnerships.of_partner(session, made.partner_id)
    assert whole.partner.name == "Demo: Acacia Relief"

    session.expunge_all()
    bare = session.get_one(type(made), made.id)
    with pytest.raises(InvalidRequestError, match="raise"):
        bare.partner  # noqa: B018 - asking is what is tried


# --- the list of partners -------------------------------------------------------------------


def names(found: Any) -> list[str]:
    return [partner.name for partner in found.rows]


def page(
    session: Session, house: House, *, after: str = "", today: date = TODAY, **asked: Any
) -> Any:
    scope = Scope(house.agency.id)
    return queries.partners.page(session, scope, Filter(**asked), today=today, after=after)


def test_pages_show_every_partner_once_in_order_even_under_one_name(
    session: Session, house: House
) -> None:
    total = 2 * PAGE_SIZE + 3
    for number in range(total):
        add_partner(session, house, number, "Demo: same" if number % 2 else f"Demo: {number:03}")
    session.flush()

    seen: list[UUID] = []
    keys: list[str] = []
    firsts: list[int] = []
    after: str | None = ""
    while after is not None:
        found = page(session, house, after=after)
        seen += [partner.id for partner in found.rows]
        keys += [partner.name_key for partner in found.rows]
        firsts.append(found.first)
        assert found.total == total
        after = found.next_after

    assert len(seen) == len(set(seen)) == total
    assert keys == sorted(keys)
    assert firsts == [1, PAGE_SIZE + 1, 2 * PAGE_SIZE + 1]


def add_partner(session: Session, house: House, number: int, name: str) -> None:
    made = Partner(
        agency_id=house.agency.id,
        office_id=house.office.id,
        number=f"XX-{number:04}",
        partner_type="ngo",
        scope="national",
        country="KE",
        registered_at=NOW,
    )
    made.rename(name)
    session.add(made)


def test_a_page_behind_nobody_is_the_first(session: Session, house: House) -> None:
    make_partner(session, house)
    stranger = make_partner(session, make_house(session, "UNB"))

    for after in ("", "nonsense", str(ANY), str(stranger.id)):
        found = page(session, house, after=after)
        assert (found.is_first, found.first, len(found.rows)) == (True, 1, 1)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ACÁCIA", True),
        ("relief demo", True),
        ("ke-0001", True),
        ("V-77", True),
        ("dar", True),
        ("100%", False),
        ("_", False),
        ("baobab", False),
    ],
)
def test_a_partner_is_found_by_part_of_its_name_or_a_whole_number(
    session: Session, house: House, q: str, found: bool
) -> None:
    make_partner(session, house, vendor_number="V-77")

    assert page(session, house, q=q).total == int(found)


def test_the_tier_of_a_partner_ends_with_its_result(
    session: Session, ports: Ports, house: House
) -> None:
    for name, every in (("High", "absent"), ("Moderate", "progressing"), ("Low", "adequate")):
        make_final(session, ports, house, make_partner(session, house, name=name), every=every)
    make_partner(session, house, name="None")
    scope, last = Scope(house.agency.id), date(2031, 11, 22)

    for day, tiers in (
        (last, {"high": ["High"], "moderate": ["Moderate"], "low": ["Low"], "none": ["None"]}),
        (
            last + DAY,
            {"high": [], "moderate": [], "low": [], "none": ["High", "Low", "Moderate", "None"]},
        ),
    ):
        shown = {tier: names(page(session, house, tier=tier, today=day)) for tier in tiers}
        counts = queries.partners.tier_counts(session, scope, offices=None, today=day)
        assert shown == tiers
        assert {tier: counts[tier] for tier in tiers} == {t: len(n) for t, n in tiers.items()}


def test_an_actor_s_scope_limits_what_is_seen(session: Session, ports: Ports, house: House) -> None:
    mine, other = make_partner(session, house, name="Mine"), make_partner(session, house)
    assessor = make_user(session, house.agency, Role.ASSESSOR)
    made = make_assessment(session, ports, house, mine, every=None)
    made.assessor_id = assessor.id
    session.flush()

    scopes = {
        "the agency's": (Scope(house.agency.id), {mine.id, other.id}),
        "the partner's": (Scope(house.agency.id, partner_id=mine.id), {mine.id}),
        "the assessor's": (Scope(house.agency.id, assessor_id=assessor.id), {mine.id}),
        "nobody's": (Scope(ANY), set[UUID]()),
    }

    for scope, expected in scopes.values():
        shown = queries.partners.page(session, scope, Filter(), today=TODAY)
        assert {partner.id for partner in shown.rows} == expected
        for partner in (mine, other):
            visible = queries.partners.is_visible(session, partner.id, scope)
            assert visible is (partner.id in expected)


# --- what waits -----------------------------------------------------------------------------


def test_lists_of_what_waits_keep_to_the_offices(
    session: Session, ports: Ports, house: House
) -> None:
    elsewhere = make_office(session, house.agency, name="Demo: other office")
    approval_id = _approval(session, ports, house)
    assessment_id = _assessment(session, ports, house)
    case_id = _case(session, ports, house)

    for offices, shown in (
        (None, True),
        (frozenset({house.office.id}), True),
        (frozenset({elsewhere.id}), False),
        (frozenset[UUID](), False),
    ):
        where: dict[str, Any] = {"agency_id": house.agency.id, "offices": offices}
        found = [
            *queries.approvals.waiting(session, **where),
            *queries.assessments.waiting(session, **where, states=OPEN),
            *queries.suspensions.waiting(session, **where),
        ]
        expected = {approval_id, assessment_id, case_id} if shown else set[UUID]()
        assert {one.id for one in found} == expected


@pytest.mark.parametrize(("days", "late"), [(-1, False), (0, False), (1, True)])
def test_a_plan_is_past_its_limit_from_the_day_after(
    session: Session, ports: Ports, house: House, days: int, late: bool
) -> None:
    plan = make_plan(session, ports, house, make_partner(session, house))
    day = LIMIT + days * DAY

    for where in ({"office_id": house.office.id}, {"partner_id": plan.partner_id}):
        found = queries.plans.past_limit(session, today=day, **where)  # pyright: ignore[reportArgumentType]
        assert [one.id for one in found] == ([plan.id] if late else [])


def test_the_result_before_is_the_last_of_the_same_instrument(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)
    results = [
        make_final(session, ports, house, partner, on=TODAY + number * DAY) for number in range(3)
    ]

    befores = [queries.assessments.previous(session, one) for one in results]

    assert [one and one.id for one in befores] == [None, results[0].id, results[1].id]


# --- who reads which events -----------------------------------------------------------------


def test_the_events_of_a_record_are_its_office_s_and_of_others_only_what_the_agency_may_know(
    session: Session, ports: Ports
) -> None:
    # Given: a partner of the first office, and a partnership with it of the second
    first = make_house(session)
    office = make_office(session, first.agency, name="Demo: other office")
    third = make_office(session, first.agency, name="Demo: third office")
    people = {
        name: make_user(session, first.agency, role, office=office).actor()
        for name, role in (("officer", Role.OFFICER), ("head", Role.HEAD))
    }
    second = replace(first, office=office, **people)
    partner = make_partner(session, first)
    plan = plan_of(session, make_final(session, ports, first, partner))
    theirs = make_active(session, first, partner, office=office)
    make_approval(session, ports, second, theirs)
    make_exception(session, ports, second, theirs, ends_on=plan.suspends_on or TODAY)
    make_case(session, ports, second, theirs, on=plan.suspends_on or TODAY)

    def read(*offices: Office) -> dict[str, bool]:
        ids = frozenset(one.id for one in offices)
        found = queries.events.of_partner(session, partner.id, limit=99, offices=ids)
        assert len(found) == queries.events.count_of_partner(session, partner.id, offices=ids)
        return {one.event.about: one.details for one in found}

    # Then
    known = {"partner": False, "partnership": False, "suspension": False}
    assert read(third) == read() == known
    assert read(office) == known | {"partnership": True, "suspension": True, "approval": True}
    assert read(first.office) == known | {"partner": True, "assessment": True, "plan": True}
    whole = queries.events.of_partner(session, partner.id, limit=99, offices=None)
    assert {one.event.about for one in whole} == set(read(first.office, office))
    assert all(one.details for one in whole)

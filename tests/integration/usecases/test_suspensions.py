from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.db.models.suspension import SuspensionCase
from partner_assess.domain import partnership as partnership_rules
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, NotPermitted
from partner_assess.domain.policy import OnDeadline
from partner_assess.domain.suspension import Cause, State
from partner_assess.usecases import assessments, overview, partnerships, suspensions
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    TODAY,
    House,
    at,
    finalise,
    make_active,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_plan,
    refused,
    verify_all,
)

LIMIT = date(2027, 11, 22)  # the 12-month date of a High result of TODAY


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


@pytest.fixture
def plan(session: Session, ports: Ports, house: House, partner: Partner) -> Plan:
    """Return the plan of a High result of TODAY."""
    return make_plan(session, ports, house, partner)


def act(session: Session, ports: Ports, house: House, plan: Plan, *, on: date) -> dict[State, int]:
    done = suspensions.act_on_deadlines(
        session, ports, plan_id=plan.id, agency_id=house.agency.id, now=at(on), today=on
    )
    session.flush()
    return done


def cases_of(session: Session, partnership: Partnership) -> list[SuspensionCase]:
    return list(queries.suspensions.of_partnerships(session, [partnership.id]))


# --- what the clock does --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "done"), [(-1, {}), (0, {}), (1, {State.SUSPENDED: 1}), (400, {State.SUSPENDED: 1})]
)
def test_the_clock_suspends_from_the_day_after_the_12_month_date(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    days: int,
    done: dict[State, int],
) -> None:
    running = make_active(session, house, partner)
    day = LIMIT + days * DAY

    assert act(session, ports, house, plan, on=day) == done
    assert act(session, ports, house, plan, on=day) == {}

    if done:
        (case,) = cases_of(session, running)
        assert (case.cause, case.state, case.deadline_on, case.since) == (
            Cause.DEADLINE,
            State.SUSPENDED,
            LIMIT,
            LIMIT + DAY,
        )
        assert (running.state, running.suspended_on) == (
            partnership_rules.State.SUSPENDED,
            LIMIT + DAY,
        )
    else:
        assert (cases_of(session, running), running.suspended_on) == ([], None)


def test_the_clock_says_that_it_was_the_clock(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    make_active(session, house, partner)

    act(session, ports, house, plan, on=LIMIT + DAY)

    (known,) = queries.events.of_partner(session, partner.id, limit=1, offices=frozenset())
    event = known.event
    assert (event.about, event.action, event.by_id) == ("suspension", "suspended", None)


def test_the_clock_set_back_does_nothing(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    act(session, ports, house, plan, on=LIMIT + DAY)

    assert act(session, ports, house, plan, on=LIMIT) == {}
    assert act(session, ports, house, plan, on=LIMIT + DAY) == {}
    assert running.state is partnership_rules.State.SUSPENDED


def test_every_active_partnership_of_the_agency_is_suspended_and_no_other(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    elsewhere = make_office(session, house.agency, name="Demo: other office")
    active = [
        make_active(session, house, partner),
        make_active(session, house, partner, office=elsewhere),
    ]
    proposed = make_partnership(session, house, partner)
    other_house = make_house(session, "UNB")
    other = make_active(session, other_house, make_partner(session, other_house))

    assert act(session, ports, house, plan, on=LIMIT + DAY) == {State.SUSPENDED: 2}

    assert {one.state for one in active} == {partnership_rules.State.SUSPENDED}
    assert (proposed.state, other.state) == (
        partnership_rules.State.PROPOSED,
        partnership_rules.State.ACTIVE,
    )


@pytest.mark.parametrize(("framework_id", "every"), [("unicef-six-2020", "progressing")])
def test_moderate_suspends_nothing(
    session: Session, ports: Ports, house: House, partner: Partner, framework_id: str, every: str
) -> None:
    made = make_plan(session, ports, house, partner, framework_id=framework_id, every=every)
    make_active(session, house, partner)

    assert act(session, ports, house, made, on=LIMIT + 400 * DAY) == {}


def test_the_eight_suspend_after_twelve_months_though_their_plan_ends_after_six(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_plan(session, ports, house, partner, framework_id=EIGHT, every="no")
    make_active(session, house, partner)

    assert made.due_on == date(2027, 5, 22)
    assert act(session, ports, house, made, on=LIMIT) == {}
    assert act(session, ports, house, made, on=LIMIT + DAY) == {State.SUSPENDED: 1}


@pytest.mark.parametrize(("days", "done"), [(0, {}), (1, {})])
def test_a_plan_finished_on_its_last_day_suspends_nothing(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    days: int,
    done: dict[State, int],
) -> None:
    make_active(session, house, partner)
    verify_all(session, ports, house, plan, on=LIMIT)

    assert act(session, ports, house, plan, on=LIMIT + days * DAY) == done


def test_pages_see_what_is_due_before_it_is_done(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)

    due = list(suspensions.due(session, ports, [plan], today=LIMIT + DAY))

    assert [(one.partnership.id, one.to) for one in due] == [(running.id, State.SUSPENDED)]
    assert cases_of(session, running) == []


def test_by_policy_every_case_is_a_decision(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    asks = replace(ports.policies["default"], on_deadline=OnDeadline.DECIDE)
    asking = replace(ports, policies={"default": asks})
    running = make_active(session, house, partner)

    assert act(session, asking, house, plan, on=LIMIT + DAY) == {State.DECISION_DUE: 1}
    assert running.state is partnership_rules.State.ACTIVE


# --- lives at risk --------------------------------------------------------------------------


def mark(
    session: Session, house: House, running: Partnership, *, confirmed_on: date | None
) -> None:
    partnerships.mark_lives_at_risk(
        session,
        partnership_id=running.id,
        seen=running.version,
        marked=True,
        reason="Dialysis.",
        actor=house.officer,
        now=NOW,
    )
    session.flush()
    if confirmed_on is not None:
        partnerships.confirm_lives_at_risk(
            session,
            partnership_id=running.id,
            seen=running.version,
            actor=house.head,
            now=at(confirmed_on),
            today=confirmed_on,
        )
    session.flush()


@pytest.mark.parametrize(
    ("confirmed_on", "to"),
    [
        (None, State.SUSPENDED),
        (LIMIT, State.DECISION_DUE),
        (date(2026, 11, 23), State.DECISION_DUE),
        (date(2026, 11, 22), State.SUSPENDED),
    ],
    ids=["unconfirmed", "the day before", "a year ago to the day", "a year and a day ago"],
)
def test_confirmed_lives_at_risk_call_for_a_decision(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    confirmed_on: date | None,
    to: State,
) -> None:
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=confirmed_on)

    assert act(session, ports, house, plan, on=LIMIT + DAY) == {to: 1}
    assert act(session, ports, house, plan, on=LIMIT + DAY) == {}


# --- the exception --------------------------------------------------------------------------


def test_an_exception_carries_to_its_end_inclusive_and_then_the_rule_applies(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    # Given
    running = make_active(session, house, partner)
    end = LIMIT + 90 * DAY
    make_exception(session, ports, house, running, ends_on=end)

    # When, then
    assert act(session, ports, house, plan, on=LIMIT) == {}
    assert act(session, ports, house, plan, on=LIMIT + DAY) == {State.CONTINUES: 1}
    assert act(session, ports, house, plan, on=end) == {}
    assert running.state is partnership_rules.State.ACTIVE
    assert act(session, ports, house, plan, on=end + DAY) == {State.SUSPENDED: 1}
    assert act(session, ports, house, plan, on=end + DAY) == {}
    (case,) = cases_of(session, running)
    assert (case.state, case.since) == (State.SUSPENDED, end + DAY)


def test_a_late_sweep_writes_the_day_after_the_exception(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    make_exception(session, ports, house, running, ends_on=LIMIT + 10 * DAY)

    act(session, ports, house, plan, on=LIMIT + 40 * DAY)

    (case,) = cases_of(session, running)
    assert (case.since, running.suspended_on) == (LIMIT + 11 * DAY, LIMIT + 11 * DAY)


def test_the_clock_leaves_alone_what_a_closed_plan_would_have_suspended(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    make_final(session, ports, house, partner, on=LIMIT + DAY, every="adequate")

    assert act(session, ports, house, plan, on=LIMIT + 2 * DAY) == {}
    assert running.state is partnership_rules.State.ACTIVE


@pytest.mark.parametrize(
    ("days", "to"), [(-1, State.SUSPENDED), (0, State.SUSPENDED), (1, State.CONTINUES)]
)
def test_an_exception_that_ends_by_the_12_month_date_does_not_help(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    days: int,
    to: State,
) -> None:
    running = make_active(session, house, partner)
    make_exception(session, ports, house, running, ends_on=LIMIT + days * DAY)

    assert act(session, ports, house, plan, on=LIMIT + DAY) == {to: 1}


def test_a_renewed_exception_goes_on(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    make_exception(session, ports, house, running, ends_on=LIMIT + 10 * DAY)
    act(session, ports, house, plan, on=LIMIT + DAY)

    make_exception(session, ports, house, running, on=LIMIT + 10 * DAY, ends_on=LIMIT + 20 * DAY)

    assert act(session, ports, house, plan, on=LIMIT + 20 * DAY) == {}
    assert act(session, ports, house, plan, on=LIMIT + 21 * DAY) == {State.SUSPENDED: 1}


def test_after_an_exception_confirmed_lives_call_for_a_decision(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=LIMIT)
    make_exception(session, ports, house, running, ends_on=LIMIT + 10 * DAY)
    act(session, ports, house, plan, on=LIMIT + DAY)

    assert act(session, ports, house, plan, on=LIMIT + 11 * DAY) == {State.DECISION_DUE: 1}
    assert running.state is partnership_rules.State.ACTIVE


def test_an_exception_lets_a_suspended_partnership_go_on(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)

    make_exception(session, ports, house, running, on=LIMIT + 5 * DAY, ends_on=LIMIT + 30 * DAY)
    session.flush()

    assert (case.state, case.since) == (State.CONTINUES, LIMIT + 5 * DAY)
    assert running.state is partnership_rules.State.ACTIVE
    assert act(session, ports, house, plan, on=LIMIT + 30 * DAY) == {}
    assert act(session, ports, house, plan, on=LIMIT + 31 * DAY) == {State.SUSPENDED: 1}


@pytest.mark.parametrize(
    ("ends_on", "review_on"),
    [
        (TODAY, TODAY),
        (date(2027, 2, 21), date(2027, 2, 21)),
        (date(2027, 2, 22), date(2027, 2, 22)),
        (date(2027, 2, 23), date(2027, 2, 22)),
    ],
)
def test_an_exception_is_reviewed_after_three_months_or_at_its_end(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    ends_on: date,
    review_on: date,
) -> None:
    assert plan.suspends_on
    running = make_active(session, house, partner)

    made = make_exception(session, ports, house, running, ends_on=ends_on)

    assert (made.from_on, made.review_on) == (TODAY, review_on)


def grant(
    session: Session,
    ports: Ports,
    found: Partnership,
    actor: Actor,
    *,
    reason: str = "People would be without water.",
    ends_on: date = TODAY,
) -> None:
    suspensions.grant_exception(
        session,
        ports,
        partnership_id=found.id,
        seen=found.version,
        reason=reason,
        ends_on=ends_on,
        policy_name="default",
        actor=actor,
        now=NOW,
        today=TODAY,
    )


def test_an_exception_is_refused(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    running = make_active(session, house, partner)
    proposed = make_partnership(session, house, partner)

    with refused(session, NotPermitted):
        grant(session, ports, running, house.focal_point)
    with refused(session, NotReady, "reason_missing"):
        grant(session, ports, running, house.head, reason=" ")
    with refused(session, NotReady, "exception_end_not_ahead"):
        grant(session, ports, running, house.head, ends_on=TODAY - DAY)
    with refused(session, ActionNotAllowed):
        grant(session, ports, proposed, house.head)
    with refused(session, suspensions.NothingToExcept, "nothing_to_except"):
        grant(session, ports, running, house.head)


# --- what the head decides ------------------------------------------------------------------


def lift(
    session: Session,
    case: SuspensionCase,
    actor: Actor,
    *,
    reason: str = "All but one action is done.",
    on: date = LIMIT + 5 * DAY,
    review_on: date = LIMIT + 95 * DAY,
) -> None:
    suspensions.lift(
        session,
        case_id=case.id,
        seen=case.version,
        reason=reason,
        review_on=review_on,
        actor=actor,
        now=at(on),
        today=on,
    )
    session.flush()


def suspend(session: Session, case: SuspensionCase, actor: Actor, *, reason: str = "No.") -> None:
    day = LIMIT + 5 * DAY
    suspensions.suspend(
        session,
        case_id=case.id,
        seen=case.version,
        reason=reason,
        actor=actor,
        now=at(day),
        today=day,
    )
    session.flush()


def test_what_the_head_lifts_is_not_suspended_again_for_that_date(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)

    lift(session, case, house.head)

    assert (case.state, case.review_on, case.decided_by) == (
        State.LIFTED,
        LIMIT + 95 * DAY,
        house.head.user_id,
    )
    assert (running.state, running.suspended_on) == (partnership_rules.State.ACTIVE, None)
    assert act(session, ports, house, plan, on=LIMIT + 400 * DAY) == {}


def test_a_high_result_after_a_high_one_does_not_suspend_again_what_was_lifted(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    lift(session, make_case(session, ports, house, running, on=LIMIT + DAY), house.head)

    second = make_final(session, ports, house, partner, on=LIMIT + 30 * DAY)

    again = queries.plans.of_result(session, second.id)
    assert again is not None
    assert again.suspends_on == LIMIT + DAY
    assert act(session, ports, house, again, on=LIMIT + 60 * DAY) == {}


@pytest.mark.parametrize("has_exception", [True, False])
def test_a_question_that_fell_away_with_its_result_is_asked_again_of_the_next_high_one(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    has_exception: bool,
) -> None:
    # Given: past its date a decision was due, and then the result was withdrawn
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=LIMIT)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)
    withdraw(session, ports, house, plan.assessment_id, on=LIMIT + 10 * DAY)
    assert case.state is State.CLOSED
    assert act(session, ports, house, plan, on=LIMIT + 10 * DAY) == {}

    # When: the new result keeps the start that runs
    found_on = LIMIT + 30 * DAY
    again = make_plan(session, ports, house, partner, on=found_on)
    if has_exception:
        make_exception(session, ports, house, running, on=found_on, ends_on=found_on + DAY)

    # Then
    to = State.CONTINUES if has_exception else State.DECISION_DUE
    (shown,) = overview.standings(session, ports, [running], today=found_on)
    assert (shown.case_state, shown.suspends_on) == (to, LIMIT + DAY)
    assert act(session, ports, house, again, on=found_on + DAY) == {to: 1}
    assert act(session, ports, house, again, on=found_on + DAY) == {}
    assert (case.state, case.since) == (to, found_on)
    assert cases_of(session, running) == [case]
    assert case.plan_id == again.id


def test_without_lives_at_risk_the_next_high_result_past_the_date_suspends(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    make_exception(session, ports, house, running, ends_on=LIMIT + 20 * DAY)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)
    withdraw(session, ports, house, plan.assessment_id, on=LIMIT + 10 * DAY)

    again = make_plan(session, ports, house, partner, on=LIMIT + 30 * DAY)

    assert act(session, ports, house, again, on=LIMIT + 40 * DAY) == {State.SUSPENDED: 1}
    assert (case.state, running.suspended_on) == (State.SUSPENDED, LIMIT + 30 * DAY)


def test_a_better_result_of_the_other_instrument_closes_the_question_until_it_is_withdrawn(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    # Given
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=LIMIT)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)

    # When, then
    eight = {"framework_id": EIGHT, "every": "yes", "policy": "no"}
    better = make_final(session, ports, house, partner, on=LIMIT + 10 * DAY, **eight)
    assert case.state is State.CLOSED
    assert act(session, ports, house, plan, on=LIMIT + 11 * DAY) == {}

    finalise(session, ports, house, better, on=LIMIT + 10 * DAY)
    withdraw(session, ports, house, better.id, on=LIMIT + 20 * DAY)
    assert act(session, ports, house, plan, on=LIMIT + 20 * DAY) == {State.DECISION_DUE: 1}


def test_a_question_stays_while_a_high_result_of_the_other_instrument_has_the_date(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=LIMIT)
    make_final(session, ports, house, partner, on=TODAY + DAY, framework_id=EIGHT, every="no")
    case = make_case(session, ports, house, running, on=LIMIT + DAY)

    withdraw(session, ports, house, plan.assessment_id, on=LIMIT + 10 * DAY)

    assert case.state is State.DECISION_DUE


def withdraw(session: Session, ports: Ports, house: House, made: UUID, *, on: date) -> None:
    found = queries.assessments.get(session, made, agency_id=house.agency.id)
    assessments.withdraw(
        session,
        ports,
        assessment_id=made,
        seen=found.version,
        reason="Wrong partner.",
        actor=house.focal_point,
        now=at(on),
        today=on,
    )
    session.flush()


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (1, True)])
def test_the_review_of_a_lift_is_ahead(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    plan: Plan,
    days: int,
    allowed: bool,
) -> None:
    case = make_case(session, ports, house, make_active(session, house, partner), on=LIMIT + DAY)
    today = LIMIT + 5 * DAY

    if allowed:
        lift(session, case, house.head, on=today, review_on=today + days * DAY)
        assert case.state is State.LIFTED
    else:
        with refused(session, NotReady, "review_day_not_ahead"):
            lift(session, case, house.head, on=today, review_on=today + days * DAY)


def test_the_head_suspends_where_a_decision_was_due(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=LIMIT)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)
    assert case.state is State.DECISION_DUE

    suspend(session, case, house.head)

    assert (case.state, running.state) == (State.SUSPENDED, partnership_rules.State.SUSPENDED)


def test_decisions_on_a_case_are_refused(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)

    with refused(session, NotPermitted):
        lift(session, case, house.officer)
    with refused(session, NotPermitted):
        suspend(session, case, house.focal_point)
    with refused(session, NotReady, "reason_missing"):
        lift(session, case, house.head, reason="")
    with refused(session, ActionNotAllowed):
        suspend(session, case, house.head)
    with refused(session, ChangedMeanwhile):
        suspensions.lift(
            session,
            case_id=case.id,
            seen=case.version + 1,
            reason="Seen.",
            review_on=LIMIT + 95 * DAY,
            actor=house.head,
            now=NOW,
            today=LIMIT + DAY,
        )
    lift(session, case, house.head)
    with refused(session, ActionNotAllowed):
        lift(session, case, house.head)


# --- one partnership, two cases --------------------------------------------------------------


@pytest.mark.parametrize("how", ["lifted", "excepted"])
def test_what_is_suspended_twice_goes_on_only_when_both_are_settled(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan, how: str
) -> None:
    # Given: a decision was due, and the head suspended for another cause
    day = LIMIT + 5 * DAY
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=LIMIT)
    case = make_case(session, ports, house, running, on=LIMIT + DAY)
    suspend(session, case, house.head)
    other = suspensions.open_case(
        session,
        running,
        to=State.SUSPENDED,
        cause=Cause.OTHER,
        plan=None,
        by=house.head.user_id,
        at=at(day),
        on=day,
        reason="A breach of the agreement.",
    )
    session.flush()

    # When
    if how == "lifted":
        lift(session, case, house.head)
    else:
        make_exception(session, ports, house, running, on=day, ends_on=day + 30 * DAY)
        session.flush()

    # Then
    assert running.state is partnership_rules.State.SUSPENDED
    lift(session, other, house.head)
    assert running.state is partnership_rules.State.ACTIVE


def test_pages_show_no_day_for_what_was_lifted_under_an_earlier_plan_of_the_date(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    lift(session, make_case(session, ports, house, running, on=LIMIT + DAY), house.head)
    make_final(session, ports, house, partner, on=LIMIT + 30 * DAY)

    (one,) = overview.standings(session, ports, [running], today=LIMIT + 31 * DAY)

    assert (one.state, one.suspends_on) == (partnership_rules.State.ACTIVE, None)


def test_what_has_ended_is_neither_at_risk_nor_excepted(
    session: Session, ports: Ports, house: House, partner: Partner, plan: Plan
) -> None:
    running = make_active(session, house, partner)
    mark(session, house, running, confirmed_on=TODAY)
    make_exception(session, ports, house, running, ends_on=LIMIT)
    (before,) = overview.standings(session, ports, [running], today=TODAY)
    partnerships.end(
        session,
        partnership_id=running.id,
        seen=running.version,
        reason="It is done.",
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )

    (after,) = overview.standings(session, ports, [running], today=TODAY)

    assert (before.lives_at_risk, before.exception_until) == (True, LIMIT)
    assert (after.lives_at_risk, after.exception_until) == (False, None)

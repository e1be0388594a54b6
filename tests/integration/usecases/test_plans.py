from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.plan import ActionState, State
from partner_assess.domain.policy import ClockStart
from partner_assess.domain.report import OwnerSide
from partner_assess.domain.suspension import State as CaseState
from partner_assess.usecases import assessments, plans
from partner_assess.usecases.plans import ActionTerms, PlanNotAgreed, PlanNotOpen
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    SIX,
    TODAY,
    House,
    add_evidence,
    at,
    finalise,
    make_active,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_plan,
    make_user,
    plan_of,
    refused,
    see,
    verify_all,
    verify_one,
)

LIMIT = date(2027, 11, 22)  # the 12-month date of a High result of TODAY


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


# --- the plan a result opens -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "due_on", "suspends_on"),
    [
        ({"every": "absent"}, LIMIT, LIMIT + DAY),
        ({"every": "progressing"}, LIMIT, None),
        ({"framework_id": EIGHT, "every": "no"}, date(2027, 5, 22), LIMIT + DAY),
    ],
    ids=["six, High", "six, Moderate", "eight, High"],
)
def test_the_dates_of_a_plan(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    how: dict[str, Any],
    due_on: date,
    suspends_on: date | None,
) -> None:
    plan = make_plan(session, ports, house, partner, **how)

    assert (plan.state, plan.started_on) == (State.DRAFTING, TODAY)
    assert (plan.due_on, plan.suspends_on) == (due_on, suspends_on)
    assert plan.limit_on == (None if suspends_on is None else suspends_on - DAY)


def test_the_last_of_february_is_a_last_day_in_time(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    plan = make_plan(session, ports, house, partner, on=date(2024, 2, 29))

    assert (plan.due_on, plan.suspends_on) == (date(2025, 2, 28), date(2025, 3, 1))


@pytest.mark.parametrize(
    ("others", "mandatory", "recommended"),
    [({"policy": "progressing"}, False, True), ({"policy": "absent"}, True, True)],
)
def test_low_with_a_gap_opens_a_plan_without_a_date(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    others: dict[str, str],
    mandatory: bool,
    recommended: bool,
) -> None:
    plan = make_plan(session, ports, house, partner, every="adequate", **others)

    of_gap = [action.mandatory for action in plan.actions if action.standard_id == "policy"]
    assert (plan.due_on, plan.suspends_on) == (None, None)
    assert (any(of_gap), not all(of_gap)) == (mandatory, recommended)


def test_low_without_a_gap_opens_none(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    final = make_final(session, ports, house, partner, every="adequate")

    assert queries.plans.of_result(session, final.id) is None


def test_actions_stand_in_the_order_of_the_instrument(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    final = make_final(session, ports, house, partner)
    framework = assessments.framework_of(ports, final)
    order = [standard.id for standard in framework.standards]

    plan = plan_of(session, final)

    assert [a.position for a in plan.actions] == list(range(len(plan.actions)))
    places = [order.index(action.standard_id) for action in plan.actions]
    assert places == sorted(places)
    assert {action.due_on for action in plan.actions} == {LIMIT}


# --- the clock: kept by High, ended by Moderate and Low --------------------------------------


def again(
    session: Session, ports: Ports, house: House, partner: Partner, *, on: date, **how: Any
) -> Assessment:
    return make_final(session, ports, house, partner, on=on, **how)


def test_high_after_high_keeps_the_start_that_runs(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    first = make_plan(session, ports, house, partner)

    second = plan_of(session, again(session, ports, house, partner, on=date(2027, 3, 1)))
    third = plan_of(session, again(session, ports, house, partner, on=date(2027, 6, 1)))

    assert (first.state, first.closed_because) == (State.CLOSED, "superseded")
    assert (second.state, third.state) == (State.CLOSED, State.DRAFTING)
    assert (third.started_on, third.due_on, third.suspends_on) == (TODAY, LIMIT, LIMIT + DAY)


@pytest.mark.parametrize("every", ["progressing", "adequate"])
def test_moderate_or_low_ends_the_clock_and_the_next_high_starts_anew(
    session: Session, ports: Ports, house: House, partner: Partner, every: str
) -> None:
    first = make_plan(session, ports, house, partner)

    again(session, ports, house, partner, on=date(2027, 3, 1), every=every)
    fresh = plan_of(session, again(session, ports, house, partner, on=date(2027, 6, 1)))

    assert first.state is State.CLOSED
    assert (fresh.started_on, fresh.suspends_on) == (date(2027, 6, 1), date(2028, 6, 2))


def test_a_completed_plan_does_not_give_the_next_high_twelve_new_months(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    first = make_plan(session, ports, house, partner)
    verify_all(session, ports, house, first, on=date(2027, 3, 1))

    second = plan_of(session, again(session, ports, house, partner, on=date(2027, 6, 1)))

    assert (second.started_on, second.suspends_on) == (TODAY, LIMIT + DAY)


def test_a_withdrawn_high_does_not_give_the_next_high_twelve_new_months(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    first = make_final(session, ports, house, partner)
    withdraw(session, ports, house, first)

    second = plan_of(session, again(session, ports, house, partner, on=date(2027, 6, 1)))

    assert (second.started_on, second.suspends_on) == (TODAY, LIMIT + DAY)


def test_a_withdrawn_low_does_not_end_the_clock(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_plan(session, ports, house, partner)
    withdraw(
        session,
        ports,
        house,
        again(session, ports, house, partner, on=date(2027, 3, 1), every="adequate"),
    )

    third = plan_of(session, again(session, ports, house, partner, on=date(2027, 6, 1)))

    assert third.started_on == TODAY


def withdraw(session: Session, ports: Ports, house: House, made: Assessment) -> None:
    made = see(session, made)
    assessments.withdraw(
        session,
        ports,
        assessment_id=made.id,
        seen=made.version,
        reason="Wrong partner.",
        actor=house.focal_point,
        now=NOW,
        today=TODAY,
    )
    session.flush()


# --- two instruments, one clock (docs/decisions/0015) -------------------------------------


MARCH, JUNE = date(2027, 3, 1), date(2027, 6, 1)
MODERATE_EIGHT = {"framework_id": EIGHT, "every": "yes", "policy": "no", "hr": "no"}


def test_a_high_of_the_other_instrument_keeps_the_start_and_both_plans_stay(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    six = make_plan(session, ports, house, partner)
    eight = make_plan(session, ports, house, partner, framework_id=EIGHT, every="no", on=MARCH)

    assert (six.state, eight.state) == (State.DRAFTING, State.DRAFTING)
    assert (eight.started_on, eight.due_on) == (TODAY, date(2027, 5, 22))
    assert six.limit_on == eight.limit_on == LIMIT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({}, MODERATE_EIGHT, id="six High, eight Moderate"),
        pytest.param({}, {"framework_id": EIGHT, "every": "yes"}, id="six High, eight Low"),
        pytest.param({"framework_id": EIGHT, "every": "no"}, {"every": "adequate"}, id="eight"),
    ],
)
def test_moderate_or_low_of_the_other_instrument_ends_the_clock_and_keeps_the_plan(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    # Given
    plan = make_plan(session, ports, house, partner, **first)
    due_on = plan.due_on

    # When
    again(session, ports, house, partner, on=MARCH, **second)

    # Then
    assert (plan.state, plan.due_on) == (State.DRAFTING, due_on)
    assert (plan.started_on, plan.limit_on, plan.suspends_on) == (TODAY, None, None)
    assert queries.plans.past_limit(session, today=LIMIT + 400 * DAY) == []

    # And the next High one starts anew
    fresh = plan_of(session, again(session, ports, house, partner, on=JUNE))
    assert (fresh.started_on, fresh.limit_on) == (JUNE, date(2028, 6, 1))
    assert plan.limit_on is None


def test_what_ended_the_clock_and_is_withdrawn_has_ended_nothing(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    plan = make_plan(session, ports, house, partner)
    eight = again(session, ports, house, partner, on=MARCH, **MODERATE_EIGHT)
    finalise(session, ports, house, eight, on=MARCH)
    assert plan.limit_on is None

    withdraw(session, ports, house, eight)

    assert (plan.limit_on, plan.suspends_on) == (LIMIT, LIMIT + DAY)
    assert partner.current_framework == SIX


def test_a_clock_that_waited_does_not_start_after_a_better_result_of_the_other_instrument(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    policies = {"default": replace(ports.policies["default"], clock_start=ClockStart.AGREED)}
    waits = replace(ports, policies=policies)
    plan = make_plan(session, waits, house, partner)
    again(session, waits, house, partner, on=MARCH, **MODERATE_EIGHT)

    deed: dict[str, Any] = {"actor": house.officer, "now": at(JUNE), "today": JUNE}
    plans.agree(session, waits, plan_id=plan.id, seen=plan.version, **deed)

    assert (plan.started_on, plan.due_on, plan.limit_on) == (JUNE, date(2028, 6, 1), None)


def test_the_final_of_the_eight_that_is_better_than_its_preliminary_ends_the_clock(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner, framework_id=EIGHT, every="no")
    framework = assessments.framework_of(ports, made)
    for row in made.answers:
        row.rating = "yes"
        add_evidence(session, made, framework.standard(row.standard_id))
    see(session, made)

    finalise(session, ports, house, made, on=MARCH)

    plan = plan_of(session, made)
    assert (plan.due_on, plan.suspends_on) == (date(2027, 5, 22), None)


def test_a_moderate_result_starts_a_clock_of_its_own(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_plan(session, ports, house, partner)

    moderate = again(session, ports, house, partner, on=date(2027, 3, 1), every="progressing")

    plan = plan_of(session, moderate)
    assert (plan.started_on, plan.due_on, plan.limit_on) == (
        date(2027, 3, 1),
        date(2028, 3, 1),
        None,
    )


def test_the_final_of_the_eight_keeps_the_plan_of_its_preliminary(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner, framework_id=EIGHT, every="no")
    before = plan_of(session, made)

    assessments.finalise(
        session,
        ports,
        assessment_id=made.id,
        seen=made.version,
        policy_name="default",
        actor=house.focal_point,
        now=NOW,
        today=TODAY + 30 * DAY,
    )

    after = plan_of(session, see(session, made))
    assert (after.id, after.started_on, after.state) == (before.id, TODAY, State.DRAFTING)


def test_under_its_policy_the_agreement_starts_the_clock(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    plan = make_plan(session, ports, house, partner, policy_name="from-agreement")
    assert (plan.started_on, plan.due_on, plan.suspends_on) == (None, None, None)

    agree(session, ports, plan, house.officer, on=TODAY + 10 * DAY)

    assert (plan.started_on, plan.due_on) == (TODAY + 10 * DAY, date(2027, 12, 2))
    assert plan.suspends_on == date(2027, 12, 3)


# --- agreeing -------------------------------------------------------------------------------


def agree(session: Session, ports: Ports, plan: Plan, actor: Actor, *, on: date = TODAY) -> Plan:
    done = plans.agree(
        session,
        ports,
        plan_id=plan.id,
        seen=plan.version,
        actor=actor,
        now=NOW,
        today=on,
    )
    session.flush()
    return done


def test_agree_notes_who_and_when(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    plan = make_plan(session, ports, house, partner)

    agree(session, ports, plan, house.officer)

    assert (plan.state, plan.agreed_on, plan.agreed_by) == (
        State.AGREED,
        TODAY,
        house.officer.user_id,
    )


def test_agree_refuses(session: Session, ports: Ports, house: House, partner: Partner) -> None:
    plan = make_plan(session, ports, house, partner)
    office = make_office(session, house.agency, name="Demo: other office")
    stranger = make_user(session, house.agency, Role.OFFICER, office=office).actor()

    with refused(session, NotPermitted):
        agree(session, ports, plan, house.head)
    with refused(session, NotPermitted):
        agree(session, ports, plan, stranger)
    agree(session, ports, plan, house.officer)
    with refused(session, ActionNotAllowed):
        agree(session, ports, plan, house.officer)


# --- actions --------------------------------------------------------------------------------


def said(**changes: Any) -> ActionTerms:
    terms = {
        "words": "Train all drivers.",
        "owner_side": OwnerSide.PARTNER,
        "owner": "Director",
        "due_on": TODAY + 30 * DAY,
    }
    return ActionTerms(**(terms | changes))


def edit(session: Session, action: PlanAction, actor: Actor, **changes: Any) -> None:
    plans.edit_action(
        session,
        plan_id=action.plan_id,
        action_id=action.id,
        seen=action.version,
        terms=said(**changes),
        actor=actor,
        now=NOW,
    )
    session.flush()


def report(session: Session, action: PlanAction, actor: Actor, *, on: date = TODAY) -> None:
    plans.report_done(
        session,
        plan_id=action.plan_id,
        action_id=action.id,
        seen=action.version,
        note="Done.",
        actor=actor,
        now=NOW,
        today=on,
    )
    session.flush()


def verify(session: Session, action: PlanAction, actor: Actor, *, on: date = TODAY) -> None:
    plans.verify(
        session,
        plan_id=action.plan_id,
        action_id=action.id,
        seen=action.version,
        actor=actor,
        now=NOW,
        today=on,
    )
    session.flush()


def send_back(
    session: Session, action: PlanAction, actor: Actor, *, comment: str = "Where is the list?"
) -> None:
    plans.send_back(
        session,
        plan_id=action.plan_id,
        action_id=action.id,
        seen=action.version,
        comment=comment,
        actor=actor,
        now=NOW,
        today=TODAY,
    )
    session.flush()


@pytest.fixture
def plan(session: Session, ports: Ports, house: House, partner: Partner) -> Plan:
    """Return an agreed plan of a High result of TODAY."""
    return agree(session, ports, make_plan(session, ports, house, partner), house.officer)


@pytest.mark.parametrize(("days", "allowed"), [(-1, True), (0, True), (1, False)])
def test_an_action_is_due_by_the_plan_s_last_day(
    session: Session, house: House, plan: Plan, days: int, allowed: bool
) -> None:
    action, day = plan.actions[0], LIMIT + days * DAY

    if allowed:
        edit(session, action, house.officer, due_on=day)
        add(session, plan, house.officer, due_on=day)
        assert action.due_on == day
        return
    with refused(session, NotReady, "action_after_plan"):
        edit(session, action, house.officer, due_on=day)
    with refused(session, NotReady, "action_after_plan"):
        add(session, plan, house.officer, due_on=day)


def add(session: Session, plan: Plan, actor: Actor, **changes: Any) -> PlanAction:
    return plans.add_action(
        session,
        plan_id=plan.id,
        standard_id="training",
        terms=said(**changes),
        actor=actor,
        now=NOW,
    )


def test_an_added_action_is_recommended_and_comes_last(
    session: Session, house: House, plan: Plan
) -> None:
    last = plan.actions[-1].position

    made = add(session, plan, house.officer)

    assert (made.mandatory, made.position, made.indicator_id) == (False, last + 1, None)


def test_an_action_goes_from_done_to_returned_to_done_to_verified(
    session: Session, house: House, plan: Plan
) -> None:
    action = plan.actions[0]

    report(session, action, house.officer)
    assert (action.state, action.done_on, plan.state) == (
        ActionState.DONE,
        TODAY,
        State.IN_PROGRESS,
    )
    send_back(session, action, house.officer)
    assert (action.state, action.comment) == (ActionState.RETURNED, "Where is the list?")
    report(session, action, house.officer, on=TODAY + DAY)
    verify(session, action, house.officer, on=TODAY + 2 * DAY)
    assert (action.state, action.verified_on) == (ActionState.VERIFIED, TODAY + 2 * DAY)


def test_work_begins_when_the_plan_is_agreed(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    drafting = make_plan(session, ports, house, partner)

    with refused(session, PlanNotAgreed):
        report(session, drafting.actions[0], house.officer)


def test_actions_refuse(session: Session, house: House, plan: Plan) -> None:
    untouched, done, verified = plan.actions[:3]
    for action in (done, verified):
        report(session, action, house.officer)
    verify(session, verified, house.officer)

    with refused(session, ActionNotAllowed):
        verify(session, untouched, house.officer)
    with refused(session, ActionNotAllowed):
        send_back(session, untouched, house.officer)
    with refused(session, ActionNotAllowed):
        report(session, verified, house.officer)
    with refused(session, PlanNotOpen):
        edit(session, verified, house.officer)
    with refused(session, NotReady, "comment_missing"):
        send_back(session, done, house.officer, comment=" ")
    for deed in (edit, report, verify, send_back):
        with refused(session, NotPermitted):
            deed(session, done, house.head)
    with refused(session, ChangedMeanwhile):
        plans.verify(
            session,
            plan_id=plan.id,
            action_id=done.id,
            seen=done.version - 1,
            actor=house.officer,
            now=NOW,
            today=TODAY,
        )


def test_the_last_mandatory_action_verified_completes_the_plan(
    session: Session, house: House, plan: Plan
) -> None:
    mandatory = [action for action in plan.actions if action.mandatory]
    for action in mandatory:
        assert plan.state is not State.COMPLETED
        report(session, action, house.officer)
        verify(session, action, house.officer)

    assert (plan.state, plan.completed_on) == (State.COMPLETED, TODAY)
    with refused(session, PlanNotOpen):
        add(session, plan, house.officer)


def test_where_nothing_is_mandatory_the_last_action_verified_completes_the_plan(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    others = {"policy": "progressing", "training": "progressing"}
    made = make_plan(session, ports, house, partner, every="adequate", **others)
    agree_plan(session, ports, house, made)

    for action in made.actions:
        assert made.state is not State.COMPLETED
        verify_one(session, house, action)

    assert made.state is State.COMPLETED


def agree_plan(session: Session, ports: Ports, house: House, made: Plan) -> None:
    plans.agree(
        session,
        ports,
        plan_id=made.id,
        seen=made.version,
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )


# --- what a settled plan does to open questions ----------------------------------------------


@pytest.mark.parametrize("how", ["completed", "moderate"])
def test_a_settled_plan_closes_what_only_waited(
    session: Session, ports: Ports, house: House, partner: Partner, how: str
) -> None:
    # Given
    plan = make_plan(session, ports, house, partner)
    excepted = make_active(session, house, partner)
    make_exception(session, ports, house, excepted, ends_on=LIMIT + 90 * DAY)
    suspended = make_active(session, house, partner)
    waiting = make_case(session, ports, house, excepted, on=LIMIT + DAY)
    assert waiting.state is CaseState.CONTINUES

    # When
    if how == "completed":
        verify_all(session, ports, house, plan, on=LIMIT + 5 * DAY)
    else:
        again(session, ports, house, partner, on=LIMIT + 5 * DAY, every="progressing")

    # Then
    (stopped,) = queries.suspensions.of_partnerships(session, [suspended.id])
    assert waiting.state is CaseState.CLOSED
    assert stopped.state is CaseState.SUSPENDED


def test_a_moderate_result_closes_the_cases_of_every_high_plan_before_it(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_plan(session, ports, house, partner)
    excepted = make_active(session, house, partner)
    make_exception(session, ports, house, excepted, ends_on=LIMIT + 90 * DAY)
    waiting = make_case(session, ports, house, excepted, on=LIMIT + DAY)

    again(session, ports, house, partner, on=LIMIT + 2 * DAY)
    assert waiting.state is CaseState.CONTINUES
    again(session, ports, house, partner, on=LIMIT + 3 * DAY, every="progressing")

    assert waiting.state is CaseState.CLOSED

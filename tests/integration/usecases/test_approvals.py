from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.approval import Approval
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain import partnership as partnership_rules
from partner_assess.domain.approval import Justification, State
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.suspension import Cause
from partner_assess.domain.suspension import State as CaseState
from partner_assess.usecases import (
    approvals,
    assessments,
    overview,
    partners,
    partnerships,
    suspensions,
)
from partner_assess.usecases.approvals import AlreadyAsked, NotHighRisk, ResultChanged, Running
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    TODAY,
    House,
    at,
    finalise,
    justification,
    make_active,
    make_approval,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_submitted,
    make_user,
    plan_of,
    refused,
)


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


@pytest.fixture
def partnership(session: Session, ports: Ports, house: House, partner: Partner) -> Partnership:
    """Return a proposed partnership with a partner whose result is High."""
    make_final(session, ports, house, partner)
    return make_partnership(session, house, partner)


def ask(
    session: Session,
    ports: Ports,
    partnership: Partnership,
    actor: Actor,
    *,
    said: Justification | None = None,
    on: date = TODAY,
) -> Approval:
    return approvals.ask(
        session,
        ports,
        partnership_id=partnership.id,
        justification=said or justification(),
        policy_name="default",
        actor=actor,
        now=at(on),
        today=on,
    )


def approve(
    session: Session,
    ports: Ports,
    request: Approval,
    actor: Actor,
    *,
    on: date = TODAY,
    review_on: date = TODAY + 90 * DAY,
    valid_until: date | None = None,
    lives: bool = False,
) -> Approval:
    return approvals.approve(
        session,
        ports,
        approval_id=request.id,
        seen=request.version,
        terms=approvals.Terms("Train first.", review_on, valid_until, lives),
        actor=actor,
        now=at(on),
        today=on,
    )


def decline(
    session: Session,
    request: Approval,
    actor: Actor,
    *,
    reasons: str = "Too dangerous.",
    running: Running = Running.SUSPEND,
) -> Approval:
    return approvals.decline(
        session,
        approval_id=request.id,
        seen=request.version,
        reasons=reasons,
        running=running,
        actor=actor,
        now=NOW,
        today=TODAY,
    )


# --- asking ---------------------------------------------------------------------------------


def test_ask_binds_to_the_frozen_result_and_counts_thirty_days(
    session: Session, ports: Ports, house: House, partner: Partner, partnership: Partnership
) -> None:
    made = ask(session, ports, partnership, house.officer)

    assert (made.state, made.result_digest) == (State.REQUIRED, partner.current_digest)
    assert made.assessment_id == partner.current_record_id
    assert made.decide_by == TODAY + 30 * DAY


@pytest.mark.parametrize(
    "part", ["why_this_partner", "alternatives", "mitigation", "assurance", "monitored_by"]
)
def test_ask_needs_every_part_of_the_justification(
    session: Session, ports: Ports, house: House, partnership: Partnership, part: str
) -> None:
    said = justification(**{part: " "}, review_on=None)

    with refused(session, NotReady, "justification_incomplete") as caught:
        ask(session, ports, partnership, house.officer, said=said)

    assert isinstance(caught.value, NotReady)
    assert caught.value.problems == (part, "review_on")


@pytest.mark.parametrize("every", [None, "progressing", "adequate"])
def test_ask_is_for_high_risk_only(
    session: Session, ports: Ports, house: House, partner: Partner, every: str | None
) -> None:
    if every is not None:
        make_final(session, ports, house, partner, every=every)
    partnership = make_partnership(session, house, partner)

    with refused(session, NotHighRisk):
        ask(session, ports, partnership, house.officer)


@pytest.mark.parametrize(("days", "asked"), [(0, True), (1, False)])
def test_ask_rests_on_a_result_that_is_valid_that_day(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    partnership: Partnership,
    days: int,
    asked: bool,
) -> None:
    assert partner.current_expires_on is not None
    day = partner.current_expires_on + days * DAY

    if asked:
        assert ask(session, ports, partnership, house.officer, on=day).state is State.REQUIRED
    else:
        with refused(session, NotHighRisk):
            ask(session, ports, partnership, house.officer, on=day)


def test_ask_refuses(
    session: Session, ports: Ports, house: House, partner: Partner, partnership: Partnership
) -> None:
    ended = make_partnership(session, house, partner, state=partnership_rules.State.ENDED)
    office = make_office(session, house.agency, name="Demo: other office")
    stranger = make_user(session, house.agency, Role.OFFICER, office=office).actor()

    with refused(session, ActionNotAllowed):
        ask(session, ports, ended, house.officer)
    with refused(session, NotPermitted):
        ask(session, ports, partnership, house.head)
    with refused(session, NotPermitted):
        ask(session, ports, partnership, stranger)
    ask(session, ports, partnership, house.officer)
    with refused(session, AlreadyAsked):
        ask(session, ports, partnership, house.officer)


# --- deciding -------------------------------------------------------------------------------


def test_approve_keeps_the_decision_whole(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)

    approve(session, ports, request, house.head, valid_until=TODAY + 365 * DAY)
    session.flush()

    assert (request.state, request.decided_by, request.decided_on) == (
        State.APPROVED,
        house.head.user_id,
        TODAY,
    )
    assert (request.conditions, request.review_on, request.valid_until) == (
        "Train first.",
        TODAY + 90 * DAY,
        TODAY + 365 * DAY,
    )
    (known,) = queries.events.of_partner(session, partnership.partner_id, limit=1, offices=None)
    assert (known.event.action, known.event.from_state, known.event.to_state) == (
        "approved",
        "required",
        "approved",
    )


@pytest.mark.parametrize(
    ("review", "until", "allowed"),
    [(0, None, False), (1, None, True), (1, 0, False), (1, 1, True), (2, 1, False)],
)
def test_the_review_is_ahead_and_within_the_approval(
    session: Session,
    ports: Ports,
    house: House,
    partnership: Partnership,
    review: int,
    until: int | None,
    allowed: bool,
) -> None:
    request = make_approval(session, ports, house, partnership)
    days = {
        "review_on": TODAY + review * DAY,
        "valid_until": None if until is None else TODAY + until * DAY,
    }

    if allowed:
        made = approve(session, ports, request, house.head, **days)  # pyright: ignore[reportArgumentType]
        assert made.state is State.APPROVED
    else:
        with refused(session, NotReady, "review_day_not_ahead"):
            approve(session, ports, request, house.head, **days)  # pyright: ignore[reportArgumentType]


def test_only_a_head_of_this_office_decides(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)
    office = make_office(session, house.agency, name="Demo: other office")
    head_elsewhere = make_user(session, house.agency, Role.HEAD, office=office).actor()

    for actor in (house.officer, house.focal_point, head_elsewhere):
        with refused(session, NotPermitted):
            approve(session, ports, request, actor)
        with refused(session, NotPermitted):
            decline(session, request, actor)


@pytest.mark.parametrize("part", ["officer", "focal_point"])
def test_who_rated_or_finalised_cannot_decide(
    session: Session, ports: Ports, house: House, partner: Partner, part: str
) -> None:
    roles = (Role.OFFICER, Role.FOCAL_POINT, Role.HEAD)
    both = make_user(session, house.agency, *roles, office=house.office).actor()
    if part == "officer":
        make_final(session, ports, replace(house, officer=both), partner)
    else:
        make_final(session, ports, replace(house, focal_point=both), partner)
    request = make_approval(session, ports, house, make_partnership(session, house, partner))

    with refused(session, NotPermitted, "not_separate_approval_decide"):
        approve(session, ports, request, both)
    with refused(session, NotPermitted, "not_separate_approval_decide"):
        decline(session, request, both)


def test_who_made_a_result_preliminary_cannot_decide_though_another_finalised(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    # Given
    roles = (Role.FOCAL_POINT, Role.HEAD)
    both = make_user(session, house.agency, *roles, office=house.office).actor()
    first = make_submitted(session, ports, house, partner, framework_id=EIGHT, every="no")
    finalise(session, ports, replace(house, focal_point=both), first)
    request = ask(session, ports, make_partnership(session, house, partner), house.officer)

    # When
    finalise(session, ports, house, first, on=TODAY + DAY)

    # Then
    assert (first.determined_by, first.finalised_by) == (both.user_id, house.focal_point.user_id)
    with refused(session, NotPermitted, "not_separate_approval_decide"):
        approve(session, ports, request, both, on=TODAY + DAY)
    assert approve(session, ports, request, house.head, on=TODAY + DAY).state is State.APPROVED


def test_the_head_who_recorded_an_emergency_may_approve_on_it(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    special = partners.record_emergency(
        session,
        ports,
        partner_id=partner.id,
        reason="Flood.",
        policy_name="default",
        actor=house.head,
        now=NOW,
        today=TODAY,
    )
    request = make_approval(session, ports, house, make_partnership(session, house, partner))

    approve(session, ports, request, house.head)

    assert (request.special_record_id, request.assessment_id) == (special.id, None)
    assert request.state is State.APPROVED


@pytest.mark.parametrize("state", [State.APPROVED, State.DECLINED, State.LAPSED])
def test_what_is_decided_is_not_decided_again(
    session: Session, ports: Ports, house: House, partnership: Partnership, state: State
) -> None:
    request = make_approval(session, ports, house, partnership)
    if state is State.APPROVED:
        approve(session, ports, request, house.head)
    elif state is State.DECLINED:
        decline(session, request, house.head)
    else:
        request.lapse(at=NOW, because="result_changed")
    session.flush()

    with refused(session, ActionNotAllowed):
        approve(session, ports, request, house.head)
    with refused(session, ActionNotAllowed):
        decline(session, request, house.head)


def test_a_decision_on_what_was_not_seen_is_refused(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)

    with refused(session, ChangedMeanwhile):
        approvals.approve(
            session,
            ports,
            approval_id=request.id,
            seen=request.version + 1,
            terms=approvals.Terms("", TODAY + DAY, None),
            actor=house.head,
            now=NOW,
            today=TODAY,
        )


def test_approve_refuses_on_a_result_that_has_ended_before_the_clock_said_so(
    session: Session, ports: Ports, house: House, partner: Partner, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)
    assert partner.current_expires_on is not None
    day = partner.current_expires_on + DAY

    with refused(session, ResultChanged):
        approve(session, ports, request, house.head, on=day, review_on=day + DAY)


def test_the_head_confirms_lives_at_risk_with_the_approval(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    partnerships.mark_lives_at_risk(
        session,
        partnership_id=partnership.id,
        seen=partnership.version,
        marked=True,
        reason="Dialysis.",
        actor=house.officer,
        now=NOW,
    )
    request = make_approval(session, ports, house, partnership)

    approve(session, ports, request, house.head, lives=True)
    session.flush()

    assert partnership.lives_confirmed_on == TODAY


def test_an_unmarked_partnership_is_not_confirmed_by_the_way(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)

    approve(session, ports, request, house.head, lives=True)
    session.flush()

    assert partnership.lives_confirmed_on is None


def test_what_is_approved_is_asked_for_again_only_on_another_result(
    session: Session, ports: Ports, house: House, partner: Partner, partnership: Partnership
) -> None:
    make_approval(session, ports, house, partnership, state=State.APPROVED)

    with refused(session, approvals.AlreadyApproved, "already_approved"):
        ask(session, ports, partnership, house.officer)

    make_final(session, ports, house, partner, on=TODAY)
    assert ask(session, ports, partnership, house.officer).state is State.REQUIRED


# --- declining ------------------------------------------------------------------------------


def test_a_declined_request_can_be_asked_again(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)

    decline(session, request, house.head)
    session.flush()

    assert (request.state, request.reasons) == (State.DECLINED, "Too dangerous.")
    assert partnership.state is partnership_rules.State.PROPOSED
    assert ask(session, ports, partnership, house.officer).state is State.REQUIRED


def test_decline_needs_reasons(
    session: Session, ports: Ports, house: House, partnership: Partnership
) -> None:
    request = make_approval(session, ports, house, partnership)

    with refused(session, NotReady, "reasons_missing"):
        decline(session, request, house.head, reasons=" \n")


def test_declining_what_runs_suspends_it_in_the_same_step(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    request = make_approval(session, ports, house, running)

    decline(session, request, house.head)
    session.flush()

    (case,) = queries.suspensions.of_partnerships(session, [running.id])
    assert (case.cause, case.state, case.plan_id) == (Cause.OTHER, CaseState.SUSPENDED, None)
    assert (running.state, running.suspended_on) == (partnership_rules.State.SUSPENDED, TODAY)
    assert request.state is State.DECLINED


def test_declining_what_runs_ends_it_in_the_same_step(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    request = make_approval(session, ports, house, running)

    decline(session, request, house.head, running=Running.END)
    session.flush()

    assert (running.state, running.ended_reason) == (
        partnership_rules.State.ENDED,
        "Too dangerous.",
    )
    assert request.state is State.DECLINED


# --- lapsing --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.REQUIRED, State.APPROVED])
@pytest.mark.parametrize("every", ["absent", "progressing", "adequate"])
def test_a_new_result_ends_approvals_and_requests(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    partnership: Partnership,
    state: State,
    every: str,
) -> None:
    request = make_approval(session, ports, house, partnership, state=state)

    make_final(session, ports, house, partner, every=every, on=TODAY + DAY)

    assert (request.state, request.lapsed_because) == (State.LAPSED, "result_changed")


@pytest.mark.parametrize("state", [State.REQUIRED, State.APPROVED])
def test_a_result_of_another_instrument_ends_them_too(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    partnership: Partnership,
    state: State,
) -> None:
    request = make_approval(session, ports, house, partnership, state=state)

    make_final(session, ports, house, partner, framework_id=EIGHT, every="no", on=TODAY + DAY)

    assert request.state is State.LAPSED


def test_a_withdrawn_result_ends_them_too(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner)
    partnership = make_partnership(session, house, partner)
    request = make_approval(session, ports, house, partnership, state=State.APPROVED)

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

    assert request.state is State.LAPSED


@pytest.mark.parametrize("swept_on", [TODAY + 201 * DAY, TODAY + 205 * DAY, None])
def test_after_an_approval_s_own_end_the_thirty_days_begin_again(
    session: Session, ports: Ports, house: House, partner: Partner, swept_on: date | None
) -> None:
    # Given
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    end = TODAY + 200 * DAY
    make_approval(session, ports, house, running, state=State.APPROVED, valid_until=end)

    # When
    if swept_on is not None:
        partners.refresh_current(session, partner, now=at(swept_on), today=swept_on)

    # Then
    (last,) = overview.standings(session, ports, [running], today=end)
    (after,) = overview.standings(session, ports, [running], today=end + 6 * DAY)
    assert after.approval_due_on == end + 31 * DAY
    assert last.approval_due_on is None or swept_on is not None


def test_after_a_lifted_suspension_the_thirty_days_begin_again(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    # Given
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    decline(session, ask(session, ports, running, house.officer), house.head)
    (case,) = queries.suspensions.of_partnerships(session, [running.id])
    day = TODAY + 60 * DAY

    # When
    suspensions.lift(
        session,
        case_id=case.id,
        seen=case.version,
        reason="Two offers compared.",
        review_on=day + DAY,
        actor=house.head,
        now=at(day),
        today=day,
    )

    # Then
    (one,) = overview.standings(session, ports, [running], today=day)
    assert one.approval_due_on == day + 30 * DAY


@pytest.mark.parametrize(
    ("days", "state", "because"),
    [(-1, State.APPROVED, ""), (0, State.APPROVED, ""), (1, State.LAPSED, "own_end")],
)
def test_an_approval_lapses_the_day_after_its_own_end(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    partnership: Partnership,
    days: int,
    state: State,
    because: str,
) -> None:
    end = TODAY + 30 * DAY
    request = make_approval(
        session, ports, house, partnership, state=State.APPROVED, valid_until=end
    )
    day = end + days * DAY

    partners.refresh_current(session, partner, now=at(day), today=day)

    assert (request.state, request.lapsed_because) == (state, because)


# --- the clock that waits for the approval ---------------------------------------------------


def test_under_its_policy_the_approval_starts_the_plan_s_clock_once(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    final = make_final(session, ports, house, partner, policy_name="from-approval")
    one, two = (make_partnership(session, house, partner) for _ in range(2))
    assert plan_of(session, final).started_on is None

    first, second = TODAY + 10 * DAY, TODAY + 20 * DAY
    make_approval(session, ports, house, one, state=State.APPROVED, on=first)
    make_approval(session, ports, house, two, state=State.APPROVED, on=second)

    plan = plan_of(session, final)
    assert (plan.started_on, plan.due_on) == (first, date(2027, 12, 2))
    assert {action.due_on for action in plan.actions} == {date(2027, 12, 2)}

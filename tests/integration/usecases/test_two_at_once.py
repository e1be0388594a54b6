from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.risk import Risk
from partner_assess.domain.suspension import State as CaseState
from partner_assess.usecases import (
    approvals,
    assessments,
    jobs,
    partners,
    partnerships,
    plans,
    suspensions,
)
from partner_assess.usecases.approvals import AlreadyAsked, NotHighRisk, ResultChanged, Running
from partner_assess.usecases.assessments import AlreadyOpen
from partner_assess.usecases.partners import NumberTaken
from partner_assess.usecases.partnerships import ReferenceTaken
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    NOW,
    SIX,
    TODAY,
    House,
    at,
    identity,
    justification,
    make_active,
    make_approval,
    make_assessment,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_partner,
    make_partnership,
    make_plan,
    make_submitted,
    said_about,
    see,
    terms,
)
from tests.two_at_once import at_once

LIMIT = date(2027, 11, 22)  # the 12-month date of a High result of TODAY

Deed = Callable[[Session], object]


class Given(NamedTuple):
    session: Session
    ports: Ports
    house: House


# Each returns two deeds of two people who look at the same page.


def two_edits_of_a_partner(given: Given) -> tuple[Deed, ...]:
    made = make_partner(given.session, given.house)
    changed = {"actor": given.house.officer, "now": NOW, "identity": identity(name="Demo: new")}
    deed = _same(partners.edit, partner_id=made.id, seen=made.version, **changed)
    return deed, deed


def two_saves_of_a_standard(given: Given) -> tuple[Deed, ...]:
    made = make_assessment(given.session, given.ports, given.house, _partner(given), every=None)
    standard = given.ports.catalogue.get(SIX).standard("policy")
    return tuple(
        _same(
            assessments.save_answers,
            given.ports,
            assessment_id=made.id,
            standard_id="policy",
            seen=0,
            said=said_about(standard, rating),
            actor=given.house.officer,
            now=NOW,
        )
        for rating in ("absent", "adequate")
    )


def two_submissions(given: Given) -> tuple[Deed, ...]:
    made = make_assessment(given.session, given.ports, given.house, _partner(given))
    deed = _same(
        assessments.submit,
        given.ports,
        assessment_id=made.id,
        seen=made.version,
        actor=given.house.officer,
        now=NOW,
        today=TODAY,
    )
    return deed, deed


def finalising_and_sending_back(given: Given) -> tuple[Deed, ...]:
    made = make_submitted(given.session, given.ports, given.house, _partner(given))
    seen: dict[str, Any] = {"assessment_id": made.id, "seen": made.version}
    actor = given.house.focal_point
    return (
        _same(
            assessments.finalise,
            given.ports,
            **seen,
            policy_name="default",
            actor=actor,
            now=NOW,
            today=TODAY,
        ),
        _same(assessments.send_back, **seen, comments={"policy": "Look."}, actor=actor, now=NOW),
    )


def approving_and_declining(given: Given) -> tuple[Deed, ...]:
    partner = _partner(given)
    make_final(given.session, given.ports, given.house, partner)
    running = make_active(given.session, given.house, partner)
    request = make_approval(given.session, given.ports, given.house, running)
    seen: dict[str, Any] = {"approval_id": request.id, "seen": request.version}
    decided: dict[str, Any] = {"actor": given.house.head, "now": NOW, "today": TODAY}
    accepted = approvals.Terms("Train first.", TODAY + DAY, None)
    return (
        _same(approvals.approve, given.ports, **seen, terms=accepted, **decided),
        _same(approvals.decline, **seen, reasons="No.", running=Running.SUSPEND, **decided),
    )


def two_activations(given: Given) -> tuple[Deed, ...]:
    partner = _partner(given)
    make_final(given.session, given.ports, given.house, partner, every="adequate")
    made = make_partnership(given.session, given.house, partner)
    deed = _same(
        partnerships.activate,
        partnership_id=made.id,
        seen=made.version,
        actor=given.house.officer,
        now=NOW,
        today=TODAY,
    )
    return deed, deed


def two_agreements(given: Given) -> tuple[Deed, ...]:
    made = make_plan(given.session, given.ports, given.house, _partner(given))
    deed = _same(
        plans.agree,
        given.ports,
        plan_id=made.id,
        seen=made.version,
        actor=given.house.officer,
        now=NOW,
        today=TODAY,
    )
    return deed, deed


def lifting_and_lifting(given: Given) -> tuple[Deed, ...]:
    partner = _partner(given)
    make_final(given.session, given.ports, given.house, partner)
    running = make_active(given.session, given.house, partner)
    case = make_case(given.session, given.ports, given.house, running, on=LIMIT + DAY)
    deed = _same(
        suspensions.lift,
        case_id=case.id,
        seen=case.version,
        reason="Nearly done.",
        review_on=LIMIT + 90 * DAY,
        actor=given.house.head,
        now=at(LIMIT + 2 * DAY),
        today=LIMIT + 2 * DAY,
    )
    return deed, deed


def two_openings(given: Given) -> tuple[Deed, ...]:
    made = _partner(given)
    deed = _same(
        assessments.open_,
        given.ports,
        partner_id=made.id,
        framework_id=SIX,
        actor=given.house.officer,
        now=NOW,
        today=TODAY,
    )
    return deed, deed


def two_requests(given: Given) -> tuple[Deed, ...]:
    partner = _partner(given)
    make_final(given.session, given.ports, given.house, partner)
    made = make_partnership(given.session, given.house, partner)
    deed = _same(
        approvals.ask,
        given.ports,
        partnership_id=made.id,
        justification=justification(),
        policy_name="default",
        actor=given.house.officer,
        now=NOW,
        today=TODAY,
    )
    return deed, deed


def _partner(given: Given) -> Any:
    return make_partner(given.session, given.house)


def _same(usecase: Callable[..., object], *first: object, **arguments: object) -> Deed:
    return lambda session: usecase(session, *first, **arguments)


@dataclass(frozen=True)
class Case:
    prepare: Callable[[Given], tuple[Deed, ...]]
    refusal: type[Exception] = ChangedMeanwhile


@pytest.fixture
def given(committing_engine: Engine, ports: Ports) -> Any:
    with open_session(committing_engine) as session:
        with unit_of_work(session):
            house = make_house(session)
        yield Given(session, ports, house)


@pytest.mark.parametrize(
    "case",
    [
        Case(two_edits_of_a_partner),
        Case(two_saves_of_a_standard),
        Case(two_submissions),
        Case(finalising_and_sending_back),
        Case(approving_and_declining),
        Case(two_activations),
        Case(two_agreements),
        Case(lifting_and_lifting),
        Case(two_openings, AlreadyOpen),
        Case(two_requests, AlreadyAsked),
    ],
    ids=lambda case: case.prepare.__name__,
)
def test_of_two_at_once_one_decides_and_one_is_told(
    committing_engine: Engine, given: Given, case: Case
) -> None:
    with unit_of_work(given.session):
        deeds = case.prepare(given)
    given.session.expunge_all()

    came = at_once(committing_engine, *deeds)

    refusals = [one for one in came if isinstance(one, Exception)]
    assert [type(one) for one in refusals] == [case.refusal]


def test_two_sweeps_at_once_suspend_once(committing_engine: Engine, given: Given) -> None:
    with unit_of_work(given.session):
        plan = make_plan(given.session, given.ports, given.house, partner := _partner(given))
        make_active(given.session, given.house, partner)
    day = LIMIT + DAY
    sweep = _same(
        suspensions.act_on_deadlines,
        given.ports,
        plan_id=plan.id,
        agency_id=given.house.agency.id,
        now=at(day),
        today=day,
    )

    came = at_once(committing_engine, sweep, sweep)

    assert sorted(came, key=str) == [{CaseState.SUSPENDED: 1}, {}]


def test_an_exception_granted_while_the_clock_acts_is_never_lost(
    committing_engine: Engine, given: Given
) -> None:
    # Given: the first exception has ended, and the head renews it as the clock comes by
    with unit_of_work(given.session):
        plan = make_plan(given.session, given.ports, given.house, partner := _partner(given))
        running = make_active(given.session, given.house, partner)
        make_exception(given.session, given.ports, given.house, running, ends_on=LIMIT + 10 * DAY)
        make_case(given.session, given.ports, given.house, running, on=LIMIT + DAY)
        seen = running.version
    day = LIMIT + 11 * DAY
    clock: dict[str, Any] = {"now": at(day), "today": day}

    # When
    came = at_once(
        committing_engine,
        _same(
            suspensions.act_on_deadlines,
            given.ports,
            plan_id=plan.id,
            agency_id=given.house.agency.id,
            **clock,
        ),
        _same(
            suspensions.grant_exception,
            given.ports,
            partnership_id=running.id,
            seen=seen,
            reason="Still no water.",
            ends_on=day + 30 * DAY,
            policy_name="default",
            actor=given.house.head,
            **clock,
        ),
    )

    # Then: either the head was first and the clock left it alone, or the head is told
    given.session.expire_all()
    now = queries.partnerships.get(given.session, running.id, agency_id=given.house.agency.id)
    told = [type(one) for one in came if isinstance(one, Exception)]
    granted = not told
    assert told in ([], [ChangedMeanwhile])
    assert (now.state.value == "active") is granted


def test_a_result_that_changes_while_the_head_approves_leaves_no_approval_behind(
    committing_engine: Engine, given: Given
) -> None:
    # Given
    with unit_of_work(given.session):
        partner = _partner(given)
        make_final(given.session, given.ports, given.house, partner)
        request = make_approval(
            given.session,
            given.ports,
            given.house,
            make_partnership(given.session, given.house, partner),
        )
        waiting = make_submitted(given.session, given.ports, given.house, partner, every="adequate")
        waiting = see(given.session, waiting)
    head: dict[str, Any] = {"actor": given.house.head, "now": NOW, "today": TODAY}

    # When
    came = at_once(
        committing_engine,
        _same(
            approvals.approve,
            given.ports,
            approval_id=request.id,
            seen=request.version,
            terms=approvals.Terms("", TODAY + DAY, None),
            **head,
        ),
        _same(
            assessments.finalise,
            given.ports,
            assessment_id=waiting.id,
            seen=waiting.version,
            policy_name="default",
            actor=given.house.focal_point,
            now=at(TODAY + DAY),
            today=TODAY + DAY,
        ),
    )

    # Then
    told = [one for one in came if isinstance(one, Exception)]
    assert {type(one) for one in told} <= {ChangedMeanwhile, ResultChanged, ActionNotAllowed}, told
    with open_session(committing_engine, reading=True) as reading:
        found = queries.approvals.get(reading, request.id, agency_id=given.house.agency.id)
        current = queries.partners.get(reading, partner.id, agency_id=given.house.agency.id)
        if current.current_risk is Risk.LOW:
            assert found.state is ApprovalState.LAPSED
        else:
            assert found.state is ApprovalState.APPROVED


def test_a_request_made_while_the_result_changes_is_not_left_waiting(
    committing_engine: Engine, given: Given
) -> None:
    # Given
    with unit_of_work(given.session):
        partner = _partner(given)
        make_final(given.session, given.ports, given.house, partner)
        proposed = make_partnership(given.session, given.house, partner)
        waiting = make_submitted(given.session, given.ports, given.house, partner, every="adequate")
        waiting = see(given.session, waiting)

    # When
    came = at_once(
        committing_engine,
        _same(
            approvals.ask,
            given.ports,
            partnership_id=proposed.id,
            justification=justification(),
            policy_name="default",
            actor=given.house.officer,
            now=NOW,
            today=TODAY,
        ),
        _same(
            assessments.finalise,
            given.ports,
            assessment_id=waiting.id,
            seen=waiting.version,
            policy_name="default",
            actor=given.house.focal_point,
            now=at(TODAY + DAY),
            today=TODAY + DAY,
        ),
    )

    # Then: asked first and lapsed, or refused
    told = [type(one) for one in came if isinstance(one, Exception)]
    assert told in ([], [NotHighRisk])
    with open_session(committing_engine, reading=True) as reading:
        found = queries.approvals.of_partnerships(reading, [proposed.id])
        assert [one.state for one in found] == ([] if told else [ApprovalState.LAPSED])


@pytest.mark.parametrize("kind", ["vendor number", "reference"])
def test_of_two_with_the_same_number_at_once_one_is_kept_whole(
    committing_engine: Engine, given: Given, kind: str
) -> None:
    with unit_of_work(given.session):
        partner = _partner(given)
    who: dict[str, Any] = {
        "office_id": given.house.office.id,
        "actor": given.house.officer,
        "now": NOW,
    }
    deed = (
        _same(partners.register, identity=identity(vendor_number="1"), **who)
        if kind == "vendor number"
        else _same(
            partnerships.propose, partner_id=partner.id, terms=terms(reference="PCA/1"), **who
        )
    )

    came = at_once(committing_engine, deed, deed)

    (told,) = [one for one in came if isinstance(one, Exception)]
    assert isinstance(told, NumberTaken | ReferenceTaken | IntegrityError)


@pytest.mark.postgresql
def test_two_runners_never_claim_the_same_job(committing_engine: Engine, given: Given) -> None:
    with unit_of_work(given.session):
        for number in range(2):
            jobs.queue(
                given.session, "make_report", unique_key=f"job {number}", now=NOW, payload={}
            )

    came = at_once(committing_engine, *[_same(jobs.claim, now=NOW)] * 3)

    claimed = [one.id for one in came if isinstance(one, jobs.Claim)]
    assert not any(isinstance(one, Exception) for one in came)
    assert len(set(claimed)) == len(claimed) >= 1

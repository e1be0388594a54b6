from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.domain.answers import Gap
from partner_assess.domain.assessment import Kind, State
from partner_assess.domain.errors import ChangedMeanwhile, NotReady, RuleError
from partner_assess.domain.framework import Met
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.partner import PartnerType
from partner_assess.domain.partnership import Basis
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.plan import State as PlanState
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.domain.suspension import State as CaseState
from partner_assess.usecases import assessments
from partner_assess.usecases.assessments import (
    AlreadyOpen,
    NothingSaid,
    OutsideTiers,
    Said,
    UnknownAnswer,
)
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    SIX,
    TODAY,
    House,
    add_evidence,
    answer,
    at,
    finalise,
    make_active,
    make_assessment,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_submitted,
    make_user,
    refused,
    said_about,
    see,
)


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


def open_one(
    session: Session, ports: Ports, partner: Partner, actor: Actor, framework_id: str = SIX
) -> Assessment:
    return assessments.open_(
        session,
        ports,
        partner_id=partner.id,
        framework_id=framework_id,
        actor=actor,
        now=NOW,
        today=TODAY,
    )


# --- opening --------------------------------------------------------------------------------


def test_open_makes_a_draft_of_the_newest_version(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = open_one(session, ports, partner, house.officer)

    assert (made.state, made.kind, made.reference) == (State.DRAFT, Kind.OWN, "KE/2026PSEA1")
    assert made.assessor_id == house.officer.user_id
    assert made.framework_digest == ports.catalogue.get(SIX).digest


def test_one_assessment_is_open_for_a_partner_and_instrument(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    first = open_one(session, ports, partner, house.officer)

    open_one(session, ports, partner, house.officer, EIGHT)
    with refused(session, AlreadyOpen) as caught:
        open_one(session, ports, partner, house.focal_point)
    assert caught.value.params == {"assessment_id": first.id}


def test_a_second_assessment_is_a_reassessment(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)

    assert open_one(session, ports, partner, house.officer).kind is Kind.REASSESSMENT


@pytest.mark.parametrize("outside", [PartnerType.GOVERNMENT, PartnerType.UN_ENTITY])
def test_open_refuses_who_is_outside_the_tiers(
    session: Session, ports: Ports, house: House, outside: PartnerType
) -> None:
    partner = make_partner(session, house, partner_type=outside)

    with refused(session, OutsideTiers):
        open_one(session, ports, partner, house.officer)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.OFFICER, Role.FOCAL_POINT}]
)
def test_open_is_for_the_desk(
    session: Session, ports: Ports, house: House, partner: Partner, role: Role
) -> None:
    actor = make_user(session, house.agency, role, office=house.office, partner=partner).actor()

    with refused(session, NotPermitted):
        open_one(session, ports, partner, actor)


def test_open_refuses_an_instrument_nobody_knows(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    with refused(session, RuleError, "unknown_framework"):
        open_one(session, ports, partner, house.officer, "none")


# --- answering ------------------------------------------------------------------------------


def save(
    session: Session,
    ports: Ports,
    assessment: Assessment,
    actor: Actor,
    *,
    seen: int = 0,
    standard_id: str = "policy",
    **changes: object,
) -> int:
    standard = assessments.framework_of(ports, assessment).standard("policy")
    return assessments.save_answers(
        session,
        ports,
        assessment_id=assessment.id,
        standard_id=standard_id,
        seen=seen,
        said=replace(said_about(standard, "absent"), **changes),  # pyright: ignore[reportArgumentType]
        actor=actor,
        now=NOW,
    ).version


def test_the_first_answer_starts_the_work(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = open_one(session, ports, partner, house.officer)

    save(session, ports, made, house.officer)

    made = see(session, made)
    assert (made.state, made.ratings()) == (State.IN_PROGRESS, {"policy": "absent"})
    assert made.standing().raters == {house.officer.user_id}


def test_a_draft_is_saved_as_far_as_it_is(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = open_one(session, ports, partner, house.officer)

    save(session, ports, made, house.officer, rating=None, indicators={}, comment="Half.")

    found = see(session, made).answer_sheet().of("policy")
    assert (found.rating, found.indicators, found.comment) == (None, {}, "Half.")


def test_saving_again_replaces_what_was_said(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = open_one(session, ports, partner, house.officer)
    version = save(session, ports, made, house.officer)

    again = save(session, ports, made, house.officer, seen=version, rating="adequate")

    assert again == version + 1
    assert see(session, made).ratings() == {"policy": "adequate"}


@pytest.mark.parametrize(
    "changes",
    [
        {"rating": "excellent"},
        {"indicators": {"S1.99": Met.MET}},
        {"indicators": {"S1.1": Met.NOT_APPLICABLE}},
        {"standard_id": "kindness"},
    ],
    ids=["rating", "indicator", "answer", "standard"],
)
def test_only_what_the_instrument_lists_can_be_answered(
    session: Session, ports: Ports, house: House, partner: Partner, changes: dict[str, object]
) -> None:
    made = open_one(session, ports, partner, house.officer)

    with refused(session, UnknownAnswer):
        save(session, ports, made, house.officer, **changes)  # pyright: ignore[reportArgumentType]


def test_answers_are_the_assessor_s(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = open_one(session, ports, partner, house.officer)
    assessor = make_user(session, house.agency, Role.ASSESSOR).actor()
    officer = make_user(session, house.agency, Role.OFFICER, office=house.office).actor()

    for other in (assessor, officer, house.focal_point, house.head):
        with refused(session, NotPermitted):
            save(session, ports, made, other)


@pytest.mark.parametrize("seen", [0, 2])
def test_an_answer_that_was_not_seen_is_not_overwritten(
    session: Session, ports: Ports, house: House, partner: Partner, seen: int
) -> None:
    made = open_one(session, ports, partner, house.officer)
    save(session, ports, made, house.officer)

    with refused(session, ChangedMeanwhile):
        save(session, ports, made, house.officer, seen=seen)


def test_what_was_submitted_is_not_answered_any_more(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_submitted(session, ports, house, partner)

    with refused(session, ActionNotAllowed):
        save(session, ports, made, house.officer, seen=1)
    with refused(session, ActionNotAllowed):
        save_details(session, made, house.officer)


def save_details(
    session: Session, made: Assessment, actor: Actor, *, seen: int | None = None
) -> Assessment:
    return assessments.save_details(
        session,
        assessment_id=made.id,
        seen=made.version if seen is None else seen,
        assessed_on=TODAY,
        assessed_where="Demo: office",
        actor=actor,
        now=NOW,
    )


def test_details_that_were_not_seen_are_not_overwritten(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = open_one(session, ports, partner, house.officer)

    with refused(session, ChangedMeanwhile):
        save_details(session, made, house.officer, seen=made.version - 1)


# --- submitting and sending back ------------------------------------------------------------


def submit(
    session: Session, ports: Ports, made: Assessment, actor: Actor, *, on: date = TODAY
) -> Assessment:
    return assessments.submit(
        session,
        ports,
        assessment_id=made.id,
        seen=made.version,
        actor=actor,
        now=at(on),
        today=on,
    )


def test_submit_hands_over_what_is_complete(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_assessment(session, ports, house, partner)

    submit(session, ports, made, house.officer)

    assert (made.state, made.submitted_by) == (State.SUBMITTED, house.officer.user_id)


def test_submit_says_what_is_missing(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_assessment(session, ports, house, partner)
    standard = assessments.framework_of(ports, made).standard("training")
    said = Said("absent", {"S3.1": Met.NOT_MET}, "", "Reason.")
    before = queries.assessments.answer(session, made.id, standard.id)
    assert before is not None
    assessments.save_answers(
        session,
        ports,
        assessment_id=made.id,
        standard_id=standard.id,
        seen=before.version,
        said=replace(said, rating=None),
        actor=house.officer,
        now=NOW,
    )
    made = see(session, made)

    with refused(session, NotReady, "assessment_incomplete") as caught:
        submit(session, ports, made, house.officer)

    assert isinstance(caught.value, NotReady)
    assert Gap("rating_missing", "training") in caught.value.problems
    assert Gap("indicator_missing", "training", "S3.2") in caught.value.problems
    assert {gap.standard_id for gap in caught.value.problems if isinstance(gap, Gap)} == {
        "training"
    }


@pytest.mark.parametrize(("days", "code"), [(-1, None), (0, None), (1, "assessed_on_in_future")])
def test_the_assessment_s_day_is_not_in_the_future(
    session: Session, ports: Ports, house: House, partner: Partner, days: int, code: str | None
) -> None:
    made = make_assessment(session, ports, house, partner, on=TODAY + days * DAY)

    if code is None:
        assert submit(session, ports, made, house.officer).state is State.SUBMITTED
    else:
        with refused(session, NotReady) as caught:
            submit(session, ports, made, house.officer)
        assert isinstance(caught.value, NotReady)
        assert caught.value.problems == (Gap(code),)


def send_back(
    session: Session, made: Assessment, actor: Actor, comments: dict[str, str]
) -> Assessment:
    return assessments.send_back(
        session,
        assessment_id=made.id,
        seen=made.version,
        comments=comments,
        actor=actor,
        now=NOW,
    )


def test_send_back_keeps_the_comments_and_the_next_answer_goes_on(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_submitted(session, ports, house, partner)

    send_back(session, made, house.focal_point, {"policy": " Which page? ", "training": " "})
    session.flush()

    (comment,) = queries.assessments.comments(session, made.id)
    assert (made.state, comment.standard_id, comment.text) == (
        State.RETURNED,
        "policy",
        "Which page?",
    )
    answer(session, ports, house, made, {"policy": "progressing"})
    made = see(session, made)
    assert made.state is State.IN_PROGRESS
    assert submit(session, ports, made, house.officer).state is State.SUBMITTED


def test_send_back_refuses(session: Session, ports: Ports, house: House, partner: Partner) -> None:
    made = make_submitted(session, ports, house, partner)

    with refused(session, NothingSaid):
        send_back(session, made, house.focal_point, {"policy": " "})
    with refused(session, NotPermitted):
        send_back(session, made, house.officer, {"policy": "Look."})
    with refused(session, NotPermitted):
        send_back(session, made, house.head, {"policy": "Look."})


# --- the result -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "score", "capacity", "risk"),
    [
        ({}, 6, Capacity.LOW, Risk.HIGH),
        ({"policy": "adequate"}, 8, Capacity.LOW, Risk.HIGH),
        ({"policy": "adequate", "training": "progressing"}, 9, Capacity.MEDIUM, Risk.MODERATE),
    ],
)
def test_finalise_freezes_the_result(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    others: dict[str, str],
    score: int,
    capacity: Capacity,
    risk: Risk,
) -> None:
    made = make_final(session, ports, house, partner, **others)

    assert (made.state, made.score, made.capacity, made.risk) == (
        State.FINAL,
        score,
        capacity,
        risk,
    )
    assert (made.effective_on, made.expires_on) == (TODAY, date(2031, 11, 22))
    assert made.finalised_by == house.focal_point.user_id
    assert made.document_number == "UNA/2026/0001"
    assert made.content_digest == assessments.content_digest(made)
    assert (partner.current_record_id, partner.current_risk) == (made.id, risk)


def test_the_digest_follows_the_content(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_assessment(session, ports, house, partner)
    before = assessments.content_digest(made)

    answer(session, ports, house, made, {"policy": "adequate"})

    assert assessments.content_digest(see(session, made)) != before


def test_the_digest_cannot_be_guessed_from_the_answers(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner)
    before = made.content_digest

    made.content_salt = ""

    assert assessments.content_digest(made) != before


def test_who_rated_cannot_finalise_nor_send_back(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    both = make_user(
        session, house.agency, Role.OFFICER, Role.FOCAL_POINT, office=house.office
    ).actor()
    alone = replace(house, officer=both, focal_point=both)
    made = make_submitted(session, ports, alone, partner)

    with refused(session, NotPermitted, "not_separate_assessment_review"):
        finalise(session, ports, alone, made)
    with refused(session, NotPermitted, "not_separate_assessment_review"):
        send_back(session, made, both, {"policy": "Look."})


@pytest.mark.parametrize("who", ["officer", "head"])
def test_finalise_is_for_the_focal_point(
    session: Session, ports: Ports, house: House, partner: Partner, who: str
) -> None:
    made = make_submitted(session, ports, house, partner)

    with refused(session, NotPermitted):
        finalise(session, ports, replace(house, focal_point=getattr(house, who)), made)


def test_finalise_refuses_a_focal_point_of_another_office_or_agency(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_submitted(session, ports, house, partner)
    office = make_office(session, house.agency, name="Demo: other office")
    stranger = make_user(session, house.agency, Role.FOCAL_POINT, office=office).actor()

    with refused(session, NotPermitted):
        finalise(session, ports, replace(house, focal_point=stranger), made)


def test_a_new_final_supersedes_the_one_of_its_instrument_only(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    six = make_final(session, ports, house, partner)
    eight = make_final(session, ports, house, partner, framework_id=EIGHT, every="no")

    again = make_final(session, ports, house, partner, every="adequate", on=TODAY + DAY)

    states = [see(session, one).state for one in (six, eight, again)]
    assert states == [State.SUPERSEDED, State.PRELIMINARY, State.FINAL]
    assert partner.current_record_id == again.id


def test_the_result_that_took_effect_last_is_current_whatever_its_instrument(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner, every="adequate")

    eight = make_final(
        session, ports, house, partner, framework_id=EIGHT, every="no", on=TODAY + DAY
    )

    assert (partner.current_record_id, partner.current_framework) == (eight.id, EIGHT)


def test_the_harmonized_result_is_preliminary_first_and_its_final_is_current(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner, framework_id=EIGHT, every="no")
    assert (made.state, made.risk, partner.current_risk) == (
        State.PRELIMINARY,
        Risk.HIGH,
        Risk.HIGH,
    )
    number = made.document_number
    re_rate(session, ports, made, "yes")

    finalise(session, ports, house, made, on=TODAY + 180 * DAY)

    made = see(session, made)
    assert (made.state, made.risk) == (State.FINAL, Risk.LOW)
    assert (made.document_number, made.effective_on) == (number, TODAY)
    assert (partner.current_risk, partner.current_digest) == (Risk.LOW, made.content_digest)
    assert partner.current_expires_on == made.expires_on


def re_rate(session: Session, ports: Ports, made: Assessment, rating: str) -> None:
    """Re-rate every standard, as the plan's end allows; its use case comes later."""
    framework = assessments.framework_of(ports, made)
    for row in made.answers:
        row.rating = rating
        add_evidence(session, made, framework.standard(row.standard_id))
    see(session, made)


def test_nothing_is_finalised_twice_or_unsubmitted(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner)
    other = make_assessment(session, ports, house, make_partner(session, house))

    for one in (made, other):
        with refused(session, ActionNotAllowed):
            finalise(session, ports, house, one)


# --- the other ends -------------------------------------------------------------------------


def cancel(
    session: Session, made: Assessment, actor: Actor, *, reason: str = "Opened by mistake."
) -> Assessment:
    return assessments.cancel(
        session,
        assessment_id=made.id,
        seen=made.version,
        reason=reason,
        actor=actor,
        now=NOW,
    )


@pytest.mark.parametrize("make", [make_assessment, make_submitted])
def test_what_is_open_can_be_cancelled_and_opened_anew(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    make: Callable[..., Assessment],
) -> None:
    made = make(session, ports, house, partner)

    cancel(session, made, house.officer)
    session.flush()

    assert (made.state, made.ended_reason) == (State.CANCELLED, "Opened by mistake.")
    open_one(session, ports, partner, house.officer)


def test_cancel_refuses(session: Session, ports: Ports, house: House, partner: Partner) -> None:
    opened = make_assessment(session, ports, house, partner)
    final = make_final(session, ports, house, make_partner(session, house))
    preliminary = make_final(
        session, ports, house, make_partner(session, house), framework_id=EIGHT, every="no"
    )

    with refused(session, NotReady, "reason_missing"):
        cancel(session, opened, house.officer, reason=" ")
    with refused(session, NotPermitted):
        cancel(session, opened, house.head)
    with refused(session, ActionNotAllowed):
        cancel(session, final, house.officer)
    with refused(session, ActionNotAllowed):
        cancel(session, preliminary, house.officer)


def withdraw(
    session: Session,
    ports: Ports,
    made: Assessment,
    actor: Actor,
    *,
    reason: str = "Wrong partner.",
) -> Assessment:
    return assessments.withdraw(
        session,
        ports,
        assessment_id=made.id,
        seen=made.version,
        reason=reason,
        actor=actor,
        now=NOW,
        today=TODAY,
    )


def test_a_withdrawn_result_stays_and_counts_no_more(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner)

    withdraw(session, ports, made, house.focal_point)
    session.flush()

    plan = queries.plans.of_result(session, made.id)
    assert (made.state, made.score, made.ended_reason) == (State.WITHDRAWN, 6, "Wrong partner.")
    assert partner.current_basis is Basis.NONE
    assert plan is not None
    assert (plan.state, plan.closed_because) == (PlanState.CLOSED, "withdrawn")


def test_withdrawing_closes_open_questions_on_the_office_s_day(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    make_exception(session, ports, house, running, ends_on=TODAY + 500 * DAY)
    day = date(2027, 12, 1)
    case = make_case(session, ports, house, running, on=day)

    assessments.withdraw(
        session,
        ports,
        assessment_id=made.id,
        seen=made.version,
        reason="Wrong partner.",
        actor=house.focal_point,
        now=at(day),
        today=day + DAY,  # east of Greenwich the next day has begun
    )

    assert (case.state, case.since) == (CaseState.CLOSED, day + DAY)


def test_withdraw_refuses(session: Session, ports: Ports, house: House, partner: Partner) -> None:
    final = make_final(session, ports, house, partner)
    opened = make_assessment(session, ports, house, make_partner(session, house))

    with refused(session, NotReady, "reason_missing"):
        withdraw(session, ports, final, house.focal_point, reason="")
    with refused(session, NotPermitted):
        withdraw(session, ports, final, house.officer)
    with refused(session, ActionNotAllowed):
        withdraw(session, ports, opened, house.focal_point)


@pytest.mark.parametrize(("days", "expired"), [(-1, False), (0, False), (1, True)])
def test_a_result_expires_the_day_after_its_last_valid_day(
    session: Session, ports: Ports, house: House, partner: Partner, days: int, expired: bool
) -> None:
    made = make_final(session, ports, house, partner)
    assert made.expires_on is not None
    day = made.expires_on + days * DAY

    assert expire(session, made, on=day) is expired
    assert expire(session, made, on=day) is False
    assert made.state is (State.EXPIRED if expired else State.FINAL)
    assert partner.current_ended is expired


def expire(session: Session, made: Assessment, *, on: date) -> bool:
    done = assessments.expire(
        session, assessment_id=made.id, agency_id=made.agency_id, now=at(on), today=on
    )
    session.flush()
    return done

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.partnership import Hindrance, State
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.suspension import State as CaseState
from partner_assess.usecases import approvals, partners, partnerships, suspensions
from partner_assess.usecases.partnerships import NotMarked, ReferenceTaken
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    NOW,
    TODAY,
    House,
    at,
    make_active,
    make_approval,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_plan,
    make_user,
    refused,
    terms,
    verify_all,
)

LIMIT = date(2027, 11, 22)  # the 12-month date of a High result of TODAY


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


def activate(
    session: Session, found: Partnership, actor: Actor, *, on: date = TODAY
) -> Partnership:
    return partnerships.activate(
        session,
        partnership_id=found.id,
        seen=found.version,
        actor=actor,
        now=at(on),
        today=on,
    )


def propose(session: Session, house: House, partner: Partner, actor: Actor, **said: str) -> None:
    partnerships.propose(
        session,
        partner_id=partner.id,
        office_id=house.office.id,
        terms=terms(**said),
        actor=actor,
        now=NOW,
    )


def test_propose_enters_a_partnership_that_is_not_signed(
    session: Session, house: House, partner: Partner
) -> None:
    made = make_partnership(session, house, partner)

    assert (made.state, made.activated_on, made.lives_at_risk) == (State.PROPOSED, None, False)


def test_propose_refuses(session: Session, house: House, partner: Partner) -> None:
    make_partnership(session, house, partner, reference="PCA/1")
    other_office = make_office(session, house.agency, name="Demo: other office")
    stranger = make_user(session, house.agency, Role.OFFICER, office=other_office).actor()

    with refused(session, ReferenceTaken):
        propose(session, house, partner, house.officer, reference="PCA/1")
    with refused(session, NotPermitted):
        propose(session, house, partner, stranger)
    with refused(session, NotPermitted):
        propose(session, house, partner, house.head)


def test_another_office_may_have_a_partnership_with_the_same_partner(
    session: Session, house: House, partner: Partner
) -> None:
    other = make_office(session, house.agency, name="Demo: other office")

    made = make_partnership(session, house, partner, office=other)

    assert made.office_id == other.id


def test_edit_changes_the_terms_and_refuses_a_taken_reference(
    session: Session, house: House, partner: Partner
) -> None:
    made = make_partnership(session, house, partner, reference="PCA/1")
    make_partnership(session, house, partner, reference="PCA/2")

    edit(session, made, house.officer, reference="PCA/1", title="Demo: new title")
    session.flush()

    assert made.title == "Demo: new title"
    with refused(session, ReferenceTaken):
        edit(session, made, house.officer, reference="PCA/2")
    with refused(session, NotPermitted):
        edit(session, made, house.head)


def test_edit_waits_until_the_head_of_office_has_decided(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    made = make_active(session, house, partner)
    edit(session, made, house.officer, title="Demo: before the result")
    make_final(session, ports, house, partner, every="absent")
    session.refresh(made, ["version"])

    with refused(session, partnerships.AmendmentBarred):
        edit(session, made, house.officer, title="Demo: longer")

    assert made.title == "Demo: before the result"


@pytest.mark.parametrize(("days", "barred"), [(0, False), (1, True)])
@pytest.mark.parametrize("swept", [True, False], ids=["swept", "not swept"])
def test_edit_is_barred_from_the_day_after_the_12_month_date(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    days: int,
    barred: bool,
    swept: bool,
) -> None:
    # Given: one goes on under an exception, another is only proposed
    day = LIMIT + days * DAY
    make_plan(session, ports, house, partner)
    running = make_active(session, house, partner, reference="PCA/1")
    make_approval(session, ports, house, running, state=ApprovalState.APPROVED)
    make_exception(session, ports, house, running, ends_on=LIMIT + 90 * DAY)
    proposed = make_partnership(session, house, partner, reference="PCA/2")
    if swept and barred:
        make_case(session, ports, house, running, on=day)

    # When, then
    if barred:
        with refused(session, partnerships.AmendmentBarred):
            edit(session, running, house.officer, on=day, reference="PCA/1", title="Demo: longer")
    else:
        edit(session, running, house.officer, on=day, reference="PCA/1", title="Demo: longer")
    edit(session, proposed, house.officer, on=day, reference="PCA/2", title="Demo: smaller")
    assert proposed.title == "Demo: smaller"


@pytest.mark.parametrize("what", ["terms", "mark"])
def test_the_head_does_not_approve_what_changed_since_he_looked(
    session: Session, ports: Ports, house: House, partner: Partner, what: str
) -> None:
    make_final(session, ports, house, partner)
    made = make_partnership(session, house, partner)
    request = make_approval(session, ports, house, made)
    seen = request.version

    if what == "terms":
        edit(session, made, house.officer, title="Demo: quite another thing")
    else:
        mark(session, made, house.officer)
    session.flush()

    with refused(session, ChangedMeanwhile):
        approvals.approve(
            session,
            ports,
            approval_id=request.id,
            seen=seen,
            terms=approvals.Terms("", TODAY + DAY, None),
            actor=house.head,
            now=NOW,
            today=TODAY,
        )


def test_other_terms_than_were_approved_need_a_new_approval(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    made = make_partnership(session, house, partner, reference="PCA/1")
    request = make_approval(session, ports, house, made, state=ApprovalState.APPROVED)

    edit(session, made, house.officer, reference="PCA/1")
    session.flush()
    assert request.state is ApprovalState.APPROVED

    edit(session, made, house.officer, reference="PCA/1", title="Demo: quite another thing")
    session.flush()
    assert (request.state, request.lapsed_because) == (ApprovalState.LAPSED, "terms_changed")
    assert partnerships.hindrances_of(session, made, today=TODAY) == (Hindrance.APPROVAL_MISSING,)


def edit(
    session: Session, found: Partnership, actor: Actor, *, on: date = TODAY, **said: str
) -> None:
    partnerships.edit(
        session,
        partnership_id=found.id,
        seen=found.version,
        terms=terms(**said),
        actor=actor,
        now=at(on),
        today=on,
    )


# --- activation -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "hindrances"),
    [
        (None, (Hindrance.NO_RESULT,)),
        ("absent", (Hindrance.APPROVAL_MISSING,)),
        ("progressing", ()),
        ("adequate", ()),
    ],
)
def test_what_the_result_does_to_a_proposed_partnership(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    every: str | None,
    hindrances: tuple[Hindrance, ...],
) -> None:
    if every is not None:
        make_final(session, ports, house, partner, every=every)
    found = make_partnership(session, house, partner)

    if hindrances:
        with refused(session, NotReady, "partnership_hindered") as caught:
            activate(session, found, house.officer)
        assert isinstance(caught.value, NotReady)
        assert caught.value.problems == hindrances
    else:
        activate(session, found, house.officer)
        assert (found.state, found.activated_on) == (State.ACTIVE, TODAY)


def test_an_approval_lets_just_its_own_partnership_run(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    approved, other = (make_partnership(session, house, partner) for _ in range(2))
    make_approval(session, ports, house, approved, state=ApprovalState.APPROVED)

    activate(session, approved, house.officer)

    assert approved.state is State.ACTIVE
    with refused(session, NotReady):
        activate(session, other, house.officer)


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (1, False)])
def test_an_approval_carries_to_its_own_last_day_inclusive(
    session: Session, ports: Ports, house: House, partner: Partner, days: int, allowed: bool
) -> None:
    make_final(session, ports, house, partner)
    found = make_partnership(session, house, partner)
    end = TODAY + 30 * DAY
    make_approval(session, ports, house, found, state=ApprovalState.APPROVED, valid_until=end)

    hindrances = partnerships.hindrances_of(session, found, today=end + days * DAY)

    assert hindrances == (() if allowed else (Hindrance.APPROVAL_MISSING,))


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (1, False)])
def test_a_result_carries_to_its_last_valid_day_inclusive(
    session: Session, ports: Ports, house: House, partner: Partner, days: int, allowed: bool
) -> None:
    final = make_final(session, ports, house, partner, every="adequate")
    found = make_partnership(session, house, partner)
    assert final.expires_on is not None

    hindrances = partnerships.hindrances_of(session, found, today=final.expires_on + days * DAY)

    assert hindrances == (() if allowed else (Hindrance.NO_RESULT,))


def test_an_emergency_needs_an_approval_and_a_waiver_none(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    meets_nobody = make_partner(session, house, meets_beneficiaries=False)
    partners.waive(
        session,
        partner_id=meets_nobody.id,
        reason="Audits accounts.",
        actor=house.focal_point,
        now=NOW,
        today=TODAY,
    )
    partners.record_emergency(
        session,
        ports,
        partner_id=partner.id,
        reason="Flood.",
        policy_name="default",
        actor=house.head,
        now=NOW,
        today=TODAY,
    )
    urgent, harmless = (make_partnership(session, house, p) for p in (partner, meets_nobody))

    assert partnerships.hindrances_of(session, harmless, today=TODAY) == ()
    assert partnerships.hindrances_of(session, urgent, today=TODAY) == (Hindrance.APPROVAL_MISSING,)
    make_approval(session, ports, house, urgent, state=ApprovalState.APPROVED)
    assert partnerships.hindrances_of(session, urgent, today=TODAY) == ()


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, True)])
@pytest.mark.parametrize("swept", [True, False], ids=["swept", "not swept"])
def test_a_passed_date_hinders_every_office_of_the_agency_and_no_other_agency(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    days: int,
    late: bool,
    swept: bool,
) -> None:
    # Given
    make_plan(session, ports, house, partner)
    running = make_active(session, house, partner)
    elsewhere = make_office(session, house.agency, name="Demo: other office")
    found = make_partnership(session, house, partner, office=elsewhere)
    make_approval_in(session, ports, house, found)
    other_house = make_house(session, "UNB")
    other_partner = make_partner(session, other_house)
    make_final(session, ports, other_house, other_partner, every="adequate")
    other = make_partnership(session, other_house, other_partner)
    day = LIMIT + days * DAY

    # When
    if late and swept:
        make_case(session, ports, house, running, on=day)

    # Then
    expected = (Hindrance.DEADLINE_PASSED,) if late else ()
    assert partnerships.hindrances_of(session, found, today=day) == expected
    assert partnerships.hindrances_of(session, other, today=day) == ()


def make_approval_in(session: Session, ports: Ports, house: House, found: Partnership) -> None:
    """Approve a partnership of any office, by a head of all of them."""
    everywhere = House(
        agency=house.agency,
        office=house.office,
        officer=make_user(session, house.agency, Role.OFFICER).actor(),
        focal_point=house.focal_point,
        head=make_user(session, house.agency, Role.HEAD).actor(),
    )
    make_approval(session, ports, everywhere, found, state=ApprovalState.APPROVED)


def test_a_passed_date_hinders_where_nothing_ran_that_day(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_plan(session, ports, house, partner)
    found = make_partnership(session, house, partner)
    make_approval_in(session, ports, house, found)

    hindrances = partnerships.hindrances_of(session, found, today=LIMIT + DAY)

    assert hindrances == (Hindrance.DEADLINE_PASSED,)


def test_a_passed_date_hinders_until_what_it_suspended_is_settled(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    plan = make_plan(session, ports, house, partner)
    case = make_case(session, ports, house, make_active(session, house, partner), on=LIMIT + DAY)
    verify_all(session, ports, house, plan, on=LIMIT + DAY)
    found = make_partnership(session, house, partner)
    make_approval_in(session, ports, house, found)
    assert partnerships.hindrances_of(session, found, today=LIMIT + DAY) == (
        Hindrance.DEADLINE_PASSED,
    )

    suspensions.lift(
        session,
        case_id=case.id,
        seen=case.version,
        reason="The plan is completed.",
        review_on=LIMIT + 90 * DAY,
        actor=house.head,
        now=at(LIMIT + DAY),
        today=LIMIT + DAY,
    )
    session.flush()
    assert partnerships.hindrances_of(session, found, today=LIMIT + DAY) == ()


def test_a_suspension_for_another_cause_hinders_every_office(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    request = make_approval(session, ports, house, running)
    approvals.decline(
        session,
        approval_id=request.id,
        seen=request.version,
        reasons="A breach of the agreement.",
        running=approvals.Running.SUSPEND,
        actor=house.head,
        now=NOW,
        today=TODAY,
    )
    make_final(session, ports, house, partner, every="adequate", on=TODAY + DAY)
    elsewhere = make_office(session, house.agency, name="Demo: other office")
    found = make_partnership(session, house, partner, office=elsewhere)

    hindrances = partnerships.hindrances_of(session, found, today=TODAY + DAY)

    assert hindrances == (Hindrance.SUSPENDED_ELSEWHERE,)


def test_activate_refuses(session: Session, ports: Ports, house: House, partner: Partner) -> None:
    make_final(session, ports, house, partner, every="adequate")
    running = make_active(session, house, partner)
    found = make_partnership(session, house, partner)

    with refused(session, ActionNotAllowed):
        activate(session, running, house.officer)
    with refused(session, NotPermitted):
        activate(session, found, house.head)
    with refused(session, ChangedMeanwhile):
        partnerships.activate(
            session,
            partnership_id=found.id,
            seen=found.version + 1,
            actor=house.officer,
            now=NOW,
            today=TODAY,
        )


# --- the end --------------------------------------------------------------------------------


def end(session: Session, found: Partnership, actor: Actor, *, reason: str = "Done.") -> None:
    partnerships.end(
        session,
        partnership_id=found.id,
        seen=found.version,
        reason=reason,
        actor=actor,
        now=NOW,
        today=TODAY,
    )


@pytest.mark.parametrize("state", [State.PROPOSED, State.ACTIVE, State.SUSPENDED])
def test_end_is_final(session: Session, house: House, partner: Partner, state: State) -> None:
    found = make_partnership(session, house, partner, state=state)

    end(session, found, house.officer)
    session.flush()

    assert (found.state, found.ended_on, found.ended_reason) == (State.ENDED, TODAY, "Done.")
    assert found.suspended_on is None
    with refused(session, ActionNotAllowed):
        end(session, found, house.officer)
    with refused(session, ActionNotAllowed):
        edit(session, found, house.officer)


def test_end_refuses(session: Session, house: House, partner: Partner) -> None:
    found = make_active(session, house, partner)
    auditor = make_user(session, house.agency, Role.AUDITOR).actor()

    with refused(session, NotPermitted):
        end(session, found, auditor)
    with refused(session, NotReady, "reason_missing"):
        end(session, found, house.officer, reason=" ")


def test_end_closes_the_case_and_ends_the_request(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_plan(session, ports, house, partner)
    found = make_active(session, house, partner)
    make_approval(session, ports, house, found)
    case = make_case(session, ports, house, found, on=LIMIT + DAY)

    end(session, found, house.head)
    session.flush()

    (request,) = queries.approvals.of_partnerships(session, [found.id])
    assert case.state is CaseState.CLOSED
    assert (request.state, request.lapsed_because) == (ApprovalState.LAPSED, "partnership_ended")


# --- lives at risk --------------------------------------------------------------------------


def mark(
    session: Session,
    found: Partnership,
    actor: Actor,
    *,
    marked: bool = True,
    reason: str = "Dialysis.",
) -> None:
    partnerships.mark_lives_at_risk(
        session,
        partnership_id=found.id,
        seen=found.version,
        marked=marked,
        reason=reason,
        actor=actor,
        now=NOW,
    )
    session.flush()


def confirm(session: Session, found: Partnership, actor: Actor) -> None:
    partnerships.confirm_lives_at_risk(
        session,
        partnership_id=found.id,
        seen=found.version,
        actor=actor,
        now=NOW,
        today=TODAY,
    )
    session.flush()


def test_the_officer_marks_and_the_head_confirms(
    session: Session, house: House, partner: Partner
) -> None:
    found = make_active(session, house, partner)

    mark(session, found, house.officer)
    confirm(session, found, house.head)

    assert found.lives_at_risk
    assert (found.lives_confirmed_on, found.lives_confirmed_by) == (TODAY, house.head.user_id)


@pytest.mark.parametrize("marked", [True, False])
def test_a_new_mark_has_to_be_confirmed_anew(
    session: Session, house: House, partner: Partner, marked: bool
) -> None:
    found = make_active(session, house, partner)
    mark(session, found, house.officer)
    confirm(session, found, house.head)

    mark(session, found, house.officer, marked=marked, reason="Other words.")

    assert (found.lives_at_risk, found.lives_confirmed_on) == (marked, None)
    assert found.lives_reason == ("Other words." if marked else "")


def test_lives_at_risk_refuses(session: Session, house: House, partner: Partner) -> None:
    found = make_active(session, house, partner)
    ended = make_partnership(session, house, partner)
    end(session, ended, house.officer)

    with refused(session, NotMarked):
        confirm(session, found, house.head)
    with refused(session, NotPermitted):
        mark(session, found, house.head)
    with refused(session, NotReady, "reason_missing"):
        mark(session, found, house.officer, reason=" ")
    with refused(session, ActionNotAllowed):
        mark(session, ended, house.officer)
    mark(session, found, house.officer)
    with refused(session, NotPermitted):
        confirm(session, found, house.officer)

"""Suspensions in the browser: what the clock did, and what the head of office decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.suspension import SuspensionCase
from partner_assess.domain.partnership import State as PartnershipState
from partner_assess.domain.suspension import State
from partner_assess.usecases import partnerships
from partner_assess.usecases.ports import Ports
from tests import factories
from tests.client import NOW, Browser
from tests.factories import DAY, House
from tests.integration.web.houses import TODAY, boxes, demo_house

SignIn = Callable[[str], Browser]

OFFICER, HEAD = "officer@demo.example", "head@demo.example"


@pytest.fixture
def house(session: Session) -> House:
    return demo_house(session)


@pytest.fixture
def late(session: Session, web_ports: Ports, house: House) -> Partnership:
    """Return a partnership that runs, with a partner past its 12-month date; nothing is written."""
    partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
    factories.make_plan(session, web_ports, house, partner, on=TODAY - 400 * DAY)
    return factories.make_active(session, house, partner, title="Demo: Night school")


@pytest.fixture
def suspended(
    session: Session, web_ports: Ports, house: House, late: Partnership
) -> SuspensionCase:
    """Return the case of a partnership that the clock has suspended."""
    made = factories.make_case(session, web_ports, house, late, on=TODAY - 3 * DAY)
    session.commit()
    return made


@pytest.fixture
def decision_due(
    session: Session, web_ports: Ports, house: House, late: Partnership
) -> SuspensionCase:
    """Return the case of a partnership that is marked lives at risk, confirmed."""
    about = {"partnership_id": late.id, "now": NOW}
    partnerships.mark_lives_at_risk(
        session, **about, seen=late.version, marked=True, reason="Cholera.", actor=house.officer
    )
    session.flush()
    partnerships.confirm_lives_at_risk(
        session, **about, seen=late.version, actor=house.head, today=TODAY - 5 * DAY
    )
    session.flush()
    made = factories.make_case(session, web_ports, house, late, on=TODAY - 3 * DAY)
    session.commit()
    return made


def _path(case: SuspensionCase, deed: str = "") -> str:
    return f"/suspensions/{case.id}/{deed}" if deed else f"/suspensions/{case.id}"


def _again(session: Session, case: SuspensionCase) -> SuspensionCase:
    session.expire_all()
    agency_id = case.partnership.agency_id
    return queries.suspensions.get(session, case.id, agency_id=agency_id)


def test_the_head_is_told_what_happened_and_what_can_be_done(
    sign_in: SignIn, suspended: SuspensionCase
) -> None:
    page = sign_in(HEAD).get(_path(suspended)).text

    for words in (
        "Partnership suspended",
        f"For {(TODAY - suspended.since).days} days",
        "0 of 21 required actions are verified.",
        "Lift the suspension",
        "Record a life-saving exception",
        "Issue the notice to the partner",
    ):
        assert words in page


def test_the_officer_reads_it_and_is_told_who_decides(
    sign_in: SignIn, suspended: SuspensionCase
) -> None:
    officer = sign_in(OFFICER)

    page = officer.get(_path(suspended)).text

    assert "The head of office decides." in page
    assert "Lift the suspension" not in page
    assert officer.get(_path(suspended, "lift")).status_code == 403


def test_another_office_knows_of_the_suspension_but_not_of_the_plan(
    sign_in: SignIn, suspended: SuspensionCase
) -> None:
    page = sign_in("head2@demo.example").get(_path(suspended))

    assert page.status_code == 200
    assert "The plan is the office’s" in page.text
    assert "Lift the suspension" not in page.text


def test_another_office_reads_no_reason(
    sign_in: SignIn, session: Session, house: House, decision_due: SuspensionCase
) -> None:
    assert "Cholera." in sign_in(HEAD).get(_path(decision_due)).text
    page = sign_in("head2@demo.example").get(_path(decision_due)).text
    assert "Cholera." not in page
    assert "Confirmed on" in page


def test_another_agency_does_not_know_of_it(sign_in: SignIn, suspended: SuspensionCase) -> None:
    assert sign_in("sisterhead@demo.example").get(_path(suspended)).status_code == 404


def test_a_suspension_is_lifted_with_reason_and_review(
    sign_in: SignIn, session: Session, suspended: SuspensionCase
) -> None:
    head = sign_in(HEAD)
    seen = head.seen(_path(suspended, "lift"))
    said = {"seen": seen, "reason": "Two actions are left."} | boxes("review_on", TODAY + DAY)

    page = head.follow(head.post(_path(suspended, "lift"), said)).text

    found = _again(session, suspended)
    assert "Suspension lifted" in page
    assert found.state is State.LIFTED
    assert found.partnership.state is PartnershipState.ACTIVE
    assert head.get(_path(suspended, "lift")).status_code == 409


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "Write the reason, in general words."),
        (boxes("review_on", TODAY), "Enter a review day after today"),
        ({"review_on-month": "13"}, "Enter a day that exists"),
    ],
)
def test_a_lift_without_reason_or_a_review_ahead_is_refused(
    sign_in: SignIn,
    session: Session,
    suspended: SuspensionCase,
    changes: dict[str, str],
    sentence: str,
) -> None:
    head = sign_in(HEAD)
    seen = head.seen(_path(suspended, "lift"))
    said = {"seen": seen, "reason": "Two actions are left."} | boxes("review_on", TODAY + DAY)

    answer = head.post(_path(suspended, "lift"), said | changes)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert _again(session, suspended).state is State.SUSPENDED


def test_an_old_token_loses_no_word(sign_in: SignIn, suspended: SuspensionCase) -> None:
    answer = sign_in(HEAD).post(
        _path(suspended, "lift"), {"reason": "Two actions are left.", "csrf_token": "old"}
    )

    assert answer.status_code == 400
    assert "Two actions are left." in answer.text


def test_lives_at_risk_leave_the_decision_to_the_head_who_may_suspend(
    sign_in: SignIn, session: Session, decision_due: SuspensionCase
) -> None:
    head = sign_in(HEAD)
    page = head.get(_path(decision_due)).text
    seen = head.seen(_path(decision_due, "suspend"))

    head.post(_path(decision_due, "suspend"), {"seen": seen, "reason": "Others help now."})

    assert "Suspend the partnership?" in page
    assert "Cholera." in page
    found = _again(session, decision_due)
    assert found.state is State.SUSPENDED
    assert found.partnership.state is PartnershipState.SUSPENDED


@pytest.mark.parametrize("to_come", ["suspended", "decision_due"])
def test_an_exception_lets_the_partnership_go_on(
    sign_in: SignIn, session: Session, to_come: str, request: pytest.FixtureRequest
) -> None:
    case: SuspensionCase = request.getfixturevalue(to_come)
    head, path = sign_in(HEAD), f"/partnerships/{case.partnership_id}/exception"
    seen = head.seen(path)

    head.post(path, {"seen": seen, "reason": "No other water."} | boxes("ends_on", TODAY))

    found = _again(session, case)
    assert found.state is State.CONTINUES
    assert found.partnership.state is PartnershipState.ACTIVE
    assert "No other water." in head.get(_path(case)).text


def test_an_exception_that_ended_yesterday_is_refused(
    sign_in: SignIn, session: Session, suspended: SuspensionCase
) -> None:
    head, path = sign_in(HEAD), f"/partnerships/{suspended.partnership_id}/exception"
    seen = head.seen(path)

    answer = head.post(path, {"seen": seen, "reason": "Water."} | boxes("ends_on", TODAY - DAY))

    assert answer.status_code == 400
    assert "Enter the last day of the exception, today or later." in answer.text
    assert _again(session, suspended).state is State.SUSPENDED


def test_an_exception_that_has_ended_shows_before_the_sweep_has_written_it(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, late: Partnership
) -> None:
    factories.make_exception(
        session, web_ports, house, late, on=TODAY - 10 * DAY, ends_on=TODAY - 2 * DAY
    )
    case = factories.make_case(session, web_ports, house, late, on=TODAY - 5 * DAY)
    session.commit()

    page = sign_in(HEAD).get(_path(case)).text

    assert case.state is State.CONTINUES
    assert "Partnership suspended" in page
    assert "For 1 day" in page
    assert "The next daily run writes it down" in page


def test_only_a_partnership_that_runs_or_is_suspended_gets_an_exception(
    sign_in: SignIn, session: Session, house: House, late: Partnership
) -> None:
    proposed = factories.make_partnership(session, house, late.partner)
    session.commit()

    assert sign_in(HEAD).get(f"/partnerships/{proposed.id}/exception").status_code == 409

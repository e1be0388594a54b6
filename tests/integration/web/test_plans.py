"""Plans in the browser: listed, agreed, worked on, and what their dates mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.plan import Plan, PlanAction
from partner_assess.domain.plan import ActionState, State
from partner_assess.usecases import partnerships, plans
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
def make_plan(session: Session, web_ports: Ports, house: House) -> Callable[..., Plan]:
    """Return how a plan is made: High of that many days ago, with a partnership that runs."""

    def made(days_ago: int, **how: str) -> Plan:
        partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
        plan = factories.make_plan(
            session, web_ports, house, partner, on=TODAY - days_ago * DAY, **how
        )
        factories.make_active(session, house, partner, title="Demo: Night school")
        session.commit()
        return plan

    return made


@pytest.fixture
def plan(make_plan: Callable[..., Plan]) -> Plan:
    """Return a fresh plan of a High result, being drafted."""
    return make_plan(10)


@pytest.fixture
def agreed(session: Session, web_ports: Ports, house: House, plan: Plan) -> Plan:
    """Return a plan on which work can begin."""
    plans.agree(
        session,
        web_ports,
        plan_id=plan.id,
        seen=plan.version,
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )
    session.commit()
    return plan


def _path(plan: Plan, action: PlanAction | None = None, deed: str = "") -> str:
    path = f"/plans/{plan.id}"
    if action is not None:
        path += f"/actions/{action.id}"
    return f"{path}/{deed}" if deed else path


def _again(session: Session, plan: Plan) -> Plan:
    session.expire_all()
    return queries.plans.get(session, plan.id, agency_id=plan.agency_id)


def _first(session: Session, plan: Plan) -> PlanAction:
    return _again(session, plan).actions[0]


def _terms(**changes: str) -> dict[str, str]:
    said = {
        "words": "Say it in two languages",
        "owner_side": "partner",
        "owner": "administration",
        **boxes("due_on", TODAY + 30 * DAY),
    }
    return said | changes


def test_the_list_shows_how_each_plan_stands(
    sign_in: SignIn, make_plan: Callable[..., Plan]
) -> None:
    make_plan(400)

    page = sign_in(OFFICER).get("/plans").text

    assert "Demo: Quiet Harbour" in page
    assert "Overdue" in page
    assert "days late" in page


@pytest.mark.parametrize(
    ("state", "is_there"),
    [("", True), ("overdue", True), ("at_risk", False), ("on_track", False), ("nonsense", True)],
)
def test_the_list_is_filtered_by_its_address(
    sign_in: SignIn, make_plan: Callable[..., Plan], state: str, is_there: bool
) -> None:
    make_plan(400)

    page = sign_in(OFFICER).get(f"/plans?state={state}").text

    assert ("Demo: Quiet Harbour" in page) is is_there


def test_another_office_does_not_know_of_a_plan(sign_in: SignIn, plan: Plan) -> None:
    assert sign_in("officer2@demo.example").get(_path(plan)).status_code == 404


def test_the_suspension_is_the_day_after_the_last_day(
    sign_in: SignIn, make_plan: Callable[..., Plan]
) -> None:
    found = make_plan(0)
    assert found.limit_on
    assert found.suspends_on

    page = sign_in(OFFICER).get(_path(found)).text

    assert found.suspends_on - found.limit_on == DAY
    assert "23 November 2027" in page
    assert "suspension from 24 November 2027" in page


@pytest.mark.parametrize("check", ["Check 1", "Check 2", "Check 3", "check 4"])
def test_the_strip_shows_each_checkpoint_of_the_policy(
    sign_in: SignIn, plan: Plan, check: str
) -> None:
    assert check in sign_in(OFFICER).get(_path(plan)).text


def test_the_plan_prints_its_policy_and_the_day_that_started_its_clock(
    sign_in: SignIn, plan: Plan
) -> None:
    page = sign_in(OFFICER).get(_path(plan)).text

    assert "The clock started on 13 November 2026, the day the result took effect." in page
    assert "“default”" in page


def test_a_plan_at_risk_says_what_happens_to_each_partnership(
    sign_in: SignIn,
    session: Session,
    web_ports: Ports,
    house: House,
    make_plan: Callable[..., Plan],
) -> None:
    found = make_plan(300)
    assert found.suspends_on
    excepted = factories.make_active(session, house, found.partner, title="Demo: Nurses")
    factories.make_exception(
        session, web_ports, house, excepted, on=TODAY, ends_on=found.suspends_on + 30 * DAY
    )
    marked = factories.make_active(session, house, found.partner, title="Demo: Cholera")
    about = {"partnership_id": marked.id, "now": NOW}
    partnerships.mark_lives_at_risk(
        session, **about, seen=marked.version, marked=True, reason="Cholera.", actor=house.officer
    )
    session.flush()
    partnerships.confirm_lives_at_risk(
        session, **about, seen=marked.version, actor=house.head, today=TODAY
    )
    session.commit()

    page = sign_in(OFFICER).get(_path(found)).text

    assert "At risk: 65 days left and 0 of 21 required actions verified" in page
    assert "Night school</bdi></a> is suspended on" in page
    assert "Cholera</bdi></a> is marked lives at risk, confirmed: the head of office" in page
    assert "Nurses</bdi></a> continues under a life-saving exception until" in page


def test_a_passed_date_shows_before_the_sweep_has_written_it(
    sign_in: SignIn, make_plan: Callable[..., Plan]
) -> None:
    page = sign_in(OFFICER).get(_path(make_plan(400))).text

    assert "Night school</bdi></a> is suspended since" in page


def test_a_plan_is_agreed_as_it_was_seen(sign_in: SignIn, session: Session, plan: Plan) -> None:
    officer = sign_in(OFFICER)
    seen = officer.seen(_path(plan))

    page = officer.follow(officer.post(_path(plan, deed="agree"), {"seen": seen})).text

    assert "The plan is agreed." in page
    assert _again(session, plan).state is State.AGREED
    assert officer.post(_path(plan, deed="agree"), {"seen": seen}).status_code == 409


def test_the_head_reads_a_plan_and_changes_nothing(
    sign_in: SignIn, session: Session, agreed: Plan
) -> None:
    head, action = sign_in(HEAD), _first(session, agreed)

    page = head.get(_path(agreed, action)).text

    assert "<textarea" not in page
    assert head.post(_path(agreed, action), _terms(seen="1")).status_code == 403
    assert head.post(_path(agreed, action, "verify"), {"seen": "1"}).status_code == 403


def test_words_owner_and_day_of_an_action_change(
    sign_in: SignIn, session: Session, agreed: Plan
) -> None:
    officer, path = sign_in(OFFICER), _path(agreed, _first(session, agreed))
    seen = officer.seen(path)

    officer.post(path, _terms(seen=seen))

    action = _first(session, agreed)
    assert action.words == "Say it in two languages"
    assert action.owner == "administration"
    assert action.due_on == TODAY + 30 * DAY


def test_the_model_action_stays_the_instruments_words(
    sign_in: SignIn, session: Session, agreed: Plan
) -> None:
    officer, path = sign_in(OFFICER), _path(agreed, _first(session, agreed))
    seen = officer.seen(path)

    officer.post(
        path, _terms(seen=seen, words="Add the definition of ST/SGB/2003/13 to the policy")
    )

    assert _first(session, agreed).words == ""


@pytest.mark.parametrize(("later", "status"), [(0, 302), (1, 400)])
def test_an_action_is_due_by_the_plans_last_day(
    sign_in: SignIn, session: Session, agreed: Plan, later: int, status: int
) -> None:
    officer, path = sign_in(OFFICER), _path(agreed, _first(session, agreed))
    seen = officer.seen(path)
    assert agreed.due_on

    answer = officer.post(path, _terms(seen=seen) | boxes("due_on", agreed.due_on + later * DAY))

    assert answer.status_code == status
    if later:
        assert "Enter a day that is not after the plan’s last day." in answer.text
        assert "Say it in two languages" in answer.text


def test_two_changes_at_once_are_a_conflict(
    sign_in: SignIn, session: Session, agreed: Plan
) -> None:
    officer, path = sign_in(OFFICER), _path(agreed, _first(session, agreed))
    seen = officer.seen(path)
    officer.post(path, _terms(seen=seen))

    assert officer.post(path, _terms(seen=seen)).status_code == 409


def test_an_action_is_done_and_then_verified(
    sign_in: SignIn, session: Session, agreed: Plan
) -> None:
    officer, action = sign_in(OFFICER), _first(session, agreed)
    path = _path(agreed, action)
    seen = officer.seen(path)

    done = officer.follow(officer.post(f"{path}/done", {"seen": seen, "note": "Both languages."}))
    assert "Both languages." in done.text
    assert _again(session, agreed).progress().verified == 0

    officer.post(f"{path}/verify", {"seen": officer.seen(path)})
    assert _again(session, agreed).progress().verified == 1
    assert _again(session, agreed).state is State.IN_PROGRESS


def test_a_done_action_goes_back_only_with_a_comment(
    sign_in: SignIn, session: Session, agreed: Plan
) -> None:
    officer, action = sign_in(OFFICER), _first(session, agreed)
    path = _path(agreed, action)
    officer.post(f"{path}/done", {"seen": officer.seen(path)})
    seen = officer.seen(f"{path}/return")

    refused = officer.post(f"{path}/return", {"seen": seen, "comment": " "})
    officer.post(f"{path}/return", {"seen": seen, "comment": "Where is the second one?"})

    assert refused.status_code == 400
    assert _first(session, agreed).state is ActionState.RETURNED
    assert "Where is the second one?" in officer.get(_path(agreed)).text


def test_nothing_is_reported_before_the_plan_is_agreed(
    sign_in: SignIn, session: Session, plan: Plan
) -> None:
    officer, path = sign_in(OFFICER), _path(plan, _first(session, plan))

    page = officer.get(path).text
    answer = officer.post(f"{path}/done", {"seen": "1"})

    assert "Work on it can be reported once the plan is agreed." in page
    assert answer.status_code == 409
    assert "Agree the plan with the partner first." in answer.text


def test_an_added_action_is_recommended(sign_in: SignIn, session: Session, agreed: Plan) -> None:
    officer, path = sign_in(OFFICER), f"{_path(agreed)}/actions/new"
    officer.get(path)

    page = officer.follow(officer.post(path, _terms(standard="training"))).text

    assert "Say it in two languages" in page
    assert not _again(session, agreed).actions[-1].mandatory


def test_an_action_without_words_is_refused_and_the_rest_is_kept(
    sign_in: SignIn, agreed: Plan
) -> None:
    officer, path = sign_in(OFFICER), f"{_path(agreed)}/actions/new"
    officer.get(path)

    answer = officer.post(path, _terms(standard="training", words=" "))

    assert answer.status_code == 400
    assert "Write what is to be done." in answer.text
    assert "administration" in answer.text


def test_the_last_required_action_completes_the_plan(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, plan: Plan
) -> None:
    factories.verify_all(session, web_ports, house, plan, on=TODAY)
    session.commit()

    page = sign_in(OFFICER).get(_path(plan)).text

    assert "Every required action is verified." in page
    assert "Add an action" not in page


def test_a_finished_plan_takes_no_new_action(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, plan: Plan
) -> None:
    factories.verify_all(session, web_ports, house, plan, on=TODAY)
    session.commit()

    answer = sign_in(OFFICER).get(f"{_path(plan)}/actions/new")

    assert answer.status_code == 409
    assert "finished and cannot be changed" in answer.text


REQUIRED = "Add the definition of ST/SGB/2003/13 to the policy"
RECOMMENDED = "Have all personnel sign the policy, and count how many have"
DONE = "Demo: two doors"


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("required", {REQUIRED, DONE}),
        ("all", {REQUIRED, RECOMMENDED, DONE}),
        ("waiting", {DONE}),
        ("overdue", set()),
        ("nonsense", {REQUIRED, DONE}),
    ],
)
def test_the_table_is_filtered_by_its_address(
    sign_in: SignIn, session: Session, agreed: Plan, show: str, shown: set[str]
) -> None:
    officer = sign_in(OFFICER)
    second = _path(agreed, _again(session, agreed).actions[1])
    officer.post(second, _terms(seen=officer.seen(second), words=DONE))
    officer.post(f"{second}/done", {"seen": officer.seen(second)})

    page = officer.get(f"{_path(agreed)}?show={show}").text

    assert {words for words in (REQUIRED, RECOMMENDED, DONE) if words in page} == shown


def test_a_low_result_with_a_gap_has_a_plan_without_a_last_day(
    sign_in: SignIn, make_plan: Callable[..., Plan]
) -> None:
    page = sign_in(OFFICER).get(_path(make_plan(5, every="adequate", training="progressing"))).text

    assert "This plan has no last day." in page
    assert "No action of this plan is required." in page


def test_the_eight_have_a_last_day_and_a_12_month_date(
    sign_in: SignIn, make_plan: Callable[..., Plan]
) -> None:
    found = make_plan(5, framework_id=factories.EIGHT, every="no")

    page = sign_in(OFFICER).get(_path(found)).text

    assert "Last day of the plan" in page
    assert "12-month date" in page

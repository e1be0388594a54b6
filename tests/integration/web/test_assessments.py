"""Assessments in the browser: opened, handed in, returned, finalised, withdrawn, given up."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.domain.assessment import State
from partner_assess.domain.partner import PartnerType
from partner_assess.usecases.ports import Ports
from tests import factories
from tests.client import Browser
from tests.factories import DAY, House
from tests.integration.web.houses import TODAY, boxes, demo_house

SignIn = Callable[[str], Browser]

OFFICER, FOCAL, HEAD = "officer@demo.example", "focal@demo.example", "head@demo.example"


@pytest.fixture
def house(session: Session) -> House:
    return demo_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    made = factories.make_partner(session, house, name="Demo: Quiet Harbour")
    session.commit()
    return made


@pytest.fixture
def draft(session: Session, web_ports: Ports, house: House, partner: Partner) -> str:
    made = factories.make_assessment(session, web_ports, house, partner, every=None, on=TODAY)
    session.commit()
    return f"/assessments/{made.id}"


@pytest.fixture
def complete(session: Session, web_ports: Ports, house: House, partner: Partner) -> str:
    """Return the address of an assessment that can be submitted."""
    made = factories.make_assessment(session, web_ports, house, partner, on=TODAY)
    session.commit()
    return f"/assessments/{made.id}"


@pytest.fixture
def submitted(session: Session, web_ports: Ports, house: House, partner: Partner) -> str:
    made = factories.make_submitted(session, web_ports, house, partner, on=TODAY)
    session.commit()
    return f"/assessments/{made.id}"


def _now(session: Session, path: str, house: House) -> Assessment:
    session.expire_all()
    return queries.assessments.get(session, UUID(path.split("/")[2]), agency_id=house.agency.id)


def _post(browser: Browser, path: str, **typed: str) -> object:
    return browser.post(path, {"seen": browser.seen(path), **typed})


# --- opening -------------------------------------------------------------------------------


def test_an_assessment_is_opened_with_the_questionnaire_that_is_chosen(
    sign_in: SignIn, session: Session, house: House, partner: Partner
) -> None:
    officer = sign_in(OFFICER)
    path = f"/partners/{partner.id}/assess"
    page = officer.get(path).text
    assert page.index('value="unicef-six-2020"') < page.index('value="un-harmonized-eight-2020"')
    answer = officer.post(path, {"framework": factories.EIGHT})
    opened = _now(session, answer.headers["Location"], house)
    assert (opened.framework_id, opened.state) == (factories.EIGHT, State.DRAFT)
    assert "0 of 8 standards rated" in officer.follow(answer).text


def test_without_a_choice_nothing_is_opened(sign_in: SignIn, partner: Partner) -> None:
    officer = sign_in(OFFICER)
    officer.get(f"/partners/{partner.id}/assess")
    answer = officer.post(f"/partners/{partner.id}/assess", {})
    assert answer.status_code == 400
    assert "Select a questionnaire." in answer.text


def test_the_one_that_is_open_is_linked_and_not_opened_twice(
    sign_in: SignIn, partner: Partner, draft: str
) -> None:
    officer = sign_in(OFFICER)
    path = f"/partners/{partner.id}/assess"
    page = officer.get(path).text
    assert f'href="{draft}"' in page
    assert f'value="{factories.SIX}"' not in page
    assert officer.post(path, {"framework": factories.SIX}).headers["Location"] == draft


def test_a_government_is_not_assessed(sign_in: SignIn, session: Session, house: House) -> None:
    ministry = factories.make_partner(
        session, house, name="Demo: Ministry", partner_type=PartnerType.GOVERNMENT
    )
    session.commit()
    page = sign_in(OFFICER).get(f"/partners/{ministry.id}/assess").text
    assert "are not assessed with these questionnaires" in page
    assert "Start the assessment" not in page


# --- the task list, details, check answers -------------------------------------------------


def test_before_all_are_rated_the_page_shows_what_can_still_come_out(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, draft: str
) -> None:
    ratings = {"policy": "progressing", "training": "absent"}
    factories.answer(session, web_ports, house, _now(session, draft, house), ratings)
    session.commit()
    page = sign_in(OFFICER).get(draft).text
    assert "2 of 6 standards rated" in page
    assert "between 7 and 15" in page
    assert "Critical gaps so far" in page
    assert "Rate standards 2, 4, 5, 6 first" in page


def test_the_day_of_the_assessment_is_not_in_the_future(
    sign_in: SignIn, session: Session, house: House, draft: str
) -> None:
    officer = sign_in(OFFICER)
    path = f"{draft}/details"
    answer = _post(
        officer, path, assessed_where="Their office", **boxes("assessed_on", TODAY + DAY)
    )
    assert answer.status_code == 400
    assert "Enter a day that has come" in answer.text
    assert "Their office" in answer.text
    assert _post(officer, path, **boxes("assessed_on", TODAY)).status_code == 302
    assert _now(session, draft, house).assessed_on == TODAY


def test_submitting_too_early_lists_what_is_missing_with_links(
    sign_in: SignIn, session: Session, house: House, draft: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(f"{draft}/standards/policy")
    officer.post(f"{draft}/standards/policy", {"seen": "0", "comment": "x", "deed": "later"})
    page = officer.get(f"{draft}/check")
    assert page.status_code == 200
    assert "<title>Check answers" in page.text
    answer = _post(officer, f"{draft}/check")
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert f'href="{draft}/standards/training#rating-0"' in answer.text
    assert f'href="{draft}/details#assessed_on-day"' in answer.text
    assert _now(session, draft, house).state is State.IN_PROGRESS


def test_a_complete_one_is_submitted_and_the_page_says_what_happens_next(
    sign_in: SignIn, session: Session, house: House, complete: str
) -> None:
    officer = sign_in(OFFICER)
    answer = _post(officer, f"{complete}/check")
    assert answer.headers["Location"] == f"{complete}/submitted"
    assert "What happens next" in officer.follow(answer).text
    assert _now(session, complete, house).state is State.SUBMITTED


def test_submitting_what_changed_meanwhile_is_refused_in_a_sentence(
    sign_in: SignIn, complete: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(f"{complete}/check")
    answer = officer.post(f"{complete}/check", {"seen": "1"})
    assert answer.status_code == 400
    assert "Somebody changed this" in answer.text


def test_while_it_is_reviewed_nobody_answers(sign_in: SignIn, submitted: str) -> None:
    officer = sign_in(OFFICER)
    for page in ("standards/policy", "details", "check", "standards/policy/evidence/new"):
        assert officer.get(f"{submitted}/{page}").headers["Location"] == submitted


# --- review --------------------------------------------------------------------------------


def test_the_focal_point_returns_it_with_comments_that_the_assessor_reads(
    sign_in: SignIn, session: Session, house: House, submitted: str
) -> None:
    answer = _post(
        sign_in(FOCAL), f"{submitted}/review", deed="return", comment_training="Say which course."
    )
    assert answer.headers["Location"] == submitted
    assert _now(session, submitted, house).state is State.RETURNED
    officer = sign_in(OFFICER)
    assert "Say which course." in officer.get(submitted).text
    assert "Say which course." in officer.get(f"{submitted}/standards/training").text
    assert "Say which course." not in officer.get(f"{submitted}/standards/policy").text


def test_returning_needs_a_comment(
    sign_in: SignIn, session: Session, house: House, submitted: str
) -> None:
    answer = _post(sign_in(FOCAL), f"{submitted}/review", deed="return", comment_training="  ")
    assert answer.status_code == 400
    assert 'href="#comment_policy"' in answer.text
    assert _now(session, submitted, house).state is State.SUBMITTED


def test_what_was_returned_is_changed_before_it_is_submitted_again(
    sign_in: SignIn, session: Session, house: House, submitted: str
) -> None:
    _post(sign_in(FOCAL), f"{submitted}/review", deed="return", comment_policy="Say more.")
    officer = sign_in(OFFICER)
    assert "change what the comments ask for first" in officer.get(f"{submitted}/check").text
    path = f"{submitted}/standards/policy"
    _post(officer, path, comment="More.", deed="later")
    officer.post(
        path,
        {
            "seen": officer.seen(path),
            **{f"indicator_S1_{number}": "not_met" for number in range(1, 7)},
            "rating": "absent",
            "comment": "More.",
        },
    )
    assert _post(officer, f"{submitted}/check").status_code == 302


def test_the_focal_point_reads_what_starts_and_finalises(
    sign_in: SignIn, session: Session, house: House, submitted: str
) -> None:
    focal = sign_in(FOCAL)
    asked = _post(focal, f"{submitted}/review", deed="finalise")
    assert asked.headers["Location"] == f"{submitted}/finalise"
    page = focal.follow(asked).text
    assert ">Low capacity: high SEA risk</h2>" in page
    assert "Each partnership needs the approval of the head of office." in page
    assert "The answers freeze" in page
    assert "The action plan is carried out within 12 months, by 23 November 2027." in page
    assert _now(session, submitted, house).state is State.SUBMITTED
    answer = _post(focal, f"{submitted}/finalise")
    assert answer.headers["Location"] == f"{submitted}/result"
    assert _now(session, submitted, house).state is State.FINAL
    assert ">Low capacity: high SEA risk</h1>" in focal.follow(answer).text
    assert focal.get(submitted).headers["Location"] == f"{submitted}/result"
    assert focal.get(f"{submitted}/finalise").headers["Location"] == submitted


@pytest.mark.parametrize("deed", ["", "perhaps"])
def test_a_review_without_a_clear_deed_decides_nothing(
    sign_in: SignIn, session: Session, house: House, submitted: str, deed: str
) -> None:
    answer = _post(sign_in(FOCAL), f"{submitted}/review", deed=deed, comment_policy="Kept")
    assert answer.status_code == 400
    assert "Say what you decide" in answer.text
    assert "Kept" in answer.text
    assert _now(session, submitted, house).state is State.SUBMITTED


def test_finalising_over_comments_is_refused_and_keeps_them(
    sign_in: SignIn, session: Session, house: House, submitted: str
) -> None:
    answer = _post(
        sign_in(FOCAL), f"{submitted}/review", deed="finalise", comment_policy="Which year?"
    )
    assert answer.status_code == 400
    assert "Return the assessment with them, or clear them to finalise." in answer.text
    assert "Which year?" in answer.text
    assert _now(session, submitted, house).state is State.SUBMITTED


@pytest.mark.parametrize("page", ["review", "finalise"])
def test_finalising_what_changed_meanwhile_is_refused_in_a_sentence(
    sign_in: SignIn, session: Session, house: House, submitted: str, page: str
) -> None:
    focal = sign_in(FOCAL)
    focal.get(f"{submitted}/{page}")
    answer = focal.post(f"{submitted}/{page}", {"seen": "1", "deed": "finalise"})
    assert answer.status_code == 400
    assert "Somebody changed this" in answer.text
    assert _now(session, submitted, house).state is State.SUBMITTED


def test_who_rated_is_told_why_not(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    by_focal = House(house.agency, house.office, house.focal_point, house.focal_point, house.head)
    made = factories.make_submitted(session, web_ports, by_focal, partner, on=TODAY)
    session.commit()
    path = f"/assessments/{made.id}/review"
    focal = sign_in(FOCAL)
    page = focal.get(path).text
    assert "You rated a standard of this assessment." in page
    assert "Finalise the result" not in page
    answer = focal.post(path, {"seen": str(made.version), "deed": "finalise"})
    assert answer.status_code == 403
    assert "You rated a standard of this assessment." in answer.text


def test_an_officer_reads_all_answers_and_decides_nothing(
    sign_in: SignIn, session: Session, house: House, submitted: str
) -> None:
    officer = sign_in(OFFICER)
    page = officer.get(f"{submitted}/review").text
    assert "It waits for the PSEA focal point" in page
    assert "Return with comments" not in page
    version = _now(session, submitted, house).version
    officer.get(f"{submitted}/cancel")
    answer = officer.post(f"{submitted}/review", {"seen": str(version), "deed": "finalise"})
    assert answer.status_code == 403


def test_the_reviewer_sees_the_suggestion_the_rating_and_the_reason(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    made = factories.make_submitted(
        session, web_ports, house, partner, on=TODAY, training="adequate"
    )
    session.commit()
    page = sign_in(FOCAL).get(f"/assessments/{made.id}/review").text
    assert "The assessor rated differently." in page
    assert "The documents say otherwise." in page


# --- the result ----------------------------------------------------------------------------


def test_a_high_result_says_what_it_demands_and_until_when(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    before = {"every": "progressing", "policy": "absent"}
    factories.make_final(session, web_ports, house, partner, on=TODAY - 800 * DAY, **before)
    factories.make_partnership(session, house, partner, reference="PCA/DEMO/1")
    made = factories.make_final(session, web_ports, house, partner, on=TODAY)
    session.commit()
    page = sign_in(OFFICER).get(f"/assessments/{made.id}/result").text
    assert "prior approval by the head of office" in page
    assert "PCA/DEMO/1" in page
    assert "Action plan, carried out in 12 months" in page
    assert "23 November 2027" in page  # the plan's last day
    assert "24 November 2027" in page  # the day of suspension
    assert "6 critical gaps: nothing in place" in page
    assert "↓ was Progressing" in page
    assert "no change" in page
    assert "6 now" in page
    assert "11 last time" in page
    assert "The documents say otherwise." not in page  # the reason is not part of the result


def test_a_low_result_shows_the_gap_that_a_good_total_hides(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    made = factories.make_final(
        session, web_ports, house, partner, on=TODAY, every="adequate", investigations="absent"
    )
    session.commit()
    page = sign_in(HEAD).get(f"/assessments/{made.id}/result").text
    assert ">Full capacity: low SEA risk</h1>" in page
    assert "1 critical gap: nothing in place" in page
    assert "its action is required, whatever the total" in re.sub(r"\s+", " ", page)
    assert "prior approval" not in page


def test_the_eight_have_their_own_result(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    made = factories.make_final(
        session,
        web_ports,
        house,
        partner,
        on=TODAY,
        framework_id=factories.EIGHT,
        every="no",
        corrective_measures="na",
    )
    session.commit()
    assert made.state is State.PRELIMINARY
    page = sign_in(FOCAL).get(f"/assessments/{made.id}/result").text
    assert "Preliminary result" in page
    assert "Make the result final" in page
    assert "common knowledge that no text was seen for" in page
    assert "Action plan, carried out in 6 months" in page


def test_a_result_whose_last_day_has_passed_demands_nothing_any_more(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    made = factories.make_final(session, web_ports, house, partner, on=TODAY - 1900 * DAY)
    session.commit()
    page = sign_in(OFFICER).get(f"/assessments/{made.id}/result").text
    assert "Its last valid day was" in page
    assert "What this demands" not in page


# --- the end -------------------------------------------------------------------------------


def test_a_result_is_withdrawn_with_a_reason(
    sign_in: SignIn, session: Session, web_ports: Ports, house: House, partner: Partner
) -> None:
    made = factories.make_final(session, web_ports, house, partner, on=TODAY)
    session.commit()
    path = f"/assessments/{made.id}/withdraw"
    assert sign_in(OFFICER).get(path).status_code == 403
    focal = sign_in(FOCAL)
    assert _post(focal, path, reason="  ").status_code == 400
    answer = _post(focal, path, reason="The wrong branch.")
    assert "The wrong branch." in focal.follow(answer).text
    assert _now(session, path, house).state is State.WITHDRAWN


def test_an_open_one_is_given_up_with_a_reason(
    sign_in: SignIn, session: Session, house: House, draft: str
) -> None:
    officer = sign_in(OFFICER)
    answer = _post(officer, f"{draft}/cancel", reason="Merged with another.")
    assert "Merged with another." in officer.follow(answer).text
    assert _now(session, draft, house).state is State.CANCELLED
    assert officer.get(f"{draft}/cancel").headers["Location"] == draft


def test_other_offices_do_not_know_of_it(sign_in: SignIn, draft: str) -> None:
    for email in ("officer2@demo.example", "sisterfocal@demo.example"):
        stranger = sign_in(email)
        assert stranger.get(draft).status_code == 404
        assert stranger.get(f"{draft}/review").status_code == 404

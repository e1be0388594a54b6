"""One standard in the browser: saved as far as it is, what is missing, evidence, two windows."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from partner_assess.app import create_app
from partner_assess.cli import demo
from partner_assess.db.models.assessment import Assessment, Evidence, StandardAnswer
from partner_assess.db.models.event import Event
from partner_assess.db.models.user import User
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.assessment import State
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests import factories
from tests.client import NOW, Browser
from tests.factories import House
from tests.integration.web.houses import TODAY, boxes, demo_house
from tests.uploads import a_pdf

SignIn = Callable[[str], Browser]

OFFICER, FOCAL, HEAD = "officer@demo.example", "focal@demo.example", "head@demo.example"
SCRIPT = {"X-Autosave": "1"}
REQUIRED = [f"indicator_S4_{number}" for number in (1, 2, 3, 4)]


@pytest.fixture
def house(session: Session) -> House:
    return demo_house(session)


def _draft(session: Session, ports: Ports, house: House, framework_id: str) -> Assessment:
    partner = factories.make_partner(session, house, name="Demo: Quiet Harbour")
    made = factories.make_assessment(
        session, ports, house, partner, framework_id=framework_id, every=None, on=TODAY
    )
    session.commit()
    return made


@pytest.fixture
def reporting(session: Session, web_ports: Ports, house: House) -> str:
    """Return the address of a standard of the six that nobody has begun."""
    made = _draft(session, web_ports, house, factories.SIX)
    return f"/assessments/{made.id}/standards/reporting"


@pytest.fixture
def policy_of_eight(session: Session, web_ports: Ports, house: House) -> str:
    made = _draft(session, web_ports, house, factories.EIGHT)
    return f"/assessments/{made.id}/standards/policy"


def _saved(session: Session, path: str) -> StandardAnswer | None:
    _, _, assessment_id, _, standard_id = path.split("/")
    session.expire_all()
    return session.scalars(
        select(StandardAnswer).where(
            StandardAnswer.assessment_id == UUID(assessment_id),
            StandardAnswer.standard_id == standard_id,
        )
    ).one_or_none()


def _all(answer: str) -> dict[str, str]:
    return dict.fromkeys(REQUIRED, answer)


def test_looking_at_a_standard_saves_nothing(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    assert sign_in(OFFICER).get(reporting).status_code == 200
    assert _saved(session, reporting) is None


def test_save_and_finish_later_keeps_what_there_is_without_complaint(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    answer = officer.post(
        reporting, {"seen": "0", "indicator_S4_2": "partly", "comment": " Seen. ", "deed": "later"}
    )
    saved = _saved(session, reporting)
    assert answer.headers["Location"] == reporting.partition("/standards")[0]
    assert saved
    assert (saved.indicators, saved.comment, saved.rating) == ({"S4.2": "partly"}, "Seen.", None)


def test_save_and_continue_keeps_it_and_says_what_this_standard_still_lacks(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    answer = officer.post(reporting, {"seen": "0", "indicator_S4_1": "met", "deed": "continue"})
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert 'href="#indicator_S4_2-0">Select how far indicator 4.2 is in place' in answer.text
    assert 'href="#rating-0">Rate standard 4, Reporting' in answer.text
    assert "indicator 4.5" not in answer.text  # supporting
    saved = _saved(session, reporting)
    assert saved
    assert saved.indicators == {"S4.1": "met"}


def test_the_page_with_problems_can_be_sent_again(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    officer.post(reporting, {"seen": "0", "indicator_S4_1": "met", "deed": "continue"})
    answer = officer.post(
        reporting, {"seen": "1", **_all("not_met"), "rating": "absent", "deed": "continue"}
    )
    assert answer.headers["Location"].endswith("/standards/assistance")
    saved = _saved(session, reporting)
    assert saved
    assert saved.rating == "absent"


def test_after_the_last_standard_comes_the_task_list(sign_in: SignIn, reporting: str) -> None:
    last = reporting.replace("reporting", "investigations")
    officer = sign_in(OFFICER)
    officer.get(last)
    filled = {f"indicator_S6_{number}": "not_met" for number in (1, 2, 3, 4)}
    answer = officer.post(last, {"seen": "0", **filled, "rating": "progressing"})
    # S6.4 not met: progressing counts as suggested too, no reason is asked.
    assert answer.headers["Location"] == last.partition("/standards")[0]


def test_a_rating_that_differs_asks_for_its_reason_and_shows_what_is_suggested(
    sign_in: SignIn, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    filled = {"seen": "0", **_all("partly"), "rating": "adequate"}
    answer = officer.post(reporting, filled)
    assert answer.status_code == 400
    assert "Suggested: Absent" in answer.text
    assert "No evidence is named for any required indicator." in answer.text
    assert 'href="#reason">Write why you rate standard 4 differently' in answer.text
    answer = officer.post(reporting, {**filled, "seen": "1", "reason": "Seen on the spot."})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rating": "excellent"}, "Select one of the answers."),
        ({"indicator_S4_1": "perhaps"}, "Select one of the answers."),
        ({"comment": "x" * 2001}, "Write 2000 characters or fewer."),
    ],
)
def test_what_the_questionnaire_does_not_know_is_not_saved(
    sign_in: SignIn, session: Session, reporting: str, typed: dict[str, str], sentence: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    answer = officer.post(reporting, {"seen": "0", **typed})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert _saved(session, reporting) is None


def test_an_old_token_brings_the_page_back_with_the_text(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    answer = officer.post(
        reporting, {"csrf_token": "old", "seen": "0", "comment": "An hour’s work"}
    )
    assert answer.status_code == 400
    assert "An hour’s work" in answer.text
    assert _saved(session, reporting) is None


def test_of_two_windows_the_second_is_told_and_overwrites_nothing(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    officer.post(reporting, {"seen": "0", "comment": "The first.", "deed": "later"})
    answer = officer.post(reporting, {"seen": "0", "comment": "The second.", "deed": "later"})
    assert answer.status_code == 409
    assert "The second." in answer.text
    assert "Nothing of yours is saved yet" in answer.text
    saved = _saved(session, reporting)
    assert saved
    assert saved.comment == "The first."


def test_one_who_saw_the_conflict_may_save_again(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    officer.post(reporting, {"seen": "0", "comment": "The first.", "deed": "later"})
    conflict = officer.post(reporting, {"seen": "0", "comment": "The second.", "deed": "later"})
    assert 'name="seen" type="hidden" value="1"' in conflict.text
    officer.post(reporting, {"seen": "1", "comment": "The second.", "deed": "later"})
    saved = _saved(session, reporting)
    assert saved
    assert saved.comment == "The second."


def test_answers_that_arrived_already_are_no_conflict(sign_in: SignIn, reporting: str) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    sent = {"seen": "0", "comment": "The line broke.", "deed": "later"}
    officer.post(reporting, sent)
    assert officer.post(reporting, sent).status_code == 302


def test_the_script_saves_and_learns_the_version_and_the_suggestion(
    sign_in: SignIn, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    answer = officer.post(reporting, {"seen": "0", **_all("not_met")}, headers=SCRIPT)
    assert answer.json == {"saved_at": "10:42", "version": 1, "suggested": "absent"}


def test_the_script_is_told_of_a_conflict_and_of_a_new_token(
    sign_in: SignIn, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    officer.post(reporting, {"seen": "0", "comment": "1"}, headers=SCRIPT)
    assert officer.post(reporting, {"seen": "0", "comment": "2"}, headers=SCRIPT).status_code == 409
    old = officer.post(reporting, {"csrf_token": "old", "seen": "1"}, headers=SCRIPT)
    assert old.status_code == 400
    assert old.json
    assert officer.post(
        reporting, {"csrf_token": old.json["csrf"], "seen": "1", "comment": "3"}, headers=SCRIPT
    ).json


@pytest.mark.parametrize("email", [FOCAL, HEAD])
def test_only_the_assessor_answers(sign_in: SignIn, reporting: str, email: str) -> None:
    assert sign_in(email).get(reporting).status_code == 403


def test_a_standard_that_does_not_exist_is_not_found(sign_in: SignIn, reporting: str) -> None:
    officer = sign_in(OFFICER)
    assert officer.get(reporting.replace("reporting", "nothing")).status_code == 404


def test_the_indicator_about_past_handling_takes_an_answer_and_nothing_else(
    sign_in: SignIn, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    page = officer.get(reporting.replace("reporting", "investigations")).text
    assert 'name="indicator_S6_4" id="indicator_S6_4-2" value="not_applicable"' in page
    assert "Only this answer: no text, no file, never shared" in page
    evidence = officer.get(reporting.replace("reporting", "investigations") + "/evidence/new")
    assert 'value="S6.3"' in evidence.text
    assert 'value="S6.4"' not in evidence.text


def test_the_boundary_stands_above_the_fields(sign_in: SignIn, reporting: str) -> None:
    officer = sign_in(OFFICER)
    for path in (reporting, reporting + "/evidence/new"):
        page = officer.get(path).text
        assert page.index("No names or details of survivors") < page.index("novalidate")
        assert "Demo: Investigation office, Agency A" in page


# --- the eight standards -------------------------------------------------------------------


def test_a_yes_of_the_eight_needs_a_comment_and_a_file(
    sign_in: SignIn, policy_of_eight: str
) -> None:
    officer = sign_in(OFFICER)
    page = officer.get(policy_of_eight).text
    assert "indicator_" not in page
    assert "Suggested" not in page
    answer = officer.post(policy_of_eight, {"seen": "0", "rating": "yes"})
    assert answer.status_code == 400
    assert 'href="#comment">Write the comment on standard 1' in answer.text
    assert 'href="#evidence">Add evidence with its file to standard 1' in answer.text
    officer.get(policy_of_eight + "/evidence/new")
    officer.post(policy_of_eight + "/evidence/new", _upload(type_id="psea_policy", proves=[]))
    answer = officer.post(policy_of_eight, {"seen": "1", "rating": "yes", "comment": "Read it."})
    assert answer.status_code == 302


def test_not_applicable_is_offered_where_it_can_apply_only(
    sign_in: SignIn, policy_of_eight: str
) -> None:
    officer = sign_in(OFFICER)
    last = policy_of_eight.replace("policy", "corrective_measures")
    assert 'value="na"' not in officer.get(policy_of_eight).text
    assert 'value="na"' in officer.get(last).text


# --- evidence ------------------------------------------------------------------------------


def _upload(
    filename: str = "policy.pdf", content: bytes | None = None, **said: object
) -> dict[str, object]:
    file = (io.BytesIO(a_pdf() if content is None else content), filename)
    return {
        "type_id": "whistleblower_policy",
        "title": "Demo: Policy",
        "proves": ["S4.1", "S4.2", "S4.3", "S4.4"],
        "boundary": "y",
        "how": "file",
        "file": file,
        **said,
    }


def test_add_evidence_saves_the_answers_first(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    answer = officer.post(reporting, {"seen": "0", "comment": "Half a word", "deed": "evidence"})
    assert answer.headers["Location"] == reporting + "/evidence/new"
    assert _saved(session, reporting)


def test_evidence_is_listed_suggested_by_and_fetched_as_an_attachment(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting + "/evidence/new")
    added = officer.post(reporting + "/evidence/new", _upload())
    assert added.headers["Location"] == reporting + "#evidence"
    officer.post(reporting, {"seen": "0", **_all("met"), "deed": "later"})
    assert "Suggested: Adequate" in officer.get(reporting).text

    piece = session.scalars(select(Evidence).where(Evidence.filename == "policy.pdf")).one()
    path = f"{reporting.partition('/standards')[0]}/evidence/{piece.id}"
    assert path in officer.get(reporting).text
    fetched = officer.get(path)
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert fetched.data.startswith(b"%PDF")
    fetched.close()


def test_a_download_is_written_down_though_it_only_reads(
    settings: Settings, web_ports: Ports, committing_engine: Engine
) -> None:
    with open_session(committing_engine) as opened, unit_of_work(opened) as session:
        demo.load(session, web_ports, now=NOW)
    app = create_app(replace(settings, fixed_now=NOW), engine=committing_engine, ports=web_ports)
    officer = Browser(app)
    officer.get("/login")
    officer.post("/login", {"email": OFFICER, "password": demo.PASSWORD})
    with open_session(committing_engine, reading=True) as session:
        draft = session.scalars(
            select(Assessment)
            .join(Assessment.assessor)
            .where(Assessment.state == State.IN_PROGRESS, User.email == OFFICER)
        ).one()
    officer.get(f"/assessments/{draft.id}/standards/reporting/evidence/new")
    officer.post(f"/assessments/{draft.id}/standards/reporting/evidence/new", _upload())
    with open_session(committing_engine, reading=True) as session:
        piece = session.scalars(select(Evidence).where(Evidence.sha256.is_not(None))).one()
    officer.get(f"/assessments/{draft.id}/evidence/{piece.id}").close()
    with open_session(committing_engine, reading=True) as session:
        query = select(Event.action).where(Event.about_id == draft.id)
        assert "evidence_downloaded" in session.scalars(query).all()


@pytest.mark.parametrize(
    ("filename", "content", "said", "sentence"),
    [
        ("policy.zip", b"PK", {}, "Archives are not taken."),
        ("policy.pdf", b"PK\x03\x04", {}, "What the file holds is not what its name says."),
        ("policy.pdf", b"", {}, "The file is empty."),
        ("policy.docm", b"x", {}, "The file holds macros."),
        ("policy.pdf", None, {"boundary": ""}, "tick that it holds no names"),
        ("policy.pdf", None, {"type_id": "other", "title": ""}, "Say what it is"),
        ("policy.pdf", None, {"type_id": "passport"}, "Select what it is."),
    ],
)
def test_evidence_that_is_refused_says_why_and_keeps_what_was_typed(
    sign_in: SignIn,
    session: Session,
    reporting: str,
    filename: str,
    content: bytes | None,
    said: dict[str, str],
    sentence: str,
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting + "/evidence/new")
    before = len(session.scalars(select(Evidence.id)).all())
    answer = officer.post(
        reporting + "/evidence/new",
        _upload(filename, content, **{**boxes("dated_on", TODAY), **said}),
    )
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert sentence in unescape(answer.text)
    assert f'name="dated_on-day" type="text" value="{TODAY.day}"' in answer.text
    assert len(session.scalars(select(Evidence.id)).all()) == before


@pytest.mark.parametrize(
    ("how", "filename", "sentence"),
    [
        ("", "", "Select whether you add the file or saw the paper."),
        ("file", "", "Choose the file, or select that you saw the paper."),
        ("seen", "policy.pdf", "You chose a file. Select that you add it, or choose none."),
    ],
)
def test_whether_there_is_a_file_is_asked_openly(
    sign_in: SignIn, reporting: str, how: str, filename: str, sentence: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting + "/evidence/new")
    answer = officer.post(reporting + "/evidence/new", _upload(filename, how=how))
    assert answer.status_code == 400
    assert f'<a href="#how-0">{sentence}</a>' in answer.text


def test_a_chosen_file_is_asked_for_again_when_the_form_comes_back(
    sign_in: SignIn, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    page = officer.get(reporting + "/evidence/new").text
    assert "Choose the file again" not in page
    assert "Tick at least one, or it proves nothing." in page
    answer = officer.post(reporting + "/evidence/new", _upload(type_id=""))
    assert "Choose the file again: a browser does not keep it." in answer.text


def test_what_is_met_without_proof_is_marked(sign_in: SignIn, reporting: str) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting)
    officer.post(reporting, {"seen": "0", "indicator_S4_1": "met", "deed": "later"})
    marked = "Counts as partly: no evidence names it"
    assert officer.get(reporting).text.count(marked) == 1
    officer.get(reporting + "/evidence/new")
    officer.post(reporting + "/evidence/new", _upload(proves=["S4.1"]))
    assert marked not in officer.get(reporting).text


def test_why_one_rates_differently_is_asked_once_something_is_suggested(
    sign_in: SignIn, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    assert 'data-reason-for="rating" hidden' in officer.get(reporting).text
    officer.post(reporting, {"seen": "0", **_all("not_met"), "deed": "later"})
    assert 'data-reason-for="rating">' in officer.get(reporting).text


def test_evidence_is_removed_on_a_page_that_asks(
    sign_in: SignIn, session: Session, reporting: str
) -> None:
    officer = sign_in(OFFICER)
    officer.get(reporting + "/evidence/new")
    officer.post(reporting + "/evidence/new", _upload(how="seen", file=(io.BytesIO(b""), "")))
    (piece,) = session.scalars(
        select(Evidence).where(Evidence.assessment_id == UUID(reporting.split("/")[2]))
    ).all()
    evidence_id = piece.id
    path = f"{reporting.partition('/standards')[0]}/evidence/{evidence_id}/remove"
    assert "Remove this evidence?" in officer.get(path).text
    assert officer.post(path).headers["Location"] == reporting + "#evidence"
    session.expunge_all()
    assert session.scalars(select(Evidence).where(Evidence.id == evidence_id)).one_or_none() is None

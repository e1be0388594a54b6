from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.answers import AnswerSheet, StandardAnswers
from partner_assess.domain.framework import Indicator, IndicatorText, Met, Need
from partner_assess.domain.plan import (
    ActionState,
    DraftAction,
    Health,
    Progress,
    draft,
    draft_from_ratings,
    health,
    is_finished,
    is_needed,
    progress,
)
from partner_assess.domain.risk import Risk
from tests.builders import (
    a_framework,
    a_standard,
    an_answer_sheet,
    eight,
    evidence,
    proven_answers,
    ratings,
    six,
)

HIGH, MODERATE, LOW = Risk.HIGH, Risk.MODERATE, Risk.LOW
MET, PARTLY, NOT_MET, NA = Met.MET, Met.PARTLY, Met.NOT_MET, Met.NOT_APPLICABLE
POLICY = a_standard()
PAST = Indicator("1.4", Need.REQUIRED, answers=(MET, NOT_MET, NA), answer_only=True)
WITH_PAST = replace(POLICY, indicators=(*POLICY.indicators, PAST))


@pytest.mark.parametrize(
    ("risk", "every", "others", "needed"),
    [
        (HIGH, "absent", {}, True),
        (MODERATE, "progressing", {}, True),
        (LOW, "adequate", {}, False),
        (LOW, "adequate", {"investigations": "absent"}, True),
        (LOW, "adequate", {"policy": "progressing"}, True),
    ],
)
def test_high_and_moderate_open_a_plan_and_low_only_where_there_is_a_gap(
    risk: Risk, every: str, others: dict[str, str], needed: bool
) -> None:
    assert is_needed(risk, ratings(six(), every, **others), six()) is needed


def test_not_applicable_is_no_gap() -> None:
    assert not is_needed(LOW, ratings(eight(), "yes", corrective_measures="na"), eight())


def answered(
    rating: str | None, first: Met | None, second: Met | None, *proves: str, third: Met = MET
) -> StandardAnswers:
    """Return answers to the two required indicators and the supporting one."""
    said = {"1.1": first, "1.2": second, "1.3": third}
    return StandardAnswers(
        rating,
        {name: met for name, met in said.items() if met is not None},
        (evidence(*proves, "1.3"),),
    )


@pytest.mark.parametrize(
    ("answers", "gaps"),
    [
        pytest.param(answered("adequate", MET, MET, "1.1", "1.2"), [], id="all proven"),
        pytest.param(answered("progressing", MET, PARTLY, "1.1", "1.2"), ["1.2"], id="partly"),
        pytest.param(answered("progressing", MET, NOT_MET, "1.1"), ["1.2"], id="not met"),
        pytest.param(answered("progressing", MET, MET, "1.1"), ["1.2"], id="met, not proven"),
        pytest.param(answered("progressing", MET, None, "1.1"), ["1.2"], id="not answered"),
        pytest.param(answered("adequate", MET, NA, "1.1"), [], id="not applicable"),
        pytest.param(answered("absent", NOT_MET, NOT_MET), ["1.1", "1.2"], id="nothing"),
        pytest.param(answered("adequate", MET, PARTLY, "1.1"), ["1.2"], id="rated above"),
        pytest.param(answered("progressing", MET, MET, "1.1", "1.2"), [None], id="rated below"),
        pytest.param(answered("absent", MET, MET, "1.1", "1.2"), [None], id="far below"),
        pytest.param(answered(None, MET, MET, "1.1", "1.2"), [None], id="not rated"),
    ],
)
@pytest.mark.parametrize("risk", [HIGH, MODERATE])
def test_each_gap_in_a_required_indicator_gets_a_mandatory_action(
    answers: StandardAnswers, gaps: list[str | None], risk: Risk
) -> None:
    actions = draft(a_framework(POLICY), AnswerSheet({"policy": answers}), risk)
    assert actions == tuple(DraftAction("policy", gap, mandatory=True) for gap in gaps)


@pytest.mark.parametrize(
    ("risk", "rating", "mandatory"),
    [
        (HIGH, "absent", True),
        (HIGH, "progressing", True),
        (MODERATE, "absent", True),
        (MODERATE, "progressing", True),
        (LOW, "absent", True),
        (LOW, "progressing", False),
    ],
)
def test_under_a_low_result_only_an_absent_standard_makes_actions_mandatory(
    risk: Risk, rating: str, mandatory: bool
) -> None:
    answers = answered(rating, MET, NOT_MET, "1.1")
    actions = draft(a_framework(POLICY), AnswerSheet({"policy": answers}), risk)
    assert actions == (DraftAction("policy", "1.2", mandatory),)


@pytest.mark.parametrize("third", [PARTLY, NOT_MET])
def test_a_supporting_indicator_gives_a_recommended_action_after_the_mandatory(third: Met) -> None:
    answers = answered("progressing", MET, NOT_MET, "1.1", third=third)
    assert draft(a_framework(POLICY), AnswerSheet({"policy": answers}), HIGH) == (
        DraftAction("policy", "1.2", mandatory=True),
        DraftAction("policy", "1.3", mandatory=False),
    )


@pytest.mark.parametrize(
    ("past", "second", "expected"),
    [
        pytest.param(MET, MET, [], id="met counts as proven"),
        pytest.param(NA, MET, [], id="none so far"),
        pytest.param(NOT_MET, MET, [None], id="the general action"),
        pytest.param(NOT_MET, PARTLY, ["1.2", None], id="beside that of another gap"),
    ],
)
def test_an_indicator_without_words_of_its_own_takes_the_general_action(
    past: Met, second: Met, expected: list[str | None]
) -> None:
    answers = answered("adequate", MET, second, "1.1", "1.2")
    answers = replace(answers, indicators={**answers.indicators, "1.4": past})
    actions = draft(a_framework(WITH_PAST), AnswerSheet({"policy": answers}), HIGH)
    assert actions == tuple(DraftAction("policy", name, mandatory=True) for name in expected)


def test_a_standard_takes_its_general_action_once() -> None:
    below = replace(proven_answers(WITH_PAST, "absent"), evidence=(evidence("1.1", "1.2", "1.3"),))
    below = replace(below, indicators={**below.indicators, "1.4": NOT_MET})
    assert draft(a_framework(WITH_PAST), AnswerSheet({"policy": below}), HIGH) == (
        DraftAction("policy", None, mandatory=True),
    )


def test_a_standard_nobody_began_lacks_everything() -> None:
    assert draft(a_framework(POLICY), AnswerSheet({}), HIGH) == (
        DraftAction("policy", "1.1", mandatory=True),
        DraftAction("policy", "1.2", mandatory=True),
        DraftAction("policy", "1.3", mandatory=False),
    )


def test_an_instrument_without_indicators_gets_one_general_action_for_each_no() -> None:
    said = {name: StandardAnswers(rating) for name, rating in ratings(eight(), "yes").items()}
    said |= {"hr": StandardAnswers("no"), "policy": StandardAnswers("no")}
    said |= {"corrective_measures": StandardAnswers("na")}
    assert draft(eight(), AnswerSheet(said), MODERATE) == (
        DraftAction("policy", None, mandatory=True),
        DraftAction("hr", None, mandatory=True),
    )


def test_actions_stand_in_the_order_of_the_framework_mandatory_ones_first() -> None:
    framework = six()
    wanting = {
        name: StandardAnswers("absent", {f"{number}.1": MET}, (evidence(f"{number}.1"),))
        for number, name in ((2, "management_hr"), (5, "assistance"))
    }
    actions = draft(framework, an_answer_sheet(framework, **wanting), HIGH)
    assert [action.indicator_id for action in actions] == ["2.2", "2.3", "5.2", "5.3"]


@pytest.mark.parametrize(
    ("indicator_id", "words"), [("1.1", "Its own"), ("1.4", "General"), (None, "General")]
)
def test_an_action_has_the_words_of_its_indicator_else_the_general_ones(
    indicator_id: str | None, words: str
) -> None:
    text = a_framework(WITH_PAST).text("en").standards["policy"]
    own = {**text.indicators, "1.1": IndicatorText("Question", "Its own")}
    text = replace(text, action="General", indicators=own)
    assert text.action_for(indicator_id) == words


answers_of_a_standard = st.builds(
    StandardAnswers,
    rating=st.sampled_from(["absent", "progressing", "adequate"]),
    indicators=st.dictionaries(st.sampled_from(["1.1", "1.2", "1.3"]), st.sampled_from(Met)),
    evidence=st.lists(st.sampled_from(["1.1", "1.2", "1.3"])).map(lambda ids: (evidence(*ids),)),
)


@given(answers=answers_of_a_standard, risk=st.sampled_from(Risk))
def test_a_plan_asks_for_nothing_twice_and_for_something_where_a_standard_fell_short(
    answers: StandardAnswers, risk: Risk
) -> None:
    actions = draft(a_framework(POLICY), AnswerSheet({"policy": answers}), risk)
    assert len(set(actions)) == len(actions)
    assert actions or answers.rating == "adequate"
    if risk is not LOW or answers.rating == "absent":
        assert any(action.mandatory for action in actions) or answers.rating == "adequate"


OPEN, DONE, RETURNED, VERIFIED = ActionState


@pytest.mark.parametrize(
    ("states", "mandatory", "verified", "waiting", "still_open"),
    [
        ([], 0, 0, 0, 0),
        ([OPEN, DONE, RETURNED, VERIFIED], 4, 1, 1, 2),
        ([VERIFIED, VERIFIED], 2, 2, 0, 0),
    ],
)
def test_only_verified_counts(
    states: list[ActionState], mandatory: int, verified: int, waiting: int, still_open: int
) -> None:
    recommended = [(False, state) for state in ActionState]
    done = progress([*((True, state) for state in states), *recommended])
    assert done == Progress(mandatory, verified, waiting)
    assert done.open == still_open
    assert done.is_complete is (verified == mandatory)


@pytest.mark.parametrize(
    ("actions", "finished"),
    [
        ([(True, VERIFIED), (False, OPEN)], True),
        ([(True, VERIFIED), (True, DONE)], False),
        ([(False, VERIFIED), (False, OPEN)], False),
        ([(False, VERIFIED), (False, VERIFIED)], True),
    ],
)
def test_a_plan_is_finished_by_its_mandatory_actions_or_by_all_where_none_is(
    actions: list[tuple[bool, ActionState]], finished: bool
) -> None:
    assert is_finished(actions) is finished


DUE = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("left", "verified", "mandatory", "expected"),
    [
        pytest.param(90, 0, 9, Health.ON_TRACK, id="90 days are not fewer than 90"),
        pytest.param(89, 0, 9, Health.AT_RISK, id="89 are"),
        pytest.param(89, 4, 9, Health.AT_RISK, id="4 of 9 is less than half"),
        pytest.param(89, 5, 9, Health.ON_TRACK, id="5 of 9 is more"),
        pytest.param(89, 4, 8, Health.ON_TRACK, id="half is not fewer than half"),
        pytest.param(89, 0, 1, Health.AT_RISK, id="none of one"),
        pytest.param(0, 0, 9, Health.AT_RISK, id="the last day is in time"),
        pytest.param(0, 5, 9, Health.ON_TRACK, id="on the last day with half"),
        pytest.param(-1, 8, 9, Health.OVERDUE, id="the day after with one unverified"),
        pytest.param(-1, 9, 9, Health.ON_TRACK, id="all verified is never overdue"),
        pytest.param(-1, 0, 0, Health.ON_TRACK, id="nothing mandatory is never overdue"),
    ],
)
def test_a_plan_is_on_track_at_risk_or_overdue(
    left: int, verified: int, mandatory: int, expected: Health
) -> None:
    assert expected is health(
        Progress(mandatory, verified, 0),
        due_on=DUE,
        today=DUE - timedelta(days=left),
        at_risk_days=90,
        share_percent=50,
    )


def test_a_plan_without_a_date_is_on_track() -> None:
    assert Health.ON_TRACK is health(
        Progress(3, 0, 0), due_on=None, today=date.max, at_risk_days=90, share_percent=50
    )


def test_waiting_for_a_check_does_not_help_a_plan() -> None:
    assert Health.OVERDUE is health(
        Progress(2, 1, 1),
        due_on=DUE,
        today=DUE + timedelta(days=1),
        at_risk_days=90,
        share_percent=50,
    )


@pytest.mark.parametrize(
    ("risk", "others", "mandatory"),
    [
        (HIGH, {}, []),
        (HIGH, {"policy": "absent", "training": "progressing"}, [True, True]),
        (MODERATE, {"policy": "absent", "training": "progressing"}, [True, True]),
        (LOW, {"policy": "absent", "training": "progressing"}, [True, False]),
    ],
)
def test_ratings_alone_draft_one_general_action_a_standard(
    risk: Risk, others: dict[str, str], mandatory: list[bool]
) -> None:
    actions = draft_from_ratings(six(), ratings(six(), "adequate", **others), risk)
    assert [one.standard_id for one in actions] == list(others)
    assert [one.mandatory for one in actions] == mandatory
    assert all(one.indicator_id is None for one in actions)

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.domain.scoring import ScoreSheet, highest_score, lowest_score, score, tier_at
from tests.builders import eight, ratings, six

RISKS = list(Risk)


def rated(framework: Framework, *points: int) -> dict[str, str]:
    """Return ratings by the place of their options, in the framework's order."""
    return {
        standard.id: standard.options[place].id
        for standard, place in zip(framework.standards, points, strict=True)
    }


@pytest.mark.parametrize(
    ("total", "capacity", "risk"),
    [
        (6, Capacity.LOW, Risk.HIGH),
        (8, Capacity.LOW, Risk.HIGH),
        (9, Capacity.MEDIUM, Risk.MODERATE),
        (14, Capacity.MEDIUM, Risk.MODERATE),
        (15, Capacity.FULL, Risk.LOW),
        (18, Capacity.FULL, Risk.LOW),
    ],
)
def test_six_has_the_tiers_of_the_manual(total: int, capacity: Capacity, risk: Risk) -> None:
    above = total - 6
    sheet = score(six(), rated(six(), *(min(2, max(0, above - 2 * place)) for place in range(6))))
    assert (sheet.score, sheet.capacity, sheet.risk) == (total, capacity, risk)


@pytest.mark.parametrize(
    ("yes", "capacity", "risk"),
    [
        (0, Capacity.LOW, Risk.HIGH),
        (5, Capacity.LOW, Risk.HIGH),
        (6, Capacity.MEDIUM, Risk.MODERATE),
        (7, Capacity.MEDIUM, Risk.MODERATE),
        (8, Capacity.FULL, Risk.LOW),
    ],
)
def test_eight_counts_yes(yes: int, capacity: Capacity, risk: Risk) -> None:
    places = [standard.id for standard in eight().standards]
    answers = {name: "yes" if place < yes else "no" for place, name in enumerate(places)}
    sheet = score(eight(), answers)
    assert (sheet.score, sheet.max_score, sheet.capacity, sheet.risk) == (yes, 8, capacity, risk)


def test_eight_counts_not_applicable_as_met() -> None:
    sheet = score(eight(), ratings(eight(), "yes", corrective_measures="na"))
    assert (sheet.score, sheet.risk, sheet.critical_gaps) == (8, Risk.LOW, ())


def test_incomplete_has_bounds_but_no_total() -> None:
    sheet = score(six(), {"training": "absent", "policy": "adequate"})
    assert sheet == ScoreSheet(
        complete=False,
        score=None,
        max_score=18,
        lowest_possible=8,
        highest_possible=16,
        capacity=None,
        risk=None,
        critical_gaps=("training",),
        missing=("management_hr", "reporting", "assistance", "investigations"),
    )


def test_a_good_total_does_not_hide_a_critical_gap() -> None:
    sheet = score(six(), ratings(six(), "adequate", investigations="absent"))
    assert (sheet.score, sheet.risk, sheet.critical_gaps) == (16, Risk.LOW, ("investigations",))


def test_critical_gaps_stand_in_the_frameworks_order() -> None:
    answers = {"reporting": "absent", "policy": "absent", "training": "progressing"}
    assert score(six(), answers).critical_gaps == ("policy", "reporting")


def test_weights_multiply_points() -> None:
    framework = six()
    heavy = replace(framework.standards[0], weight=3)
    framework = replace(framework, standards=(heavy, *framework.standards[1:]))
    assert (lowest_score(framework), highest_score(framework)) == (8, 24)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"strange": "adequate"}, "unknown_standard"),
        ({"policy": "yes"}, "unknown_rating"),
        ({"policy": ""}, "unknown_rating"),
    ],
)
def test_score_refuses_what_the_framework_does_not_know(answers: dict[str, str], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        score(six(), answers)
    assert refused.value.code == code


def test_a_total_below_every_tier_is_refused() -> None:
    with pytest.raises(RuleError, match="score_out_of_range"):
        tier_at(six(), 5)


@given(st.sampled_from([six(), eight()]), st.data())
def test_a_better_rating_never_means_more_risk(framework: Framework, data: st.DataObject) -> None:
    places = [data.draw(st.integers(0, len(s.options) - 1)) for s in framework.standards]
    better = data.draw(st.integers(0, len(places) - 1))
    raised = [
        min(place + (n == better), len(framework.standards[n].options) - 1)
        for n, place in enumerate(places)
    ]
    before, after = (
        score(framework, rated(framework, *places)),
        score(framework, rated(framework, *raised)),
    )
    assert before.score is not None
    assert after.score is not None
    assert before.risk is not None
    assert after.risk is not None
    assert after.score >= before.score
    assert RISKS.index(after.risk) >= RISKS.index(before.risk)


@pytest.mark.parametrize("framework", [six(), eight()], ids=lambda framework: framework.id)
def test_every_score_has_a_tier(framework: Framework) -> None:
    totals = range(lowest_score(framework), highest_score(framework) + 1)
    assert {tier_at(framework, total).risk for total in totals} == set(Risk)


@given(st.data())
def test_the_total_lies_within_the_bounds_of_what_was_possible(data: st.DataObject) -> None:
    framework = six()
    places = [data.draw(st.integers(0, 2)) for _ in framework.standards]
    whole = rated(framework, *places)
    some = {name: whole[name] for name in data.draw(st.sets(st.sampled_from(sorted(whole))))}
    early, late = score(framework, some), score(framework, whole)
    assert late.score is not None
    assert early.lowest_possible <= late.score <= early.highest_possible

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from partner_assess.domain.framework import (
    Framework,
    Indicator,
    IndicatorText,
    Need,
    Option,
    Standard,
    SuggestedWhen,
)
from partner_assess.domain.framework_problems import Problem, problems
from partner_assess.domain.risk import Capacity, Risk
from tests.builders import THREE_STEPS, eight, six, with_words

STRUCTURE, ENGLISH = "framework.toml", "text.en.toml"


def test_a_sound_framework_has_no_problems() -> None:
    assert problems(six()) == problems(eight()) == ()


def with_first(**changes: Any) -> Framework:
    """Return the six with its first standard changed, and with words for it."""
    framework = six()
    first = replace(framework.standards[0], **changes)
    return with_words(replace(framework, standards=(first, *framework.standards[1:])))


def with_indicator(**changes: Any) -> Framework:
    first = six().standards[0]
    return with_first(indicators=(replace(first.indicators[0], **changes), *first.indicators[1:]))


def with_tiers(*starts: int) -> Framework:
    framework = six()
    tiers = (
        replace(tier, from_points=start)
        for tier, start in zip(framework.tiers, starts, strict=False)
    )
    return replace(framework, tiers=tuple(tiers))


def with_tier(place: int, **changes: Any) -> Framework:
    tiers = list(six().tiers)
    tiers[place] = replace(tiers[place], **changes)
    return replace(six(), tiers=tuple(tiers))


FIRST = ("standard", 0)


@pytest.mark.parametrize(
    ("framework", "key"),
    [
        (replace(six(), standards=()), ("standard",)),
        (replace(six(), rule="mean"), ("scoring", "rule")),
        (replace(six(), tiers=()), ("scoring", "tier")),
        (with_tiers(7, 9, 15), ("scoring", "tier", 0, "from")),
        (with_tiers(6, 6, 15), ("scoring", "tier", 1, "from")),
        (with_tiers(6, 15, 9), ("scoring", "tier", 2, "from")),
        (with_tiers(6, 9, 19), ("scoring", "tier", 2, "from")),
        (with_tier(1, risk=Risk.HIGH), ("scoring", "tier", 1, "risk")),
        (with_tier(1, capacity=Capacity.LOW), ("scoring", "tier", 1, "risk")),
        (with_first(id="training"), ("standard", 2, "id")),
        (with_first(weight=0), (*FIRST, "weight")),
        (with_first(options=()), (*FIRST, "options")),
        (with_first(options=(Option("yes", 1),)), (*FIRST, "options")),
        (with_first(options=(Option("no", 1), Option("yes", 1))), (*FIRST, "options")),
        (with_first(options=(Option("yes", 1), Option("no", 0))), (*FIRST, "options")),
        (with_first(options=(Option("yes", 0), Option("yes", 1))), (*FIRST, "options", 1, "id")),
        (
            with_first(options=(Option("no", 0, SuggestedWhen.NONE), Option("yes", 1))),
            (*FIRST, "options"),
        ),
        (with_first(evidence=("document", "rumour")), (*FIRST, "evidence", 1)),
        (with_indicator(evidence=("rumour",)), (*FIRST, "indicator", 0, "evidence", 0)),
        (with_indicator(id="1.2"), (*FIRST, "indicator", 1, "id")),
        (with_indicator(id="3.1"), ("standard", 2, "indicator", 0, "id")),
        (with_indicator(answers=()), (*FIRST, "indicator", 0, "answers")),
        (with_indicator(answer_only=True), (*FIRST, "indicator", 0, "evidence")),
        (
            with_indicator(accepted_when_not_met=("yes",)),
            (*FIRST, "indicator", 0, "accepted_when_not_met", 0),
        ),
    ],
)
def test_what_is_wrong_with_the_structure_is_found(
    framework: Framework, key: tuple[str | int, ...]
) -> None:
    assert (STRUCTURE, key) in [(problem.file, problem.key) for problem in problems(framework)]


@pytest.mark.parametrize(
    "standard",
    [
        replace(eight().standards[0], weight=2),
        replace(eight().standards[0], options=(Option("no", 0), Option("yes", 2))),
    ],
    ids=["a weight of 2", "a Yes of 2 points"],
)
def test_where_yes_is_counted_nothing_weighs_more_than_one(standard: Standard) -> None:
    framework = replace(eight(), standards=(standard, *eight().standards[1:]))
    reason = "where Yes is counted, points are 0 or 1 and every weight is 1"
    assert Problem(STRUCTURE, (*FIRST, "options"), reason) in problems(framework)


def test_english_is_required() -> None:
    wanted = Problem(ENGLISH, (), "the English words are missing")
    assert problems(replace(six(), texts={})) == (wanted,)


def english(change: Callable[[Framework], Any]) -> Framework:
    """Return the six with its English text changed."""
    return replace(six(), texts={"en": change(six())})


def with_text(**changes: Any) -> Framework:
    return english(lambda framework: replace(framework.texts["en"], **changes))


def with_standard_text(**changes: Any) -> Framework:
    words = six().texts["en"].standards
    return with_text(standards={**words, "policy": replace(words["policy"], **changes)})


POLICY = ("standard", "policy")
INDICATORS = six().texts["en"].standards["policy"].indicators


@pytest.mark.parametrize(
    ("framework", "key"),
    [
        (with_text(title=""), ("title",)),
        (
            with_text(options={"absent": "Absent", "adequate": "Adequate"}),
            ("options", "progressing"),
        ),
        (with_text(evidence={"document": "", "other": "Other"}), ("evidence", "document")),
        (with_text(evidence={"document": "D", "other": "O", "x": "X"}), ("evidence", "x")),
        (with_text(standards={}), POLICY),
        (
            with_text(standards={**six().texts["en"].standards, "strange": None}),
            ("standard", "strange"),
        ),
        (with_standard_text(action=""), (*POLICY, "action")),
        (with_standard_text(guide={}), (*POLICY, "guide", "absent")),
        (with_standard_text(indicators={}), (*POLICY, "indicator", "1.1")),
        (
            with_standard_text(indicators={**INDICATORS, "1.1": IndicatorText("", "Act")}),
            (*POLICY, "indicator", "1.1", "text"),
        ),
        (
            with_standard_text(indicators={**INDICATORS, "1.1": IndicatorText("Text", "")}),
            (*POLICY, "indicator", "1.1", "action"),
        ),
        (
            with_standard_text(indicators={**INDICATORS, "9.9": IndicatorText("Text", "Act")}),
            (*POLICY, "indicator", "9.9"),
        ),
    ],
)
def test_what_is_wrong_with_the_words_is_found(
    framework: Framework, key: tuple[str | int, ...]
) -> None:
    assert (ENGLISH, key) in [(problem.file, problem.key) for problem in problems(framework)]


def test_an_indicator_that_is_only_an_answer_has_no_action_of_its_own() -> None:
    past = Indicator("1.1", Need.REQUIRED, answer_only=True)
    framework = with_first(indicators=(past,))
    assert problems(framework) == ()
    words = framework.texts["en"].standards
    policy = replace(words["policy"], indicators={"1.1": IndicatorText("Text", "Act")})
    text = replace(framework.texts["en"], standards={**words, "policy": policy})
    reason = "an indicator that is answer_only has no action of its own"
    wanted = Problem(ENGLISH, (*POLICY, "indicator", "1.1", "action"), reason)
    assert problems(replace(framework, texts={"en": text})) == (wanted,)


def test_things_are_found_by_their_ids() -> None:
    framework = six()
    standard = framework.standard("training")
    assert (standard.lowest_points, standard.highest_points) == (1, 3)
    assert standard.option("adequate") == THREE_STEPS[2]
    assert standard.indicator("3.3").need is Need.SUPPORTING
    for find in (framework.standard, standard.option, standard.indicator):
        with pytest.raises(KeyError):
            find("strange")


def test_english_stands_first_and_fills_in_for_other_languages() -> None:
    english_words = six().texts["en"]
    french = replace(english_words, language="fr", title="Titre")
    framework = replace(six(), texts={"ar": english_words, "fr": french, "en": english_words})
    assert framework.languages == ("en", "ar", "fr")
    assert framework.text("fr").title == "Titre"
    assert framework.text("xx").title == "Title"


@pytest.mark.parametrize(
    ("indicator", "action"),
    [("1.1", "Close 1.1"), ("1.2", "Action"), ("9.9", "Action"), (None, "Action")],
)
def test_a_gap_without_words_of_its_own_is_closed_by_the_general_action(
    indicator: str | None, action: str
) -> None:
    text = six().text("en").standards["policy"]
    worded = text.indicators | {
        "1.1": IndicatorText("Text", "Close 1.1"),
        "1.2": IndicatorText("Text", ""),
    }
    assert replace(text, indicators=worded).action_for(indicator) == action

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from partner_assess.domain.policy import BadPolicy, ClockStart, OnDeadline, Policy, Setting
from partner_assess.domain.risk import Risk
from tests.builders import a_plan_length, a_policy, the_policy_file

EIGHT = "un-harmonized-eight-2020"
NEEDS = "needs { value = ..., source = ..., verified = ... }"
BOUNDS = {
    "validity_months": (1, 120),
    "approval_days": (1, 365),
    "approval_reminder_days": (1, 90),
    "decision_escalation_days": (1, 90),
    "reassessment_notice_days": (1, 730),
    "at_risk_days": (1, 365),
    "at_risk_share_percent": (1, 100),
    "exception_review_months": (1, 12),
    "lives_at_risk_confirm_months": (1, 24),
    "emergency_months": (1, 12),
    "acknowledgement_days": (1, 180),
    "plan_agree_days": (1, 180),
    "reservations_after_months": (1, 120),
    "copy_forward_days": (1, 1825),
}
PLAN_BOUNDS = {
    "moderate_months": (1, 36),
    "suspension_months": (12, 24),  # from 1, but never shorter than the plan
    "high_months": (1, 12),  # up to 24, but never longer than the suspension's
    "extension_months": (0, 12),
    "extensions": (0, 1),
}


def setting(value: object, source: object = "SA 55") -> dict[str, object]:
    return {"value": value, "source": source, "verified": True}


def problems(mapping: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the settings of a policy file that are wrong, and why."""
    with pytest.raises(BadPolicy) as refusal:
        Policy.from_mapping("default", mapping)
    return list(refusal.value.problems)


def with_plan(**changes: object) -> dict[str, Any]:
    """Return the default policy with a changed plan for any framework; None leaves a key out."""
    file = the_policy_file()
    plan = {**file["plan"][0], **changes}
    return {**file, "plan": [{k: v for k, v in plan.items() if v is not None}, file["plan"][1]]}


def test_a_file_becomes_a_policy_whose_every_number_has_its_source() -> None:
    policy = Policy.from_mapping("default", the_policy_file())
    assert replace(policy, settings={}) == a_policy()
    assert set(policy.settings) >= {*BOUNDS, "reminders", "clock_start", "plan[2].high_months"}
    assert set(policy.settings.values()) == {Setting("SA 55", verified=True)}


def test_each_plan_keeps_the_source_of_its_own_numbers() -> None:
    moderate = {"value": 12, "source": "unverified; usual length", "verified": False}
    policy = Policy.from_mapping("default", with_plan(moderate_months=moderate))
    assert not policy.settings["plan[1].moderate_months"].verified
    assert policy.settings["plan[2].moderate_months"].verified


def test_what_does_not_say_that_it_is_verified_is_not() -> None:
    file = {**the_policy_file(), "approval_days": {"value": 30, "source": "SA 55"}}
    assert not Policy.from_mapping("default", file).settings["approval_days"].verified


@pytest.mark.parametrize(("name", "low", "high"), [(n, *b) for n, b in BOUNDS.items()])
def test_a_number_is_taken_up_to_its_bounds_and_refused_beyond(
    name: str, low: int, high: int
) -> None:
    for number in (low, high):
        policy = Policy.from_mapping("default", {**the_policy_file(), name: setting(number)})
        assert getattr(policy, name) == number
    for number in (low - 1, high + 1):
        wrong = problems({**the_policy_file(), name: setting(number)})
        assert wrong == [(name, f"is a whole number from {low} to {high}")]


@pytest.mark.parametrize(("name", "low", "high"), [(n, *b) for n, b in PLAN_BOUNDS.items()])
def test_a_length_of_a_plan_is_taken_up_to_its_bounds_and_refused_beyond(
    name: str, low: int, high: int
) -> None:
    for number in (low, high):
        plan = Policy.from_mapping("default", with_plan(**{name: setting(number)})).plans[0]
        assert getattr(plan, name) == number
    for number in (low - 1, high + 1):
        assert problems(with_plan(**{name: setting(number)}))


@pytest.mark.parametrize(
    ("name", "entry", "reason"),
    [
        ("approval_days", "30", NEEDS),
        ("approval_days", 30, NEEDS),
        ("approval_days", {"source": "SA 55", "verified": True}, NEEDS),
        ("approval_days", {"value": 30, "verified": True}, "names no source"),
        ("approval_days", setting(30, ""), "names no source"),
        ("approval_days", setting(30, 55), "names no source"),
        ("approval_days", setting("30"), "is a whole number from 1 to 365"),
        ("approval_days", setting(30.0), "is a whole number from 1 to 365"),
        ("approval_days", setting(True), "is a whole number from 1 to 365"),
        ("clock_start", "final", NEEDS),
        ("clock_start", setting("yesterday"), "is one of final, approved, agreed"),
        ("on_deadline", setting("forget"), "is one of suspend, decide"),
        ("reminders", [90, 60], NEEDS),
        ("reminders", setting(90), "is a list of whole numbers"),
        ("reminders", setting([90, -1]), "is a whole number from 0 to 365"),
        ("reminders", setting([90, 366]), "is a whole number from 0 to 365"),
        ("reminders", setting([90, 60, 90]), "says a number twice"),
        ("checkpoint_months", setting([0]), "is a whole number from 1 to 24"),
        ("approval_dasy", setting(30), "is not a setting of a policy"),
        ("plan", setting([]), 'has one for any framework: framework = "*"'),
        ("plan", [], 'has one for any framework: framework = "*"'),
    ],
)
def test_what_is_wrong_with_a_setting_is_said_once(name: str, entry: object, reason: str) -> None:
    assert problems({**the_policy_file(), name: entry}) == [(name, reason)]


@pytest.mark.parametrize("name", [*BOUNDS, "reminders", "clock_start", "on_deadline"])
def test_a_setting_that_is_missing_is_named(name: str) -> None:
    file = the_policy_file()
    del file[name]
    assert problems(file) == [(name, NEEDS)]


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"high_months": None}, "plan[1].high_months", NEEDS),
        ({"hihg_months": setting(12)}, "plan[1].hihg_months", "is not a setting of a plan"),
        (
            {"suspension_months": setting(11)},
            "plan[1].suspension_months",
            "is not shorter than high_months",
        ),
        ({"extensions": setting(2)}, "plan[1].extensions", "is a whole number from 0 to 1"),
        ({"framework": EIGHT}, "plan", "has two for one framework"),
        ({"framework": ""}, "plan[1].framework", "names no framework"),
        ({"framework": None}, "plan[1].framework", "names no framework"),
        ({"framework": 6}, "plan[1].framework", "names no framework"),
    ],
)
def test_what_is_wrong_with_a_plan_names_its_place(
    changes: dict[str, object], name: str, reason: str
) -> None:
    assert (name, reason) in problems(with_plan(**changes))


def test_a_plan_that_is_no_table_is_refused() -> None:
    file = the_policy_file()
    wrong = problems({**file, "plan": [*file["plan"], "twelve months"]})
    assert ("plan[3].framework", "names no framework") in wrong
    assert ("plan[3].high_months", NEEDS) in wrong


def test_every_problem_is_found_at_once() -> None:
    assert len(problems({})) == len(BOUNDS) + 5


@pytest.mark.parametrize(
    ("framework", "risk", "months"),
    [
        ("unicef-six-2020", Risk.HIGH, 12),
        ("unicef-six-2020", Risk.MODERATE, 12),
        ("unicef-six-2020", Risk.LOW, None),
        (EIGHT, Risk.HIGH, 6),
        (EIGHT, Risk.MODERATE, 6),
        (EIGHT, Risk.LOW, None),
        ("unheard-of", Risk.HIGH, 12),
    ],
)
def test_an_instrument_has_its_own_lengths_else_those_for_any(
    framework: str, risk: Risk, months: int | None
) -> None:
    assert a_policy().plan_length(framework).months(risk) == months


def test_the_first_plan_of_a_framework_is_its_only_one() -> None:
    policy = a_policy(plans=(a_plan_length("short", 3, 4),))
    assert policy.plan_length("short").months(Risk.HIGH) == 3
    assert policy.plan_length("short").months(Risk.MODERATE) == 4


def test_an_agency_chooses_where_the_clock_starts_and_what_it_does() -> None:
    assert [one.value for one in ClockStart] == ["final", "approved", "agreed"]
    assert [one.value for one in OnDeadline] == ["suspend", "decide"]

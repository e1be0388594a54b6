from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Shell

PARTNERSHIP = [
    "reference",
    "partner",
    "agency",
    "office",
    "risk",
    "state",
    "approved_on",
    "plan_due_on",
    "suspends_on",
    "lives_at_risk",
    "exception_until",
]
PLAN = [
    "reference",
    "partner",
    "agency",
    "office",
    "risk",
    "state",
    "plan_due_on",
    "suspends_on",
]
TODAY = "2026-11-22"


def by_reference(shell: Shell, **settings: str) -> dict[str, dict[str, Any]]:
    return {row["reference"]: row for row in shell("partnership", "list", **settings).rows}


def test_a_partnership_has_these_fields_and_no_others(demo_original: Shell) -> None:
    rows = demo_original("partnership", "list").rows
    assert rows
    assert all(list(row) == PARTNERSHIP for row in rows)


def test_partnerships_are_listed_by_reference(demo_original: Shell) -> None:
    found = [row["reference"] for row in demo_original("partnership", "list").rows]
    assert found == sorted(found)


def test_a_suspended_partnership_has_no_day_of_suspension_ahead(demo_original: Shell) -> None:
    shelter = by_reference(demo_original)["A/XD/2025/011"]
    assert (shelter["state"], shelter["suspends_on"]) == ("suspended", None)


def test_an_exception_is_shown_with_its_last_day_and_no_longer(demo_original: Shell) -> None:
    until = by_reference(demo_original)["A/XD/2025/012"]["exception_until"]
    assert until == "2027-01-21"
    after = by_reference(demo_original, NOW="2027-01-22T00:00:00Z")["A/XD/2025/012"]
    assert after["exception_until"] is None


def test_a_partnership_before_its_approval_says_so(demo_original: Shell) -> None:
    waiting = by_reference(demo_original)["A/XD/2026/031"]
    assert (waiting["risk"], waiting["state"], waiting["approved_on"]) == ("high", "proposed", None)


def test_a_partner_whose_result_expired_has_no_risk(demo_original: Shell) -> None:
    assert by_reference(demo_original)["A/XD/2023/005"]["risk"] is None


def test_a_plan_has_these_fields_and_no_others(demo_original: Shell) -> None:
    rows = demo_original("plan", "list").rows
    assert rows
    assert all(list(row) == PLAN for row in rows)


def test_plans_are_listed_soonest_due_first_and_those_without_a_date_last(
    demo_original: Shell,
) -> None:
    days = [row["plan_due_on"] or "9999" for row in demo_original("plan", "list").rows]
    assert days == sorted(days)


def test_closed_plans_are_not_listed(demo_original: Shell) -> None:
    found = {row["state"] for row in demo_original("plan", "list").rows}
    assert found <= {"drafting", "agreed", "in_progress"}


def test_only_a_high_risk_plan_suspends(demo_original: Shell) -> None:
    rows = demo_original("plan", "list").rows
    assert {row["risk"] for row in rows if row["suspends_on"]} == {"high"}
    assert all(row["suspends_on"] > row["plan_due_on"] for row in rows if row["suspends_on"])

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from partner_assess.cli.demo.people import ACCOUNTS, PASSWORD
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.session import make_engine, open_session
from partner_assess.domain.acceptance import State
from tests import machine

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Shell

TODAY = "2026-11-22"
LISTS = [
    ("agency", "list"),
    ("office", "list"),
    ("user", "list"),
    ("partnership", "list"),
    ("plan", "list"),
    ("report", "list"),
]


def partnerships(shell: Shell) -> dict[str, dict[str, Any]]:
    return {row["reference"]: row for row in shell("partnership", "list").rows}


def test_loading_twice_changes_nothing(demo: Shell) -> None:
    before = [demo(*command).rows for command in LISTS]
    assert demo("demo", "load").rows == [{"loaded": False}]
    assert demo("demo", "load", NOW="2027-06-01T00:00:00Z").rows == [{"loaded": False}]
    assert [demo(*command).rows for command in LISTS] == before


def test_the_demo_leaves_nothing_due(demo: Shell) -> None:
    assert set(demo("jobs", "run").rows[0].values()) == {0}


def test_the_demo_is_told_relative_to_any_day(database: Shell) -> None:
    leap_day = {"NOW": "2028-02-29T23:00:00Z"}
    assert database("demo", "load", **leap_day).rows == [{"loaded": True}]
    assert set(database("jobs", "run", **leap_day).rows[0].values()) == {0}


def test_every_account_is_there_with_its_role(demo_original: Shell) -> None:
    found = {
        (row["email"], row["agency"], role["role"], role["office"])
        for row in demo_original("user", "list").rows
        for role in row["roles"]
    }
    assert found == {(one.email, one.agency, one.role.value, one.office) for one in ACCOUNTS}
    assert len(found) == 13
    assert PASSWORD == "demo-partner-assess"  # noqa: S105 - operators are told this one


def test_every_partner_and_office_says_that_it_is_a_demo(demo_original: Shell) -> None:
    rows = demo_original("partnership", "list").rows + demo_original("plan", "list").rows
    names = [row["partner"] for row in rows] + [row["office"] for row in rows]
    assert all(name.startswith("Demo: ") for name in names)


def test_the_clock_suspends_an_active_partnership_at_a_date_ahead(demo: Shell) -> None:
    ahead = [
        row
        for row in partnerships(demo).values()
        if row["state"] == "active"
        and not row["lives_at_risk"]
        and row["exception_until"] is None
        and (row["suspends_on"] or "") > TODAY
    ]
    assert ahead
    for row in sorted(ahead, key=lambda row: row["suspends_on"]):
        done = demo("jobs", "run", "--today", row["suspends_on"]).rows[0]
        assert done["suspended"] >= 1
        after = partnerships(demo)[row["reference"]]
        assert (after["state"], after["suspends_on"]) == ("suspended", None)


def test_the_day_before_suspends_nothing(demo: Shell) -> None:
    assert partnerships(demo)["A/XD/2025/022"]["suspends_on"] == "2026-11-30"
    assert demo("jobs", "run", "--today", "2026-11-29").rows[0]["suspended"] == 0


def test_where_lives_are_at_risk_the_clock_only_calls_for_a_decision(demo: Shell) -> None:
    marked = [row for row in partnerships(demo).values() if row["lives_at_risk"]]
    ahead = [row for row in marked if row["suspends_on"] > TODAY]
    assert [row["reference"] for row in ahead] == ["A/XD/2026/004"]
    done = demo("jobs", "run", "--today", ahead[0]["suspends_on"]).rows[0]
    assert done["decisions_due"] == 1
    after = partnerships(demo)["A/XD/2026/004"]
    assert (after["state"], after["lives_at_risk"]) == ("active", True)


def test_the_demo_holds_a_partnership_in_every_state_it_can_show(demo_original: Shell) -> None:
    rows = partnerships(demo_original).values()
    assert {row["state"] for row in rows} >= {"proposed", "active", "suspended"}
    assert {row["risk"] for row in rows} == {"high", "moderate", "low", None}
    assert any(row["exception_until"] for row in rows)


@machine.needs("pango")
def test_agency_b_has_shared_two_assessments_with_agency_a(demo_original: Shell) -> None:
    url = demo_original.env["PARTNER_ASSESS_DATABASE_URL"]
    engine = make_engine(url)
    with open_session(engine, reading=True) as session:
        told = session.execute(select(ReceivedReport.state, ReceivedReport.issuer_code)).all()
    engine.dispose()
    assert sorted(told) == [(State.ACCEPTED, "UNB"), (State.RECEIVED, "UNB")]

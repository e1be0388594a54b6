from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from partner_assess.app import make_ports
from partner_assess.db.models.plan import Plan
from partner_assess.db.session import make_engine, open_session
from partner_assess.domain.policy import Policy
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Shell

KINDS = {
    "assessments_expired",
    "received_changed",
    "results_ended",
    "approvals_lapsed",
    "suspended",
    "decisions_due",
    "continued_under_exception",
    "files_removed",
}
SUSPENDS_ON = "2027-01-05"


def states(shell: Shell) -> dict[str, str]:
    return {row["reference"]: row["state"] for row in shell("partnership", "list").rows}


def test_a_sweep_prints_one_flat_object_of_numbers(demo: Shell) -> None:
    [done] = demo("jobs", "run", "--today", SUSPENDS_ON).rows
    assert set(done) == KINDS
    assert all(type(number) is int for number in done.values())


@pytest.mark.parametrize("day", ["2026-11-22", SUSPENDS_ON, "2032-02-29"])
def test_a_second_sweep_of_the_same_day_finds_nothing(demo: Shell, day: str) -> None:
    demo("jobs", "run", "--today", day)
    assert set(demo("jobs", "run", "--today", day).rows[0].values()) == {0}


def test_without_a_day_it_is_today(demo: Shell) -> None:
    late = {"NOW": f"{SUSPENDS_ON}T00:00:00Z"}
    assert demo("jobs", "run", **late).rows[0]["suspended"] > 0
    assert demo("jobs", "run", "--today", SUSPENDS_ON).rows[0]["suspended"] == 0


def test_a_late_sweep_does_what_earlier_ones_would_have_done(demo: Shell) -> None:
    done = demo("jobs", "run", "--today", "2027-02-10").rows[0]
    assert (done["suspended"], done["decisions_due"]) == (3, 1)


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "", "22-11-2026"])
def test_what_is_no_day_is_refused_and_nothing_is_done(demo_original: Shell, day: str) -> None:
    before = states(demo_original)
    assert "is no day" in demo_original("jobs", "run", "--today", day).refusal
    assert states(demo_original) == before


class Damaged(dict[str, Policy]):
    """Policies, one of which cannot be read."""

    def get(self, name: str, default: Any = None) -> Any:
        if name == "damaged":
            raise LookupError(name)
        return super().get(name, default)


def test_one_bad_record_is_told_and_does_not_stop_the_rest(
    demo: Shell, caplog: pytest.LogCaptureFixture
) -> None:
    # The plan that suspends first can no longer be judged.
    engine = make_engine(demo.env["PARTNER_ASSESS_DATABASE_URL"])
    with open_session(engine) as session:
        first = update(Plan).where(Plan.suspends_on == date(2026, 11, 30))
        session.execute(first.values(policy_name="damaged"))
        session.commit()
    engine.dispose()

    def damaged_ports(settings: Settings) -> Ports:
        ports = make_ports(settings)
        return replace(ports, policies=Damaged(ports.policies))

    said = replace(demo, make_ports=damaged_ports)("jobs", "run", "--today", SUSPENDS_ON)

    assert said.code == 1
    assert json.loads(said.out)["suspended"] == 1
    assert caplog.messages == ["sweep: one record failed"]

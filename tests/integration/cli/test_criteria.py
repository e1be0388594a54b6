from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from partner_assess.cli import criteria

SHIPPED = Path(__file__).parents[3] / "criteria"
SIX, EIGHT = "unicef-six-2020", "un-harmonized-eight-2020"
ALL_SIX = ("policy", "management_hr", "training", "reporting", "assistance", "investigations")
LOW = ("--risk", "low", "--final-on", "2026-01-01")
ADEQUATE = dict.fromkeys(ALL_SIX, "adequate")


@dataclass(frozen=True)
class App:
    """What the commands are handed."""

    criteria_dir: Path


def run(*args: str, stdin: str | bytes = "", folder: Path = SHIPPED) -> Result:
    group = click.Group("partner-assess", commands={c.name or "": c for c in criteria.commands})
    return CliRunner().invoke(group, args, input=stdin, obj=App(folder))


def printed(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def refused(result: Result) -> str:
    """Return the message of a refusal that printed nothing."""
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def answers(**ratings: str) -> str:
    return json.dumps({"answers": ratings})


def test_frameworks_are_listed() -> None:
    found = printed(run("frameworks"))
    assert [(one["id"], one["version"], one["status"]) for one in found] == [
        (EIGHT, "1.0", "published"),
        (SIX, "1.0", "published"),
    ]
    assert all(len(one["digest"]) == 64 and one["languages"][0] == "en" for one in found)


def test_score_prints_what_the_ratings_mean() -> None:
    ratings = {**ADEQUATE, "investigations": "absent"}
    assert printed(run("score", "--framework", SIX, stdin=answers(**ratings))) == [
        {
            "framework": SIX,
            "version": "1.0",
            "complete": True,
            "score": 16,
            "max_score": 18,
            "capacity": "full",
            "risk": "low",
            "critical_gaps": ["investigations"],
            "missing": [],
        }
    ]


def test_score_reads_lines_and_files(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(f"{answers(**ADEQUATE)}\n\n{answers()}\n", encoding="utf-8")
    found = printed(run("score", "--framework", f"{SIX}@1.0", str(file)))
    assert [one["score"] for one in found] == [18, None]
    assert found[1]["missing"] == list(ALL_SIX)


@pytest.mark.parametrize(
    "stdin", [json.dumps({"answers": ADEQUATE}, indent=2), "\ufeff" + answers(**ADEQUATE)]
)
def test_score_reads_json_over_several_lines_and_a_byte_order_mark(stdin: str) -> None:
    assert printed(run("score", "--framework", SIX, "-", stdin=stdin))[0]["score"] == 18


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("", "nothing to read"),
        ("  \n", "nothing to read"),
        ("{", "line 1: is not JSON"),
        ("[]", "line 1: is not an object"),
        ("null", "line 1: is not an object"),
        ('"answers"', "line 1: is not an object"),
        ("{}", "line 1: is not an object"),
        ('{"answers": []}', "line 1: is not an object"),
        ('{"answers": null}', "line 1: is not an object"),
        ('{"answers": {"policy": null}}', "leave out what is not rated"),
        ('{"answers": {"policy": 3}}', "leave out what is not rated"),
        ('{"answers": {"policy": NaN}}', "NaN is not JSON"),
        ('{"answers": {"policy": "yes"}}', 'line 1: "policy" has no rating "yes"'),
        ('{"answers": {"strange\\n": "yes"}}', 'no standard "strange\\n"'),
        ('{"answers": {"policy": "absent", "policy": "adequate"}}', '"policy" comes twice'),
        ('{"answers": {}, "answers": {}}', '"answers" comes twice'),
        ("[" * 100_000, "nested too deeply"),
        ('{"answers": {"policy": ' + "9" * 5000 + "}}", "number that is too long"),
        (b"\xff\xfe", "is not UTF-8"),
        (f"{answers()}\n{answers(policy='yes')}\n{answers()}", "line 2:"),
        (f"{answers()}\n{{\n", "line 2: is not JSON"),
        (f"{answers()} {answers()}", "line 1: is not JSON"),
        (f'{answers()}\n{{"answers": {{"policy": "absent", "policy": "absent"}}}}', "line 2:"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_one_bad_line_among_many_is_bad_input(bad: str | bytes, said: str) -> None:
    message = refused(run("score", "--framework", SIX, stdin=bad))
    assert said in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("name", ["strange", f"{SIX}@9.9", f"{SIX}@", ""])
def test_an_unknown_framework_is_bad_input(name: str) -> None:
    assert "There is no framework" in refused(run("score", "--framework", name, stdin=answers()))


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    for name in (tmp_path / "nothing.json", tmp_path):
        assert "cannot be read" in refused(run("score", "--framework", SIX, str(name)))


DATES = {
    (SIX, "high"): ("2025-02-28", "2025-03-01", "2029-02-28"),
    (SIX, "moderate"): ("2025-02-28", None, "2029-02-28"),
    (SIX, "low"): (None, None, "2029-02-28"),
    (EIGHT, "high"): ("2024-08-29", "2025-03-01", "2029-02-28"),
    (EIGHT, "moderate"): ("2024-08-29", None, "2029-02-28"),
}


@pytest.mark.parametrize(("name", "risk"), DATES)
def test_dates_count_calendar_months(name: str, risk: str) -> None:
    [found] = printed(run("dates", "--framework", name, "--risk", risk, "--final-on", "2024-02-29"))
    dates = (found["plan_due_on"], found["suspends_on"], found["expires_on"])
    assert dates == DATES[name, risk]
    assert len(found["reminders"]) == (0 if risk == "low" else 7)
    assert found["reminders"] == sorted(found["reminders"])


@pytest.mark.parametrize(
    ("policy", "option", "due_on"),
    [
        ("default", "--approved-on", "2027-01-05"),
        ("from-approval", "--approved-on", "2027-02-01"),
        ("from-agreement", "--agreed-on", "2027-02-01"),
        ("from-agreement", "--approved-on", None),
    ],
)
def test_dates_start_where_the_policy_says(policy: str, option: str, due_on: str | None) -> None:
    args = ["dates", "--framework", SIX, "--risk", "high", "--final-on", "2026-01-05"]
    [found] = printed(run(*args, "--policy", policy, option, "2026-02-01"))
    assert found["plan_due_on"] == due_on


@pytest.mark.parametrize(
    "args",
    [
        ("--risk", "high", "--final-on", "2026-02-30"),
        ("--risk", "high", "--final-on", "20260228"),
        ("--risk", "high", "--final-on", "2026-W01-1"),
        ("--risk", "high", "--final-on", "٢٠٢٦-٠١-٠١"),
        ("--risk", "high", "--final-on", "9999-01-01"),
        ("--risk", "medium", "--final-on", "2026-01-01"),
        ("--risk", "high", "--final-on", "2026-01-01", "--policy", "strange"),
        ("--risk", "high"),
    ],
)
def test_dates_refuses_what_is_no_date_risk_or_policy(args: tuple[str, ...]) -> None:
    assert refused(run("dates", "--framework", SIX, *args))


def test_crosswalk_prints_both_ends() -> None:
    ratings = dict.fromkeys(
        ("policy", "hr", "training", "assistance", "investigation", "corrective_measures"), "yes"
    )
    stdin = answers(**ratings, management="no", reporting="no")
    assert printed(run("crosswalk", "--from", EIGHT, "--to", SIX, stdin=stdin)) == [
        {"low": 15, "high": 16, "indicative_risk": "low", "to_rate": []}
    ]


@pytest.mark.parametrize(
    ("start", "end", "stdin"),
    [
        (SIX, SIX, answers(**ADEQUATE)),
        (SIX, "strange", answers(**ADEQUATE)),
        (SIX, EIGHT, answers(policy="adequate")),
        (SIX, EIGHT, answers(**{**ADEQUATE, "policy": "yes"})),
    ],
)
def test_crosswalk_refuses_what_it_cannot_read(start: str, end: str, stdin: str) -> None:
    assert refused(run("crosswalk", "--from", start, "--to", end, stdin=stdin))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "criteria"))


def a_draft(folder: Path) -> Path:
    """Return the file of a draft of the six that weighs the policy twice."""
    home = folder / SIX / "1.1"
    shutil.copytree(folder / SIX / "1.0", home)
    file = home / "framework.toml"
    text = file.read_text(encoding="utf-8")
    for before, after in (
        ('version = "1.0"', 'version = "1.1"'),
        ('status = "published"', 'status = "draft"'),
        ("from = 6", "from = 7"),
        ("weight = 1", "weight = 2"),
    ):
        text = text.replace(before, after, 1)
    file.write_text(text, encoding="utf-8")
    return file


def test_check_says_that_all_is_sound() -> None:
    assert printed(run("criteria", "check")) == [{"ok": True, "problems": []}]


def test_check_prints_every_problem(folder: Path) -> None:
    file = a_draft(folder)
    file.write_text(file.read_text(encoding="utf-8").replace("from = 7", "from = 6"), "utf-8")
    result = run("criteria", "check", folder=folder)
    [found] = [json.loads(one) for one in result.stdout.splitlines()]
    assert (result.exit_code, found["ok"]) == (1, False)
    assert [problem["key"] for problem in found["problems"]] == ["scoring.tier[1].from"]
    assert f"{SIX}/1.1/framework.toml" in result.stderr
    assert run("criteria", "check", str(folder)).exit_code == 1


def test_diff_prints_what_changed(folder: Path) -> None:
    a_draft(folder)
    found = printed(run("criteria", "diff", f"{SIX}@1.0", f"{SIX}@1.1", folder=folder))
    assert [(one["key"], one["before"], one["after"]) for one in found] == [
        ("standards[policy].weight", "1", "2"),
        ("status", "published", "draft"),
        ("tiers[1].from_points", "6", "7"),
    ]


def test_publish_makes_a_draft_the_newest_version(folder: Path) -> None:
    a_draft(folder)
    assert (
        printed(run("score", "--framework", SIX, stdin=answers(), folder=folder))[0]["version"]
        == "1.0"
    )
    [found] = printed(run("criteria", "publish", f"{SIX}@1.1", folder=folder))
    assert found["published"] == [f"{SIX}/1.1/framework.toml", f"{SIX}/1.1/text.en.toml"]
    scored = printed(run("score", "--framework", SIX, stdin=answers(), folder=folder))[0]
    assert (scored["version"], scored["max_score"]) == ("1.1", 21)
    assert printed(run("criteria", "check", folder=folder)) == [{"ok": True, "problems": []}]


def test_publish_refuses_what_is_not_there(folder: Path) -> None:
    assert "is not there" in refused(run("criteria", "publish", f"{SIX}@7.7", folder=folder))
    assert "is not there" in refused(run("criteria", "publish", SIX, folder=folder))


@pytest.mark.parametrize(
    "args",
    [
        ("frameworks",),
        ("score", "--framework", SIX),
        ("dates", "--framework", SIX, *LOW),
        ("crosswalk", "--from", SIX, "--to", EIGHT),
    ],
)
def test_bad_criteria_stop_every_command(folder: Path, args: tuple[str, ...]) -> None:
    file = a_draft(folder)
    file.write_text("schema = ", encoding="utf-8")
    assert f"{SIX}/1.1/framework.toml:1" in refused(run(*args, folder=folder))


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("policies/default.toml", ("dates", "--framework", SIX, *LOW)),
        ("crosswalk/six-to-eight.toml", ("crosswalk", "--from", SIX, "--to", EIGHT)),
    ],
)  # fmt: skip
def test_a_bad_policy_or_crosswalk_stops_its_command(
    folder: Path, name: str, args: tuple[str, ...]
) -> None:
    (folder / name).write_text("schema = ", encoding="utf-8")
    assert f"{name}:1" in refused(run(*args, folder=folder))

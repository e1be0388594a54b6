from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Said, Shell

PROGRAM = Path(__file__).parents[3] / ".venv/bin/partner-assess"
SIX, EIGHT = "unicef-six-2020", "un-harmonized-eight-2020"

# What a rule or a stranger may ask without any database.
PURE = [
    ("frameworks",),
    ("score", "--framework", SIX),
    ("dates", "--framework", SIX, "--risk", "high", "--final-on", "2026-11-22"),
    ("crosswalk", "--from", SIX, "--to", EIGHT),
    ("report", "schema"),
]
RATINGS = dict.fromkeys(
    ("policy", "management_hr", "training", "reporting", "assistance", "investigations"), "adequate"
)

# What reads or writes, and must not be surprised by a database without tables.
ON_A_DATABASE = [
    ("demo", "load"),
    ("agency", "list"),
    ("office", "list"),
    ("user", "list"),
    ("partnership", "list"),
    ("plan", "list"),
    ("jobs", "run"),
    ("report", "list"),
]

PRODUCTION = {
    "MODE": "production",
    "BASE_URL": "https://psea.example",
    "NOW": "",
    "SIGNING_KEYS": "",
}


def started(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Start the real program, with an environment that names no settings but these."""
    return subprocess.run(  # noqa: S603 - our own program
        [PROGRAM, *arguments],
        input=stdin,
        env={"PATH": os.defpath} | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def problems(said: Said) -> list[str]:
    """Return the lines of a refusal that printed nothing."""
    assert (said.code, said.out) == (2, ""), said
    return said.err.splitlines()


# --- the program itself


def test_the_program_prints_json_and_nothing_else() -> None:
    done = started("frameworks")
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [EIGHT, SIX]


def test_the_program_refuses_with_exit_two_and_one_line(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'none.db'}"
    done = started("user", "list", PARTNER_ASSESS_DATABASE_URL=database)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The database cannot be used; run `partner-assess db upgrade`")
    assert len(done.stderr.splitlines()) == 1


def test_the_program_ends_with_one_where_the_answer_is_no(tmp_path: Path) -> None:
    (tmp_path / "PUBLISHED").write_text("not a digest\n", encoding="utf-8")
    done = started("criteria", "check", str(tmp_path))
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False


# --- no database, no settings


@pytest.mark.parametrize("command", PURE, ids=" ".join)
def test_what_is_pure_needs_no_database_and_no_settings(
    no_database: Shell, command: tuple[str, ...]
) -> None:
    unusable = {"MODE": "nonsense", "DATABASE_URL": "nonsense", "STORAGE_URL": "nonsense"}
    rows = no_database(*command, stdin=json.dumps({"answers": RATINGS}), **unusable).rows
    assert rows
    assert all(rows)


@pytest.mark.parametrize("command", ON_A_DATABASE, ids=" ".join)
def test_a_database_without_tables_is_one_clear_line(
    no_database: Shell, command: tuple[str, ...]
) -> None:
    assert "run `partner-assess db upgrade`" in no_database(*command).refusal


@pytest.mark.parametrize("command", ON_A_DATABASE[1:], ids=" ".join)
def test_a_database_without_rows_is_no_mistake(database: Shell, command: tuple[str, ...]) -> None:
    said = database(*command)
    assert (said.code, said.err) == (0, "")


def test_upgrade_brings_the_database_up_to_date_and_says_to_what(no_database: Shell) -> None:
    first, again = no_database("db", "upgrade"), no_database("db", "upgrade")
    assert first.rows == again.rows
    assert first.rows[0]["revision"]


# --- refusals


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "No such command"),
        (("jobs", "nonsense"), "No such command"),
        (("jobs", "run", "--nonsense"), "No such option"),
        (("jobs", "run", "more"), "unexpected extra argument"),
        (("dates", "--framework", SIX), "Missing option"),
    ],
)
def test_what_is_no_command_is_refused(
    no_database: Shell, arguments: tuple[str, ...], said: str
) -> None:
    assert said in no_database(*arguments).refusal


@pytest.mark.parametrize("arguments", [(), ("jobs",), ("user",)])
def test_half_a_command_shows_the_help_on_standard_error(
    no_database: Shell, arguments: tuple[str, ...]
) -> None:
    said = no_database(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "Commands:" in said.err


def test_help_is_what_was_asked_for(no_database: Shell) -> None:
    assert no_database("--help").code == 0
    assert no_database("jobs", "run", "--help").code == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "nonsense", "PARTNER_ASSESS_DATABASE_URL"),
        ("DATABASE_URL", "oracle://nobody/nothing", "PARTNER_ASSESS_DATABASE_URL needs"),
        ("DATABASE_URL", "sqlite:////no-such-folder/x.db", "PARTNER_ASSESS_DATABASE_URL"),
        ("STORAGE_URL", "s3://bucket/folder", "PARTNER_ASSESS_STORAGE_URL"),
        ("STORAGE_URL", "file://else.where/folder", "PARTNER_ASSESS_STORAGE_URL"),
        ("NOW", "yesterday", "PARTNER_ASSESS_NOW is an ISO instant"),
        ("MODE", "test", "PARTNER_ASSESS_MODE is unset (demo) or production"),
        ("BASE_URL", "psea.example", "PARTNER_ASSESS_BASE_URL is a web address"),
        ("PROXIES", "-1", "PARTNER_ASSESS_PROXIES is the number of web servers in front"),
        ("PROXIES", "12", "PARTNER_ASSESS_PROXIES is the number of web servers in front"),
        ("PROXIES", "yes", "PARTNER_ASSESS_PROXIES is the number of web servers in front"),
    ],
)
def test_a_bad_setting_is_named(database: Shell, name: str, value: str, said: str) -> None:
    assert said in database("jobs", "run", **{name: value}).refusal


# --- production


def test_production_names_every_setting_that_is_missing(database: Shell) -> None:
    nothing = dict.fromkeys(
        ("DATABASE_URL", "SECRET_KEY", "STORAGE_URL", "NOW", "SIGNING_KEYS"), ""
    )
    said = problems(database("user", "list", **nothing, MODE="production"))
    assert [line.split()[0].removeprefix("PARTNER_ASSESS_") for line in said] == [
        "DATABASE_URL",
        "SECRET_KEY",
        "STORAGE_URL",
        "BASE_URL",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "k" * 31),
        ("SECRET_KEY", "k" * 64),
        ("NOW", "2026-11-22T09:00:00Z"),
        ("BASE_URL", "psea.example"),
        ("BASE_URL", "http://psea.example"),
    ],
)
def test_production_refuses_what_is_unsafe(database: Shell, name: str, value: str) -> None:
    said = problems(database("user", "list", **(PRODUCTION | {name: value})))
    assert [line.split()[0] for line in said] == [f"PARTNER_ASSESS_{name}"]


def test_the_demo_listens_on_this_machine_only(database: Shell) -> None:
    everywhere = type(database)(database.env | {"HOST": "192.0.2.1"})
    assert everywhere("user", "list").refusal.startswith("HOST is '192.0.2.1'")
    assert everywhere("user", "list", **PRODUCTION).rows == []


def test_production_loads_no_demo(database: Shell) -> None:
    assert "demo mode only" in database("demo", "load", **PRODUCTION).refusal
    assert database("user", "list").rows == []


def test_production_does_not_start_with_the_accounts_of_the_demo(demo_original: Shell) -> None:
    said = demo_original("serve", **PRODUCTION).refusal
    assert said.startswith("PARTNER_ASSESS_DATABASE_URL")
    assert "officer@demo.example" in said


# --- the clock


def test_now_sets_the_clock_of_commands(demo_original: Shell) -> None:
    before, after = (
        {
            row["reference"]: row["state"]
            for row in demo_original("partnership", "list", NOW=at).rows
        }
        for at in ("2027-01-04T23:59:59Z", "2027-01-05T00:00:00Z")
    )
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert changed == {"A/XD/2025/017": ("active", "suspended")}

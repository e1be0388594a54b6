"""This file holds what `make test` runs: every test, then a summary of what ran and what did not.

One pytest a line of `_plan`: rules first, then everything on SQLite, the same integration
tests on PostgreSQL, and the browser. The last line adds them up.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests import machine, postgres

TWO_AT_ONCE = ("-n", "2")
NO_TESTS = 5  # pytest's exit code


@dataclass(frozen=True)
class Part:
    """One run of pytest: what it is called in the summary, and its arguments."""

    name: str
    arguments: tuple[str, ...]
    measured: bool = False  # under coverage


@dataclass
class Outcome:
    """What came of one part."""

    part: Part
    exit_code: int
    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Run all parts and print the summary; the answer is the exit code."""
    missing = sorted(name for name in machine.required() if not _is_there(name))
    if missing:
        print(f"Compulsory here, but not on this machine: {', '.join(missing)}", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        server_url = stack.enter_context(postgres.server()) if _is_there("postgresql") else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        outcomes = [_run(part, report=folder / "report.xml") for part in _plan(server_url)]
    covered = _rules_are_covered()
    _print_summary(outcomes, server_url)
    problems = _problems(outcomes, covered=covered)
    for problem in problems:
        print(f"NOT GOOD: {problem}")
    print(_total(outcomes))
    return 1 if problems else 0


def _is_there(name: str) -> bool:
    return name in machine.NEEDS and machine.NEEDS[name].is_there()


def _plan(server_url: str | None) -> Iterator[Part]:
    yield Part("unit tests", ("partner_assess/domain", "tests/unit"), measured=True)
    yield Part(
        "repo and integration tests on SQLite", (*TWO_AT_ONCE, "tests/repo", "tests/integration")
    )
    if server_url is not None:
        name = f"integration tests on PostgreSQL {postgres.version(server_url)}"
        # Adapters know no database: what they do was tried above.
        without = "--ignore=tests/integration/adapters"
        url = f"--database-url={server_url}"
        yield Part(name, (*TWO_AT_ONCE, "tests/integration", without, url))
    yield Part(
        "browser tests in Chromium on SQLite", ("-n", "2", "--dist", "loadfile", "tests/browser")
    )


def _run(part: Part, *, report: Path) -> Outcome:
    print(f"\n== {part.name}", flush=True)
    report.unlink(missing_ok=True)
    python = [sys.executable, "-m", *(["coverage", "run", "-m"] if part.measured else []), "pytest"]
    command = [*python, "-q", f"--junitxml={report}", *part.arguments]
    outcome = Outcome(part, subprocess.run(command, check=False).returncode)
    if report.exists():
        _read(report, outcome)
    return outcome


def _read(report: Path, outcome: Outcome) -> None:
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it just now
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skipped is not None:
            outcome.skipped[skipped.get("message", "no reason given")] += 1
        else:
            outcome.passed += 1


def _rules_are_covered() -> bool:
    print("\n== branches of domain/ that no unit test takes", flush=True)
    return subprocess.run([sys.executable, "-m", "coverage", "report"], check=False).returncode == 0


def _problems(outcomes: list[Outcome], *, covered: bool) -> list[str]:
    found = [] if covered else ["the unit tests do not cover every branch of domain/"]
    compulsory = [machine.NEEDS[name].reason for name in machine.required()]
    for outcome in outcomes:
        if outcome.exit_code == NO_TESTS or not outcome.passed + outcome.failed:
            found.append(f"{outcome.part.name}: no test ran")
        elif outcome.exit_code != 0:
            found.append(f"{outcome.part.name}: {outcome.failed} failed (see above)")
        found += [
            f"{outcome.part.name}: skipped what is compulsory here: {reason}"
            for reason in outcome.skipped
            if any(words in reason for words in compulsory)
        ]
    return found


def _print_summary(outcomes: list[Outcome], server_url: str | None) -> None:
    print("\n== What ran")
    for outcome in outcomes:
        counts = (
            f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped.total()} skipped"
        )
        print(f"{outcome.part.name}: {counts}")
        for reason, times in outcome.skipped.most_common():
            print(f"  {times} skipped: {reason}")
    if server_url is None:
        print("integration tests on PostgreSQL: not run, because PostgreSQL is not installed")


def _total(outcomes: list[Outcome]) -> str:
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped.total() for outcome in outcomes)
    return f"{passed} passed, {failed} failed, {skipped} skipped"


if __name__ == "__main__":
    # Ended from outside, a private PostgreSQL must still be stopped: leave by way of `with`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())

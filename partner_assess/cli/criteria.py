"""This file holds the commands about instruments: what there is, what ratings and dates mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import click

from partner_assess.adapters import criteria_files
from partner_assess.cli import json_lines
from partner_assess.domain import crosswalk as crosswalks
from partner_assess.domain import deadlines, scoring
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework
from partner_assess.domain.framework_changes import changes
from partner_assess.domain.policy import Policy
from partner_assess.domain.risk import Risk

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class HasCriteria(Protocol):
    """What these commands are handed: where the criteria lie."""

    @property
    def criteria_dir(self) -> Path:
        """Return the folder of criteria."""
        ...


class Day(click.ParamType):
    """A day written as 2026-11-22, and in no other way."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day that the text names."""
        said = f"{json_lines.quoted(value)} is no day; write it like 2026-11-22."
        if not _DAY.fullmatch(str(value)):
            self.fail(said, param, ctx)
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(said, param, ctx)


@click.command()
@click.pass_obj
def frameworks(app: HasCriteria) -> None:
    """List the instruments: id, version, digest, languages, status."""
    json_lines.write(
        {
            "id": framework.id,
            "version": framework.version,
            "digest": framework.digest,
            "languages": list(framework.languages),
            "status": framework.status,
        }
        for framework in _catalogue(app.criteria_dir).all()
    )


@click.command()
@click.option("--framework", "name", required=True, metavar="ID[@VERSION]")
@click.argument("file", default="-")
@click.pass_obj
def score(app: HasCriteria, name: str, file: str) -> None:
    """Score JSON or JSON Lines: {"answers": {"policy": "adequate", ...}}."""
    framework = _framework(_catalogue(app.criteria_dir), name)
    json_lines.write(_each(file, lambda answers: _scored(framework, answers)))


@click.command()
@click.option("--framework", "name", required=True, metavar="ID[@VERSION]")
@click.option("--risk", required=True, type=click.Choice([risk.value for risk in Risk]))
@click.option("--final-on", required=True, type=Day())
@click.option("--policy", "policy_name", default="default", show_default=True)
@click.option("--approved-on", type=Day())
@click.option("--agreed-on", type=Day())
@click.pass_obj
def dates(
    app: HasCriteria,
    *,
    name: str,
    risk: str,
    final_on: date,
    policy_name: str,
    approved_on: date | None,
    agreed_on: date | None,
) -> None:
    """Print the dates that a result gives a plan, and the last day it is valid."""
    framework = _framework(_catalogue(app.criteria_dir), name)
    policy = _policy(app.criteria_dir, policy_name)
    try:
        plan = deadlines.plan_dates(
            policy,
            framework.id,
            Risk(risk),
            final_on=final_on,
            approved_on=approved_on,
            agreed_on=agreed_on,
        )
        expires_on = deadlines.expires_on(final_on, months=policy.validity_months)
    except RuleError as refused:
        raise json_lines.BadInput(_sentence(refused)) from None
    found = {
        "plan_due_on": _iso(plan.plan_due_on),
        "suspends_on": _iso(plan.suspends_on),
        "reminders": [day.isoformat() for day in plan.reminders],
        "expires_on": _iso(expires_on),
    }
    json_lines.write([found])


@click.command()
@click.option("--from", "start", required=True, metavar="ID")
@click.option("--to", "end", required=True, metavar="ID")
@click.argument("file", default="-")
@click.pass_obj
def crosswalk(app: HasCriteria, start: str, end: str, file: str) -> None:
    """Print what ratings in one instrument can mean in another: a range, never a number."""
    catalogue = _catalogue(app.criteria_dir)
    source, target = _framework(catalogue, start), _framework(catalogue, end)
    try:
        every = criteria_files.load_crosswalks(app.criteria_dir, catalogue)
    except criteria_files.BadCriteria as bad:
        raise json_lines.BadInput(str(bad)) from None
    table = every.get((source.id, target.id))
    if table is None:
        raise json_lines.BadInput(f"There is no crosswalk from {source.id} to {target.id}.")
    json_lines.write(_each(file, lambda answers: _read(table, source, target, answers)))


@click.group()
def criteria() -> None:
    """Check, compare and publish instruments, for those who write them."""


@criteria.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def check(app: HasCriteria, folder: Path | None) -> None:
    """Print every problem of every file of criteria; exit 1 where there is one."""
    problems = criteria_files.problems_of(folder or app.criteria_dir)
    for problem in problems:
        click.echo(str(problem), err=True)
    rows = [{"file": p.file, "line": p.line, "key": p.key, "reason": p.reason} for p in problems]
    json_lines.write([{"ok": not problems, "problems": rows}])
    if problems:
        raise SystemExit(1)


@criteria.command()
@click.argument("before", metavar="ID@VERSION")
@click.argument("after", metavar="ID@VERSION")
@click.pass_obj
def diff(app: HasCriteria, before: str, after: str) -> None:
    """Print what differs between two versions, one change a line."""
    catalogue = _catalogue(app.criteria_dir)
    found = changes(_framework(catalogue, before), _framework(catalogue, after))
    json_lines.write({"key": c.key, "before": c.before, "after": c.after} for c in found)


@criteria.command()
@click.argument("name", metavar="ID@VERSION")
@click.pass_obj
def publish(app: HasCriteria, name: str) -> None:
    """Publish a version: write the digests of its files, which never change again."""
    framework_id, _, version = name.partition("@")
    try:
        framework, files = criteria_files.publish(app.criteria_dir, framework_id, version)
    except criteria_files.BadCriteria as bad:
        raise json_lines.BadInput(str(bad)) from None
    json_lines.write([{"id": framework.id, "version": framework.version, "published": list(files)}])


commands: tuple[click.Command, ...] = (frameworks, score, dates, crosswalk, criteria)


def _catalogue(folder: Path) -> Catalogue:
    try:
        return criteria_files.load_frameworks(folder)
    except criteria_files.BadCriteria as bad:
        raise json_lines.BadInput(str(bad)) from None


def _framework(catalogue: Catalogue, name: str) -> Framework:
    framework_id, at, version = name.partition("@")
    try:
        return catalogue.get(framework_id, version if at else None)
    except RuleError:
        known = ", ".join(f"{one.id}@{one.version}" for one in catalogue.all())
        said = f"There is no framework {json_lines.quoted(name)}; known: {known}."
        raise json_lines.BadInput(said) from None


def _policy(folder: Path, name: str) -> Policy:
    try:
        policies = criteria_files.load_policies(folder)
    except criteria_files.BadCriteria as bad:
        raise json_lines.BadInput(str(bad)) from None
    if name not in policies:
        known = ", ".join(sorted(policies))
        raise json_lines.BadInput(f"There is no policy {json_lines.quoted(name)}; known: {known}.")
    return policies[name]


def _each(
    file: str, answer: Callable[[dict[str, str]], dict[str, object]]
) -> list[dict[str, object]]:
    """Return an answer for each set of ratings in a file; all of them, or none."""
    results: list[dict[str, object]] = []
    for line, ratings in json_lines.read_answers(file):
        try:
            results.append(answer(ratings))
        except RuleError as refused:
            raise json_lines.BadInput(f"line {line}: {_sentence(refused)}") from None
    return results


def _scored(framework: Framework, answers: dict[str, str]) -> dict[str, object]:
    sheet = scoring.score(framework, answers)
    return {
        "framework": framework.id,
        "version": framework.version,
        "complete": sheet.complete,
        "score": sheet.score,
        "max_score": sheet.max_score,
        "capacity": sheet.capacity,
        "risk": sheet.risk,
        "critical_gaps": list(sheet.critical_gaps),
        "missing": list(sheet.missing),
    }


def _read(
    table: crosswalks.Crosswalk, source: Framework, target: Framework, answers: dict[str, str]
) -> dict[str, object]:
    reading = crosswalks.read(table, source, target, answers)
    return {
        "low": reading.low,
        "high": reading.high,
        "indicative_risk": reading.indicative_risk,
        "to_rate": list(reading.to_rate),
    }


def _sentence(refused: RuleError) -> str:
    """Return a refusal in plain English, for the terminal."""
    said = {name: json_lines.quoted(value) for name, value in refused.params.items()}
    sentences = {
        "unknown_standard": "there is no standard {standard}.",
        "unknown_rating": "{standard} has no rating {rating}.",
        "ratings_missing": "every standard needs a rating; missing: {standards}.",
        "date_out_of_range": "the dates reach beyond the years 1 to 9999.",
    }
    return sentences.get(refused.code, refused.code).format(**said)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

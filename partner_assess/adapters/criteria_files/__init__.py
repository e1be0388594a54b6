"""This file holds the way in: a folder of criteria, read whole or refused with every problem."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from partner_assess.adapters.criteria_files import published
from partner_assess.adapters.criteria_files.crosswalks import read_crosswalk
from partner_assess.adapters.criteria_files.fields import BadCriteria, FileProblem
from partner_assess.adapters.criteria_files.frameworks import read_version
from partner_assess.adapters.criteria_files.policies import read_policy
from partner_assess.adapters.criteria_files.publishing import publish
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.crosswalk import Crosswalk
from partner_assess.domain.framework import Framework
from partner_assess.domain.policy import Policy

__all__ = [
    "BadCriteria",
    "FileProblem",
    "load_crosswalks",
    "load_frameworks",
    "load_policies",
    "problems_of",
    "publish",
]

DEFAULT_POLICY = "default"

T = TypeVar("T")

_NOT_INSTRUMENTS = {"crosswalk", "policies"}


def load_frameworks(folder: Path) -> Catalogue:
    """Return every version of every instrument in a folder of criteria.

    Raises:
        BadCriteria: with every problem of every instrument.
    """
    catalogue, problems = _frameworks(folder)
    return _sound(catalogue, problems)


def load_policies(folder: Path) -> dict[str, Policy]:
    """Return every policy by its name; there is one called "default".

    Raises:
        BadCriteria: with every problem of every policy.
    """
    policies, problems = _policies(folder)
    return _sound(policies, problems)


def load_crosswalks(folder: Path, catalogue: Catalogue) -> Mapping[tuple[str, str], Crosswalk]:
    """Return every crosswalk by the ids of the instruments it leads from and to.

    Raises:
        BadCriteria: with every problem of every crosswalk.
    """
    crosswalks, problems = _crosswalks(folder, catalogue)
    return _sound(crosswalks, problems)


def problems_of(folder: Path) -> tuple[FileProblem, ...]:
    """Return every problem of every file in a folder of criteria; empty when all is sound."""
    catalogue, problems = _frameworks(folder)
    problems += _crosswalks(folder, None if problems else catalogue)[1]
    problems += _policies(folder)[1]
    return tuple(sorted(set(problems)))


def _version_folders(folder: Path) -> list[Path]:
    """Return the folder of each version of each instrument."""
    if not folder.is_dir():
        return []
    instruments = (p for p in folder.iterdir() if p.is_dir() and p.name not in _NOT_INSTRUMENTS)
    return sorted(version for path in instruments for version in path.iterdir() if version.is_dir())


def _frameworks(folder: Path) -> tuple[Catalogue, list[FileProblem]]:
    digests, problems = published.read(folder)
    frameworks: list[Framework] = []
    for version in _version_folders(folder):
        framework, found = read_version(folder, version, digests=digests)
        problems += found
        frameworks += [framework] if framework else []
    if not frameworks and not problems:
        problems.append(FileProblem(folder.name, 1, "", "holds no instrument"))
    return Catalogue(tuple(frameworks)), problems


def _policies(folder: Path) -> tuple[dict[str, Policy], list[FileProblem]]:
    policies: dict[str, Policy] = {}
    problems: list[FileProblem] = []
    for path in sorted((folder / "policies").glob("*.toml")):
        policy, found = read_policy(folder, path)
        problems += found
        if policy:
            policies[policy.name] = policy
    if DEFAULT_POLICY not in policies and not problems:
        problems.append(FileProblem(f"policies/{DEFAULT_POLICY}.toml", 1, "", "is missing"))
    return policies, problems


def _crosswalks(
    folder: Path, catalogue: Catalogue | None
) -> tuple[dict[tuple[str, str], Crosswalk], list[FileProblem]]:
    crosswalks: dict[tuple[str, str], Crosswalk] = {}
    problems: list[FileProblem] = []
    for path in sorted((folder / "crosswalk").glob("*.toml")):
        crosswalk, found = read_crosswalk(folder, path, catalogue)
        ends = (crosswalk.source_id, crosswalk.target_id)
        problems += found
        if ends in crosswalks:
            name = path.relative_to(folder).as_posix()
            problems.append(FileProblem(name, 1, "from", "there is another file for this pair"))
        crosswalks[ends] = crosswalk
    return crosswalks, problems


def _sound(value: T, problems: list[FileProblem]) -> T:
    if problems:
        raise BadCriteria(tuple(problems))
    return value

"""This file holds the way in: a folder of criteria, read whole or refused with every problem."""

from __future__ import annotations

from pathlib import Path

from partner_assess.adapters.criteria_files import published
from partner_assess.adapters.criteria_files.fields import BadCriteria, FileProblem
from partner_assess.adapters.criteria_files.frameworks import read_version
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.framework import Framework

__all__ = ["BadCriteria", "FileProblem", "load_frameworks"]

_NOT_INSTRUMENTS = {"crosswalk", "policies"}


def load_frameworks(folder: Path) -> Catalogue:
    """Return every version of every instrument in a folder of criteria.

    Raises:
        BadCriteria: with every problem of every file.
    """
    digests, problems = published.read(folder)
    frameworks: list[Framework] = []
    for version in _versions(folder):
        framework, found = read_version(folder, version, digests=digests)
        problems += found
        frameworks += [framework] if framework else []
    if not frameworks and not problems:
        problems.append(FileProblem(folder.name, 1, "", "holds no instrument"))
    if problems:
        raise BadCriteria(tuple(problems))
    return Catalogue(tuple(frameworks))


def _versions(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    instruments = (p for p in folder.iterdir() if p.is_dir() and p.name not in _NOT_INSTRUMENTS)
    return sorted(version for path in instruments for version in path.iterdir() if version.is_dir())

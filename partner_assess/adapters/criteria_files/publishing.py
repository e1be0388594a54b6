"""This file holds the publishing of a version: from then on its files never change again."""

from __future__ import annotations

import re
from pathlib import Path

from partner_assess.adapters.criteria_files import published
from partner_assess.adapters.criteria_files.fields import BadCriteria, FileProblem
from partner_assess.adapters.criteria_files.frameworks import Status, read_version
from partner_assess.domain.framework import Framework

_DRAFT = re.compile(r"""^status\s*=\s*["']draft["']""", re.MULTILINE)


def publish(folder: Path, framework_id: str, version: str) -> tuple[Framework, tuple[str, ...]]:
    """Publish a draft, or the words that a published version has gained since.

    Returns the framework as published, and the names of the files that are new on the list.

    Raises:
        BadCriteria: the version is not there, is unsound or was changed; nothing is written.
    """
    home = folder / framework_id / version
    if not version or not home.is_dir():
        raise BadCriteria((FileProblem(f"{framework_id}/{version}", 1, "", "is not there"),))
    digests, problems = published.read(folder)
    files = {f"{framework_id}/{version}/{path.name}": path for path in home.glob("*.toml")}
    named = {name: published.digest_of(path) for name, path in files.items()}
    framework, found = read_version(folder, home, digests={**named, **digests})
    if framework and framework.status == Status.DRAFT:
        framework, found = read_version(folder, home, digests=digests)
    if problems or found or framework is None:
        raise BadCriteria((*problems, *found))
    if framework.status == Status.DRAFT:
        _end_draft(home / "framework.toml")
    now = {name: published.digest_of(path) for name, path in files.items()}
    published.write(folder, {**digests, **now})
    return framework, tuple(sorted(now.keys() - digests.keys()))


def _end_draft(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    path.write_bytes(_DRAFT.sub('status = "published"', text, count=1).encode("utf-8"))

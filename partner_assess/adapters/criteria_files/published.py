"""This file holds the list of published files: what is on it never changes again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from partner_assess.adapters.criteria_files.fields import FileProblem

LIST = "PUBLISHED"

_ROW = re.compile(r"([0-9a-f]{64})  (\S+)")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as they are stored, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path) -> tuple[dict[str, str], list[FileProblem]]:
    """Return the digest of each published file by its path within the folder."""
    path = folder / LIST
    digests: dict[str, str] = {}
    problems: list[FileProblem] = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, start=1):
        row = _ROW.fullmatch(line)
        if row is None:
            problems.append(FileProblem(LIST, number, "", "is not a digest and a path"))
        elif row[2] in digests:
            problems.append(FileProblem(LIST, number, row[2], "stands here twice"))
        elif not (folder / row[2]).is_file():
            problems.append(FileProblem(LIST, number, row[2], "is published and not there"))
        else:
            digests[row[2]] = row[1]
    return digests, problems


def problems_of(
    folder: Path, names: Iterable[str], *, digests: dict[str, str], is_published: bool
) -> list[FileProblem]:
    """Return where the files of one version and the list disagree."""
    found: list[FileProblem] = []
    for name in names:
        listed = digests.get(name)
        if is_published and listed is None:
            found.append(FileProblem(name, 1, "", "is not in PUBLISHED: publish it first"))
        elif not is_published and listed is not None:
            found.append(FileProblem(name, 1, "status", "is in PUBLISHED, so it is no draft"))
        elif listed is not None and listed != digest_of(folder / name):
            reason = "has changed since it was published; a correction is a new version"
            found.append(FileProblem(name, 1, "", reason))
    return found


def write(folder: Path, digests: dict[str, str]) -> None:
    """Write the list, in the order of the paths; lines like those of `sha256sum`."""
    rows = (f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    (folder / LIST).write_text("".join(rows), encoding="utf-8", newline="\n")

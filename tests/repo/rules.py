"""This file holds how `docs/rules.md` and the sources in the code are read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "partner_assess/domain"
RULES = ROOT / "docs/rules.md"
SOURCES = ROOT / "docs/sources.md"

# SA 55, SB II.34, SC fn 15, E4, P3, Y1, domain.md 3.5: a key of docs/sources.md and its place.
_KEY = re.compile(r"\b(S[ABC])(?= (?:\d|fn|[IVX]+\.))|\b([EPUY]\d{1,2})\b|\b([a-z][a-z-]*\.md)\b")
_DECISION = re.compile(r"docs/decisions/(\d{4})")
_SOURCE = re.compile(r"\bSource: (.+?)\.?$", re.MULTILINE)
_ROW = re.compile(
    r"^\| (?P<words>[^|]+) \| (?P<source>[^|]+) \| `(?P<name>[\w.]+)` \| (?P<tests>.*) \|$"
)


@dataclass(frozen=True)
class Stated:
    """A rule as the code states it: the name that holds it, its source, its first words."""

    name: str
    source: str
    words: str


@dataclass(frozen=True)
class Row:
    """A line of `docs/rules.md`: words, source, name in `domain/`, and the tests that hold it."""

    words: str
    source: str
    name: str
    tests: tuple[str, ...]

    def line(self) -> str:
        """Return the row as it stands in the table."""
        tests = ", ".join(f"`{test}`" for test in self.tests)
        return f"| {self.words} | {self.source} | `{self.name}` | {tests} |"


def stated() -> list[Stated]:
    """Return every source in `domain/`, file by file, in the order of the code."""
    return [rule for path in sorted(DOMAIN.rglob("*.py")) for rule in in_file(path)]


def module_of(path: Path) -> str:
    """Return how a file of `domain/` is called from there: "report.facts"."""
    return ".".join(path.relative_to(DOMAIN).with_suffix("").parts)


def in_file(path: Path) -> Iterator[Stated]:
    """Yield the sources of a file: in docstrings, and in comments above or beside a constant."""
    text = path.read_text(encoding="utf-8")
    module = module_of(path)
    found = [*_in_docstrings(ast.parse(text), module), *_in_comments(text, module)]
    yield from (rule for _, rule in sorted(found, key=lambda pair: pair[0]))


def _in_docstrings(node: ast.AST, name: str) -> Iterator[tuple[int, Stated]]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.ClassDef | ast.FunctionDef):
            continue
        inner = f"{name}.{child.name}"
        said = ast.get_docstring(child) or ""
        if source := _SOURCE.search(said):
            words = said.partition("\n")[0].partition(" Source: ")[0].rstrip(".")
            yield child.lineno, Stated(inner, source[1], words)
        yield from _in_docstrings(child, inner)


def _in_comments(text: str, module: str) -> Iterator[tuple[int, Stated]]:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        source = _SOURCE.search(line)
        if source is None or "#" not in line or line.startswith(" "):
            continue
        constant = next(rest for rest in lines[number:] if not rest.startswith("#"))
        name = re.match(r"\w*", constant)
        words = line.partition("# ")[2].partition("Source: ")[0].strip(" .") or "(no words yet)"
        yield number, Stated(f"{module}.{name[0] if name else ''}", source[1], words)


def rows(text: str) -> list[Row]:
    """Return the rows of the tables in a text."""
    found = (_ROW.match(line) for line in text.splitlines())
    return [
        Row(row["words"], row["source"], row["name"], tuple(re.findall(r"`([^`]+)`", row["tests"])))
        for row in found
        if row
    ]


def keys(source: str) -> set[str]:
    """Return the keys of `docs/sources.md` that a source names."""
    return {next(filter(None, found)) for found in _KEY.findall(source)}


def decisions(source: str) -> set[str]:
    """Return the numbers of the decision records that a source names."""
    return set(_DECISION.findall(source))


def known_keys() -> set[str]:
    """Return the keys that `docs/sources.md` explains."""
    text = SOURCES.read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE))

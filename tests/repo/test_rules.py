from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.repo import rules

ROWS = rules.rows(rules.RULES.read_text(encoding="utf-8"))
CRITERIA = sorted((rules.ROOT / "criteria").rglob("*.toml"))
TESTS = {
    f"{path.stem}.{name}"
    for path in (rules.ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
}


def defined_in(path: Path) -> set[str]:
    """Return the names a module defines, those of its classes as "Class.name"."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{one.name}" for one in node.body if hasattr(one, "name")}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


IN_DOMAIN = {
    f"{rules.module_of(path)}.{name}"
    for path in rules.DOMAIN.rglob("*.py")
    for name in defined_in(path)
}


def test_every_source_in_the_code_is_a_row_and_every_row_a_source() -> None:
    assert ROWS
    assert {(row.name, row.source) for row in ROWS} == {
        (rule.name, rule.source) for rule in rules.stated()
    }


def test_every_mention_of_a_source_is_read() -> None:
    mentions = sum(path.read_text("utf-8").count("Source: ") for path in rules.DOMAIN.rglob("*.py"))
    assert len(rules.stated()) == mentions


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_has_words_and_names_what_exists(row: rules.Row) -> None:
    assert row.words.strip()
    assert row.name in IN_DOMAIN
    assert row.tests, "name the test that holds this rule"
    assert set(row.tests) <= TESTS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_source_is_a_known_key_a_decision_or_says_that_it_is_ours_or_unverified(
    row: rules.Row,
) -> None:
    cited, decisions = rules.keys(row.source), rules.decisions(row.source)
    assert cited or decisions or row.source.startswith(("ours; ", "unverified; "))
    assert cited <= rules.known_keys()
    assert decisions <= known_decisions()


@pytest.mark.parametrize("path", CRITERIA, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_sources_of_the_criteria_are_known(path: Path) -> None:
    named = re.findall(r'"([^"]+)"', "\n".join(_source_lines(path)))
    assert {key for source in named for key in rules.keys(source)} <= rules.known_keys()
    assert {no for source in named for no in rules.decisions(source)} <= known_decisions()


def test_every_key_is_explained_once() -> None:
    text = rules.SOURCES.read_text(encoding="utf-8")
    keys = re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE)
    assert keys
    assert len(keys) == len(set(keys))


def known_decisions() -> set[str]:
    return {path.name[:4] for path in (rules.ROOT / "docs/decisions").glob("*.md")}


def _source_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line[line.index("source") :] for line in lines if "source" in line and "=" in line]

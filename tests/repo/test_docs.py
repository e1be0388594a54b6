from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from partner_assess.cli import main as cli
from tests.repo import docs, rules

OPERATING = rules.ROOT / "docs/operating.md"
PAPERS = sorted(
    [
        *rules.ROOT.glob("*.md"),
        *rules.ROOT.glob("docs/**/*.md"),
        rules.ROOT / "criteria/README.md",
    ]
)


def test_the_diagrams_are_those_of_the_machines() -> None:
    text = docs.ARCHITECTURE.read_text(encoding="utf-8")
    assert docs.architecture(text) == text, "run `make docs`"
    assert text.count("stateDiagram-v2") == len(docs.LIVES)


def test_the_rules_table_has_the_sources_of_the_code() -> None:
    text = rules.RULES.read_text(encoding="utf-8")
    assert docs.rules_table(text) == text, "run `make docs`, then name the tests of what is new"


def test_what_make_docs_writes_does_not_depend_on_what_it_wrote_before() -> None:
    text = docs.ARCHITECTURE.read_text(encoding="utf-8")
    before, _, rest = text.partition(docs.BEGIN)
    _, _, after = rest.partition(docs.END)
    assert docs.architecture(before + docs.BEGIN + docs.END + after) == text


def test_every_decision_has_the_five_parts_and_a_title_of_its_own() -> None:
    records = sorted((rules.ROOT / "docs/decisions").glob("*.md"))
    assert records
    for record in records:
        heads = [line for line in record.read_text("utf-8").splitlines() if line.startswith("#")]
        assert heads[0].startswith(f"# {record.name[:4]} ")
        assert heads[1:] == [
            "## Status",
            "## Context",
            "## Decision",
            "## What we do not do and why",
            "## Consequences",
        ]


def test_decisions_are_numbered_without_a_hole() -> None:
    records = sorted((rules.ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_command_is_named_in_the_papers_of_operators() -> None:
    names = _commands(cli.group)
    assert len(names) > 15
    text = OPERATING.read_text("utf-8")
    assert [name for name in names if f"| `{name}` |" not in text] == []
    assert [name for name in names if f"`partner-assess {name}" not in text] == [], "an example"


def test_the_papers_of_operators_name_no_command_that_is_not_there() -> None:
    rows = re.findall(r"^\| `([a-z][a-z ]+)` \|", OPERATING.read_text("utf-8"), re.MULTILINE)
    assert set(rows) == set(_commands(cli.group))


def test_every_setting_is_named_in_the_papers_of_operators() -> None:
    code = (rules.ROOT / "partner_assess/settings.py").read_text("utf-8")
    read = re.findall(r'self\.(?:get|_required)\("([A-Z_]+)"', code)
    bare = re.findall(r'self\.env\.get\("([A-Z_]+)"', code)
    settings = {*(f"PARTNER_ASSESS_{name}" for name in read), *bare}
    assert len(settings) == 12
    rows = re.findall(r"^\| `([A-Z_]+)` \|", OPERATING.read_text("utf-8"), re.MULTILINE)
    assert set(rows) == settings


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    assert f"`{command}`" in (rules.ROOT / "README.md").read_text("utf-8")


def test_every_target_that_the_papers_name_is_in_the_makefile() -> None:
    makefile = (rules.ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for paper in PAPERS for name in re.findall(r"`make ([a-z-]+)", _text(paper))}
    assert named
    assert named - targets == set()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(rules.ROOT)))
def test_links_lead_to_files_that_are_there(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", _text(paper))
    local = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    assert [link for link in local if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(rules.ROOT)))
def test_papers_have_one_sentence_a_line(paper: Path) -> None:
    # A paragraph that breaks in the middle of a sentence makes diffs that nobody reads.
    prose = re.sub(r"```.*?```", "", _text(paper), flags=re.DOTALL)
    lines = [line for line in prose.splitlines() if re.match(r"[A-Z`]", line)]
    assert [line for line in lines if not line.rstrip().endswith((".", ":", ";", "?", ")"))] == []


def test_the_picture_of_the_readme_is_small() -> None:
    pictures = sorted((rules.ROOT / "docs/images").glob("*"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 150_000] == []


def _commands(group: click.Group, before: str = "") -> list[str]:
    context = click.Context(group)
    names: list[str] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        is_group = isinstance(command, click.Group)
        names += _commands(command, f"{before}{name} ") if is_group else [f"{before}{name}"]
    return names


def _text(paper: Path) -> str:
    return paper.read_text("utf-8")

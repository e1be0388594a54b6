from __future__ import annotations

from tests.repo import docs, rules


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

"""This file holds what `make docs` writes: diagrams, the rules table, the matrix of permissions.

Words and tests of a rule are written by hand in `docs/rules.md` and kept; its source and its
place come from the code. `tests/repo/test_docs.py` compares all three with what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from typing import Any

from partner_assess.domain import (
    acceptance,
    approval,
    assessment,
    partnership,
    plan,
    suspension,
    trust,
)
from partner_assess.domain.machine import Machine
from tests import permissions
from tests.repo import rules

ARCHITECTURE = rules.ROOT / "docs/architecture.md"
MATRIX = rules.ROOT / "tests/unit/domain/permissions.csv"
BEGIN, END = "<!-- written by `make docs` -->\n", "<!-- end -->\n"

LIVES: tuple[tuple[str, Machine[Any, Any], tuple[StrEnum, ...]], ...] = (
    ("Assessment", assessment.LIFE, (assessment.State.DRAFT,)),
    ("Partnership", partnership.LIFE, (partnership.State.PROPOSED,)),
    ("Approval", approval.LIFE, (approval.State.REQUIRED,)),
    ("Plan", plan.LIFE, (plan.State.DRAFTING,)),
    ("One action of a plan", plan.ACTION_LIFE, (plan.ActionState.OPEN,)),
    (
        "Suspension case",
        suspension.LIFE,
        (suspension.State.SUSPENDED, suspension.State.DECISION_DUE, suspension.State.CONTINUES),
    ),
    ("Received report", acceptance.LIFE, (acceptance.State.RECEIVED,)),
    ("Trusted root", trust.LIFE, (trust.State.PENDING,)),
)


def main() -> None:
    """Write everything anew."""
    ARCHITECTURE.write_text(architecture(ARCHITECTURE.read_text("utf-8")), encoding="utf-8")
    rules.RULES.write_text(rules_table(rules.RULES.read_text("utf-8")), encoding="utf-8")
    MATRIX.write_text(permissions.matrix(), encoding="utf-8")


def architecture(text: str) -> str:
    """Return the map with its diagrams drawn anew."""
    diagrams = "\n".join(f"### {name}\n\n{_diagram(life, begins)}" for name, life, begins in LIVES)
    return _between_marks(text, diagrams)


def rules_table(text: str) -> str:
    """Return the rules with their sources from the code; a rule that is new has no test yet."""
    known = {row.name: row for row in rules.rows(text)}
    stated = (_row(rule, known.get(rule.name)) for rule in rules.stated())
    tables = (
        _table(module, rows)
        for module, rows in groupby(stated, key=lambda row: row.name.partition(".")[0])
    )
    return _between_marks(text, "\n".join(tables))


def _row(rule: rules.Stated, before: rules.Row | None) -> rules.Row:
    words, tests = (before.words, before.tests) if before else (rule.words, ())
    return rules.Row(words, rule.source, rule.name, tests)


def _table(module: str, rows: Iterable[rules.Row]) -> str:
    lines = [f"## {module}", "", "| rule | source | in `domain/` | tests |", "|---|---|---|---|"]
    return "\n".join([*lines, *(row.line() for row in rows)]) + "\n"


def _diagram(life: Machine[Any, Any], begins: tuple[StrEnum, ...]) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {state.value}" for state in begins]
    lines += [f"    {m.state.value} --> {m.to.value}: {m.action.value}" for m in life.moves]
    states = dict.fromkeys([move.to for move in life.moves])
    lines += [f"    {state.value} --> [*]" for state in states if not life.actions(state)]
    return "\n".join([*lines, "```"]) + "\n"


def _between_marks(text: str, written: str) -> str:
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{written}\n{END}{after}"


if __name__ == "__main__":
    main()

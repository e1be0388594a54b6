"""This file holds that every refusal, every state and every deed has its words."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from enum import StrEnum
from pathlib import Path

import pytest

import partner_assess
from partner_assess.domain import approval, assessment, partnership, plan, suspension, trust
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Permission, Role
from partner_assess.web import history, messages, words

PACKAGE = Path(partner_assess.__file__).parent
LAYERS = ("domain", "usecases", "adapters")

# Caught where they are raised: no page and no person ever reads them.
NEVER_SHOWN = {"not_ready"}
# Made from the name of a permission.
MADE = {
    f"not_separate_{one.name.lower()}"
    for one in (
        Permission.ASSESSMENT_ANSWER,
        Permission.ASSESSMENT_REVIEW,
        Permission.APPROVAL_DECIDE,
        Permission.RECEIVED_COUNTERSIGN,
    )
}


def refusals() -> set[str]:
    """Return every code that a rule, a use case or an adapter can refuse with."""
    found: set[str] = set(MADE)
    for layer in LAYERS:
        package = importlib.import_module(f"partner_assess.{layer}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            made = importlib.import_module(module.name)
            for _, one in inspect.getmembers(made, inspect.isclass):
                if issubclass(one, RuleError):
                    found.add(one.code)
    return found | _codes_given()


def _codes_given() -> set[str]:
    """Return the codes that are handed to a refusal where it is raised."""
    found: set[str] = set()
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
                continue
            given = [*node.exc.args[:1], *(k.value for k in node.exc.keywords if k.arg == "code")]
            found |= {
                one.value
                for one in given
                if isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and re.fullmatch(r"[a-z]+(_[a-z]+)+", one.value)
            }
    return found


def _files() -> list[Path]:
    return [path for layer in LAYERS for path in sorted((PACKAGE / layer).rglob("*.py"))]


def _mentioned() -> set[str]:
    """Return every string of the code that could be a code."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in _files())
    return set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', text))


def test_every_refusal_has_a_sentence() -> None:
    assert refusals() - NEVER_SHOWN - set(messages.SENTENCES) == set()


def test_every_sentence_belongs_to_a_refusal() -> None:
    assert set(messages.SENTENCES) - refusals() - _mentioned() == set()


@pytest.mark.parametrize(
    "kind",
    [
        assessment.State,
        partnership.State,
        partnership.Basis,
        partnership.Hindrance,
        approval.State,
        plan.State,
        plan.Health,
        plan.ActionState,
        suspension.State,
        trust.State,
        Role,
    ],
    ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}",
)
def test_every_member_has_a_word(kind: type[StrEnum]) -> None:
    assert all(words.lazy(member) is not None for member in kind)


@pytest.mark.parametrize("kind", list(words._ALL), ids=lambda kind: kind.__name__)
def test_every_table_of_words_is_complete(kind: type[StrEnum]) -> None:
    assert set(words._ALL[kind]) == set(kind)


@pytest.mark.parametrize(
    "kind",
    [assessment.State, partnership.State, approval.State, plan.State, plan.Health,
     plan.ActionState, suspension.State, trust.State],
    ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}",
)  # fmt: skip
def test_every_state_is_drawn(kind: type[StrEnum]) -> None:
    assert all(words.tag(member) for member in kind)


def recorded() -> set[str]:
    """Return every deed that a use case writes down by its name."""
    found: set[str] = set()
    for path in sorted((PACKAGE / "usecases").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in {"record", "_record"}:
                found |= {
                    one.value
                    for one in node.args[:3]
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_every_deed_that_is_written_down_has_a_title() -> None:
    assert len(recorded()) > 10
    assert recorded() - {action for _, action in history._TITLES} == set()


def test_every_move_of_a_life_has_a_title() -> None:
    for about, states in (
        ("approval", approval.State),
        ("suspension", suspension.State),
        ("assessment", assessment.State),
    ):
        told = {action for kind, action in history._TITLES if kind == about}
        moved_to = {state.value for state in states}
        assert told & moved_to, about

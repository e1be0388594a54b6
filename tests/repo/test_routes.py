"""This file holds that every route says who may open it, in the order of the house."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask

from partner_assess.app import create_app
from partner_assess.domain.permissions import Permission
from partner_assess.settings import Settings

ROOT = Path(__file__).parents[2]
PUBLIC = {
    "accounts.login",
    "accounts.logout",
    "check.index",
    "check.show",
    "health.healthz",
    "health.readyz",
    "home.accessibility",
    "home.help_",
    "home.privacy",
    "links.fetch",
    "links.shared",
}
# Long, and made by chance: whoever has one was given it.
SECRETS = {"code", "token"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    files = tmp_path_factory.mktemp("files").as_uri()
    return create_app(Settings(database_url="sqlite://", secret_key="k" * 32, storage_url=files))


def test_every_view_declares_its_permission_or_is_reviewed_as_public(app: Flask) -> None:
    undeclared = object()
    needs = {
        name: getattr(view, "needs", undeclared)
        for name, view in app.view_functions.items()
        if name != "static"
    }
    assert {name for name, one in needs.items() if one is None} == PUBLIC
    assert all(isinstance(one, Permission) for name, one in needs.items() if name not in PUBLIC)


def test_records_are_named_by_ids_that_nobody_can_count(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert "<int:" not in rule.rule
            named = rule.arguments - SECRETS
            assert all(name.endswith("_id") for name in named), rule.rule


def test_no_address_ends_with_a_slash_and_none_has_capitals(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert rule.rule == "/" or not rule.rule.endswith("/")
        assert rule.rule == rule.rule.lower()


def test_every_screen_is_registered(app: Flask) -> None:
    screens = {
        path.name
        for path in (ROOT / "partner_assess/web").iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    }
    assert screens <= set(app.blueprints)


def test_every_view_has_a_docstring_that_says_what_it_does(app: Flask) -> None:
    for name, view in app.view_functions.items():
        if name != "static":
            assert (view.__doc__ or "").strip().endswith("."), name


@pytest.mark.parametrize(
    "path", sorted((ROOT / "partner_assess/web").rglob("*.py")), ids=lambda path: path.stem
)
def test_no_page_reads_a_form_by_hand_without_its_token(path: Path) -> None:
    """Whoever handles POST makes a FlaskForm, whose token is checked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr != "exempt", f"{path.name}: a route without its token"

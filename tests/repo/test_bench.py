"""This file holds that `make bench` can start, and that every promise of docs/bench.md is there."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest

from tests.bench import limits, pages
from tests.bench.crowd import Measured
from tests.bench.rows import Row

DOCS = (Path(__file__).parents[2] / "docs/bench.md").read_text(encoding="utf-8")
NOBODY = UUID(int=0)


def test_the_benchmarks_can_be_imported() -> None:
    assert callable(import_module("tests.bench.__main__").main)


def test_every_page_with_a_limit_is_measured() -> None:
    measured = {page.name for page in pages.pages_of(Measured(NOBODY, NOBODY, NOBODY))}
    assert measured >= set(limits.PAGES)


@pytest.mark.parametrize(("name", "limit"), limits.PAGES.items())
def test_every_limit_of_a_page_is_in_the_docs(name: str, limit: float) -> None:
    assert f"| {name} | {limit:g} |" in DOCS


@pytest.mark.parametrize(
    ("value", "limit", "verdict"),
    [(1.5, 1.5, "ok"), (1.51, 1.5, "OVER"), (9.0, None, "")],
)
def test_a_row_is_judged_by_its_limit(value: float, limit: float | None, verdict: str) -> None:
    assert Row("anything", value, limit).verdict == verdict

"""This file holds checks of the look: the style sheet, the script and the component macros."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "app.css"
JS = ROOT / "static" / "app.js"
DOCUMENTS = ROOT / "templates" / "documents"  # become PDFs, so no Content-Security-Policy applies
PAGES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if DOCUMENTS not in path.parents
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
MANUAL = ROOT / "templates" / "components" / "README.md"

KB = 1024


def environment() -> Environment:
    """Give the strict environment in which components must parse."""
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
    )


def name_of(path: Path) -> str:
    """Name a file by its place in the repository, for readable test ids."""
    return str(path.relative_to(ROOT))


def test_the_style_sheet_knows_start_and_end_but_no_physical_sides() -> None:
    found = re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*", CSS.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    ("path", "raw", "compressed"),
    [(CSS, 31 * KB, 8 * KB), (JS, 10 * KB, 4 * KB)],
    ids=["css", "js"],
)
def test_a_static_file_stays_within_its_budget(path: Path, raw: int, compressed: int) -> None:
    content = path.read_bytes()
    assert len(content) <= raw
    assert len(gzip.compress(content, 9)) <= compressed


def test_every_custom_property_that_is_used_is_defined() -> None:
    css = CSS.read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    defined = set(re.findall(r"(--[\w-]+):", css))
    assert used == defined


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_holds_no_inline_style_and_no_inline_script(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=\s*[\"']|<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_never_switches_escaping_off(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", source)


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_parses_and_holds_macros(path: Path) -> None:
    tree = environment().parse(path.read_text(encoding="utf-8"))
    assert list(tree.find_all(nodes.Macro))
    assert environment().get_template(f"components/{path.name}").module


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_is_in_the_manual(path: Path) -> None:
    assert f"| {path.stem} |" in MANUAL.read_text(encoding="utf-8")


def test_the_manual_names_each_macro_with_the_arguments_it_takes() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    promised = re.findall(r"`([a-z_]+)\(([^`]*)\)`", manual)
    macros = {
        macro.name: [argument.name for argument in macro.args]
        for path in COMPONENTS
        for macro in environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Macro)
    }
    for name, arguments in promised:
        if name not in macros:
            continue
        written = [part.split("=")[0].strip() for part in arguments.split(",") if part.strip()]
        written = [part for part in written if part.isidentifier()]
        assert written == macros[name], name

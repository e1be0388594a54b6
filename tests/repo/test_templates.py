"""This file holds what every template must be: parsed, used, tidy, and all in gettext."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ENVIRONMENT = Environment(
    extensions=["jinja2.ext.i18n"], autoescape=True, trim_blocks=True, lstrip_blocks=True
)
# Names, and words that stand as they are in every language.
AS_THEY_ARE = {"PartnerAssess", "KB", "kB", "MB", "PDF"}
SAID = r'(?:aria-label|title|alt|placeholder|data-label)="([^"{]*[A-Za-z]{2,}[^"{]*)"'


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def tree_of(path: Path) -> nodes.Template:
    return ENVIRONMENT.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_imports_nothing_that_it_does_not_use(path: Path) -> None:
    tree = tree_of(path)
    imported: set[str] = set()
    for node in tree.find_all(nodes.FromImport):
        imported |= {name if isinstance(name, str) else name[1] for name in node.names}
    imported |= {node.target for node in tree.find_all(nodes.Import)}
    used = {name.name for name in tree.find_all(nodes.Name)}
    assert imported - used == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_words_outside_gettext(path: Path) -> None:
    found: list[str] = []
    for output in tree_of(path).find_all(nodes.Output):
        found += [one.data for one in output.nodes if isinstance(one, nodes.TemplateData)]
    text = re.sub(r"<!--.*?-->", " ", "\0".join(found), flags=re.DOTALL)
    said = re.findall(SAID, text)
    bare = re.sub(r"<[^>]*>?", " ", text)  # a tag may be cut by an expression
    bare = re.sub(r"^[^<>]*>", " ", bare)
    bare = re.sub(r"\0[^\0<>]*\">|\0[^\0<>]*\"", " ", bare)
    words = [word for one in [*said, bare] for word in re.findall(r"[A-Za-z]{3,}", one)]
    assert [word for word in words if word not in AS_THEY_ARE and not _is_markup(word)] == []


def _is_markup(word: str) -> bool:
    """Tell what is left of a tag that an expression cut in two, and names of the style sheet."""
    return word in {"columns", "broad", "class", "selected", "checked", "hidden", "amp", "doctype"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_sentence_is_a_constant_that_a_translator_can_find(path: Path) -> None:
    for call in tree_of(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext"}:
            first = call.args[: 2 if call.node.name == "ngettext" else 1]
            assert all(isinstance(one, nodes.Const) and one.value.strip() for one in first)


def test_every_template_is_used() -> None:
    sources = [*TEMPLATES, *(ROOT / "partner_assess").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    manual = (ROOT / "templates/components/README.md").read_text(encoding="utf-8")
    offered = {f"components/{name}.html" for name in re.findall(r"^\| (\w+) \|", manual, re.M)}
    unused = {name for path in TEMPLATES if f'"{(name := name_of(path))}"' not in text}
    assert unused - offered == set()


def test_every_macro_is_used_or_in_the_manual() -> None:
    manual = (ROOT / "templates/components/README.md").read_text(encoding="utf-8")
    called = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    for path in TEMPLATES:
        for macro in tree_of(path).find_all(nodes.Macro):
            uses = len(re.findall(rf"\b{macro.name}\b", called))
            assert uses > 1 or macro.name in manual, f"{name_of(path)}: {macro.name}"

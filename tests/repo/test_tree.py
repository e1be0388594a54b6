"""This file holds what must not stand in any file of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNTRACKED = {".git", ".venv", "build", "dist", "instance", "node_modules", "__pycache__", "htmlcov"}

# Written in parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + r"\.org", "python" + r"hosted\.org", "npmjs" + r"\.(org|com)", "yarnpkg" + r"\.com",
    r"deb\." + r"debian\.org", r"security\." + r"debian\.org", r"proxy\." + r"golang\.org",
    "crates" + r"\.io", "rubygems" + r"\.org", r"maven\.(org|" + r"apache)", "jsdelivr" + r"\.net",
    "unpkg" + r"\.com", "cdnjs" + r"\.", r"fonts\." + r"g(oogleapis|static)\.com",
]  # fmt: skip
MACHINE_PATHS = [
    r"(?<![\w.}>])/" + r"(home|Users)/\w+/",
    r"(?<![\w.}>])/" + r"root/[\w.]",
    r"(?<![\w.}>])/" + r"work/(main|shared)",
    r"\.py" + r"env/versions",
]
SECRETS = [
    "-----BEGIN [A-Z ]*" + "PRIVATE KEY",
    "AKIA" + "[0-9A-Z]{16}",
    r"://\w+:[^@\s/{}$]+" + r"@(?!localhost|127\.)",
]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert _found(REGISTRIES) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert _found([*MACHINE_PATHS, *_this_checkout()]) == []


def test_no_file_holds_a_key_or_a_password() -> None:
    assert _found(SECRETS) == []


@pytest.mark.parametrize("group", ["app", "scale", "dev"])
def test_requirements_hold_no_address_and_no_place_to_look(group: str) -> None:
    text = (ROOT / f"requirements/{group}.txt").read_text(encoding="utf-8")
    assert re.findall(r"\S+://\S*|^--?[a-z][a-z-]*.*|\S+ @ \S+", text, re.MULTILINE) == []


@pytest.mark.parametrize("group", ["app", "scale", "dev"])
def test_requirements_pin_what_is_asked_for_with_hashes(group: str) -> None:
    asked = (ROOT / f"requirements/{group}.in").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z][\w.-]*)(?:\[\w+\])?(==[\w.]+)", asked, re.MULTILINE)
    pins = {f"{name}{version}" for name, version in names}
    assert pins
    assert pins <= set(_pins(group))
    assert [pin for pin, rest in _pins(group).items() if "--hash=sha256:" not in rest] == []


def test_the_groups_of_requirements_agree_on_versions() -> None:
    # Each group alone may hold a package twice, for different Pythons.
    app, others = _pins("app"), {**_pins("scale"), **_pins("dev")}
    names = {pin.partition("==")[0] for pin in app}
    assert [pin for pin in others if pin.partition("==")[0] in names and pin not in app] == []


def _pins(group: str) -> dict[str, str]:
    """Return each `name==version` of a requirements file, with the hashes that follow it."""
    text = (ROOT / f"requirements/{group}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    return {block.split()[0]: block for block in blocks}


def _found(patterns: list[str]) -> list[str]:
    """Return file, line and what was found there, for each place that matches."""
    anything = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    hits: list[str] = []
    for path in _files():
        for number, line in enumerate(_lines(path), start=1):
            match = anything.search(line)
            if match:
                hits.append(f"{path.relative_to(ROOT)}:{number}: {match.group()}")
    return hits


def _lines(path: Path) -> list[str]:
    content = path.read_bytes()
    return [] if b"\0" in content[:1024] else content.decode("utf-8", "replace").splitlines()


def _files() -> list[Path]:
    """Return what git would commit; without git, all files but those in ignored folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not UNTRACKED & set(path.parts)]
    else:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    files = [path for path in found if path.is_file()]
    assert files
    return files


def _this_checkout() -> list[str]:
    """Return this checkout's own path as a pattern, unless it is too short to mean anything."""
    return [re.escape(str(ROOT))] if len(ROOT.parts) > 3 else []

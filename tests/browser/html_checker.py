"""This file holds how tests ask the Nu HTML checker about pages."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests import machine


def problems_of(pages: dict[str, str], folder: Path) -> list[str]:
    """Return what the checker finds in pages, each with the name of its page.

    One virtual machine for all of them: its start costs more than the checks. It guesses no
    languages: what the pseudo languages are written in is none.
    """
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    options = ("--format", "json", "--exit-zero-always", "--no-langdetect")
    done = subprocess.run(  # noqa: S603 - a jar of known content
        ["java", "-Xss2m", "-jar", machine.HTML_CHECKER_JAR, *options, folder],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return [
        f"{Path(one['url']).stem}: {one['message']} {one.get('extract', '')}"
        for one in json.loads(done.stderr)["messages"]
    ]

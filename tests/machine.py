"""This file holds what the tests need of the machine, and what to say where it is missing.

A missing piece skips its tests with a reason. In CI (`CI=true`), or where `REQUIRE` names
it (`REQUIRE=postgresql,chromium make test`), it is compulsory and `tests/run.py` stops.
"""

from __future__ import annotations

import ctypes
import functools
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgres

PANGO_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
JAXB_JAR = Path("/usr/share/java/jaxb-api.jar")
# Fetched by scripts/system-packages.sh.
HTML_CHECKER_JAR = (
    Path(__file__).parents[1] / "build/html-checker/node_modules/vnu-jar/build/dist/vnu.jar"
)


@dataclass(frozen=True)
class Need:
    """One thing of the machine: its name in `REQUIRE`, and how to find it."""

    name: str
    is_there: Callable[[], bool]

    @property
    def reason(self) -> str:
        return f"{self.name} is not installed"


def chromium() -> str | None:
    """Return the path of Chromium or Chrome, or None."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def has_pango() -> bool:
    """Tell whether WeasyPrint will find its libraries."""
    try:
        for library in PANGO_LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_java() -> bool:
    return shutil.which("java") is not None and JAXB_JAR.exists()


@functools.cache
def _has_html_checker() -> bool:
    # Asked for its version, because an older Java has the command and cannot run it.
    if shutil.which("java") is None or not HTML_CHECKER_JAR.exists():
        return False
    command = ["java", "-jar", HTML_CHECKER_JAR, "--version"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _has_pdf_tools() -> bool:
    return all(shutil.which(tool) for tool in ("pdftoppm", "pdftotext", "pdfsig", "qpdf"))


NEEDS = {
    need.name: need
    for need in (
        Need("postgresql", postgres.is_available),
        Need("chromium", lambda: chromium() is not None),
        Need("pango", has_pango),
        Need("java", _has_java),  # veraPDF runs on it
        Need("openssl", lambda: shutil.which("openssl") is not None),
        Need("pdf-tools", _has_pdf_tools),  # of poppler and qpdf
        Need("html-checker", _has_html_checker),  # Nu, which needs Java 17
    )
}


def required() -> frozenset[str]:
    """Return the names of what must not be missing: in CI all but what comes by npm.

    Not every CI reaches npm's registry; where it does not, the summary says what was skipped.
    """
    if os.environ.get("CI") == "true":
        return frozenset(NEEDS) - {"html-checker"}
    return frozenset(os.environ.get("REQUIRE", "").replace(",", " ").split())


def needs(*names: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test, saying why, where one of the named things is missing."""
    missing = [NEEDS[name].reason for name in names if not NEEDS[name].is_there()]
    return pytest.mark.skipif(bool(missing), reason="; ".join(missing))

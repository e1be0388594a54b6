"""This file holds how HTML becomes an archival, accessible PDF with its data inside.

PDF/A-3a and PDF/UA-1 in one file. The same input gives the same bytes, so a digest of them means
something. WeasyPrint is imported only where a document is made: in a child process of its own
(`adapters/pdf_page.py`).
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# What WeasyPrint cannot be imported without, and the Debian package that brings it.
LIBRARIES = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0"}
MODULES = {
    "weasyprint": "weasyprint",
    "fontpkg_noto_sans": "fontpkg-noto-sans",
    "fontpkg_noto_sans_arabic": "fontpkg-noto-sans-arabic",
}
# The empty field in a document that is to be sealed.
SEAL_FIELD = "Seal"
# No fonts of the machine: the pages look the same wherever they are made.
FONTCONFIG = "<?xml version='1.0'?><fontconfig><cachedir>{folder}</cachedir></fontconfig>"


@dataclass(frozen=True, slots=True)
class Attachment:
    """The data that goes with the page, as a file inside the PDF."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost before it is given up."""

    seconds: int = 60
    megabytes: int = 1024


class PdfFailed(Exception):
    """No document came out.

    Attributes:
        code: "timeout" or "crashed".
        detail: Last words of the process, for the log; never for a page.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


@cache
def available() -> str | None:
    """Return the names of the packages that PDF waits for, None if it works here.

    Looks, but loads nothing: the web process never carries the library.
    """
    missing = [package for name, package in LIBRARIES.items() if find_library(name) is None]
    missing += [package for name, package in MODULES.items() if find_spec(name) is None]
    return ", ".join(missing) or None


def render_in_process(
    html: str,
    *,
    attachment: Attachment,
    identifier: bytes,
    created: datetime,
    seal_label: str = "",
    limits: Limits | None = None,
) -> bytes:
    """Return what `pdf_page.render` returns, made by a child process with a time and memory limit.

    The child knows nothing of this process: no environment, no open file, no database.

    Raises:
        PdfFailed: If it took too long, too much memory, or broke.
    """
    limits = limits or Limits()
    request = {
        "html": html,
        "attachment": {
            "name": attachment.name,
            "content": base64.b64encode(attachment.content).decode(),
            "description": attachment.description,
        },
        "identifier": identifier.hex(),
        "created": created.isoformat(),
        "seal_label": seal_label,
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
    }
    with tempfile.TemporaryDirectory(prefix="partner-assess-pdf-") as folder:
        fontconfig = Path(folder, "fonts.conf")
        fontconfig.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
        try:
            done = subprocess.run(  # our own module, no shell; the request goes by standard input
                [sys.executable, "-P", "-m", "partner_assess.adapters.pdf_page"],
                input=json.dumps(request).encode(),
                capture_output=True,
                check=False,
                cwd=folder,
                env={
                    "PYTHONPATH": str(Path(__file__).parents[2]),
                    "FONTCONFIG_FILE": str(fontconfig),
                    "HOME": folder,
                    "TMPDIR": folder,
                    "LANG": "C.UTF-8",
                    # Or each font would carry the second in which it was cut down.
                    "SOURCE_DATE_EPOCH": str(int(created.timestamp())),
                },
                timeout=limits.seconds,
            )
        except subprocess.TimeoutExpired as too_long:
            raise PdfFailed("timeout", f"more than {limits.seconds} s") from too_long
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise PdfFailed("crashed", done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout

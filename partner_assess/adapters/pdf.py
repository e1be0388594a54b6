"""This file holds how HTML becomes an archival, accessible PDF with its data inside.

PDF/A-3a and PDF/UA-1 in one file. The same input gives the same bytes, so a digest of them means
something. WeasyPrint is imported only where documents are made: in a process of its own that
begins a child for each (`adapters/pdf_worker.py`, `adapters/workshop.py`).
"""

from __future__ import annotations

import atexit
import base64
import json
import shutil
import tempfile
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from partner_assess.adapters import workshop

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
    }
    try:
        made = _workshop().do(
            json.dumps(request).encode(), workshop.Limits(limits.seconds, limits.megabytes)
        )
    except workshop.WorkFailed as failed:
        raise PdfFailed(failed.outcome.name.lower(), failed.detail) from failed
    if not made.startswith(b"%PDF-"):
        raise PdfFailed("crashed", "no PDF came out")
    return made


@cache
def _workshop() -> workshop.Workshop:
    folder = Path(tempfile.mkdtemp(prefix="partner-assess-pdf-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    fontconfig = folder / "fonts.conf"
    fontconfig.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
    env = {"FONTCONFIG_FILE": str(fontconfig), "HOME": str(folder), "TMPDIR": str(folder)}
    return workshop.Workshop("partner_assess.adapters.pdf_worker", env=env)

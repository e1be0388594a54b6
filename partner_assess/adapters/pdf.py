"""This file holds how HTML becomes an archival, accessible PDF with its data inside.

PDF/A-3a and PDF/UA-1 in one file. The same input gives the same bytes, so a digest of them means
something. WeasyPrint is imported only where a document is made: in a child process of its own.
"""

from __future__ import annotations

import base64
import binascii
import json
import resource
import subprocess
import sys
import tempfile
import unicodedata
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

# What WeasyPrint cannot be imported without, and the Debian package that brings it.
LIBRARIES = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0"}
MODULES = {
    "weasyprint": "weasyprint",
    "fontpkg_noto_sans": "fontpkg-noto-sans",
    "fontpkg_noto_sans_arabic": "fontpkg-noto-sans-arabic",
}
# What a style sheet may ask for, by these addresses alone: `src: url(font:noto-sans)`.
FONTS = {
    "font:noto-sans": ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    "font:noto-sans-arabic": ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
}
# No fonts of the machine: the pages look the same wherever they are made.
FONTCONFIG = "<?xml version='1.0'?><fontconfig><cachedir>{folder}</cachedir></fontconfig>"
NOT_PRINTABLE = "\ufffd"
MEGABYTE = 1024 * 1024


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
    limits: Limits | None = None,
) -> bytes:
    """Return what `render` returns, made by a child process with a time and memory limit.

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
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
    }
    with tempfile.TemporaryDirectory(prefix="partner-assess-pdf-") as folder:
        fontconfig = Path(folder, "fonts.conf")
        fontconfig.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
        try:
            done = subprocess.run(  # noqa: S603 (our own module; the request goes by stdin)
                [sys.executable, "-P", "-m", "partner_assess.adapters.pdf"],
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
                },
                timeout=limits.seconds,
            )
        except subprocess.TimeoutExpired as too_long:
            raise PdfFailed("timeout", f"more than {limits.seconds} s") from too_long
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise PdfFailed("crashed", done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


def render(
    html: str, *, attachment: Attachment, identifier: bytes, created: datetime
) -> bytes:
    """Return the PDF/A-3a and PDF/UA-1 file of this page, the attachment inside.

    Args:
        html: A whole page with its style inside; it can fetch nothing but FONTS.
        attachment: The data, with `/AFRelationship /Data`.
        identifier: What makes this document itself: the digest of its data.
        created: The moment of the facts; the clock has no part in the bytes.
    """
    import weasyprint  # noqa: PLC0415 (35 MB and a second, only where a document is made)

    from partner_assess.adapters import pdf_marks  # noqa: PLC0415 (needs pydyf, as above)

    moment = created.astimezone(UTC)
    page = weasyprint.HTML(string=printable(html), url_fetcher=_fonts_only(), base_url=None)
    document = page.render(pdf_variant="pdf/a-3a")
    document.metadata.created = document.metadata.modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    document.metadata.attachments = []
    pdf_marks.declare(document.metadata, attachment.name, attachment.content)
    written: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=identifier,
        finisher=pdf_marks.finish,
        attachments=[
            weasyprint.Attachment(
                string=attachment.content,
                name=attachment.name,
                description=attachment.description,
                created=moment,
                modified=moment,
                relationship="Data",
            )
        ],
    )
    return written


def printable(text: str) -> str:
    """Return the text with a replacement mark for each sign that no font of ours has.

    An archival file may hold no missing glyph. The data inside keeps every sign as it was.
    """
    known = _covered()
    return "".join(
        sign if ord(sign) in known or _invisible(sign) else NOT_PRINTABLE for sign in text
    )


def _invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Cf"


@cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (comes and goes with WeasyPrint)

    covered: set[int] = set()
    for address in FONTS:
        with TTFont(font_file(address), lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)


def font_file(address: str) -> Path:
    """Return the file behind one of the addresses of FONTS. Raises KeyError for any other."""
    package, name = FONTS[address]
    return Path(str(files(package).joinpath("files", name)))


def _fonts_only():
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 (see render)

    class FontsOnly(URLFetcher):
        """Serves our fonts; no file of the machine, no network, nothing else."""

        def fetch(self, url, headers=None):
            if url not in FONTS:
                raise ValueError(f"not allowed in a document: {url[:100]}")
            return URLFetcherResponse(url, font_file(url).read_bytes())

    return FontsOnly()


def main() -> int:
    """Read one request on standard input, write the PDF to standard output."""
    try:
        request = json.load(sys.stdin.buffer)
        attachment = Attachment(
            name=request["attachment"]["name"],
            content=base64.b64decode(request["attachment"]["content"], validate=True),
            description=request["attachment"]["description"],
        )
        identifier = bytes.fromhex(request["identifier"])
        created = datetime.fromisoformat(request["created"])
        _limit(request["seconds"], request["megabytes"])
    except (ValueError, KeyError, TypeError, binascii.Error) as bad:
        sys.stderr.write(f"not a request: {bad!r}\n")
        return 2
    pdf = render(request["html"], attachment=attachment, identifier=identifier, created=created)
    sys.stdout.buffer.write(pdf)
    return 0


def _limit(seconds: int, megabytes: int) -> None:
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes * MEGABYTE),
        (resource.RLIMIT_FSIZE, 64 * MEGABYTE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    raise SystemExit(main())

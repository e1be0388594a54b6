"""This file holds how one page of HTML becomes the PDF; it runs in a process of its own."""
# WeasyPrint, pydyf and fontTools are untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

import weasyprint
from fontTools.ttLib import TTFont
from weasyprint.urls import URLFetcher, URLFetcherResponse

from partner_assess.adapters import pdf_marks
from partner_assess.adapters.pdf import Attachment

# What a style sheet may ask for, by these addresses alone: `src: url(font:noto-sans)`.
FONTS = {
    "font:noto-sans": ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    "font:noto-sans-arabic": ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
}
NOT_PRINTABLE = "\ufffd"


def render(
    html: str,
    *,
    attachment: Attachment,
    identifier: bytes,
    created: datetime,
    seal_label: str = "",
) -> bytes:
    """Return the PDF/A-3a and PDF/UA-1 file of this page, the attachment inside.

    Args:
        html: A whole page with its style inside; it can fetch nothing but FONTS.
        attachment: The data, with `/AFRelationship /Data`.
        identifier: What makes this document itself: the digest of its data.
        created: The moment of the facts; the clock has no part in the bytes.
        seal_label: What a screen reader says of the seal; without it the document gets no field
            for one.
    """
    moment = created.astimezone(UTC)
    page = weasyprint.HTML(string=printable(html), url_fetcher=FontsOnly(), base_url=None)
    document = page.render(pdf_variant="pdf/a-3a")
    document.metadata.created = document.metadata.modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    document.metadata.attachments = []
    pdf_marks.declare(document.metadata, attachment.name, attachment.content)
    written = document.write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=identifier,
        finisher=partial(pdf_marks.finish, seal_label=seal_label),
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
    return written or b""


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
    covered: set[int] = set()
    for address in FONTS:
        with TTFont(font_file(address), lazy=True) as font:
            covered.update(font.getBestCmap() or ())
    return frozenset(covered)


def font_file(address: str) -> Path:
    """Return the file behind one of the addresses of FONTS. Raises KeyError for any other."""
    package, name = FONTS[address]
    return Path(str(files(package).joinpath("files", name)))


class FontsOnly(URLFetcher):
    """Serves our fonts to the page; no file of the machine, no network, nothing else."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return one of FONTS. Raises ValueError for any other address."""
        if url not in FONTS:
            raise ValueError(f"not allowed in a document: {url[:100]}")
        return URLFetcherResponse(url, font_file(url).read_bytes())

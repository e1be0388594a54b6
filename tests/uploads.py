"""This file holds uploads for tests: what people bring, and ways to say what is wrong with it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from partner_assess.adapters.evidence_files import checked
from partner_assess.domain.evidence import RefusedFile

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument"
DOCUMENT = f"{KINDS}.wordprocessingml.document.main+xml"
WORKBOOK = f"{KINDS}.spreadsheetml.sheet.main+xml"


def refusal(filename: str, content: bytes) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(RefusedFile) as caught:
        checked(filename, content)
    return caught.value.code


def a_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    """Return a PDF of one page, with its objects packed into streams as today's programs do."""
    pdf = pikepdf.Pdf.new()
    pdf.add_blank_page()
    if change:
        change(pdf)
    saved = io.BytesIO()
    how = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, **save}
    pdf.save(saved, **how)
    return saved.getvalue()


def links(*those: tuple[str, str, str]) -> str:
    """Return the relationships of a part: kind, target, mode."""
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        f' TargetMode="{mode}"/>'
        for number, (kind, target, mode) in enumerate(those)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{LINKS}">{lines}</Relationships>'


def parts(main: str = "word/document.xml", kind: str = DOCUMENT) -> dict[str, str | bytes]:
    """Return the parts of a small docx."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml"'
        f' ContentType="application/xml"/><Override PartName="/{main}"'
        f' ContentType="{kind}"/></Types>',
        "_rels/.rels": links(("officeDocument", main, "Internal")),
        main: "<w:document/>",
    }


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def a_docx(**more: str | bytes) -> bytes:
    """Return a small docx with further parts, named with __ for a slash."""
    return packed(parts() | {name.replace("__", "/"): part for name, part in more.items()})


def an_xlsx() -> bytes:
    return packed(parts("xl/workbook.xml", WORKBOOK))


def a_picture(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (30, 20), **how: object
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 120).save(file, kind, **how)
    return file.getvalue()


def a_png_that_states(width: int, height: int) -> bytes:
    """Return a small PNG whose header states a size."""
    png = a_picture("PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


SAMPLES = {
    "policy.pdf": a_pdf(),
    "policy.docx": a_docx(),
    "totals.xlsx": an_xlsx(),
    "poster.png": a_picture("PNG"),
    "poster.jpg": a_picture("JPEG"),
}


def linked(kind: str, mode: str) -> bytes:
    """Return a docx with one relationship beyond its own."""
    link = links((kind, "https://example.org/a", mode))
    return packed(parts() | {"word/_rels/document.xml.rels": link})

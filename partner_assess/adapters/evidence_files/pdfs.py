"""This file holds the look at a PDF: whole, nothing glued on, nothing that acts or hides.

Two layers are searched for what acts: the file as it lies there, and its compressed object
streams. What a malicious reader of the format could still hide deeper is for a virus scanner.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from partner_assess.adapters.evidence_files.inflating import inflated
from partner_assess.domain.evidence import RefusedFile

_BLANKS = b"\0\t\n\f\r "
_MAX_UNPACKED = 64 * 1024 * 1024  # read and written, over all object streams of a file
_OVERLAP = 128  # longer than any name looked for, each letter as #xx


def _name(*words: str) -> re.Pattern[bytes]:
    """Return a pattern for names of PDF, whose letters may be written as #xx."""
    spelled = "|".join(
        "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word) for word in words
    )
    return re.compile(rf"/({spelled})(?=[\0\t\n\f\r ()<>\[\]{{}}/%]|\Z)".encode())


_SCRIPTS = _name("JavaScript", "Launch")
_ATTACHMENTS = _name("EmbeddedFile", "EmbeddedFiles", "FileAttachment")
_ENCRYPTED = _name("Encrypt")
_OBJECT_STREAM = _name("ObjStm")
_STREAM = re.compile(rb"\bstream\r?\n")


def checked(content: bytes) -> bytes:
    """Return the content of a PDF that may be kept, as it is.

    Raises:
        RefusedFile: it may not.
    """
    if not content.startswith(b"%PDF-") or zipfile.is_zipfile(io.BytesIO(content)):
        raise RefusedFile("file_content_differs", extension="pdf")
    end = content[-4096:].rstrip(_BLANKS)
    if not end.endswith(b"%%EOF") or b"startxref" not in end[-1024:]:
        raise RefusedFile("file_damaged")
    if _ENCRYPTED.search(content):
        raise RefusedFile("file_encrypted")
    _refuse_what_acts(content)
    for part in _object_streams(content):
        _refuse_what_acts(part)
    return content


def _refuse_what_acts(part: bytes) -> None:
    if _SCRIPTS.search(part):
        raise RefusedFile("file_has_scripts")
    if _ATTACHMENTS.search(part):
        raise RefusedFile("file_has_attachments")


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Yield what the object streams of a PDF hold, in overlapping chunks."""
    budget, place = _MAX_UNPACKED, 0
    while start := _next_object_stream(content, place):
        place = start
        budget -= 1024  # so that a great many empty ones end, too
        before = b""
        for read, chunk in _readable(memoryview(content)[start:]):
            budget -= read + len(chunk)
            if budget < 0:
                raise RefusedFile("file_unpacks_too_large")
            yield before + chunk
            before = (before + chunk)[-_OVERLAP:]


def _next_object_stream(content: bytes, place: int) -> int | None:
    found = _OBJECT_STREAM.search(content, place)
    start = _STREAM.search(content, found.end()) if found else None
    return start.end() if start else None


def _readable(packed: memoryview) -> Iterator[tuple[int, bytes]]:
    """Yield what can be unpacked; what is not packed lies open, and was searched as it lies."""
    try:
        yield from inflated(packed)
    except zlib.error:
        return

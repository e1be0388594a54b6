"""This file holds the way in for files: looked at, then kept by what they hold.

A file is believed in nothing: not its name, not its first bytes, not the sizes it states.
"""

from __future__ import annotations

from collections.abc import Callable

from partner_assess.adapters.evidence_files import images, office, pdfs
from partner_assess.adapters.evidence_files.store import BadStorageUrl, FileStore, make_store
from partner_assess.domain.evidence import (
    MEDIA_TYPES,
    CheckedFile,
    clean_filename,
    extension_of,
    require_acceptable_size,
)

__all__ = ["BadStorageUrl", "FileStore", "checked", "make_store"]

_CHECKS: dict[str, Callable[[bytes], bytes]] = {
    "pdf": pdfs.checked,
    "docx": office.checked_document,
    "xlsx": office.checked_workbook,
    "png": images.checked_png,
    "jpg": images.checked_jpeg,
}


def checked(filename: str, content: bytes) -> CheckedFile:
    """Return a file as it may be kept.

    Raises:
        RefusedFile: the code says why, `web/messages.py` what to do.
    """
    extension = extension_of(filename)
    require_acceptable_size(len(content))
    return CheckedFile(
        content=_CHECKS[extension](content),
        media_type=MEDIA_TYPES[extension],
        extension=extension,
        filename=clean_filename(filename),
    )

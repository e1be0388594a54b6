"""This file holds the store: a folder in which a file's name is the SHA-256 of its content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Where what nobody has decided to keep waits for a day.
_HELD = "held"
_HELD_SECONDS = 24 * 60 * 60

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BadStorageUrl(ValueError):
    """The storage setting names no place that can be used."""


class FileStore:
    """Files under a folder, each at `ab/cdef…` by its SHA-256.

    Nothing is ever half there: a file gets its name when all of it is on the disk.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256 in hex. What is there already stays."""
        sha256 = hashlib.sha256(content).hexdigest()
        place = self._place(sha256)
        if not place.is_file():
            _write(place, content)
        return sha256

    def path(self, sha256: str) -> Path:
        """Return where the content lies.

        Raises:
            FileNotFoundError: it is not here.
            ValueError: this is not a SHA-256 in lower-case hex.
        """
        place = self._place(sha256)
        if not place.is_file():
            raise FileNotFoundError(sha256)
        return place

    def hold(self, content: bytes) -> str:
        """Keep the content for a day, apart from what is kept, and return its SHA-256 in hex.

        What others held for longer goes: nobody has to sweep.
        """
        held = FileStore(self.root / _HELD)
        for one in held.root.glob("??/*"):
            if one.stat().st_mtime < time.time() - _HELD_SECONDS:
                one.unlink(missing_ok=True)
        sha256 = held.put(content)
        held.path(sha256).touch()  # its day begins anew
        return sha256

    def held(self, sha256: str) -> bytes:
        """Return what is held.

        Raises:
            FileNotFoundError: its day is over, or it never came.
            ValueError: this is not a SHA-256 in lower-case hex.
        """
        return FileStore(self.root / _HELD).path(sha256).read_bytes()

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.root / sha256[:2] / sha256[2:]


def make_store(url: str) -> FileStore:
    """Return the store that a setting names: `file:///var/lib/partner-assess/evidence`.

    Raises:
        BadStorageUrl: it says what to set instead.
    """
    parts = urlsplit(url)
    path = Path(unquote(parts.path))
    if parts.scheme == "s3":
        raise BadStorageUrl(
            "STORAGE_URL: s3:// is not supported by this version; name a folder, file:///…"
        )
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or len(path.parts) < 2:
        raise BadStorageUrl("STORAGE_URL names a folder by its whole path: file:///…")
    return FileStore(path)


def _write(place: Path, content: bytes) -> None:
    """Write a file so that it is whole or not there, whoever else writes the same."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix="part-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _settle(place.parent)
    _settle(place.parent.parent)


def _settle(folder: Path) -> None:
    """Have the names in a folder survive a loss of power, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

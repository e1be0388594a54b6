"""This file holds the store: a folder in which a file's name is the SHA-256 of its content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Names of files that are not whole yet, and of those that are about to go.
_UNFINISHED, _LEAVING = "part-", "leaving-"
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
        """Keep the content and return its SHA-256 in hex. What is there already counts as new."""
        sha256 = hashlib.sha256(content).hexdigest()
        place = self._place(sha256)
        if not _touch(place):
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

    def put_before(self, moment: datetime) -> Iterator[str]:
        """Yield the SHA-256 of each file that was last put before a moment, in order.

        What a crash left half written, or half removed, is cleared on the way.
        """
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/*")):
            if path.is_dir() or not _is_older(path, moment):
                continue
            if path.name.startswith(_LEAVING):
                _put_back(path)
            elif path.name.startswith(_UNFINISHED):
                path.unlink(missing_ok=True)
            elif _SHA256.fullmatch(path.parent.name + path.name):
                yield path.parent.name + path.name

    def remove(self, sha256: str, *, put_before: datetime) -> bool:
        """Remove a file that was last put before a moment; return whether it did.

        Whoever puts the same content meanwhile keeps it: it is renamed, looked at once more,
        and only then removed.
        """
        place = self._place(sha256)
        leaving = place.with_name(_LEAVING + place.name)
        try:
            place.replace(leaving)
        except FileNotFoundError:
            return False
        if not _is_older(leaving, put_before):
            _put_back(leaving)
            return False
        try:
            leaving.unlink()
        except FileNotFoundError:
            return False  # another sweep has put it back, and will come again
        return True

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


def _touch(place: Path) -> bool:
    """Count a file as put just now; return whether it is there."""
    if not place.is_file():
        return False
    try:
        os.utime(place)
    except FileNotFoundError:
        return False  # it was being removed
    return True


def _put_back(leaving: Path) -> None:
    """Give a file that was about to go its name again, unless there is a newer one."""
    place = leaving.with_name(leaving.name.removeprefix(_LEAVING))
    with suppress(FileNotFoundError):  # another sweep was faster
        if place.is_file():
            leaving.unlink()
        else:
            leaving.replace(place)


def _is_older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False  # another sweep was faster


def _write(place: Path, content: bytes) -> None:
    """Write a file so that it is whole or not there, whoever else writes the same."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=_UNFINISHED)
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

"""This file holds how commands read a file, within a size, and write one, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from partner_assess.cli.json_lines import BadInput, quoted

# As much as a page takes.
LARGEST = 10_000_000


def read_bytes(file: Path) -> bytes:
    """Return what is in a file.

    Raises:
        BadInput: it cannot be read, or is larger than anything we take.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a name of a file"
        raise BadInput(f"{quoted(file)} cannot be read: {reason}.") from None
    if len(data) > LARGEST:
        raise BadInput(f"{quoted(file)} has more than {LARGEST // 1_000_000} MB.")
    return data


@contextmanager
def whole_or_not_at_all(file: Path) -> Iterator[Path]:
    """Yield a file beside the one named; it takes that name once all of it is written."""
    if file.exists() and not file.is_file():
        raise BadInput(f"{quoted(file)} is there already, and is no file.")
    try:
        handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=".report-")
    except OSError as error:
        raise BadInput(f"{quoted(file)} cannot be written: {error.strerror}.") from None
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        unfinished.replace(file)
    except OSError as error:
        raise BadInput(f"{quoted(file)} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)

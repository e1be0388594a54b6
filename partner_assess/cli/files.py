"""This file holds how commands read a file that somebody hands in: any bytes, within a size."""

from __future__ import annotations

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

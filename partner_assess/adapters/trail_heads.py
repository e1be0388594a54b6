"""This file holds the ends of chains, kept where who changes the database cannot change them too.

One file an agency, in a folder named by the database's own id; one line each time the end moved.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from partner_assess.domain.trail import Head


class HeadsInFolder:
    """Ends of chains in files that are only ever added to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, database_id: UUID, agency_id: UUID, head: Head) -> None:
        """Add the end of a chain; one that stands there already is not written again."""
        if self.kept(database_id, agency_id).get(head.number) == head.digest:
            return
        place = self._place(database_id, agency_id)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = json.dumps({"number": head.number, "digest": head.digest})
        with place.open("a", encoding="ascii") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())

    def kept(self, database_id: UUID, agency_id: UUID) -> Mapping[int, str]:
        """Return the digests that were kept, by the number of their entry; the first of each.

        A line cut short by a loss of power says nothing.
        """
        place = self._place(database_id, agency_id)
        if not place.is_file():
            return {}
        found: dict[int, str] = {}
        for line in place.read_text(encoding="ascii", errors="replace").splitlines():
            number, digest = _read(line)
            if number:
                found.setdefault(number, digest)
        return found

    def _place(self, database_id: UUID, agency_id: UUID) -> Path:
        return self._folder / database_id.hex / f"{agency_id.hex}.jsonl"


def _read(line: str) -> tuple[int, str]:
    try:
        told: Any = json.loads(line)
        return int(told["number"]), str(told["digest"])
    except (ValueError, TypeError, KeyError):
        return 0, ""

"""This file holds what use cases are handed of the outside world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.policy import Policy


class Store(Protocol):
    """Files by the SHA-256 of their content."""

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256 in hex."""
        ...

    def path(self, sha256: str) -> Path:
        """Return where the content lies. Raises FileNotFoundError."""
        ...

    def put_before(self, moment: datetime) -> Iterable[str]:
        """Return the SHA-256 of each file that was last put before a moment, in order."""
        ...

    def remove(self, sha256: str, *, put_before: datetime) -> bool:
        """Remove a file unless it was put again since that moment; return whether it did."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world.

    Attributes:
        render_report: Canonical JSON of a report → PDF bytes; takes seconds, in a process.
    """

    catalogue: Catalogue
    policies: Mapping[str, Policy]
    store: Store
    render_report: Callable[[bytes], bytes]

    def policy(self, name: str) -> Policy:
        """Return a policy by name, the default one where the name is gone."""
        return self.policies.get(name) or self.policies["default"]

"""This file holds what use cases are handed of the outside world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.crosswalk import Crosswalk
from partner_assess.domain.policy import Policy
from partner_assess.domain.report.verdict import Verdict
from partner_assess.domain.trail import Head
from partner_assess.domain.trust import (
    Certificate,
    RevocationList,
    Root,
    Sealed,
    SignedContent,
    Trust,
)


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


class Seals(Protocol):
    """The keys of the agencies of this installation. Keys stay in a process of their own."""

    def has(self, agency_code: str) -> bool:
        """Return whether the agency can sign here. Reads no key."""
        ...

    def root(self, agency_code: str) -> Root:
        """Return the agency's own root, which it hands to others, with its revocation lists.

        Raises:
            NoSeal: the agency has no seal here.
        """
        ...

    def seal(self, pdf: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Return the PDF certified by the agency, no change allowed.

        Raises:
            NoSeal, SealFailed.
        """
        ...

    def witnesses(self) -> Trust:
        """Return the roots of the authority that stamps seals with the time, if one is asked."""
        ...

    def sign(self, content: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Return content signed outside a PDF (CMS, content inside, chain and lists inside).

        Raises:
            NoSeal, SealFailed.
        """
        ...


class Gate(Protocol):
    """The one reader of what others hand in: any bytes at all, in a limited child process."""

    def verify(self, files: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
        """Return a verdict for each file, in order; a hostile one spoils no other."""
        ...

    def open_signed(self, data: bytes, trust: Trust, *, at: datetime) -> SignedContent:
        """Return the content that `Seals.sign` signed. Raises BadSignedContent."""
        ...

    def read_root(self, data: bytes, *, at: datetime) -> Certificate:
        """Return the one root certificate in a PEM or DER file. Raises BadCertificate."""
        ...

    def read_revocation_list(self, data: bytes, trust: Trust) -> RevocationList:
        """Return a revocation list that one of the roots signed. Raises BadSignedContent."""
        ...


class Heads(Protocol):
    """Ends of the trails' chains, kept outside the database."""

    def keep(self, database_id: UUID, agency_id: UUID, head: Head) -> None:
        """Add the end of an agency's chain as it is now."""
        ...

    def kept(self, database_id: UUID, agency_id: UUID) -> Mapping[int, str]:
        """Return the digests kept of an agency's chain, by the number of their entry."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world.

    Attributes:
        render_report: Canonical JSON of a report → PDF bytes; takes seconds, in a process.
        base_url: Where people and other agencies reach this installation, without a last slash.
        crosswalks: How one instrument is read in another, by the ids of both.
    """

    catalogue: Catalogue
    policies: Mapping[str, Policy]
    store: Store
    heads: Heads
    render_report: Callable[[bytes], bytes]
    seals: Seals
    gate: Gate
    base_url: str
    crosswalks: Mapping[tuple[str, str], Crosswalk] = field(
        default_factory=dict[tuple[str, str], Crosswalk]
    )

    def policy(self, name: str) -> Policy:
        """Return a policy by name, the default one where the name is gone."""
        return self.policies.get(name) or self.policies["default"]

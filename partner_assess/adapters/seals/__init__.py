"""This package holds the keys of the agencies and what is signed with them.

The web process reads certificates, never a key: keys are read, made and used by a process of
their own (`worker.py`).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from partner_assess.adapters.workshop import Limits, WorkFailed, Workshop
from partner_assess.domain.trust import NoSeal, Root, Sealed, SealFailed, Trust

WORKER = "partner_assess.adapters.seals.worker"
TIME_STAMP_ROOTS = "time-stamp.pem"
LIMITS = Limits(seconds=30, megabytes=512)

# What may be part of a file's name.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,11}")


class NoSeals:
    """An installation without keys: its documents say that they are not signed."""

    def has(self, agency_code: str) -> bool:
        """Return that nobody can sign here."""
        return False

    def root(self, agency_code: str) -> Root:
        """Raise NoSeal."""
        raise NoSeal(agency=agency_code)

    def witnesses(self) -> Trust:
        """Return none."""
        return ()

    def seal(self, pdf: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Raise NoSeal."""
        raise NoSeal(agency=agency_code)

    def sign(self, content: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Raise NoSeal."""
        raise NoSeal(agency=agency_code)


class FolderOfKeys:
    """Agencies whose keys lie in a folder; `keys.py` says how its files are named.

    A key or certificate that is replaced counts from the next signature on.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tsa_url: str = "",
        demo_clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Look into nothing yet.

        Args:
            folder: Where the keys lie.
            tsa_url: Of a time-stamp authority that is asked at each seal; none where empty.
            demo_clock: The demo's: then what is missing is made, for any agency.
        """
        self._folder = folder
        self._tsa_url = tsa_url
        self._demo_clock = demo_clock
        self._workshop = Workshop(WORKER)

    def has(self, agency_code: str) -> bool:
        """Return whether the agency can sign here. Reads no key."""
        if _CODE.fullmatch(agency_code) is None:
            return False
        return self._demo_clock is not None or self._file(agency_code, "key").is_file()

    def root(self, agency_code: str) -> Root:
        """Return the agency's own root, the last certificate of its chain, with the lists.

        Raises:
            NoSeal: the agency has no seal here.
            SealFailed: its files cannot be read.
        """
        self._require(agency_code)
        chain = self._file(agency_code, "cert")
        if self._demo_clock is not None and not chain.exists():
            self._ask("make", agency_code, b"", self._demo_clock())
        try:
            certificates = _blocks(chain, "CERTIFICATE")
            lists = self._file(agency_code, "crl")
            revoked = _blocks(lists, "X509 CRL") if lists.exists() else []
            return Root(agency_code, certificates[-1], tuple(revoked))
        except (OSError, ValueError, IndexError) as error:
            raise SealFailed(agency=agency_code, detail=str(error)) from error

    def witnesses(self) -> Trust:
        """Return the roots of the time-stamp authority; they speak for no agency."""
        stamps = self._folder / TIME_STAMP_ROOTS
        if not self._tsa_url or not stamps.is_file():
            return ()
        return tuple(Root("", one) for one in _blocks(stamps, "CERTIFICATE"))

    def seal(self, pdf: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Return the PDF certified by the agency, no change allowed.

        Raises:
            NoSeal, SealFailed.
        """
        return self._ask("seal", agency_code, pdf, at)

    def sign(self, content: bytes, *, agency_code: str, at: datetime) -> Sealed:
        """Return content signed outside a PDF: a CMS file with content, chain and lists inside.

        Raises:
            NoSeal, SealFailed.
        """
        return self._ask("sign", agency_code, content, at)

    def close(self) -> None:
        """End the process that signs; the next signature starts a new one."""
        self._workshop.close()

    def _ask(self, deed: str, agency_code: str, content: bytes, at: datetime) -> Sealed:
        self._require(agency_code)
        head = {
            "deed": deed,
            "folder": str(self._folder.absolute()),
            "agency": agency_code,
            "at": at.isoformat(),
            "tsa_url": self._tsa_url,
            "makes_missing": self._demo_clock is not None,
        }
        try:
            reply = self._workshop.do(json.dumps(head).encode() + b"\n" + content, LIMITS)
        except WorkFailed as failed:
            raise SealFailed(agency=agency_code, detail=failed.detail) from failed
        fingerprint, _, signed = reply.partition(b"\n")
        return Sealed(signed, fingerprint.decode())

    def _require(self, agency_code: str) -> None:
        if not self.has(agency_code):
            raise NoSeal(agency=agency_code)

    def _file(self, agency_code: str, kind: str) -> Path:
        return self._folder / f"{agency_code}.{kind}.pem"


def judge(folder: Path, *, now: datetime) -> tuple[list[str], list[str]]:
    """Return what is wrong with the files of a folder of keys, and what ends soon or has ended."""
    codes = sorted(path.name.removesuffix(".key.pem") for path in folder.glob("*.key.pem"))
    head = {"deed": "judge", "folder": str(folder), "agencies": codes, "at": now.isoformat()}
    workshop = Workshop(WORKER)
    try:
        told = json.loads(workshop.do(json.dumps(head).encode(), LIMITS))
    finally:
        workshop.close()
    return told["problems"], told["warnings"]


def _blocks(path: Path, kind: str) -> list[bytes]:
    """Return the DER of each block of a kind in a PEM file. Raises OSError, ValueError."""
    found = re.findall(f"-----BEGIN {kind}-----(.+?)-----END {kind}-----", path.read_text(), re.S)
    return [base64.b64decode(one) for one in found]

"""This file holds what lies in the folder of keys, as the process reads it that signs.

For each agency, by its short code: `UNA.key.pem` (the key of its seal), `UNA.cert.pem` (the seal's
certificate, those between, the root, in this order), `UNA.crl.pem` (what was revoked; may be
missing).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

# How long before a certificate or a revocation list ends the operator is told at the start.
CERTIFICATE_WARNING = timedelta(days=90)
LIST_WARNING = timedelta(days=7)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class BadKeys(Exception):
    """The files of an agency cannot be signed with; says which file, and why."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What an agency signs with.

    Attributes:
        chain: From the seal's certificate to the root.
        lists: What those above the seal have revoked.
    """

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...]

    @property
    def seal(self) -> x509.Certificate:
        """Return the certificate that signs."""
        return self.chain[0]

    def covers(self, at: datetime) -> bool:
        """Return whether all of it counts at this moment."""
        certified = all(
            one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in self.chain
        )
        listed = all(
            one.last_update_utc <= at and (one.next_update_utc is None or at <= one.next_update_utc)
            for one in self.lists
        )
        return certified and listed


@contextmanager
def locked(folder: Path, *, for_writing: bool = False) -> Generator[None]:
    """Hold the folder, so that nobody reads a key of one pair and a certificate of another."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if for_writing else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def read(folder: Path, agency_code: str) -> Keys:
    """Return what an agency signs with.

    Raises:
        BadKeys: a file is missing, unreadable, or does not belong to the others.
    """
    key_name, cert_name = f"{agency_code}.key.pem", f"{agency_code}.cert.pem"
    key = _key(_bytes(folder / key_name), key_name)
    chain = _chain(_bytes(folder / cert_name), cert_name)
    if chain[0].public_key() != key.public_key():
        raise BadKeys(f"{key_name} is not the key of the first certificate in {cert_name}")
    return Keys(key, chain, _lists(folder, agency_code))


def problems(folder: Path, agency_code: str, *, now: datetime) -> tuple[list[str], list[str]]:
    """Return what is wrong with an agency's files, and what time has done or soon will do."""
    try:
        keys = read(folder, agency_code)
    except BadKeys as bad:
        return [str(bad)], []
    chain, revoked = f"{agency_code}.cert.pem", f"{agency_code}.crl.pem"
    dates: list[str] = []
    for one in keys.chain:
        told = f"{chain}: {one.subject.rfc4514_string()}"
        if now < one.not_valid_before_utc:
            dates.append(f"{told} begins on {one.not_valid_before_utc.date()}")
        if one.not_valid_after_utc - now <= CERTIFICATE_WARNING:
            dates.append(f"{told} ends on {one.not_valid_after_utc.date()}")
    if not keys.lists:
        dates.append(f"{revoked} is missing: no reader can tell what is revoked")
    for each in keys.lists:
        if each.next_update_utc is not None and each.next_update_utc - now <= LIST_WARNING:
            dates.append(f"{revoked} is to be renewed by {each.next_update_utc.date()}")
    return [], dates


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadKeys(f"{path.name} cannot be read: {error.strerror}") from None


def _key(content: bytes, name: str) -> PrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        raise BadKeys(f"{name} holds no private key without a passphrase") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadKeys(f"{name} is neither an ECDSA nor an RSA key")
    return key


def _chain(content: bytes, name: str) -> tuple[x509.Certificate, ...]:
    try:
        chain = tuple(x509.load_pem_x509_certificates(content))
    except ValueError:
        raise BadKeys(f"{name} holds no certificate") from None
    for below, above in zip(chain, (*chain[1:], chain[-1]), strict=True):
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature):
            raise BadKeys(
                f"{name} is not in order: seal, those between, root, each signed by the next"
            ) from None
    if len(chain) == 1:
        raise BadKeys(f"{name} holds one certificate; the root must not be the seal")
    return chain


def _lists(folder: Path, agency_code: str) -> tuple[x509.CertificateRevocationList, ...]:
    name = f"{agency_code}.crl.pem"
    if not (folder / name).exists():
        return ()
    mark = b"-----BEGIN X509 CRL-----"
    parts = _bytes(folder / name).split(mark)[1:]
    try:
        return tuple(x509.load_pem_x509_crl(mark + part) for part in parts)
    except ValueError:
        raise BadKeys(f"{name} holds no revocation list") from None

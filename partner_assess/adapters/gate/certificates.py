"""This file holds how a root and a revocation list are read from a file that somebody hands in."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from partner_assess.adapters.gate import der
from partner_assess.domain.trust import Trust

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----")
_SHORTEST_RSA = 2048
_SHORTEST_CURVE = 256


class NotRead(Exception):
    """The file does not hold what it must; the message is the code of why."""


def root_in(data: bytes, *, at: datetime) -> x509.Certificate:
    """Return the one root certificate in a PEM or DER file.

    Raises:
        NotRead: with a code of BadCertificate.
    """
    found = _read(data, b"CERTIFICATE", "no_certificate", "several_certificates")
    try:
        certificate = x509.load_der_x509_certificate(found)
        is_root = _is_root(certificate)
    except Exception as broken:
        raise NotRead("no_certificate") from broken
    if not is_root:
        raise NotRead("not_a_root")
    if certificate.not_valid_after_utc <= at:
        raise NotRead("certificate_expired")
    return certificate


def list_in(data: bytes, trust: Trust) -> tuple[bytes, x509.CertificateRevocationList, int]:
    """Return a revocation list, and which of the roots signed it.

    Raises:
        NotRead: with a code of BadSignedContent.
    """
    found = _read(data, b"X509 CRL", "unreadable", "unreadable")
    try:
        read = x509.load_der_x509_crl(found)
        is_partial = any(one.critical for one in read.extensions)
        roots = [x509.load_der_x509_certificate(root.certificate) for root in trust]
        named = [place for place, root in enumerate(roots) if root.subject == read.issuer]
        signers = [place for place in named if read.is_signature_valid(roots[place].public_key())]  # pyright: ignore[reportArgumentType]
    except Exception as broken:
        raise NotRead("unreadable") from broken
    if is_partial:
        raise NotRead("unreadable")
    if not signers:
        raise NotRead("tampered" if named else "untrusted")
    return found, read, signers[0]


def _read(data: bytes, label: bytes, none: str, several: str) -> bytes:
    """Return the DER of the one thing in a file: bare, or as text between two lines."""
    if b"-----BEGIN" not in data:
        if not der.is_der(data):
            raise NotRead(none)
        return data
    blocks = _BLOCK.findall(data)
    if len(blocks) > 1 or data.count(b"-----BEGIN") > 1:
        raise NotRead(several)
    if not blocks or blocks[0][0] != label:
        raise NotRead(none)
    try:
        found = b64decode(blocks[0][1].replace(b"\n", b"").replace(b"\r", b""), validate=True)
    except ValueError:
        raise NotRead(none) from None
    if not der.is_der(found):
        raise NotRead(none)
    return found


def _is_root(certificate: x509.Certificate) -> bool:
    """Return whether a certificate signed itself, and says that it may sign others."""
    if certificate.subject != certificate.issuer or not _is_strong(certificate.public_key()):
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except Exception:  # noqa: BLE001 (a missing extension, a wrong signature, an unknown algorithm)
        return False
    return basic.ca and usage.key_cert_sign


def _is_strong(key: object) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _SHORTEST_RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.key_size >= _SHORTEST_CURVE
    return isinstance(key, ed25519.Ed25519PublicKey)


def der_of(certificate: x509.Certificate) -> bytes:
    """Return a certificate's bytes."""
    return certificate.public_bytes(Encoding.DER)

"""This file holds the demo's own certificate authority: a root, a seal, an empty revocation list.

Production brings its own: a root whose key lies on the server proves nothing when the server is
broken into.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from partner_assess.adapters.seals.keys import BadKeys, Keys, locked, read

DAY = timedelta(days=1)
SEAL_LIFE = 730 * DAY
ROOT_LIFE = 3652 * DAY
_Key = ec.EllipticCurvePrivateKey
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True, slots=True)
class Root:
    """A root of the demo, with its key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def ready(folder: Path, agency_code: str, *, at: datetime) -> Keys:
    """Return what the agency signs with at this moment; what is missing or has ended is made.

    Two processes that ask at once get the same.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder):
        if (found := _that_cover(folder, agency_code, at)) is not None:
            return found
    with locked(folder, for_writing=True):
        if (found := _that_cover(folder, agency_code, at)) is not None:
            return found
        root = root_of(folder, agency_code, at=at) or new_root(agency_code, at=at)
        write(folder, agency_code, root, at=at)
        return read(folder, agency_code)


def write(folder: Path, agency_code: str, root: Root, *, at: datetime) -> None:
    """Make a new seal under the root, with an empty list, and put all of it in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    seal = new_seal(root, agency_code, key.public_key(), at=at)
    chain = _pem(seal) + _pem(root.certificate)
    for kind, content in (
        ("root-key", _key_pem(root.key)),
        ("key", _key_pem(key)),
        ("crl", _pem(new_list(root, at=at))),
        ("cert", chain),
    ):
        _replace(folder / f"{agency_code}.{kind}.pem", content)


def new_root(agency_code: str, *, at: datetime) -> Root:
    """Return a root for ten years; it began five ago, for the demo's clock can be set back."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(agency_code, "root")
    begins = at - ROOT_LIFE / 2
    usage = _usage(key_cert_sign=True, crl_sign=True)
    made = (
        _builder(name, name, key.public_key(), begins, begins + ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Root(key, made.sign(key, hashes.SHA256()))


def new_seal(
    root: Root, agency_code: str, key: ec.EllipticCurvePublicKey, *, at: datetime
) -> x509.Certificate:
    """Return a certificate for two years that signs documents in the agency's name.

    E-mail protection stands beside document signing, for readers that know only the older one.
    """
    name, above = _name(agency_code, "document seal"), root.certificate.subject
    begins = at - DAY
    purposes = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    usage = _usage(digital_signature=True, content_commitment=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    ends = min(begins + SEAL_LIFE, root.certificate.not_valid_after_utc)
    return (
        _builder(name, above, key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issuer, critical=False)
        .sign(root.key, hashes.SHA256())
    )


def new_list(
    root: Root, *, at: datetime, revoked: x509.Certificate | None = None
) -> x509.CertificateRevocationList:
    """Return what the root has revoked by now: nothing, or one certificate."""
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(at - DAY)
        .next_update(min(at - DAY + SEAL_LIFE, root.certificate.not_valid_after_utc))
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(issuer, critical=False)
    )
    if revoked is not None:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number)
        made = made.add_revoked_certificate(entry.revocation_date(at).build())
    return made.sign(root.key, hashes.SHA256())


def _that_cover(folder: Path, agency_code: str, at: datetime) -> Keys | None:
    try:
        found = read(folder, agency_code)
    except BadKeys:
        return None
    return found if found.covers(at) else None


def root_of(folder: Path, agency_code: str, *, at: datetime) -> Root | None:
    """Return the root that is there, None where it does not count at this moment."""
    try:
        certificate = read(folder, agency_code).chain[-1]
        content = (folder / f"{agency_code}.root-key.pem").read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
    except (BadKeys, OSError, ValueError):
        return None
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    is_whole = key.public_key() == certificate.public_key() and begins <= at - DAY < ends - 2 * DAY
    return Root(key, certificate) if is_whole and isinstance(key, _Key) else None


def _name(agency_code: str, what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Demo: {agency_code}"),
            # By it a reader sees that the seal is the agency's that the document names.
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, agency_code),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Demo: {agency_code} {what}"),
        ]
    )


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(made: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _replace(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    unfinished.replace(path)

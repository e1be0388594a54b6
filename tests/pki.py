"""This file holds the certificates of tests: roots, seals below them, revocation lists.

Made with `cryptography`, which has no part in what reads them but the arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from pyhanko.sign import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from partner_assess.domain.trust import Root

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
SEAL_PURPOSES = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
TIME_STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)


@dataclass(frozen=True)
class Holder:
    """A key and its certificate, and the certificates above it, nearest first."""

    key: Any
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """Return the certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """Return the certificate as text."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Return the bytes of its certificate and those above."""
        return tuple(one.public_bytes(Encoding.DER) for one in (self.certificate, *self.above))

    def issue(self, name: str, **how: Any) -> Holder:
        """Return a seal below this root; `how` is what `_certificate` takes."""
        return _holder(name, self, **how)

    def revocation_list(
        self,
        revoked: Sequence[Holder] = (),
        *,
        made_at: datetime = BEGIN,
        next_update: datetime = END,
        revoked_at: datetime = BEGIN + timedelta(days=30),
        key: Any = None,
    ) -> bytes:
        """Return the bytes of a list of what is revoked, by default of nothing."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(made_at)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for one in revoked:
            made = made.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(one.certificate.serial_number)
                .revocation_date(revoked_at)
                .build()
            )
        return made.sign(key or self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def signer(self, *, carried: Sequence[bytes] | None = None, **how: Any) -> SimpleSigner:
        """Return pyHanko's signer; it puts its chain in, or what is `carried` instead."""
        store = SimpleCertificateStore()
        above = self.chain[1:] if carried is None else carried
        store.register_multiple([asn1_x509.Certificate.load(one) for one in above])
        return SimpleSigner(asn1_x509.Certificate.load(self.der), self._key(), store, **how)

    def stamper(self, at: datetime) -> DummyTimeStamper:
        """Return a time-stamp authority that always says this moment; its key must be RSA."""
        return DummyTimeStamper(
            asn1_x509.Certificate.load(self.der),
            self._key(),
            certs_to_embed=[asn1_x509.Certificate.load(one) for one in self.chain[1:]],
            fixed_dt=at,
        )

    def _key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        )


def a_root(name: str = "Demo: Agency A root", **how: Any) -> Holder:
    """Return a new root."""
    return _holder(name, None, ca=True, **how)


@cache
def agency(code: str = "UNA") -> tuple[Holder, Holder]:
    """Return an agency's root and its seal: the same ones whenever asked."""
    root = a_root(f"Demo: {code} root")
    return root, root.issue(f"Demo: {code} seal")


def trust(
    root: Holder, code: str = "UNA", lists: tuple[bytes, ...] | None = None
) -> tuple[Root, ...]:
    """Return what a reader goes by who trusts this root, by default with an empty list of it."""
    return (Root(code, root.der, (root.revocation_list(),) if lists is None else lists),)


def without_lists(given: tuple[Root, ...]) -> tuple[Root, ...]:
    """Return the same roots, with nothing known of what they revoked."""
    return tuple(replace(root, revocation_lists=()) for root in given)


def _holder(name: str, issuer: Holder | None, **how: Any) -> Holder:
    key = how.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
    made = _certificate(name, key, issuer, **how)
    above = (issuer.certificate, *issuer.above) if issuer else ()
    return Holder(key, made, above)


def _certificate(
    name: str,
    key: Any,
    issuer: Holder | None,
    *,
    ca: bool = False,
    begin: datetime = BEGIN,
    end: datetime = END,
    signs: bool = True,
    purposes: tuple[ObjectIdentifier, ...] | None = None,
    digest: Any = None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(ca=ca, signs=signs), critical=True)
    )
    if purposes is None:
        purposes = () if ca else SEAL_PURPOSES
    if purposes:
        made = made.add_extension(
            x509.ExtendedKeyUsage(purposes), critical=purposes == TIME_STAMPING
        )
    return made.sign(issuer.key if issuer else key, digest or hashes.SHA256())


def _usage(*, ca: bool, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs and not ca,
        content_commitment=signs and not ca,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )

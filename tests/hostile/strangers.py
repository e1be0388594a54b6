"""This file holds documents signed by somebody who may not, or in a way that does not count.

Each function returns the file and what its reader goes by.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.fields import SigSeedSubFilter

from partner_assess.domain.trust import Trust
from tests import pki
from tests.pki import BEGIN, SIGNED, Holder
from tests.signed_pdf import How, certified, document, unsigned, with_lists

Handed = tuple[bytes, Trust]
NAME = "Demo: UNA root"


def _ours() -> Trust:
    return pki.trust(pki.agency()[0])


def _by(root: Holder, seal: Holder, *, at: datetime = SIGNED, **how: Any) -> Handed:
    return document(holder=(root, seal), how=How(at=at, **how)), pki.trust(root)


def untrusted_root() -> Handed:
    root = pki.a_root("Demo: nobody")
    return document(holder=(root, root.issue("Demo: nobody's seal"))), _ours()


def root_of_the_same_name() -> Handed:
    root = pki.a_root(NAME)
    return document(holder=(root, root.issue("Demo: UNA seal"))), _ours()


def nobody_is_trusted() -> Handed:
    return document(), ()


def self_signed() -> Handed:
    seal = pki.a_root("Demo: UNA seal")
    return certified(with_lists(unsigned(), [], [seal.revocation_list()]), seal.signer()), _ours()


def signed_by_the_root_itself() -> Handed:
    root, _ = pki.agency()
    pdf = with_lists(unsigned(), [root.der], [root.revocation_list()])
    return certified(pdf, root.signer()), pki.trust(root)


def below_another_seal() -> Handed:
    """Return a document of a certificate that a seal issued, which is no authority."""
    root, seal = pki.agency()
    below = seal.issue("Demo: UNA seal's seal")
    pdf = with_lists(unsigned(), below.chain, [root.revocation_list(), seal.revocation_list()])
    return certified(pdf, below.signer()), pki.trust(root)


def another_agencys_certificate() -> Handed:
    root, seal = pki.agency("UNB")
    return document(holder=(root, seal)), (*_ours(), *pki.trust(root, "UNB"))


def expired_when_signed() -> Handed:
    root = pki.a_root(NAME)
    seal = root.issue("Demo: UNA seal", end=SIGNED - timedelta(days=1))
    return _by(root, seal)


def not_yet_valid_when_signed() -> Handed:
    root = pki.a_root(NAME)
    return _by(root, root.issue("Demo: UNA seal", begin=SIGNED + timedelta(days=1)))


def signed_in_the_future() -> Handed:
    return _by(*pki.agency(), at=pki.NOW + timedelta(days=1))


def signed_before_the_certificate() -> Handed:
    return _by(*pki.agency(), at=BEGIN - timedelta(days=1))


def revoked_by_the_list_inside() -> Handed:
    root, seal = pki.agency()
    lists = [root.revocation_list([seal])]
    return document(lists=lists), pki.without_lists(pki.trust(root))


def revoked_by_the_list_known_here() -> Handed:
    root, seal = pki.agency()
    known = root.revocation_list([seal], made_at=SIGNED - timedelta(hours=1))
    return document(), pki.trust(root, lists=(known,))


def revoked_after_it_says_it_was_signed() -> Handed:
    """Return what a thief makes who says a day before the theft was known."""
    root, seal = pki.agency()
    later = SIGNED + timedelta(minutes=5)
    known = root.revocation_list([seal], made_at=later, revoked_at=later)
    return document(), pki.trust(root, lists=(known,))


def root_above_revoked() -> Handed:
    root = pki.a_root(NAME)
    middle = root.issue("Demo: UNA office", ca=True)
    seal = middle.issue("Demo: UNA seal")
    lists = [root.revocation_list([middle]), middle.revocation_list()]
    return document(holder=(root, seal), lists=lists), pki.trust(root, lists=())


def no_list() -> Handed:
    return document(lists=()), pki.without_lists(_ours())


def list_out_of_date() -> Handed:
    root, _ = pki.agency()
    old = root.revocation_list(next_update=SIGNED - timedelta(days=1))
    return document(lists=[old]), pki.without_lists(_ours())


def list_of_somebody_else() -> Handed:
    other = pki.a_root(NAME)
    return document(lists=[other.revocation_list()]), pki.without_lists(_ours())


def not_for_signing() -> Handed:
    root = pki.a_root(NAME)
    return _by(root, root.issue("Demo: UNA seal", signs=False))


def for_web_servers() -> Handed:
    root = pki.a_root(NAME)
    return _by(root, root.issue("Demo: UNA seal", purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)))


def an_authority_that_signs() -> Handed:
    root = pki.a_root(NAME)
    return _by(root, root.issue("Demo: UNA office", ca=True))


def digest_sha1() -> Handed:
    return _by(*pki.agency(), digest="sha1")


def digest_md5() -> Handed:
    root = pki.a_root(NAME)
    seal = root.issue("Demo: UNA seal", key=rsa.generate_private_key(65537, 2048))
    return _by(root, seal, digest="md5")


def certificate_by_sha1() -> Handed:
    key = rsa.generate_private_key(65537, 2048)
    root = pki.a_root(NAME, key=key)
    seal = root.issue("Demo: UNA seal")
    return _by(root, replace(seal, certificate=_signed_by_sha1(seal.certificate, key)))


def _signed_by_sha1(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> x509.Certificate:
    made = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    by_sha1 = asn1_x509.SignedDigestAlgorithm({"algorithm": "sha1_rsa"})
    made["tbs_certificate"]["signature"] = by_sha1
    made["signature_algorithm"] = by_sha1
    told = made["tbs_certificate"].dump()
    made["signature_value"] = key.sign(told, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (the attack)
    return x509.load_der_x509_certificate(made.dump())


def short_key() -> Handed:
    root = pki.a_root(NAME)
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 (the attack)
    return _by(root, root.issue("Demo: UNA seal", key=short))


def older_kind_of_signature() -> Handed:
    return _by(*pki.agency(), subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)


def certificate_nothing_needs() -> Handed:
    root, seal = pki.agency()
    extra = pki.a_root("Demo: nobody").der
    pdf = with_lists(unsigned(), seal.chain, [root.revocation_list()])
    return certified(pdf, seal.signer(carried=[root.der, extra])), _ours()


def stamped_by_a_stranger() -> Handed:
    return stamped(pki.a_root("Demo: nobody"), _ours())


def stamped(authority: Holder, trust: Trust, *, at: datetime = SIGNED) -> Handed:
    """Return a document with a time stamp by somebody below this root."""
    key = rsa.generate_private_key(65537, 2048)
    clock = authority.issue("Demo: clock", purposes=pki.TIME_STAMPING, key=key)
    return document(how=How(timestamper=clock.stamper(at))), trust

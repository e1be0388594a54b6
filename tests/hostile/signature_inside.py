"""This file holds documents whose signature says the same in another way, or says more.

None of it changes what was signed, so a forgiving reader goes on to say "valid".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asn1crypto import cms, core, crl, x509

from tests import pki, signed_pdf
from tests.hostile.in_place import GAP


def with_signature(change: Callable[[cms.SignedData], object]) -> bytes:
    """Return the good document with its signature's structure changed."""
    return _put(lambda held: _changed(held, change))


def _changed(held: bytes, change: Callable[[cms.SignedData], object]) -> bytes:
    info = cms.ContentInfo.load(held)
    change(info["content"])
    return info.dump(force=True)


def _put(change: Callable[[bytes], bytes]) -> bytes:
    whole = signed_pdf.good()
    found = GAP.search(whole)
    assert found
    gap = bytes.fromhex(found[1].decode())
    made = change(gap[: 4 + int.from_bytes(gap[2:4], "big")])
    assert len(made) <= len(gap)
    return whole.replace(found[1], made.ljust(len(gap), b"\0").hex().upper().encode())


def _signer(signed: cms.SignedData) -> Any:
    return signed["signer_infos"][0]


def attribute_not_signed() -> bytes:
    def change(signed: cms.SignedData) -> None:
        told = cms.CMSAttribute({"type": "content_type", "values": ["data"]})
        _signer(signed)["unsigned_attrs"] = cms.CMSAttributes([told])

    return with_signature(change)


def time_stamp_of_noise() -> bytes:
    def change(signed: cms.SignedData) -> None:
        noise = cms.ContentInfo({"content_type": "data", "content": b"noise"})
        told = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [noise]})
        _signer(signed)["unsigned_attrs"] = cms.CMSAttributes([told])

    return with_signature(change)


def revocation_list_not_signed() -> bytes:
    root, _ = pki.agency()

    def change(signed: cms.SignedData) -> None:
        told = crl.CertificateList.load(root.revocation_list())
        signed["crls"] = [cms.RevocationInfoChoice({"crl": told})]

    return with_signature(change)


def certificate_left_out() -> bytes:
    def change(signed: cms.SignedData) -> None:
        signed["certificates"] = [one for one in signed["certificates"] if one.chosen.ca]

    return with_signature(change)


def certificate_twice() -> bytes:
    def change(signed: cms.SignedData) -> None:
        choices = list(signed["certificates"])
        signed["certificates"] = [*choices, choices[0]]

    return with_signature(change)


def certificate_of_the_same_key() -> bytes:
    """Return a document that brings another certificate of the same root key."""
    root, _ = pki.agency()
    twin = x509.Certificate.load(pki.a_root("Demo: UNA root", key=root.key).der)

    def change(signed: cms.SignedData) -> None:
        seals = [one for one in signed["certificates"] if not one.chosen.ca]
        signed["certificates"] = [*seals, cms.CertificateChoices({"certificate": twin})]

    return with_signature(change)


def two_signers() -> bytes:
    def change(signed: cms.SignedData) -> None:
        one = _signer(signed)
        signed["signer_infos"] = [one, one]

    return with_signature(change)


def no_signer() -> bytes:
    def change(signed: cms.SignedData) -> None:
        signed["signer_infos"] = []

    return with_signature(change)


def another_version() -> bytes:
    def change(signed: cms.SignedData) -> None:
        signed["version"] = "v3"

    return with_signature(change)


def digest_named_twice() -> bytes:
    def change(signed: cms.SignedData) -> None:
        signed["digest_algorithms"] = [{"algorithm": "sha256"}, {"algorithm": "sha512"}]

    return with_signature(change)


def digest_with_parameters() -> bytes:
    old = bytes.fromhex("0609608648016503040201" + "0500")
    new = bytes.fromhex("0609608648016503040201" + "0400")
    return _put(lambda held: held.replace(old, new))


def content_brought_along() -> bytes:
    def change(signed: cms.SignedData) -> None:
        signed["encap_content_info"]["content"] = core.OctetString(b"x")

    return with_signature(change)


def length_in_a_longer_form() -> bytes:
    def change(held: bytes) -> bytes:
        return b"\x30\x83\x00" + held[2:]

    return _put(change)


def length_not_said() -> bytes:
    return _put(lambda held: b"\x30\x80" + held[4:] + b"\0\0")


def another_kind_of_content() -> bytes:
    info = cms.ContentInfo({"content_type": "data", "content": b"no signature"})
    return _put(lambda _held: info.dump())


def signature_of_another_document() -> bytes:
    other = signed_pdf.document(compress=False)
    found = GAP.search(other)
    assert found
    held = bytes.fromhex(found[1].decode())
    return _put(lambda _held: held.rstrip(b"\0"))


def length_over_the_padding() -> bytes:
    """Return a document whose signature says that it goes on into the zeros behind it."""

    def change(held: bytes) -> bytes:
        longer = int.from_bytes(held[2:4], "big") + 4
        return held[:2] + longer.to_bytes(2, "big") + held[4:]

    return _put(change)


def one_part_more() -> bytes:
    """Return a document whose signature has a part that no reader knows."""

    def change(held: bytes) -> bytes:
        longer = int.from_bytes(held[2:4], "big") + 2
        return held[:2] + longer.to_bytes(2, "big") + held[4:] + b"\x05\x00"

    return _put(change)


def issuer_in_other_letters() -> bytes:
    """Return a document that names its seal's issuer in capitals, which readers take for equal."""
    name = b"Demo: UNA root"

    def change(held: bytes) -> bytes:
        before, after = held.rsplit(name, 1)
        return before + name.upper() + after

    return _put(change)

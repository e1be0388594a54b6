"""This file holds the one form in which a signature is accepted: nothing in it that may vary.

A signature covers the document and its own signed attributes; what else stands in it, whoever
passes the file on may change. So there is nothing else: one signer, known algorithms, the chain
and no other certificate, no unsigned attribute but a time stamp. Source: pdf-sharing.md 5
"""
# asn1crypto is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportIndexIssue=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any

from asn1crypto import cms, core, x509

from partner_assess.adapters.gate import der
from partner_assess.adapters.gate.refused import otherwise, require
from partner_assess.domain.report.verdict import Refusal

DIGESTS = {"sha256", "sha384", "sha512"}
_SIGNATURES = {
    *(f"{digest}_{kind}" for digest in DIGESTS for kind in ("rsa", "ecdsa")),
    *("rsassa_pkcs1v15", "rsassa_pss", "ed25519"),
}
# Tags of the parts in order: without and with certificates (a0), lists (a1), attributes (a0, a1).
_SIGNED_DATA = {b"\x02\x31\x30" + more + b"\x31" for more in (b"", b"\xa0", b"\xa1", b"\xa0\xa1")}
_SIGNER = {b"\x02\x30\x30\xa0\x30\x04" + more for more in (b"", b"\xa1")}
# The attribute that says by which certificate, of which nothing else in the file can be sure.
_BINDS_CERTIFICATE = {
    "data": {"signing_certificate_v2"},
    "tst_info": {"signing_certificate_v2", "signing_certificate"},
}
_TIME_STAMP = "signature_time_stamp_token"


def opened(data: bytes) -> cms.SignedData:
    """Return what was signed, from bytes that are a CMS signature and nothing more.

    Raises:
        Refused: they are none, or not in DER.
    """
    with otherwise(Refusal.SIGNATURE_FORM):
        info = cms.ContentInfo.load(data, strict=True)
        require(info["content_type"].native == "signed_data", Refusal.SIGNATURE_FORM)
        signed: cms.SignedData = info["content"]
        require(der.is_der(data) and _has_no_more(data), Refusal.TAMPERED)
        return signed


def _has_no_more(data: bytes) -> bool:
    """Return whether nothing stands in the signature beside its known parts: readers skip it."""
    _, explicit = der.parts(data)
    (inside,) = der.parts(explicit)
    fields = der.parts(inside)
    signers = der.parts(fields[-1])
    content, algorithms = fields[2], der.parts(fields[1])
    return (
        _tags(fields) in _SIGNED_DATA
        and len(der.parts(content)) <= 2
        and all(_tags(der.parts(one)) in _SIGNER for one in signers)
        and all(len(der.parts(one)) <= 2 for one in algorithms)
    )


def _tags(values: list[bytes]) -> bytes:
    return bytes(value[0] for value in values)


def require_form(signed: cms.SignedData, *, content: str, lists: bool = False) -> None:
    """Refuse what a signature of ours never holds.

    Args:
        signed: The signature.
        content: What kind of content it is about: "data" or "tst_info".
        lists: Whether revocation lists may be in it.
    """
    with otherwise(Refusal.SIGNATURE_FORM):
        require(len(signed["signer_infos"]) == 1, Refusal.SEVERAL_SIGNATURES)
        signer = signed["signer_infos"][0]
        _require_algorithms(signed, signer)
        require(
            signer["version"].native == "v1"
            and signed["version"].native == ("v1" if content == "data" else "v3")
            and signed["encap_content_info"]["content_type"].native == content
            and signer["sid"].name == "issuer_and_serial_number"
            and (lists or isinstance(signed["crls"], core.Void)),
            Refusal.SIGNATURE_FORM,
        )
        attributes = [attribute["type"].native for attribute in signer["signed_attrs"]]
        require(
            len(set(attributes)) == len(attributes)
            and all(len(attribute["values"]) == 1 for attribute in signer["signed_attrs"])
            and {"content_type", "message_digest"} <= set(attributes)
            and _BINDS_CERTIFICATE[content] & set(attributes),
            Refusal.SIGNATURE_FORM,
        )


def time_stamp(signed: cms.SignedData) -> cms.SignedData | None:
    """Return the time stamp of a signature, None where it has none.

    Raises:
        Refused: something else stands among what is not signed.
    """
    with otherwise(Refusal.TIME_STAMP):
        unsigned = signed["signer_infos"][0]["unsigned_attrs"]
        if isinstance(unsigned, core.Void):
            return None
        kinds = [attribute["type"].native for attribute in unsigned]
        require(kinds == [_TIME_STAMP], Refusal.SIGNATURE_FORM)
        require(len(unsigned[0]["values"]) == 1, Refusal.SIGNATURE_FORM)
        token = unsigned[0]["values"][0]
        require(token["content_type"].native == "signed_data", Refusal.TIME_STAMP)
        stamped: cms.SignedData = token["content"]
        require_form(stamped, content="tst_info")
        require(
            isinstance(stamped["signer_infos"][0]["unsigned_attrs"], core.Void),
            Refusal.TIME_STAMP,
        )
        return stamped


def require_only(signed: cms.SignedData, chain: tuple[x509.Certificate, ...]) -> None:
    """Refuse a signature that brings a certificate which is not byte for byte in its chain."""
    with otherwise(Refusal.TAMPERED):
        named = signed["signer_infos"][0]["sid"].chosen
        seal = chain[-1]["tbs_certificate"]
        require(  # readers compare names whatever their case
            [named["issuer"].dump(), named["serial_number"].dump()]
            == [seal["issuer"].dump(), seal["serial_number"].dump()],
            Refusal.TAMPERED,
        )
        known = {certificate.dump() for certificate in chain}
        brought = [choice.dump() for choice in signed["certificates"]]
        require(der.is_sorted(brought) and set(brought) <= known, Refusal.TAMPERED)
        for certificate in chain:
            # The outer name of the algorithm is not signed, the inner one is.
            inner = certificate["tbs_certificate"]["signature"]
            outer = certificate["signature_algorithm"]
            require(inner.dump() == outer.dump(), Refusal.TAMPERED)


def _require_algorithms(signed: cms.SignedData, signer: cms.SignerInfo) -> None:
    digest, signature = signer["digest_algorithm"], signer["signature_algorithm"]
    name = signature["algorithm"].native
    known = digest["algorithm"].native in DIGESTS and name in _SIGNATURES
    require(known, Refusal.WEAK_ALGORITHM)
    require(
        [one.dump() for one in signed["digest_algorithms"]] == [digest.dump()]
        and _is_bare(digest)
        and (name == "rsassa_pss" or _is_bare(signature)),
        Refusal.SIGNATURE_FORM,
    )


def _is_bare(algorithm: Any) -> bool:
    """Return whether an algorithm has no parameters."""
    return isinstance(algorithm["parameters"], core.Void | core.Null)

"""This file holds the signing itself, by pyHanko; in a process of its own."""
# asn1crypto is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, crl, x509
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from partner_assess.adapters.pdf import SEAL_FIELD
from partner_assess.adapters.seals.keys import Keys

TSA_SECONDS = 10


def seal(pdf: bytes, keys: Keys, *, at: datetime, tsa_url: str = "") -> bytes:
    """Return the PDF certified with no change allowed: one signature that covers the whole file.

    Chain and revocation lists go in before, so that they are covered too and a reader needs no
    network. The signed file begins with the bytes of the unsigned one.

    Source: docs/decisions/0016
    """
    return asyncio.run(
        _seal(pdf, keys, at, HTTPTimeStamper(tsa_url, timeout=TSA_SECONDS) if tsa_url else None)
    )


async def _seal(pdf: bytes, keys: Keys, at: datetime, authority: HTTPTimeStamper | None) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=_certificates(keys), crls=_lists(keys)
    )
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=SEAL_FIELD,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            md_algorithm="sha256",
        ),
        signer=_signer(keys),
        timestamper=authority,
    )
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at  # the moment is handed in, and stands in the file as /M
    return await _signed(session)


async def _signed(session: PdfSigningSession) -> bytes:
    size = await session.estimate_signature_container_size(None)
    document = session.prepare_tbs_document(None, bytes_reserved=size)
    output = BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    await document.perform_signature(
        document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes()
    )
    return output.getvalue()


def sign(content: bytes, keys: Keys, *, at: datetime) -> bytes:
    """Return a CMS file with content, chain and revocation lists inside, as DER."""
    signed = asyncio.run(
        _signer(keys).async_sign_general_data(
            content,
            "sha256",
            detached=False,
            use_cades=True,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
    )
    inside: Any = signed["content"]
    inside["crls"] = cms.RevocationInfoChoices(
        [cms.RevocationInfoChoice({"crl": one}) for one in _lists(keys)]
    )
    return signed.dump(force=True)


def _signer(keys: Keys) -> SimpleSigner:
    certificates = _certificates(keys)
    key = keys.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SimpleSigner(
        certificates[0],
        asn1_keys.PrivateKeyInfo.load(key),
        SimpleCertificateStore.from_certs(certificates[1:]),  # the first goes in by itself,
    )


def _certificates(keys: Keys) -> list[x509.Certificate]:
    return [
        x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in keys.chain
    ]


def _lists(keys: Keys) -> list[crl.CertificateList]:
    return [
        crl.CertificateList.load(one.public_bytes(serialization.Encoding.DER)) for one in keys.lists
    ]

"""This file holds small PDFs with a report inside, certified as an agency does it, for tests.

A document is made in two steps, so that a test can do something else in between: `unsigned`
and `certified`. pyHanko writes both; the page is one line of text.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import cms, crl, x509
from pyhanko.pdf_utils import embed, generic, writer
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation.dss import DocumentSecurityStore

from partner_assess.domain.report import Report, to_json
from tests import pki
from tests.sample_report import a_report

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

NAME = "report.json"
MIME = "application/json"


@dataclass(frozen=True)
class How:
    """What is unusual about a signature; as it stands, it is as it should be."""

    certify: bool = True
    permission: MDPPerm | None = MDPPerm.NO_CHANGES
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES
    digest: str = "sha256"
    at: datetime = pki.SIGNED
    field: str = "Seal"
    timestamper: Any = None


def sealed_report(report: Report | None = None) -> Report:
    """Return a report that says that it is signed, as the one inside a sealed document does."""
    told = report or a_report()
    return replace(told, provenance=replace(told.provenance, signed=True))


def unsigned(
    payload: bytes | None = None,
    *,
    names: Sequence[str] = (NAME,),
    relationship: str = "/Data",
    mime: str | None = MIME,
    compress: bool = True,
    change: Callable[[writer.PdfFileWriter], object] | None = None,
    stream_xrefs: bool = True,
) -> bytes:
    """Return a PDF of one page with the payload inside, once under each of the names."""
    made = writer.PdfFileWriter(stream_xrefs=stream_xrefs)
    page = writer.PageObject(
        contents=made.add_object(
            generic.StreamObject(stream_data=b"BT /F1 12 Tf 40 200 Td (Demo: report) Tj ET")
        ),
        media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300))),
    )
    made.insert_page(page)
    data = to_json(sealed_report()) if payload is None else payload
    for name in names:
        attach(made, data, name=name, relationship=relationship, mime=mime, compress=compress)
    if change:
        change(made)
    out = BytesIO()
    made.write(out)
    return out.getvalue()


def attach(
    into: Any,
    data: bytes,
    *,
    name: str = NAME,
    relationship: str = "/Data",
    mime: str | None = MIME,
    compress: bool = True,
) -> None:
    """Put a file into the PDF, listed as its data."""
    stream = embed.EmbeddedFileObject.from_file_data(
        into, data, compress=compress, mime_type=mime, params=embed.EmbeddedFileParams()
    )
    spec = embed.FileSpec(
        file_spec_string=name,
        file_name=name,
        embedded_data=stream,
        af_relationship=pdf_name(relationship),
        description="The facts of this document, for programs",
    )
    embed.embed_file(into, spec)


def with_lists(pdf: bytes, certificates: Sequence[bytes], lists: Sequence[bytes]) -> bytes:
    """Return the PDF with certificates and revocation lists, to be signed with it."""
    into = IncrementalPdfFileWriter(BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        into,
        None,
        certs=[x509.Certificate.load(one) for one in certificates],
        crls=[crl.CertificateList.load(one) for one in lists],
    )
    out = BytesIO()
    into.write(out)
    return out.getvalue()


def certified(pdf: bytes, signer: SimpleSigner, how: How | None = None) -> bytes:
    """Return the PDF signed: certified, no change allowed, unless `how` says otherwise."""
    how = how or How()
    into = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    meta = PdfSignatureMetadata(
        field_name=how.field,
        subfilter=how.subfilter,
        certify=how.certify,
        docmdp_permissions=how.permission or MDPPerm.FILL_FORMS,
        md_algorithm=how.digest,
    )
    return asyncio.run(_signed(into, PdfSigner(meta, signer, timestamper=how.timestamper), how))


async def _signed(into: IncrementalPdfFileWriter, by: PdfSigner, how: How) -> bytes:
    session = by.init_signing_session(into)
    session.system_time = how.at
    info = await session.perform_presign_validation(into)
    reserved = await session.estimate_signature_container_size(info)
    ready = session.prepare_tbs_document(validation_info=info, bytes_reserved=reserved + 64)
    digest, out = ready.digest_tbs_document(output=BytesIO())
    await ready.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=how.at),
    )
    return out.getvalue()


def document(
    payload: bytes | None = None,
    *,
    holder: tuple[pki.Holder, pki.Holder] | None = None,
    lists: Sequence[bytes] | None = None,
    how: How | None = None,
    **inside: Any,
) -> bytes:
    """Return a document as an agency makes it: data, chain and lists inside, certified."""
    root, seal = holder or pki.agency()
    lists = (root.revocation_list(),) if lists is None else lists
    pdf = unsigned(payload, **inside)
    if lists:
        pdf = with_lists(pdf, seal.chain, lists)
    return certified(pdf, seal.signer(), how)


@cache
def good() -> bytes:
    """Return the document that is trusted by `pki.trust(pki.agency()[0])`."""
    return document()


def signed_content(
    content: bytes,
    seal: pki.Holder,
    lists: Sequence[bytes] = (),
    *,
    at: datetime = pki.SIGNED,
) -> bytes:
    """Return content signed outside a PDF, chain and revocation lists inside."""
    made = asyncio.run(
        seal.signer().async_sign_general_data(
            cms.ContentInfo({"content_type": "data", "content": content}),
            "sha256",
            detached=False,
            use_cades=True,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
    )
    if lists:
        made["content"]["crls"] = [
            cms.RevocationInfoChoice({"crl": crl.CertificateList.load(one)}) for one in lists
        ]
    return made.dump(force=True)

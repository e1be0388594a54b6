"""This file holds the way of a document through the gate, step by step.

Everything of it runs in a limited child process (pdf-sharing.md 5). The order matters: what is
cheap and certain comes first, and nothing is read from a document before its signature is known to
cover all of it.
"""
# asn1crypto is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportIndexIssue=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, crl, ocsp
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.sign.validation.utils import extract_message_digest

from partner_assess.adapters.gate import attachments, chains, cms_form, der, signatures
from partner_assess.adapters.gate.chains import Enclosed
from partner_assess.adapters.gate.refused import Refused, otherwise, require
from partner_assess.adapters.gate.sizes import LARGEST_FILE
from partner_assess.domain.report.facts import Report
from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Trust

_MEGABYTE = 1024 * 1024
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=8 * _MEGABYTE),
    document_budget=DocumentDecodeBudget(base_allowance=48 * _MEGABYTE, max_ratio=20),
)


@dataclass
class Finding:
    """What was found so far; each step adds to it."""

    problems: list[Refusal] = field(default_factory=list)
    seal: signatures.Judged | None = None
    issuer: str | None = None
    payload: bytes | None = None


def examine(file: bytes, trust: Trust, *, at: datetime) -> Finding:
    """Return what is found of a document. Never raises."""
    finding = Finding()
    try:
        with otherwise(Refusal.DAMAGED):
            _examine(file, trust, at, finding)
    except Refused as refused:
        if refused.refusal not in finding.problems:
            finding.problems.append(refused.refusal)
    return finding


def _examine(file: bytes, trust: Trust, at: datetime, finding: Finding) -> None:
    reader = _opened(file)
    signature = _the_signature(reader)
    _require_whole(file, reader, signature)
    _require_certified(reader, signature)
    signed = cms_form.opened(_signature_in_gap(file, signature))
    cms_form.require_form(signed, content="data")
    with otherwise(Refusal.TAMPERED):  # what is cheap first: most that is wrong ends here
        said = extract_message_digest(signed["signer_infos"][0])
        require(signature.compute_digest() == said, Refusal.TAMPERED)
    finding.seal = signatures.judge(_claim(reader, signature, signed), trust, at=at)
    finding.problems += finding.seal.problems
    finding.issuer = next(iter(finding.seal.issuers), None)
    finding.payload = attachments.data_of(reader.get_historical_resolver(signature.signed_revision))
    report = attachments.report_in(finding.payload)
    _require_own(report, finding)
    require(report.is_final, Refusal.NOT_FINAL)


def _require_own(report: Report, finding: Finding) -> None:
    """Add a problem where an agency speaks in another's name."""
    issuers = finding.seal.issuers if finding.seal else ()
    if report.owner.agency_code in issuers:
        finding.issuer = report.owner.agency_code
    elif issuers:
        finding.problems.append(Refusal.ISSUER_MISMATCH)


def _opened(file: bytes) -> PdfFileReader:
    require(file, Refusal.EMPTY)
    require(len(file) <= LARGEST_FILE, Refusal.TOO_LARGE)
    require(file.startswith(b"%PDF-"), Refusal.NOT_PDF)
    with otherwise(Refusal.DAMAGED):
        reader = PdfFileReader(BytesIO(file), strict=True, decode_limits=_LIMITS)
        require("/Encrypt" not in reader.trailer_view, Refusal.ENCRYPTED)
        return reader


def _the_signature(reader: PdfFileReader) -> EmbeddedPdfSignature:
    with otherwise(Refusal.SIGNATURE_FORM):
        found = reader.embedded_signatures
        require(found, Refusal.UNSIGNED)
        require(len(found) == 1, Refusal.SEVERAL_SIGNATURES)
        signature = found[0]
        require(
            signature.sig_object_type == "/Sig"
            and signature.sig_object["/SubFilter"] == SigSeedSubFilter.PADES.value,
            Refusal.SIGNATURE_FORM,
        )
        return signature


def _require_whole(file: bytes, reader: PdfFileReader, signature: EmbeddedPdfSignature) -> None:
    """Refuse a file with a byte that the signature neither covers nor is."""
    with otherwise(Refusal.TAMPERED):
        coverage = signature.evaluate_signature_coverage()
        newer = coverage is SignatureCoverageLevel.ENTIRE_REVISION
        require(not newer, Refusal.MODIFIED_AFTER_SIGNING)
        require(coverage is SignatureCoverageLevel.ENTIRE_FILE, Refusal.TAMPERED)
        require(
            signature.signed_revision == reader.total_revisions - 1
            and not reader.xrefs.hybrid_xrefs_present,
            Refusal.TAMPERED,
        )


def _signature_in_gap(file: bytes, signature: EmbeddedPdfSignature) -> bytes:
    """Return the signature's bytes: alone in its gap, in hex, with zeros up to the end.

    Raises:
        Refused: the gap holds anything else, or is none.
    """
    with otherwise(Refusal.SIGNATURE_FORM):
        content = signature.pkcs7_content
        signed = content[: der.length_of(content)]
    with otherwise(Refusal.TAMPERED):
        numbers: Any = signature.byte_range
        begin, length, after, rest = (int(number) for number in numbers)
        hexed = content.hex().encode()
        require(begin == 0 < length and after + rest == len(file), Refusal.TAMPERED)
        require(
            file[length:after] in {b"<" + hexed + b">", b"<" + hexed.upper() + b">"}
            and not content[len(signed) :].strip(b"\0"),
            Refusal.TAMPERED,
        )
        return signed


def _require_certified(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> None:
    with otherwise(Refusal.NOT_CERTIFIED):
        certified = read_certification_data(reader)
        require(
            certified is not None
            and certified.permission is MDPPerm.NO_CHANGES
            and signature.docmdp_level is MDPPerm.NO_CHANGES
            and reader.root["/Perms"].raw_get("/DocMDP") == signature.sig_field.raw_get("/V"),
            Refusal.NOT_CERTIFIED,
        )


def _claim(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, signed: cms.SignedData
) -> signatures.Claim:
    with otherwise(Refusal.SIGNATURE_FORM):
        return signatures.Claim(
            signed=signed,
            said_at=signature.self_reported_timestamp,
            enclosed=_enclosed(reader),
            validate=lambda within, stamped: validate_pdf_signature(
                signature, within, stamped, key_usage_settings=chains.BASIC_USAGE, skip_diff=True
            ),
        )


def _enclosed(reader: PdfFileReader) -> Enclosed:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Enclosed()
    return Enclosed(
        list(store.load_certs()),
        [
            crl.CertificateList.load(one.get_object().read_data(DecodePurpose.CRL))
            for one in store.crls
        ],
        [
            ocsp.OCSPResponse.load(one.get_object().read_data(DecodePurpose.OCSP_RESPONSE))
            for one in store.ocsps
        ],
    )

"""This file holds content that was signed outside a document: a status list, a trust bundle."""
# asn1crypto is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportIndexIssue=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, crl
from pyhanko.sign.validation.generic_cms import (
    async_validate_cms_signature,
    collect_timing_info,
    extract_self_reported_ts,
)
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

from partner_assess.adapters.gate import chains, cms_form, der, signatures
from partner_assess.adapters.gate.chains import Enclosed
from partner_assess.adapters.gate.refused import Refused, otherwise, require
from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Trust

# What the gate says of a document, as the codes of BadSignedContent.
_CODES = {
    Refusal.TAMPERED: "tampered",
    Refusal.REVOKED: "revoked",
    Refusal.CERTIFICATE_EXPIRED: "expired_certificate",
    Refusal.CERTIFICATE_NOT_YET_VALID: "expired_certificate",
    Refusal.UNTRUSTED: "untrusted",
    Refusal.REVOCATION_UNKNOWN: "untrusted",
    Refusal.KEY_USAGE: "untrusted",
    Refusal.WEAK_ALGORITHM: "untrusted",
    Refusal.SIGNED_IN_FUTURE: "untrusted",
    Refusal.TIME_STAMP: "untrusted",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found: content and who signed it, or the code of why not."""

    code: str | None
    content: bytes = b""
    agency_code: str = ""
    signed_at: datetime | None = None
    fingerprint: str = ""


def opened(data: bytes, trust: Trust, *, at: datetime) -> Opened:
    """Return the content and who signed it. Never raises."""
    try:
        with otherwise(Refusal.DAMAGED):
            return _opened(data, trust, at)
    except Refused as refused:
        return Opened(_CODES.get(refused.refusal, "unreadable"))


def _opened(data: bytes, trust: Trust, at: datetime) -> Opened:
    signed = cms_form.opened(data)
    cms_form.require_form(signed, content="data", lists=True)
    with otherwise(Refusal.SIGNATURE_FORM):
        content: bytes = signed["encap_content_info"]["content"].native
        require(isinstance(content, bytes), Refusal.SIGNATURE_FORM)
        enclosed = Enclosed(lists=_lists_in(signed))
        said_at = extract_self_reported_ts(signed["signer_infos"][0])
    judged = signatures.judge(
        signatures.Claim(signed, said_at, enclosed, _validator(signed)), trust, at=at
    )
    if judged.problems:
        raise Refused(judged.problems[0])
    with otherwise(Refusal.TAMPERED):
        require(chains.are_all_of(judged.chain, enclosed.lists), Refusal.TAMPERED)
    return Opened(
        code=None,
        content=content,
        agency_code=judged.issuers[0],
        signed_at=judged.signed_at,
        fingerprint=hashlib.sha256(judged.seal.dump()).hexdigest(),
    )


def _validator(signed: cms.SignedData) -> signatures.Validate:
    return lambda within, stamped: asyncio.run(_validated(signed, within, stamped))


async def _validated(
    signed: cms.SignedData, within: ValidationContext, stamped: ValidationContext
) -> StandardCMSSignatureStatus:
    signer = signed["signer_infos"][0]
    return await async_validate_cms_signature(
        signed,
        status_cls=StandardCMSSignatureStatus,
        validation_context=within,
        status_kwargs=await collect_timing_info(signer, stamped, _no_digest),
        key_usage_settings=chains.BASIC_USAGE,
    )


def _no_digest(_algorithm: str) -> bytes:
    """Refuse a stamp on the content itself: ours have none."""
    raise Refused(Refusal.TIME_STAMP)


def _lists_in(signed: cms.SignedData) -> list[crl.CertificateList]:
    held = signed["crls"]
    if isinstance(held, core.Void):
        return []
    require(der.is_sorted([one.dump() for one in held]), Refusal.TAMPERED)
    return [choice.chosen for choice in held]

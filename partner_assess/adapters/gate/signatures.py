"""This file holds what a signature is worth: whole, whose, of when, by which root.

The same for a document's seal and for content signed on its own (status lists, trust bundles).
"""
# asn1crypto is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportIndexIssue=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, x509
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

from partner_assess.adapters.gate import chains, cms_form
from partner_assess.adapters.gate.chains import Enclosed
from partner_assess.adapters.gate.refused import otherwise, require
from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Trust

# How far a signer's clock may be ahead of ours.
_CLOCKS_DIFFER = timedelta(minutes=5)

# Runs pyHanko's own validator: by what to judge the signature, and by what its time stamp.
Validate = Callable[[ValidationContext, ValidationContext], StandardCMSSignatureStatus]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a signature that is whole is worth.

    Attributes:
        problems: Why it does not count.
        issuers: The agencies for which its root speaks.
        timestamped: Whether an authority proves `signed_at`.
        chain: From the root to the seal; empty where it leads nowhere.
    """

    problems: tuple[Refusal, ...]
    signed_at: datetime
    timestamped: bool
    seal: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    issuers: tuple[str, ...]

    @property
    def ends(self) -> datetime:
        """Return the last instant at which the seal counts."""
        moment: datetime = self.seal.not_valid_after
        return moment


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature to be judged.

    Attributes:
        said_at: When it was made, as the signer says.
        enclosed: What the file brings along.
        validate: Runs pyHanko's validator on it.
    """

    signed: cms.SignedData
    said_at: datetime | None
    enclosed: Enclosed
    validate: Validate


def judge(claim: Claim, trust: Trust, *, at: datetime) -> Judged:
    """Return what a signature is worth.

    Raises:
        Refused: it has not the form it must have, or what was signed is not what is there.
    """
    stamp = cms_form.time_stamp(claim.signed)
    signed_at = claim.said_at if stamp is None else _stamped_at(stamp)
    require(signed_at is not None and signed_at.tzinfo is not None, Refusal.SIGNATURE_FORM)
    assert signed_at is not None  # noqa: S101 (said once more, for the type checker)
    with otherwise(Refusal.SIGNATURE_FORM):
        seal: x509.Certificate = extract_certs_for_validation(claim.signed).signer_cert
    within = chains.context(trust, claim.enclosed, moment=signed_at)
    with otherwise(Refusal.TAMPERED):
        status = claim.validate(within, _for_stamp(stamp, within, claim, trust, signed_at))
        require(status.intact and status.valid, Refusal.TAMPERED)
    if stamp is not None:
        _require_stamp(stamp, status)
    with otherwise(Refusal.UNTRUSTED):
        led = _lead(claim, trust, status, seal, signed_at)
        if led.chain:
            cms_form.require_only(claim.signed, led.chain)
        problems = _problems(claim, trust, led, proven_at=signed_at if stamp else None)
    if signed_at > at + _CLOCKS_DIFFER:
        problems += (Refusal.SIGNED_IN_FUTURE,)
    root = led.chain[0].dump() if led.chain else None
    return Judged(
        problems=problems,
        signed_at=signed_at,
        timestamped=stamp is not None,
        seal=seal,
        chain=led.chain,
        issuers=tuple(sorted({one.agency_code for one in trust if one.certificate == root})),
    )


def _lead(
    claim: Claim,
    trust: Trust,
    status: StandardCMSSignatureStatus,
    seal: x509.Certificate,
    signed_at: datetime,
) -> chains.Led:
    """Return where the seal leads: pyHanko's validator says whether, a second look says why not."""
    if status.bottom_line and status.validation_path is not None:
        return chains.led_by(status.validation_path)
    brought = [choice.chosen for choice in claim.signed["certificates"]]
    enclosed = Enclosed(
        [*claim.enclosed.certificates, *brought], claim.enclosed.lists, claim.enclosed.answers
    )
    led = chains.lead(seal, chains.context(trust, enclosed, moment=signed_at))
    return chains.Led(led.chain, led.refusal or Refusal.WEAK_ALGORITHM)


def _problems(
    claim: Claim, trust: Trust, led: chains.Led, *, proven_at: datetime | None
) -> tuple[Refusal, ...]:
    if led.refusal is not None:
        return (led.refusal,)
    lists = chains.all_lists(trust, claim.enclosed)
    if chains.is_revoked(led.chain, lists, proven_at=proven_at):
        return (Refusal.REVOKED,)
    return ()


def _for_stamp(
    stamp: cms.SignedData | None,
    within: ValidationContext,
    claim: Claim,
    trust: Trust,
    moment: datetime,
) -> ValidationContext:
    """Return by what a time stamp is judged: few authorities hand their lists to others."""
    if stamp is None:
        return within
    return chains.context(trust, claim.enclosed, moment=moment, must_know=False)


def _stamped_at(stamp: cms.SignedData) -> datetime | None:
    with otherwise(Refusal.TIME_STAMP):
        moment: datetime = stamp["encap_content_info"]["content"].parsed["gen_time"].native
        return moment


def _require_stamp(stamp: cms.SignedData, status: StandardCMSSignatureStatus) -> None:
    """Refuse a time stamp that does not lead to a root that counts: anybody can make one."""
    with otherwise(Refusal.TIME_STAMP):
        found = status.timestamp_validity
        require(
            found is not None
            and found.intact
            and found.valid
            and found.trusted
            and found.validation_path is not None,
            Refusal.TIME_STAMP,
        )
        assert found is not None  # noqa: S101 (said once more, for the type checker)
        assert found.validation_path is not None  # noqa: S101
        cms_form.require_only(stamp, chains.certificates_of(found.validation_path))

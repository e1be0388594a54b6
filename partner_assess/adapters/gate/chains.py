"""This file holds whether a certificate leads to a root that counts, as of a moment.

No network and no trust store of the machine: the roots are those handed in, what they revoked is
in the file or was handed in too. A certificate of which nobody can say is not relied on.
"""
# asn1crypto is untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportIndexIssue=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from asn1crypto import crl, ocsp, x509
from cryptography import x509 as plain_x509
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext, find_valid_path
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from partner_assess.adapters.gate.refused import require
from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Trust

_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"},
    key_usage_forbidden={"key_cert_sign", "crl_sign"},
    extd_key_usage={_DOCUMENT_SIGNING, "email_protection"},
    explicit_extd_key_usage_required=False,
)
# What pyHanko asks for on its own; it drops the rest of USAGE, which is asked here.
BASIC_USAGE = KeyUsageConstraints(key_usage=USAGE.key_usage)
_MOST_ENCLOSED = 30
_BY_ERROR: tuple[tuple[type[Exception], Refusal], ...] = (
    (RevokedError, Refusal.REVOKED),
    (ExpiredError, Refusal.CERTIFICATE_EXPIRED),
    (NotYetValidError, Refusal.CERTIFICATE_NOT_YET_VALID),
    (InsufficientRevinfoError, Refusal.REVOCATION_UNKNOWN),
    (DisallowedAlgorithmError, Refusal.WEAK_ALGORITHM),
)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What a file brings along so that it can be judged: none of it is believed unchecked."""

    certificates: Sequence[x509.Certificate] = ()
    lists: Sequence[crl.CertificateList] = ()
    answers: Sequence[ocsp.OCSPResponse] = ()

    def __post_init__(self) -> None:
        count = len(self.certificates) + len(self.lists) + len(self.answers)
        require(count <= _MOST_ENCLOSED, Refusal.TOO_COMPLEX)


@dataclass(frozen=True, slots=True)
class Led:
    """Where a certificate leads.

    Attributes:
        chain: From the root to the certificate itself; empty where it leads nowhere.
        refusal: Why it does not count all the same.
    """

    chain: tuple[x509.Certificate, ...] = ()
    refusal: Refusal | None = None


def all_lists(trust: Trust, enclosed: Enclosed) -> list[crl.CertificateList]:
    """Return every revocation list there is: those of the file, and those handed in."""
    known = (one for root in trust for one in root.revocation_lists)
    return [*enclosed.lists, *(crl.CertificateList.load(one) for one in known)]


def context(
    trust: Trust, enclosed: Enclosed, *, moment: datetime, must_know: bool = True
) -> ValidationContext:
    """Return by what certificates are judged as of a moment.

    Args:
        trust: The roots that count.
        enclosed: What the file brings along.
        moment: As of when.
        must_know: Whether a certificate of whose revocation nobody speaks is refused.
    """
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root.certificate) for root in trust],
        other_certs=list(enclosed.certificates),
        crls=all_lists(trust, enclosed),
        ocsps=list(enclosed.answers),
        moment=moment,
        allow_fetching=False,
        revocation_mode="require" if must_know else "soft-fail",
        # A later list that does not name it says all the more that it was not revoked by then.
        retroactive_revinfo=True,
    )


def lead(certificate: x509.Certificate, within: ValidationContext) -> Led:
    """Return where a certificate leads, or why it does not count."""
    try:
        path = asyncio.run(_path(certificate, within))
    except (PathBuildingError, InvalidCertificateError):
        return Led(refusal=Refusal.UNTRUSTED)
    except ValidationError as error:
        refusal = next(
            (refusal for kind, refusal in _BY_ERROR if isinstance(error, kind)), Refusal.UNTRUSTED
        )
        return Led(_chain_until(error), refusal)
    return led_by(path)


def led_by(path: ValidationPath) -> Led:
    """Return where a path leads that counts, if its certificate may sign documents."""
    chain = certificates_of(path)
    try:
        USAGE.validate(chain[-1])
    except InvalidCertificateError:
        return Led(chain, Refusal.KEY_USAGE)
    return Led(chain, Refusal.KEY_USAGE if chain[-1].ca else None)


def certificates_of(path: ValidationPath) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a path, the root first."""
    return tuple(path.iter_certs(include_root=True))


async def _path(certificate: x509.Certificate, within: ValidationContext) -> ValidationPath:
    paths = within.path_builder.async_build_paths_lazy(certificate)
    return await find_valid_path(certificate, paths, validation_context=within)


def _chain_until(error: ValidationError) -> tuple[x509.Certificate, ...]:
    """Return the chain that failed at its very end, where all signatures had been checked."""
    at_the_end = isinstance(error, tuple(kind for kind, _ in _BY_ERROR)) and getattr(
        error, "is_ee_cert", False
    )
    return certificates_of(error.original_path) if at_the_end else ()  # pyright: ignore[reportAttributeAccessIssue]


def is_revoked(
    chain: tuple[x509.Certificate, ...],
    lists: Iterable[crl.CertificateList],
    *,
    proven_at: datetime | None,
) -> bool:
    """Return whether any list of their issuers names one of these certificates.

    When something was signed is what the signer says: who holds a stolen key says a day before
    it was revoked. So a revoked certificate counts only where an authority proves the time.
    """
    for one in lists:
        for issuer, certificate in pairwise(chain):
            if one.issuer == certificate.issuer and _names(one, certificate, proven_at):
                return _is_signed_by(one, issuer)
    return False


def are_all_of(chain: tuple[x509.Certificate, ...], lists: Iterable[crl.CertificateList]) -> bool:
    """Return whether each list was signed by a certificate of the chain."""
    return all(
        one["signature_algorithm"].dump() == one["tbs_cert_list"]["signature"].dump()
        and any(
            one.issuer == issuer.subject and _is_signed_by(one, issuer) for issuer in chain[:-1]
        )
        for one in lists
    )


def _names(
    one: crl.CertificateList, certificate: x509.Certificate, proven_at: datetime | None
) -> bool:
    entries = one["tbs_cert_list"]["revoked_certificates"]
    return any(
        entry["user_certificate"].native == certificate.serial_number
        and not (proven_at and proven_at < entry["revocation_date"].native)
        for entry in entries or ()
    )


def _is_signed_by(one: crl.CertificateList, issuer: x509.Certificate) -> bool:
    key = plain_x509.load_der_x509_certificate(issuer.dump()).public_key()
    return plain_x509.load_der_x509_crl(one.dump()).is_signature_valid(key)  # pyright: ignore[reportArgumentType]

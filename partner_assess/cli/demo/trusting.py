"""This file holds how the demo's two agencies come to trust each other from the first start."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from partner_assess.cli.demo.people import A, B
from partner_assess.db import queries
from partner_assess.domain.trust import BadCertificate, NoSeal, SealFailed
from partner_assess.usecases import trust
from partner_assess.usecases.ports import Ports

if TYPE_CHECKING:
    from partner_assess.db.models.trust import TrustedRoot

log = logging.getLogger(__name__)

# The root of an agency that is not here; its key was thrown away when it was made.
C = "UNC"
ROOT_OF_C = b"""\
-----BEGIN CERTIFICATE-----
MIIBszCCAVqgAwIBAgIUYl81YY7foqJ2J9w/3Rl26uErov4wCgYIKoZIzj0EAwIw
NzEXMBUGA1UECgwORGVtbzogQWdlbmN5IEMxHDAaBgNVBAMME0RlbW86IEFnZW5j
eSBDIHJvb3QwIBcNMjAwMTAxMDAwMDAwWhgPMjA2MDAxMDEwMDAwMDBaMDcxFzAV
BgNVBAoMDkRlbW86IEFnZW5jeSBDMRwwGgYDVQQDDBNEZW1vOiBBZ2VuY3kgQyBy
b290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETDZR4RNmOvmFl6Lkvk5YnmdT
JgEtDf5lHCPmMMw2u/+Ir+kQ8NShMIgweKKyx/p2gdKWQ0r6n3ajCOQC11svKaNC
MEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFPgg
QsYTiHd1iZquPknLYxZmpoiEMAoGCCqGSM49BAMCA0cAMEQCIEtKAEJaTbcK7X3V
QXqEVpzz+WpNTQB4U8koxPyTU8+1AiABYsYrMjyZGCRa9zA1WkC8hkQWIRNTLFBO
VatM4OcSww==
-----END CERTIFICATE-----
"""


def trust_each_other(session: Session, ports: Ports, *, now: datetime) -> None:
    """Put each agency's root on the other's list, confirmed; a third one waits on Agency A's.

    Where there are no seals nobody is trusted, and nothing waits. A seal or a gate that does not
    work here is told, and leaves a demo to look at all the same.
    """
    if not (ports.seals.has(A) and ports.seals.has(B)):
        return
    try:
        for reader, signer in ((A, B), (B, A)):
            _trust(session, ports, signer, reader, now)
        _add(session, ports, ROOT_OF_C, C, A, now)
    except (BadCertificate, NoSeal, SealFailed) as failed:
        log.warning("the demo's agencies do not trust each other: %s", failed.code)


def _trust(session: Session, ports: Ports, signer: str, reader: str, now: datetime) -> None:
    root = _add(session, ports, ports.seals.root(signer).certificate, signer, reader, now)
    trust.confirm(
        session,
        root_id=root.id,
        seen=None,
        typed=root.fingerprint,
        list_of=root.list_agency_id,
        actor=None,
        now=now,
    )


def _add(
    session: Session, ports: Ports, file: bytes, signer: str, reader: str, now: datetime
) -> TrustedRoot:
    agency = queries.agencies.by_code(session, reader)
    return trust.add(
        session,
        ports,
        certificate=ports.gate.read_root(file, at=now),
        agency_code=signer,
        list_of=agency.id if agency else None,
        actor=None,
        now=now,
    )

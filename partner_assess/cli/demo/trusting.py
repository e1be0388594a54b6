"""This file holds how the demo's two agencies come to trust each other from the first start."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from partner_assess.cli.demo.people import A, B
from partner_assess.db import queries
from partner_assess.usecases import trust
from partner_assess.usecases.ports import Ports


def trust_each_other(session: Session, ports: Ports, *, now: datetime) -> None:
    """Put each agency's root on the other's list, confirmed; without seals there is none."""
    for reader, signer in ((A, B), (B, A)):
        agency = queries.agencies.by_code(session, reader)
        if agency is None or not ports.seals.has(signer):
            continue
        whose = {"list_of": agency.id, "actor": None, "now": now}
        certificate = ports.gate.read_root(ports.seals.root(signer).certificate, at=now)
        root = trust.add(session, ports, certificate=certificate, agency_code=signer, **whose)
        name = certificate.fingerprint
        trust.confirm(session, root_id=root.id, seen=None, typed=name, **whose)

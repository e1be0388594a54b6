"""This file holds what the gate is handed: the roots that count for a reader."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.domain.trust import NoSeal, Root, SealFailed, Trust
from partner_assess.usecases.ports import Ports


def trust_of(session: Session, ports: Ports, *, agency_id: UUID | None) -> Trust:
    """Return the roots that count for an agency: its own seal's, its list's, everybody's.

    Without an agency: everybody's list, and the seals of every agency of this installation.
    Each comes with what it has revoked, as far as we were told or have it with the seals.

    Source: interfaces.md (`report verify`); docs/decisions/0017
    """
    sealed = {one.certificate: one for one in own_roots(session, ports)}
    readers = {
        one.code for one in queries.agencies.all_agencies(session) if agency_id in {None, one.id}
    }
    roots = {der: one for der, one in sealed.items() if one.agency_code in readers}
    for row in queries.trust.counting(session, agency_id=agency_id):
        roots.setdefault(row.certificate, row.root(()))
    told = queries.trust.revocation_lists(session, map(fingerprint_of, roots))

    def with_lists(root: Root) -> Root:
        stored = told.get(fingerprint_of(root.certificate))
        ours = sealed.get(root.certificate, root).revocation_lists
        lists = [*([stored.content] if stored else []), *ours]
        return replace(root, revocation_lists=tuple(dict.fromkeys(lists)))

    return tuple(with_lists(one) for one in roots.values())


def own_roots(session: Session, ports: Ports) -> list[Root]:
    """Return the root of each agency of this installation that has a seal here, by code."""
    codes = [one.code for one in queries.agencies.all_agencies(session)]
    return [root for code in codes if (root := own_root(ports, code))]


def own_root(ports: Ports, agency_code: str) -> Root | None:
    """Return the root of an agency's seal; None without one, or where it cannot be read.

    A broken seal of one agency must not stop the others from reading documents.
    """
    if not ports.seals.has(agency_code):
        return None
    try:
        return ports.seals.root(agency_code)
    except (NoSeal, SealFailed):
        return None


def fingerprint_of(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate in hex."""
    return hashlib.sha256(certificate).hexdigest()

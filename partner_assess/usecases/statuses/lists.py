"""This file holds what an agency says of all its documents, and the bundle it hands to others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.agency import Agency
from partner_assess.domain.report import trust_bundle
from partner_assess.domain.report.status_list import Entry, StatusList, mark_of
from partner_assess.domain.report.trust_bundle import TrustBundle
from partner_assess.usecases.ports import Ports


def list_name(ports: Ports, agency_code: str) -> str:
    """Return the name of an agency's status list, as its documents bear it."""
    return f"{ports.base_url}/status/{agency_code}"


def list_of(session: Session, ports: Ports, agency: Agency, *, now: datetime) -> StatusList:
    """Return what the agency says of all its documents as of this moment.

    Source: ours; pdf-sharing.md 8, docs/decisions/0018
    """
    for_cause = queries.statuses.suspended_for_cause(session, agency_id=agency.id)
    entries = (
        Entry(
            one.place,
            mark_of(one.state, suspended_for_cause=one.partner_id in for_cause),
            one.newest_issue,
        )
        for one in queries.statuses.shared(session, agency_id=agency.id)
    )
    return StatusList.of(
        entries, issuer=agency.code, name=list_name(ports, agency.code), made_at=now
    )


def sign_bundle(
    run: Callable[[Callable[[Session], bytes]], bytes],
    ports: Ports,
    *,
    agency_code: str,
    now: datetime,
) -> bytes:
    """Return the agency's trust bundle as of this moment, signed: a file for others.

    It is made anew each time it is asked for, and signed outside any transaction (`run` opens
    the one in which it is read).

    Raises:
        NoSeal: the agency cannot sign here.
        SealFailed: it could not be signed.
    """
    root = ports.seals.root(agency_code)

    def content(session: Session) -> bytes:
        agency = queries.agencies.by_code(session, agency_code)
        assert agency is not None, "whoever asks for it belongs to the agency"  # noqa: S101
        return trust_bundle.to_json(TrustBundle.of(root, list_of(session, ports, agency, now=now)))

    return ports.seals.sign(run(content), agency_code=agency_code, at=now).content

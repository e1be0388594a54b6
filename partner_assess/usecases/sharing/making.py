"""This file holds how an issue that was asked for is made: printed, sealed, checked, stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.shared_report import Making
from partner_assess.domain.report import from_json
from partner_assess.domain.trust import SealFailed
from partner_assess.usecases import jobs
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing.issues import MAKE_REPORT


@dataclass(frozen=True, slots=True)
class _Made:
    """A document as it is stored; `seal` is None for one that nobody could sign."""

    content: bytes
    unsigned_sha256: str
    seal: str | None


def make(
    run: Callable[[Callable[[Session], Any]], Any], ports: Ports, *, issue_id: UUID, now: datetime
) -> None:
    """Make the PDF of an issue, seal it, store it. Done twice, it is the same; made ones stay.

    The seconds that it takes are spent outside any transaction (`run` opens each).

    Raises:
        NoSeal, SealFailed: it is to be signed, and could not be.
    """
    payload: bytes | None = run(lambda session: _payload(session, issue_id))
    if payload is None:
        return
    made = _made(ports, payload, at=now)
    sha256 = ports.store.put(made.content)
    run(lambda session: _keep(session, issue_id, made, sha256=sha256, at=now))


def _made(ports: Ports, payload: bytes, *, at: datetime) -> _Made:
    """Return the document; a sealed one has passed the gate that its readers have.

    Source: docs/decisions/0016
    """
    unsigned = ports.render_report(payload)
    unsigned_sha256 = hashlib.sha256(unsigned).hexdigest()
    facts = from_json(payload)
    if not facts.provenance.signed:
        return _Made(unsigned, unsigned_sha256, None)
    agency = facts.owner.agency_code
    sealed = ports.seals.seal(unsigned, agency_code=agency, at=at)
    trust = (ports.seals.root(agency), *ports.seals.witnesses())
    (verdict,) = ports.gate.verify([sealed.content], trust, at=at)
    if not verdict.trusted or verdict.payload != payload:
        why = ", ".join(verdict.problems) or "other data"
        raise SealFailed(agency=agency, detail=f"the gate says: {why}")
    return _Made(sealed.content, unsigned_sha256, sealed.seal)


def _payload(session: Session, issue_id: UUID) -> bytes | None:
    issue = queries.shared_reports.lock(session, issue_id)
    return None if issue.making is Making.MADE else issue.payload


def _keep(session: Session, issue_id: UUID, made: _Made, *, sha256: str, at: datetime) -> None:
    issue = queries.shared_reports.lock(session, issue_id)
    if issue.making is not Making.MADE:
        issue.store(
            sha256=sha256,
            size_bytes=len(made.content),
            at=at,
            unsigned_sha256=made.unsigned_sha256,
            seal=made.seal,
        )


def note_failure(
    session: Session, claimed: jobs.Claim, *, code: str, why: str, now: datetime
) -> None:
    """Give a job back for later; after its last try, its issue says that it could not be made.

    `code` is for people ("timeout", "no_seal", "seal_failed", or "crashed" for anything else),
    `why` for the operator.
    """
    is_last = jobs.fail(session, claimed.id, why=why, now=now)
    if is_last and claimed.name == MAKE_REPORT:
        issue = queries.shared_reports.lock(session, UUID(claimed.payload["issue_id"]))
        if issue.making is Making.QUEUED:
            issue.fail(code)

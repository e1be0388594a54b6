"""This file holds the command that verifies a document somebody handed in."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
from sqlalchemy.orm import Session

from partner_assess.cli import json_lines
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.db import queries
from partner_assess.db.session import open_session
from partner_assess.domain.report.status import Status
from partner_assess.domain.report.verdict import Verdict
from partner_assess.usecases import statuses, trust, verifying

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts

NOT_TRUSTED = 1


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--for", "reader", help="Whose list of roots counts: the short code of an agency.")
@click.pass_obj
def verify(parts: Parts, file: Path, reader: str | None) -> int:
    """Say whether a document is trusted, and what it is worth by now; needs no network."""
    content = _content(file)
    with open_session(parts.engine, reading=True) as session:
        reader_id = _agency(session, reader)
        trusted = trust.trust_of(session, parts.ports, agency_id=reader_id)
    now = parts.now()
    (verdict,) = verifying.verify(parts.ports, [content], trusted=trusted, now=now)
    with open_session(parts.engine, reading=True) as session:
        json_lines.write([_told(verdict, _word(session, parts, verdict, reader_id))])
    if not verdict.trusted:
        click.echo(f"Not trusted: {', '.join(verdict.problems)}.", err=True)
    return 0 if verdict.trusted else NOT_TRUSTED


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{quoted(file)} cannot be read: {error.strerror}.") from None


def _agency(session: Session, code: str | None) -> UUID | None:
    if code is None:
        return None
    agency = queries.agencies.by_code(session, code)
    if agency is None:
        known = ", ".join(one.code for one in queries.agencies.all_agencies(session)) or "none"
        raise BadInput(f"There is no agency {quoted(code)}; known: {known}.")
    return agency.id


def _told(verdict: Verdict, word: statuses.Word | None) -> dict[str, Any]:
    return {
        "trusted": verdict.trusted,
        "problems": [problem.value for problem in verdict.problems],
        "issuer": verdict.issuer,
        "signed_at": _instant(verdict.signed_at),
        "status": (word.status if word else Status.UNKNOWN).value,
        "newer_issue": word.newer_issue if word else None,
        "document": json.loads(verdict.payload) if verdict.payload else None,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def _word(
    session: Session, parts: Parts, verdict: Verdict, reader_id: UUID | None
) -> statuses.Word | None:
    """Return what is known of the document after it was made; None of what is no document."""
    report = verdict.report
    if report is None:
        return None
    return statuses.word_on(
        session,
        parts.ports,
        reader_id=reader_id,
        issuer_code=report.owner.agency_code,
        document_id=report.identity.document_id,
        issue=report.identity.issue or 0,
        status_list=report.provenance.status_list,
        status_index=report.provenance.status_index,
        status_said=report.identity.status,
        expires_on=report.dates.expires_on,
        today=parts.now().date(),
    )

"""This file holds the command that verifies a document somebody handed in."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
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
from partner_assess.domain import deadlines
from partner_assess.domain.report.status import Status
from partner_assess.domain.report.verdict import Verdict
from partner_assess.domain.trust import NoSeal, Root, Trust
from partner_assess.usecases import verifying

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
        trusted = _roots(session, parts, _agency(session, reader))
    now = parts.now()
    (verdict,) = verifying.verify(parts.ports, [content], trusted=trusted, now=now)
    with open_session(parts.engine, reading=True) as session:
        json_lines.write([_told(verdict, _word(session, parts, verdict))])
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


def _told(verdict: Verdict, word: _Word) -> dict[str, Any]:
    return {
        "trusted": verdict.trusted,
        "problems": [problem.value for problem in verdict.problems],
        "issuer": verdict.issuer,
        "signed_at": _instant(verdict.signed_at),
        "status": word.status.value,
        "newer_issue": word.newer_issue,
        "document": json.loads(verdict.payload) if verdict.payload else None,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def _roots(session: Session, parts: Parts, agency_id: UUID | None) -> Trust:
    """Return the roots of the seals of this installation: an agency's own always counts."""
    codes = [
        one.code for one in queries.agencies.all_agencies(session) if agency_id in {None, one.id}
    ]
    roots: list[Root] = []
    for code in codes:
        with contextlib.suppress(NoSeal):
            roots.append(parts.ports.seals.root(code))
    return tuple(roots)


@dataclass(frozen=True)
class _Word:
    """What is known of a document after it was made."""

    status: Status
    newer_issue: int | None


def _word(_session: Session, parts: Parts, verdict: Verdict) -> _Word:
    """Return what the document's own dates say: nobody told us anything later."""
    ends = verdict.report.dates.expires_on if verdict.report else None
    is_over = deadlines.is_expired(ends, today=parts.now().date())
    return _Word(Status.EXPIRED if is_over else Status.UNKNOWN, None)

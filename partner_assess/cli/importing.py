"""This file holds the command that receives another agency's report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.orm import Session

from partner_assess.cli import json_lines
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.report.verdict import Verdict
from partner_assess.usecases import received, trust, verifying

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts
    from partner_assess.db.models.user import User

# More than any document of ours; what is larger is not read at all.
_MOST_BYTES = 20_000_000


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", required=True, metavar="EMAIL", help="Who receives it.")
@click.pass_obj
def import_report(parts: Parts, *, file: Path, email: str) -> int:
    """Check a PDF and store it as a received report; exit 1 where it is not trusted."""
    pdf = _read(file)
    with open_session(parts.engine, reading=True) as session:
        user = _user(session, email)
        trusted = trust.trust_of(session, parts.ports, agency_id=user.agency_id)
    (verdict,) = verifying.verify(parts.ports, [pdf], trusted=trusted, now=parts.now())
    if not verdict.trusted:
        return _no([one.value for one in verdict.problems], trusted=False)
    try:
        with open_session(parts.engine) as opened, unit_of_work(opened) as session:
            told = _receive(session, parts, user, verdict, pdf)
    except (received.OlderIssue, received.OwnDocument) as refused:
        return _no([refused.code.replace("_", "-")], trusted=True)
    json_lines.write([told])
    return 0


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            pdf = opened.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a name of a file"
        raise BadInput(f"{quoted(file)} cannot be read: {reason}.") from None
    if len(pdf) > _MOST_BYTES:
        raise BadInput(f"{quoted(file)} is larger than any shared assessment.")
    return pdf


def _user(session: Session, email: str) -> User:
    user = queries.users.by_email(session, email)
    if user is None:
        raise BadInput(f"There is no account {quoted(email)}; see `user list`.")
    return user


def _receive(
    session: Session, parts: Parts, user: User, verdict: Verdict, pdf: bytes
) -> dict[str, object]:
    office = received.office_for(session, user.actor())
    if office is None:
        raise BadInput(f"{quoted(user.email)} has no office that could receive it.")
    kept, is_new = received.receive(
        session,
        parts.ports,
        verdict=verdict,
        pdf=pdf,
        about=received.About(office.id),
        verifier=received.verifier(),
        actor=user.actor(),
        now=parts.now(),
        today=parts.today(office.timezone),
    )
    session.flush()
    likely = received.candidates(session, kept.report(), agency_id=user.agency_id)
    match = kept.partner or next(iter(likely), None)
    return {
        "trusted": True,
        "problems": [],
        "reference": kept.reference,
        "issue": kept.issue,
        "issuer": kept.issuer_code,
        "partner": match.name if match else None,
        "partner_confirmed": kept.partner_id is not None,
        "state": kept.state.value,
        "status": kept.source_status.value,
        "known": not is_new,
    }


def _no(problems: list[str], *, trusted: bool) -> int:
    json_lines.write([{"trusted": trusted, "problems": problems}])
    return 1

"""This file holds the commands about shared documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.orm import Session

from partner_assess.adapters import pdf
from partner_assess.cli import json_lines
from partner_assess.cli.files import whole_or_not_at_all
from partner_assess.cli.importing import import_report
from partner_assess.cli.json_lines import BadInput, quoted
from partner_assess.cli.verifying import verify
from partner_assess.db import queries
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.report import Profile, json_schema
from partner_assess.domain.trust import NoSeal, SealFailed
from partner_assess.usecases import sharing

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts
    from partner_assess.db.models.shared_report import ReportIssue

_LONGEST = 200


@dataclass(frozen=True)
class _Wanted:
    """What the command line asks for."""

    reference: str
    profile: Profile
    language: str
    receiver: sharing.Receiver


@click.group()
def report() -> None:
    """List, export and receive what is shared."""


@report.command("list")
@click.pass_obj
def list_reports(parts: Parts) -> None:
    """List what can be shared: one document for each assessment that was made final."""
    with open_session(parts.engine, reading=True) as session:
        json_lines.write(
            {
                "reference": row.reference,
                "assessment": row.assessment,
                "partner": row.partner,
                "agency": row.agency,
                "framework": row.framework,
                "status": row.status.value,
            }
            for row in sharing.documents(session, today_of=parts.today)
        )


@report.command()
@click.argument("reference")
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path))
@click.option("--language", default="en", show_default=True)
@click.option(
    "--profile",
    default=Profile.FULL.value,
    show_default=True,
    type=click.Choice([profile.value for profile in Profile]),
)
@click.option("--to", "recipient", help="Who gets it: an office or agency, no person.")
@click.option("--purpose", help="What for, in general words.")
@click.option(
    "--consent",
    type=click.Choice([one.value for one in sharing.Consent if one != "not_stated"]),
    help="The partner agreed to it, or its agreement covers it.",
)
@click.pass_obj
def export(
    parts: Parts,
    reference: str,
    *,
    file: Path,
    language: str,
    profile: str,
    recipient: str | None,
    purpose: str | None,
    consent: str | None,
) -> None:
    """Write the current issue of a document as PDF: the one that is there, else a new one."""
    wanted = _Wanted(reference, Profile(profile), language, _receiver(recipient, purpose, consent))
    with whole_or_not_at_all(file) as unfinished:
        issue = _made(parts, wanted)
        unfinished.write_bytes(_stored(parts, issue.pdf_sha256))
        _note(parts, issue, wanted.receiver)
    json_lines.write([_told(reference, issue, file)])


@report.command()
def schema() -> None:
    """Print the JSON Schema of the data inside a document."""
    json_lines.write([json_schema()])


def _receiver(recipient: str | None, purpose: str | None, consent: str | None) -> sharing.Receiver:
    if recipient is None and purpose is None and consent is None:
        return sharing.Receiver()
    name, what_for = (recipient or "").strip(), (purpose or "").strip()
    if not name or not what_for:
        raise BadInput("--to and --purpose belong together: say who gets it, and what for.")
    if max(len(name), len(what_for)) > _LONGEST:
        raise BadInput(f"--to and --purpose have at most {_LONGEST} characters each.")
    return sharing.Receiver(name, what_for, consent=sharing.Consent(consent or "not_stated"))


def _made(parts: Parts, wanted: _Wanted) -> ReportIssue:
    issue: ReportIssue = _in_one_unit(parts, lambda session: _ask(session, parts, wanted))
    if issue.pdf_sha256 is not None:
        return issue
    # The job that was queued with the issue makes it, should we be killed here.
    try:
        run = partial(_in_one_unit, parts)
        sharing.make(run, parts.ports, issue_id=issue.id, now=parts.now())
    except (pdf.PdfFailed, NoSeal, SealFailed) as failed:
        raise BadInput(f"The document could not be made ({failed.code}); try again.") from failed
    agency_id = issue.assessment.agency_id
    return _in_one_unit(
        parts, lambda session: queries.shared_reports.get(session, issue.id, agency_id=agency_id)
    )


def _in_one_unit(parts: Parts, deed: Callable[[Session], Any]) -> Any:
    with open_session(parts.engine) as opened, unit_of_work(opened) as session:
        return deed(session)


def _ask(session: Session, parts: Parts, wanted: _Wanted) -> ReportIssue:
    found = queries.assessments.by_document_number(session, wanted.reference)
    if found is None:
        raise BadInput(f"There is no document {quoted(wanted.reference)}; see `report list`.")
    try:
        issue = sharing.ask(
            session,
            parts.ports,
            assessment_id=found.id,
            agency_id=found.agency_id,
            profile=wanted.profile,
            language=wanted.language,
            receiver=wanted.receiver,
            actor=None,
            now=parts.now(),
            today=parts.today(found.office.timezone),
        )
    except sharing.NotFinal:
        raise BadInput(f"{quoted(wanted.reference)} is not final, so it is not shared.") from None
    except sharing.UnknownLanguage:
        known = ", ".join(parts.ports.catalogue.get(found.framework_id).languages)
        said = f"There is no document in {quoted(wanted.language)}; known languages: {known}."
        raise BadInput(said) from None
    if issue.pdf_sha256 is None and parts.pdf_is_off:
        raise BadInput(f"PDF is switched off on this machine; install {parts.pdf_is_off}.")
    return issue


def _note(parts: Parts, issue: ReportIssue, receiver: sharing.Receiver) -> None:
    if receiver == sharing.Receiver():
        return
    agency_id = issue.assessment.agency_id

    def deed(session: Session) -> None:
        sharing.hand_over(
            session,
            issue_id=issue.id,
            agency_id=agency_id,
            receiver=sharing.known_as(session, receiver, agency_id=agency_id),
            actor=None,
            now=parts.now(),
        )

    _in_one_unit(parts, deed)


def _stored(parts: Parts, sha256: str | None) -> bytes:
    try:
        return parts.ports.store.path(sha256 or "").read_bytes()
    except OSError:
        raise BadInput("The document was made, but its file is gone from the storage.") from None


def _told(reference: str, issue: ReportIssue, file: Path) -> dict[str, object]:
    return {
        "reference": reference,
        "issue": issue.number,
        "language": issue.language,
        "profile": issue.profile.value,
        "as_of": issue.asked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "signed": issue.seal is not None,
        "sha256": issue.pdf_sha256,
        "bytes": issue.pdf_bytes,
        "file": str(file),
    }


report.add_command(import_report)
report.add_command(verify)

commands = (report,)

"""This file holds what the page of documents shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from babel import Locale

from partner_assess.domain.permissions import Permission
from partner_assess.domain.report import Profile
from partner_assess.domain.report.status import Status, status_of
from partner_assess.usecases.sharing import KnownAgency
from partner_assess.web import context, identity
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity
from partner_assess.web.recipients import RecipientRow

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.shared_report import Recipient, ReportIssue


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue in the list.

    Attributes:
        making: "queued", "made" or "failed".
        failure: Why it could not be made, as a sentence.
    """

    id: UUID
    reference: str
    as_of: datetime
    language: str
    profile: str
    profile_word: str
    making: str
    tag: str
    word: str
    failure: str
    kilobytes: int
    signed: bool
    check_code: str

    @classmethod
    def of(cls, issue: ReportIssue, reference: str) -> IssueRow:
        """Return the line of an issue."""
        tag, word = {
            "queued": ("waits", _("Being made")),
            "made": ("done", _("Ready")),
            "failed": ("returned", _("Could not be made")),
        }[issue.making.value]
        return cls(
            id=issue.id,
            reference=f"{reference}-{issue.number}",
            as_of=issue.asked_at,
            language=str(Locale.parse(issue.language.replace("-", "_")).display_name).capitalize(),
            profile=issue.profile.value,
            profile_word=_("Summary") if issue.profile is Profile.SUMMARY else _("Full"),
            making=issue.making.value,
            tag=tag,
            word=word,
            failure=_failure(issue.failure),
            kilobytes=-(-(issue.pdf_bytes or 0) // 1000),
            check_code=issue.check_code,
            signed=issue.seal is not None,
        )


def _failure(code: str) -> str:
    if code == "timeout":
        return _("It took too long. Shorten the longest comments, or make a summary.")
    if code in {"no_seal", "seal_failed"}:
        return _("It could not be signed. Try again, or tell your administrator.")
    return _("It is written in the log. Try again, or tell your administrator.") if code else ""


@dataclass(frozen=True, slots=True)
class HandedRow:
    """Who got which issue.

    Attributes:
        common: Who, what for, when, by whom, and the link where there is one.
        told: How they learned that the document has ended; empty while nobody told them.
        must_tell: Whether a person still has to tell them.
    """

    common: RecipientRow
    issue: str
    consent: str
    told: str
    told_at: datetime | None
    must_tell: bool

    @classmethod
    def of(cls, found: Recipient, *, ended: bool, sees_it: bool, now: datetime) -> HandedRow:
        """Return the line of a recipient of a document that has `ended`, or not."""
        assert found.issue is not None, "documents are issues"  # noqa: S101
        got_it = found.token_sha256 is None or bool(found.reads)
        return cls(
            common=RecipientRow.of(found, now=now),
            issue=f"{found.issue.assessment.document_number}-{found.issue.number}",
            consent=_CONSENTS[found.consent.value](),
            told=_told(found, ended=ended, sees_it=sees_it),
            told_at=found.told_at,
            must_tell=ended and got_it and not sees_it and found.told_at is None,
        )


def _told(found: Recipient, *, ended: bool, sees_it: bool) -> str:
    if found.told_at is not None:
        return _("Told")
    return _("Sees it in this installation") if ended and sees_it else ""


_CONSENTS: dict[str, Callable[[], str]] = {
    "given": lambda: _("the partner agreed"),
    "agreement": lambda: _("covered by the agreement"),
    "not_stated": lambda: _("consent not stated"),
}


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """The documents of one assessment.

    Attributes:
        reference: The document's, or the assessment's while there is none.
        status: None for an assessment that is not final: nothing of it is shared.
        recipients: Who got which issue, newest first.
        new_link: The address of a link that was just made, shown once.
        pdf_is_off: Which packages are missing, None where PDF works.
    """

    assessment_id: UUID
    identity: Identity
    reference: str
    zone: str
    status: Status | None
    status_word: str
    until: date | None
    issues: tuple[IssueRow, ...]
    recipients: tuple[HandedRow, ...]
    known: Sequence[KnownAgency]
    new_link: str | None
    is_signed: bool
    may_ask: bool
    may_print_draft: bool
    pdf_is_off: str | None

    @classmethod
    def of(
        cls,
        found: Assessment,
        issues: Sequence[ReportIssue],
        recipients: tuple[HandedRow, ...],
        known: Sequence[KnownAgency],
        *,
        new_link: str | None,
        today: date,
    ) -> DocumentsPage:
        """Return the page of an assessment; issues and recipients come newest first."""
        status = status_of(found.state, expires_on=found.expires_on, today=today)
        reference = found.document_number or found.reference
        rows = tuple(IssueRow.of(one, reference) for one in issues)
        standing = found.standing()
        return cls(
            assessment_id=found.id,
            identity=identity.of(found.partner, place="assessments", today=today),
            reference=reference,
            zone=found.office.timezone,
            status=status,
            status_word=_status(status),
            until=found.expires_on if status is not None else None,
            issues=rows,
            recipients=recipients,
            known=known,
            new_link=new_link,
            is_signed=context.ports().seals.has(context.user().agency.code),
            may_ask=status is not None and context.may(Permission.DOCUMENT_EXPORT, standing),
            may_print_draft=status is None and context.may(Permission.ASSESSMENT_READ, standing),
            pdf_is_off=context.parts().pdf_is_off,
        )


def _status(status: Status | None) -> str:
    if status is None:
        return _("Not final")
    return {
        Status.CURRENT: _("Current"),
        Status.SUPERSEDED: _("Superseded by a newer assessment"),
        Status.WITHDRAWN: _("Withdrawn"),
        Status.EXPIRED: _("Expired"),
    }[status]

"""This file holds what the public page about a document's status shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from partner_assess.domain.report.status import Status
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    from partner_assess.usecases.statuses import PublicWord


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What anybody is told.

    Attributes:
        as_of: None where no document has the code.
    """

    title: str
    text: str
    tag: str = "none"
    word: str = ""
    as_of: datetime | None = None
    since: date | None = None
    newer_issue: int | None = None

    @classmethod
    def of(cls, word: PublicWord | None) -> CheckPage:
        """Return the page of what we know, None where there is no such document."""
        if word is None:
            return cls(
                _("No document has this code"),
                _("Check it letter by letter: capitals count. Or scan the sign on the document."),
            )
        title, text, said = _words(word.status)
        if word.newer_issue is not None:
            text = _(
                "The assessment still counts. There is a newer issue: facts around it may have"
                " changed. Ask for that one."
            )
        return cls(
            title,
            text,
            "done" if word.status is Status.CURRENT else "late",
            said,
            as_of=word.as_of,
            since=word.since,
            newer_issue=word.newer_issue,
        )


def _words(status: Status) -> tuple[str, str, str]:
    if status is Status.SUPERSEDED:
        return (
            _("This document was superseded"),
            _("A newer assessment has taken its place. Do not rely on it; ask for the new one."),
            _("Superseded"),
        )
    if status is Status.WITHDRAWN:
        return (
            _("This document was withdrawn"),
            _("Its agency has taken the assessment back. Do not rely on it."),
            _("Withdrawn"),
        )
    if status is Status.EXPIRED:
        return (
            _("This document has expired"),
            _("Its last valid day has passed. Ask for a new assessment."),
            _("Expired"),
        )
    return (
        _("This document is current"),
        _("Its agency has neither superseded nor withdrawn it."),
        _("Current"),
    )

"""This file holds what the pages about the trust bundle and behind a share link show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from partner_assess.domain.report.status import Status, status_of
from partner_assess.usecases.sharing import KnownAgency
from partner_assess.web import context, recipients
from partner_assess.web.i18n import gettext as _
from partner_assess.web.recipients import RecipientRow

if TYPE_CHECKING:
    from partner_assess.db.models.shared_report import Recipient


@dataclass(frozen=True, slots=True)
class BundlePage:
    """The agency's trust bundle, and the links to it.

    Attributes:
        has_seal: Whether the agency can sign here; without it there is no bundle.
        new_link: The address of a link that was just made, shown once.
    """

    agency: str
    has_seal: bool
    links: tuple[RecipientRow, ...]
    known: Sequence[KnownAgency]
    zone: str
    new_link: str | None

    @classmethod
    def of(
        cls, links: Sequence[Recipient], known: Sequence[KnownAgency], *, new_link: str | None
    ) -> BundlePage:
        """Return the page of the actor's agency."""
        agency = context.user().agency
        return cls(
            agency=agency.name,
            has_seal=context.ports().seals.has(agency.code),
            links=recipients.rows(links, now=context.now()),
            known=known,
            zone=context.zone(),
            new_link=new_link,
        )


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What whoever has a share link sees before fetching.

    Attributes:
        warning: What became of the document meanwhile, empty while it is current.
    """

    agency: str
    is_bundle: bool
    is_made: bool
    until: datetime
    warning: str

    @classmethod
    def of(cls, found: Recipient, agency: str) -> SharedPage:
        """Return the page of an open link; no partner is named before it is fetched."""
        assert found.expires_at is not None, "a link ends"  # noqa: S101
        return cls(
            agency=agency,
            is_bundle=found.issue is None,
            is_made=found.issue is None or found.issue.pdf_sha256 is not None,
            until=found.expires_at,
            warning=_warning(found),
        )


def _warning(found: Recipient) -> str:
    if found.issue is None:
        return ""
    about = found.issue.assessment
    today = context.today(about.office.timezone)
    status = status_of(about.state, expires_on=about.expires_on, today=today)
    return {
        Status.SUPERSEDED: _("The document was superseded since: ask for the new one."),
        Status.WITHDRAWN: _("The document was withdrawn since: do not rely on it."),
        Status.EXPIRED: _("The document has expired since: do not rely on it."),
    }.get(status or Status.CURRENT, "")

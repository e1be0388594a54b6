"""This file holds how it is shown who got something, and the links that stand for a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import flask

from partner_assess.domain.sharing import LINK_DAYS, MOST_LINK_DAYS
from partner_assess.web import words
from partner_assess.web.forms import SelectChoice
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from partner_assess.db.models.shared_report import Recipient

_NEW_LINK = "new_link"


def keep_new_link(owner: str, address: str) -> None:
    """Let the address of a new link wait until the page it belongs to has shown it, once."""
    flask.session[_NEW_LINK] = [owner, address]


def new_link(owner: str) -> str | None:
    """Return the address that waits for this page, and for no other; None where none does."""
    kept_for, address = flask.session.get(_NEW_LINK, ["", None])
    if kept_for != owner:
        return None
    flask.session.pop(_NEW_LINK)
    return address


def day_choices() -> list[Any]:
    """Return how long a link can live, for a list to pick from."""
    offered = (
        (1, _l("1 day")),
        (7, _l("7 days")),
        (LINK_DAYS, _l("14 days")),
        (30, _l("30 days")),
        (MOST_LINK_DAYS, _l("90 days")),
    )
    return [SelectChoice(str(days), said) for days, said in offered]


@dataclass(frozen=True, slots=True)
class LinkState:
    """A share link in a list.

    Attributes:
        tag: How it is drawn.
        may_end: Whether it can still be taken back.
        last_read: None where nobody has fetched yet.
    """

    tag: str
    word: str
    until: datetime
    reads: int
    last_read: datetime | None
    may_end: bool

    @classmethod
    def of(cls, recipient: Recipient, *, now: datetime) -> LinkState | None:
        """Return the link of a recipient, None where the file itself was handed over."""
        if recipient.expires_at is None:
            return None
        if recipient.revoked_at is not None:
            tag, word = "none", _("Taken back")
        elif now >= recipient.expires_at:
            tag, word = "none", _("Ended")
        else:
            tag, word = "progress", _("Open")
        return cls(
            tag,
            word,
            until=recipient.revoked_at or recipient.expires_at,
            reads=len(recipient.reads),
            last_read=recipient.reads[-1].at if recipient.reads else None,
            may_end=tag == "progress",
        )


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """Who got something: what for, when, by whom, and how."""

    id: UUID
    name: str
    purpose: str
    at: datetime
    by: str
    link: LinkState | None

    @classmethod
    def of(cls, recipient: Recipient, *, now: datetime) -> RecipientRow:
        """Return the line of a recipient; needs `reads` and `giver`."""
        return cls(
            id=recipient.id,
            name=recipient.name,
            purpose=recipient.purpose,
            at=recipient.at,
            by=giver_of(recipient),
            link=LinkState.of(recipient, now=now),
        )


def giver_of(recipient: Recipient) -> str:
    """Return the role of who handed it over."""
    if recipient.giver is None:
        return _("Operator")
    grants = recipient.giver.grants
    return words.of(grants[0].role) if grants else recipient.giver.name


def rows(recipients: Sequence[Recipient], *, now: datetime) -> tuple[RecipientRow, ...]:
    """Return a line for each."""
    return tuple(RecipientRow.of(one, now=now) for one in recipients)

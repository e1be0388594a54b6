"""This file holds what is asked before a document is handed over, and how long a link lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from partner_assess.domain.errors import RuleError

# How long a share link lives unless somebody says otherwise. Source: ours; docs/decisions/0018
LINK_DAYS = 14
# The longest a share link can live. Source: ours; docs/decisions/0018
MOST_LINK_DAYS = 90


# What a check code is made of: no two signs that look alike on paper, 100 bits in all.
# Source: ours; docs/decisions/0018
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20

_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def code_as_issued(typed: str) -> str:
    """Return a check code as it was issued: capitals, spaces, signs that look alike do not matter.

    Source: ours; docs/decisions/0018
    """
    return typed.upper().translate(_LOOK_ALIKE)


class RecipientIncomplete(RuleError):
    """Who gets it, what for and what the partner's consent rests on belong together."""

    code = "recipient_incomplete"


class LinkDaysOutOfRange(RuleError):
    """A share link lives at least a day, and at most MOST_LINK_DAYS."""

    code = "link_days_out_of_range"


class LinkEnded(RuleError):
    """The share link has expired or was taken back."""

    code = "link_ended"


def require_recipient(name: str, purpose: str) -> None:
    """Raise RecipientIncomplete unless it is said who gets it and what for.

    Source: ours; domain.md 5.2 (recipient, purpose and profile recorded at each export)
    """
    if not name.strip() or not purpose.strip():
        raise RecipientIncomplete


def link_ends(at: datetime, days: int) -> datetime:
    """Return when a link made now ends by itself.

    Raises:
        LinkDaysOutOfRange: it would end at once, or outlive MOST_LINK_DAYS.

    Source: ours; docs/decisions/0018
    """
    if not 1 <= days <= MOST_LINK_DAYS:
        raise LinkDaysOutOfRange(most=MOST_LINK_DAYS)
    return at + timedelta(days=days)


def require_open(
    expires_at: datetime | None, revoked_at: datetime | None, *, now: datetime
) -> None:
    """Raise LinkEnded once a link has expired or was taken back; its last instant is over.

    Source: ours; docs/decisions/0018
    """
    if expires_at is None or revoked_at is not None or now >= expires_at:
        raise LinkEnded

"""This file holds the list of received reports, and what came of the files that were dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from partner_assess.db import queries
from partner_assess.domain.acceptance import State
from partner_assess.domain.permissions import Permission
from partner_assess.web import context
from partner_assess.web.frame import Place
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    from partner_assess.db.models.received_report import ReceivedReport
    from partner_assess.domain.risk import Capacity, Risk

_WAITING = frozenset({State.RECEIVED, State.PROPOSED})
_SHOWN = {
    "waiting": _WAITING,
    "accepted": frozenset({State.ACCEPTED}),
    "all": frozenset(State),
}


@dataclass(frozen=True, slots=True)
class ListPage:
    """The received reports that the reader may see, and which of them are shown."""

    rows: Sequence[ReceivedReport]
    filters: tuple[Place, ...]
    may_import: bool
    is_cut: bool

    @classmethod
    def of(cls, shown: str) -> ListPage:
        """Return the page; anything but a known filter shows what waits."""
        chosen = shown if shown in _SHOWN else "waiting"
        rows = queries.received_reports.listed(
            context.session(),
            agency_id=context.actor().agency_id,
            offices=context.actor().offices,
            states=_SHOWN[chosen],
        )
        words = {
            "waiting": _("Waiting for a decision"),
            "accepted": _("Accepted"),
            "all": _("All"),
        }
        return cls(
            rows=rows,
            filters=tuple(
                Place(label, url_for("received.index", show=name), name == chosen)
                for name, label in words.items()
            ),
            may_import=context.may(Permission.RECEIVED_IMPORT),
            is_cut=len(rows) == queries.received_reports.MOST,
        )


@dataclass(frozen=True, slots=True)
class Dropped:
    """What came of one file.

    Attributes:
        headline: Trusted or not, in one sentence.
        problems: Why not, each with what to do.
        url: Where to go on; none for a file that is not relied on.
    """

    name: str
    is_trusted: bool
    headline: str
    problems: tuple[str, ...]
    about: str
    partner: str
    capacity: Capacity | None
    risk: Risk | None
    known_id: UUID | None
    newer_id: UUID | None
    newer_issue: int | None
    is_own: bool
    url: str | None

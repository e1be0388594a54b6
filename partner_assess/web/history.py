"""This file holds how events are told: one sentence a deed, and who did it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from partner_assess.db import queries
from partner_assess.web import context, i18n, words
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l
from partner_assess.web.i18n import ngettext

if TYPE_CHECKING:
    from partner_assess.db.models.event import Event
    from partner_assess.db.models.partner import Partner

_TITLES = {
    ("partner", "registered"): _l("Partner registered"),
    ("partner", "edited"): _l("Partner’s details changed"),
    ("partner", "recorded_emergency"): _l("Low capacity assumed: emergency recorded"),
    ("partner", "recorded_no_contact"): _l("Assessment waived: no contact with beneficiaries"),
    ("partnership", "proposed"): _l("Partnership proposed"),
    ("partnership", "edited"): _l("Partnership’s details changed"),
    ("partnership", "activated"): _l("Partnership active"),
    ("partnership", "ended"): _l("Partnership ended"),
    ("partnership", "marked_lives_at_risk"): _l("Marked: lives at risk if suspended"),
    ("partnership", "unmarked_lives_at_risk"): _l("Mark removed: lives at risk if suspended"),
    ("partnership", "confirmed_lives_at_risk"): _l("Head of office confirmed: lives at risk"),
    ("assessment", "opened"): _l("Assessment opened"),
    ("assessment", "started"): _l("Assessment started"),
    ("assessment", "submitted"): _l("Assessment submitted for review"),
    ("assessment", "returned"): _l("Assessment returned with comments"),
    ("assessment", "preliminary"): _l("Preliminary result"),
    ("assessment", "final"): _l("Result final"),
    ("assessment", "superseded"): _l("Result superseded by a newer one"),
    ("assessment", "expired"): _l("Result expired"),
    ("assessment", "withdrawn"): _l("Result withdrawn"),
    ("assessment", "cancelled"): _l("Assessment cancelled"),
    ("assessment", "evidence_added"): _l("Evidence added"),
    ("assessment", "evidence_removed"): _l("Evidence removed"),
    ("assessment", "evidence_downloaded"): _l("Evidence downloaded"),
    ("approval", "asked"): _l("Approval asked for"),
    ("approval", "approved"): _l("Partnership approved"),
    ("approval", "declined"): _l("Partnership declined"),
    ("approval", "lapsed"): _l("Approval lapsed"),
    ("plan", "drafted"): _l("Action plan drafted from the gaps"),
    ("plan", "agreed"): _l("Action plan agreed"),
    ("plan", "action_changed"): _l("Action changed"),
    ("plan", "action_added"): _l("Action added"),
    ("plan", "action_done"): _l("Action reported as done"),
    ("plan", "action_verified"): _l("Action verified"),
    ("plan", "action_returned"): _l("Action returned"),
    ("plan", "completed"): _l("Action plan completed"),
    ("plan", "closed"): _l("Action plan closed"),
    ("plan", "clock_ended"): _l("12-month date ended by a Moderate or Low result"),
    ("plan", "clock_resumed"): _l("12-month date runs again: what ended it was withdrawn"),
    ("suspension", "suspended"): _l("Partnership suspended"),
    ("suspension", "decision_due"): _l("12-month date passed: decision due"),
    ("suspension", "continues"): _l("12-month date passed: continues under an exception"),
    ("suspension", "lifted"): _l("Suspension lifted"),
    ("suspension", "closed"): _l("Case closed"),
    ("suspension", "exception_granted"): _l("Life-saving exception recorded"),
    ("plan", "carried_over"): _l("Action plan goes on under the newer issue"),
    ("received", "received"): _l("Assessment of another agency received"),
    ("received", "partner_confirmed"): _l("Confirmed: the received assessment is about it"),
    ("received", "proposed"): _l("Decision on a received assessment proposed"),
    ("received", "sent_back"): _l("Proposal sent back"),
    ("received", "set_aside"): _l("Received assessment set aside"),
    ("received", "countersigned"): _l("Decision on a received assessment countersigned"),
    ("received", "source_said"): _l("Its agency said how the received assessment stands"),
    ("received", "ended"): _l("Received assessment counts no more"),
    ("received", "downloaded"): _l("Received document downloaded"),
    ("document", "asked"): _l("Document asked for"),
    ("document", "made"): _l("Document made"),
    ("document", "downloaded"): _l("Document downloaded"),
    ("document", "exported"): _l("Document handed over"),
    ("document", "linked"): _l("Share link made"),
    ("document", "link_revoked"): _l("Share link taken back"),
    ("document", "told"): _l("Recipient told what became of the document"),
    ("trust", "added"): _l("Root added"),
    ("trust", "confirmed"): _l("Root confirmed"),
    ("trust", "removed"): _l("Root removed"),
    ("trust", "revocation_list_taken"): _l("Revocation list taken in"),
    ("trust", "status_list_taken"): _l("Status list taken in"),
}

# What waits for somebody: drawn filled.
_WAITING = {
    ("assessment", "submitted"),
    ("approval", "asked"),
    ("plan", "action_done"),
    ("received", "partner_confirmed"),
    ("received", "proposed"),
    ("suspension", "decision_due"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    at: str
    title: str
    text: str
    waits: bool
    moment: datetime


def of(partner: Partner, *, limit: int) -> tuple[Entry, ...]:
    """Return what happened around a partner, newest first, as far as the actor may know it."""
    offices = context.actor().offices
    found = queries.events.of_partner(context.session(), partner.id, limit=limit, offices=offices)
    # What waits is the newest word on its record; an older one has been answered.
    newest: set[object] = set()
    entries: list[Entry] = []
    for known in found:
        event = known.event
        waits = (event.about, event.action) in _WAITING and event.about_id not in newest
        newest.add(event.about_id)
        entries.append(_entry(event, waits=waits, details=known.details))
    return tuple(_together(entries))


def _together(entries: list[Entry]) -> Iterator[Entry]:
    """Yield one line for what the same people did several times in a row on one day."""
    for _same, alike in groupby(entries, key=lambda one: (one.at, one.title, one.text, one.waits)):
        first, *others = alike
        times = len(others) + 1
        if others:
            said = ngettext(
                "%(deed)s, %(num)s time", "%(deed)s, %(num)s times", times, deed=first.title
            )
            first = replace(first, title=said)
        yield first


def title(about: str, action: str) -> str:
    """Return what a deed is called, by its own name where it has no other."""
    words_for_it = _TITLES.get((about, action))
    return str(words_for_it) if words_for_it else action.replace("_", " ")


def _entry(event: Event, *, waits: bool, details: bool) -> Entry:
    parts = [_who(event)]
    if event.facts.get("title"):
        parts.append(str(event.facts["title"]))
    if details and event.comment:
        parts.append(event.comment)
    return Entry(
        at=i18n.short_day(event.at.date()),
        title=title(event.about, event.action),
        text=" · ".join(parts),
        waits=waits,
        moment=event.at,
    )


def _who(event: Event) -> str:
    if event.by is None:
        return _("By the calendar")
    grants = event.by.grants
    return words.of(grants[0].role) if grants else event.by.name

"""This folder holds how an assessment's document comes about, and who got it."""

from __future__ import annotations

from partner_assess.db.models.shared_report import Consent
from partner_assess.usecases.sharing.facts import UnknownLanguage, facts_of
from partner_assess.usecases.sharing.issues import (
    MAKE_REPORT,
    NotFinal,
    ask,
    draft,
    note_download,
)
from partner_assess.usecases.sharing.listing import Document, documents
from partner_assess.usecases.sharing.making import make, note_failure
from partner_assess.usecases.sharing.recipients import (
    KnownAgency,
    NoSuchLink,
    NotMadeYet,
    Receiver,
    behind,
    fetch,
    hand_over,
    known_agencies,
    known_as,
    link,
    revoke,
    tell,
)
from partner_assess.usecases.sharing.relying import Relying, relying, seen_here

__all__ = [
    "MAKE_REPORT",
    "Consent",
    "Document",
    "KnownAgency",
    "NoSuchLink",
    "NotFinal",
    "NotMadeYet",
    "Receiver",
    "Relying",
    "UnknownLanguage",
    "ask",
    "behind",
    "documents",
    "draft",
    "facts_of",
    "fetch",
    "hand_over",
    "known_agencies",
    "known_as",
    "link",
    "make",
    "note_download",
    "note_failure",
    "relying",
    "revoke",
    "seen_here",
    "tell",
]

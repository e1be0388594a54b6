"""This folder holds how an assessment's document comes about: its facts, its issues."""

from __future__ import annotations

from partner_assess.usecases.sharing.facts import UnknownLanguage, facts_of
from partner_assess.usecases.sharing.issues import (
    MAKE_REPORT,
    NotFinal,
    Receiver,
    ask,
    draft,
    note_download,
    note_export,
)
from partner_assess.usecases.sharing.listing import Document, documents
from partner_assess.usecases.sharing.making import make, note_failure

__all__ = [
    "MAKE_REPORT",
    "Document",
    "NotFinal",
    "Receiver",
    "UnknownLanguage",
    "ask",
    "documents",
    "draft",
    "facts_of",
    "make",
    "note_download",
    "note_export",
    "note_failure",
]

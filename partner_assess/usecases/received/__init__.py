"""This folder holds what is done with reports of other agencies: received, decided, followed."""

from __future__ import annotations

from partner_assess.usecases.received.deciding import (
    PartnerUnconfirmed,
    countersign,
    propose,
    send_back,
    set_aside,
)
from partner_assess.usecases.received.exhibits import note_download
from partner_assess.usecases.received.judging import Judgement, Told, judge, told_now
from partner_assess.usecases.received.matching import candidates
from partner_assess.usecases.received.receipts import verifier
from partner_assess.usecases.received.receiving import (
    About,
    Known,
    NotTrusted,
    OlderIssue,
    OwnDocument,
    PartnerSettled,
    confirm_partner,
    known,
    office_for,
    read,
    receive,
)
from partner_assess.usecases.received.words import apply_word, apply_words

__all__ = [
    "About",
    "Judgement",
    "Known",
    "NotTrusted",
    "OlderIssue",
    "OwnDocument",
    "PartnerSettled",
    "PartnerUnconfirmed",
    "Told",
    "apply_word",
    "apply_words",
    "candidates",
    "confirm_partner",
    "countersign",
    "judge",
    "known",
    "note_download",
    "office_for",
    "propose",
    "read",
    "receive",
    "send_back",
    "set_aside",
    "told_now",
    "verifier",
]

"""This folder holds what is done with assessments: opened, answered, reviewed, ended."""

from __future__ import annotations

from partner_assess.usecases.assessments.answering import (
    Said,
    UnknownAnswer,
    begin,
    lock_for_answers,
    save_answers,
    save_details,
    standard_of,
    submit,
)
from partner_assess.usecases.assessments.ending import cancel, expire, withdraw
from partner_assess.usecases.assessments.opening import (
    AlreadyOpen,
    OutsideTiers,
    Start,
    framework_of,
    open_,
)
from partner_assess.usecases.assessments.reviewing import (
    NothingSaid,
    content_digest,
    document_number,
    finalise,
    send_back,
)

__all__ = [
    "AlreadyOpen",
    "NothingSaid",
    "OutsideTiers",
    "Said",
    "Start",
    "UnknownAnswer",
    "begin",
    "cancel",
    "content_digest",
    "document_number",
    "expire",
    "finalise",
    "framework_of",
    "lock_for_answers",
    "open_",
    "save_answers",
    "save_details",
    "send_back",
    "standard_of",
    "submit",
    "withdraw",
]

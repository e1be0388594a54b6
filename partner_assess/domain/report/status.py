"""This file holds whether a document still counts."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from partner_assess.domain import deadlines
from partner_assess.domain.assessment import State

# How many assessments a status list has a place for. Source: ours; docs/decisions/0018
LIST_SIZE = 2**20


class Status(StrEnum):
    """What a document is worth on a day. An older issue of a current one is current.

    `unknown` is what a reader says that has no word of the agency and cannot judge by dates.
    """

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


_BY_STATE = {
    State.FINAL: Status.CURRENT,
    State.SUPERSEDED: Status.SUPERSEDED,
    State.WITHDRAWN: Status.WITHDRAWN,
    State.EXPIRED: Status.EXPIRED,
}


def status_of(state: State, *, expires_on: date | None, today: date) -> Status | None:
    """Return the status of an assessment's document, None for one that cannot be shared.

    Only what was made final is shared. The last valid day is inclusive, and counts also before
    the clock has written that it is over.

    Source: ours; domain.md 5, docs/decisions/0011
    """
    status = _BY_STATE.get(state)
    if status is Status.CURRENT and deadlines.is_expired(expires_on, today=today):
        return Status.EXPIRED
    return status

"""This file holds the life of a received report, and what a receiving agency may decide."""

from __future__ import annotations

from enum import StrEnum

from partner_assess.domain.machine import Machine, Move


class State(StrEnum):
    """Where a received report is. Source: ours; domain.md 5.3."""

    RECEIVED = "received"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REASSESS = "reassess"
    SET_ASIDE = "set_aside"
    ENDED = "ended"


class Action(StrEnum):
    """What can be done to a received report."""

    PROPOSE = "propose"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    DEMAND_REASSESSMENT = "demand_reassessment"
    SET_ASIDE = "set_aside"
    END = "end"


LIFE = Machine(
    (
        Move(State.RECEIVED, Action.PROPOSE, State.PROPOSED),
        Move(State.RECEIVED, Action.SET_ASIDE, State.SET_ASIDE),
        Move(State.PROPOSED, Action.SEND_BACK, State.RECEIVED),
        Move(State.PROPOSED, Action.ACCEPT, State.ACCEPTED),
        Move(State.PROPOSED, Action.DEMAND_REASSESSMENT, State.REASSESS),
        Move(State.PROPOSED, Action.SET_ASIDE, State.SET_ASIDE),
        Move(State.ACCEPTED, Action.END, State.ENDED),
    )
)


class Decision(StrEnum):
    """What is proposed and countersigned. Source: domain.md 5.3."""

    ACCEPT = "accept"
    RESERVATIONS = "reservations"
    REASSESS = "reassess"


class Ending(StrEnum):
    """Why an accepted report no longer counts. Source: ours; domain.md 5.3."""

    NEWER_IMPORT = "newer_import"
    SUPERSEDED_AT_SOURCE = "superseded_at_source"
    WITHDRAWN_AT_SOURCE = "withdrawn_at_source"
    DECIDED_ANEW = "decided_anew"

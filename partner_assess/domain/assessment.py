"""This file holds the life of an assessment."""

from __future__ import annotations

from enum import StrEnum

from partner_assess.domain.machine import Machine, Move


class State(StrEnum):
    """Where an assessment is. Source: E3; domain.md 3.2."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    SELF_ASSESSMENT = "self_assessment"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can be done to an assessment."""

    ASSIGN = "assign"
    DECLINE_ASSIGNMENT = "decline_assignment"
    INVITE = "invite"
    START = "start"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    DETERMINE = "determine"
    FINALISE = "finalise"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class Kind(StrEnum):
    """Why an assessment is made. Source: E3; domain.md 3.2."""

    OWN = "own"
    JOINT = "joint"
    REASSESSMENT = "reassessment"


LIFE = Machine(
    (
        Move(State.DRAFT, Action.ASSIGN, State.ASSIGNED),
        Move(State.DRAFT, Action.INVITE, State.SELF_ASSESSMENT),
        Move(State.DRAFT, Action.START, State.IN_PROGRESS),
        Move(State.DRAFT, Action.CANCEL, State.CANCELLED),
        Move(State.ASSIGNED, Action.DECLINE_ASSIGNMENT, State.DRAFT),
        Move(State.ASSIGNED, Action.INVITE, State.SELF_ASSESSMENT),
        Move(State.ASSIGNED, Action.START, State.IN_PROGRESS),
        Move(State.ASSIGNED, Action.CANCEL, State.CANCELLED),
        Move(State.SELF_ASSESSMENT, Action.START, State.IN_PROGRESS),
        Move(State.SELF_ASSESSMENT, Action.CANCEL, State.CANCELLED),
        Move(State.IN_PROGRESS, Action.SUBMIT, State.SUBMITTED),
        Move(State.IN_PROGRESS, Action.CANCEL, State.CANCELLED),
        Move(State.SUBMITTED, Action.SEND_BACK, State.RETURNED),
        Move(State.SUBMITTED, Action.DETERMINE, State.PRELIMINARY),
        Move(State.SUBMITTED, Action.FINALISE, State.FINAL),
        Move(State.SUBMITTED, Action.CANCEL, State.CANCELLED),
        Move(State.RETURNED, Action.START, State.IN_PROGRESS),
        Move(State.RETURNED, Action.CANCEL, State.CANCELLED),
        Move(State.PRELIMINARY, Action.FINALISE, State.FINAL),
        Move(State.PRELIMINARY, Action.CANCEL, State.CANCELLED),
        Move(State.FINAL, Action.SUPERSEDE, State.SUPERSEDED),
        Move(State.FINAL, Action.EXPIRE, State.EXPIRED),
        Move(State.FINAL, Action.WITHDRAW, State.WITHDRAWN),
    )
)

# Answers may be written in these states only. A returned assessment is continued (START) by the
# first answer that is saved.
WRITABLE = frozenset({State.DRAFT, State.ASSIGNED, State.IN_PROGRESS, State.RETURNED})

# One of these at a time for a partner, agency and instrument. Source: ours; docs/decisions/0008
OPEN = frozenset(
    {
        State.DRAFT,
        State.ASSIGNED,
        State.SELF_ASSESSMENT,
        State.IN_PROGRESS,
        State.SUBMITTED,
        State.RETURNED,
    }
)

# A result in one of these can be the partner's current one, while it has not expired.
IN_FORCE = frozenset({State.PRELIMINARY, State.FINAL})

# Frozen: what was found is shown and printed as it was, never computed anew.
FROZEN = IN_FORCE | {State.SUPERSEDED, State.EXPIRED, State.WITHDRAWN}

"""This file holds the action plan and its actions: their lives, drafting, progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partner_assess.domain.answers import AnswerSheet, StandardAnswers, is_proven
from partner_assess.domain.framework import Framework, Indicator, Met, Need, Standard
from partner_assess.domain.machine import Machine, Move
from partner_assess.domain.risk import Risk


class State(StrEnum):
    """Where a plan is. Source: SA 55; domain.md 3.4."""

    DRAFTING = "drafting"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CLOSED = "closed"


class Action(StrEnum):
    """What can be done to a plan."""

    AGREE = "agree"
    START = "start"
    COMPLETE = "complete"
    CLOSE = "close"


# A plan is superseded by a new result, or its partner ended, whenever that happens: so every
# open state can be closed, not only the one in which work is done.
LIFE = Machine(
    (
        Move(State.DRAFTING, Action.AGREE, State.AGREED),
        Move(State.DRAFTING, Action.CLOSE, State.CLOSED),
        Move(State.AGREED, Action.START, State.IN_PROGRESS),
        Move(State.AGREED, Action.CLOSE, State.CLOSED),
        Move(State.IN_PROGRESS, Action.COMPLETE, State.COMPLETED),
        Move(State.IN_PROGRESS, Action.CLOSE, State.CLOSED),
    )
)

OPEN = frozenset({State.DRAFTING, State.AGREED, State.IN_PROGRESS})


class ActionState(StrEnum):
    """Where one action is. Source: domain.md 3.4."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    VERIFIED = "verified"


class ActionMove(StrEnum):
    """What can be done to one action."""

    REPORT_DONE = "report_done"
    VERIFY = "verify"
    SEND_BACK = "send_back"


ACTION_LIFE = Machine(
    (
        Move(ActionState.OPEN, ActionMove.REPORT_DONE, ActionState.DONE),
        Move(ActionState.DONE, ActionMove.VERIFY, ActionState.VERIFIED),
        Move(ActionState.DONE, ActionMove.SEND_BACK, ActionState.RETURNED),
        Move(ActionState.RETURNED, ActionMove.REPORT_DONE, ActionState.DONE),
    )
)


@dataclass(frozen=True, slots=True)
class DraftAction:
    """An action that a gap calls for. `indicator_id` is None for a standard's general action."""

    standard_id: str
    indicator_id: str | None
    mandatory: bool


def is_needed(risk: Risk, ratings: Mapping[str, str], framework: Framework) -> bool:
    """Return whether a result opens a plan: High and Moderate always, Low where there is a gap.

    Source: SA 55; ours, domain.md 3.4
    """
    return risk is not Risk.LOW or any(
        standard.option(ratings[standard.id]).points < standard.highest_points
        for standard in framework.standards
    )


def draft(framework: Framework, sheet: AnswerSheet, risk: Risk) -> tuple[DraftAction, ...]:
    """Return the actions that the gaps call for, in framework order, mandatory ones first.

    One for each required indicator that is not met or not proven, and one for each Absent
    standard: mandatory. Under a Low result only an Absent standard makes them mandatory.
    Supporting indicators give recommended ones. An indicator without wording of its own, and a
    standard that fell short without a gap in a required indicator, take the standard's general
    action, once.

    Source: ours; domain.md 1.4, 1.5, 3.4
    """
    actions: list[DraftAction] = []
    for standard in framework.standards:
        actions += _of_standard(standard, sheet.of(standard.id), risk)
    order = {standard.id: standard.number for standard in framework.standards}
    return tuple(sorted(actions, key=lambda a: (order[a.standard_id], not a.mandatory)))


def draft_from_ratings(
    framework: Framework, ratings: Mapping[str, str], risk: Risk
) -> tuple[DraftAction, ...]:
    """Return the actions that ratings alone call for, in framework order.

    A shared document tells no answers to single indicators, so each standard short of its best
    takes its general action: mandatory under High and Moderate, under Low only where it has its
    lowest rating.

    Source: ours; domain.md 1.5, 3.4, 5.2
    """
    actions: list[DraftAction] = []
    for standard in framework.standards:
        points = standard.option(ratings[standard.id]).points
        if points < standard.highest_points:
            mandatory = risk is not Risk.LOW or points == standard.lowest_points
            actions.append(DraftAction(standard.id, None, mandatory))
    return tuple(actions)


def _of_standard(
    standard: Standard, answers: StandardAnswers, risk: Risk
) -> tuple[DraftAction, ...]:
    points = standard.option(answers.rating).points if answers.rating else standard.lowest_points
    falls_short = points < standard.highest_points
    mandatory = points == standard.lowest_points or (risk is not Risk.LOW)
    required = [i for i in standard.indicators if i.need is Need.REQUIRED]
    gaps = [i for i in required if not _has_no_gap(i, answers)]
    advice = [
        i for i in standard.indicators if i.need is Need.SUPPORTING and not _has_no_gap(i, answers)
    ]
    worded = [DraftAction(standard.id, i.id, mandatory) for i in gaps if not i.answer_only]
    if any(i.answer_only for i in gaps) or (falls_short and not worded):
        worded.append(DraftAction(standard.id, None, mandatory))
    return (*worded, *(DraftAction(standard.id, i.id, mandatory=False) for i in advice))


def _has_no_gap(indicator: Indicator, answers: StandardAnswers) -> bool:
    is_outside = answers.indicators.get(indicator.id) is Met.NOT_APPLICABLE
    return is_outside or is_proven(indicator, answers)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the mandatory actions are. Only *verified* counts. Source: domain.md 3.4."""

    mandatory: int
    verified: int
    waiting: int

    @property
    def is_complete(self) -> bool:
        """Return whether every mandatory action is verified."""
        return self.verified == self.mandatory

    @property
    def open(self) -> int:
        """Return mandatory actions neither verified nor waiting for a check."""
        return self.mandatory - self.verified - self.waiting


def progress(actions: Iterable[tuple[bool, ActionState]]) -> Progress:
    """Return the progress over pairs of (mandatory, state)."""
    states = [state for mandatory, state in actions if mandatory]
    return Progress(
        mandatory=len(states),
        verified=states.count(ActionState.VERIFIED),
        waiting=states.count(ActionState.DONE),
    )


def is_finished(actions: Iterable[tuple[bool, ActionState]]) -> bool:
    """Return whether a plan is done, over pairs of (mandatory, state).

    Everything mandatory is verified; where nothing is mandatory, everything is.

    Source: ours; domain.md 3.4
    """
    pairs = list(actions)
    counted = [state for mandatory, state in pairs if mandatory] or [state for _, state in pairs]
    return all(state is ActionState.VERIFIED for state in counted)


class Health(StrEnum):
    """How a plan stands on a day. Computed when asked, never stored. Source: domain.md 3.4."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"


def health(
    done: Progress,
    *,
    due_on: date | None,
    today: date,
    at_risk_days: int,
    share_percent: int,
) -> Health:
    """Return whether a plan is on track, at risk or overdue on `today`.

    At risk: fewer than `at_risk_days` left and less than `share_percent` of the mandatory
    actions verified. Overdue: from the day after `due_on` with a mandatory action unverified.

    Source: ours; domain.md 3.4 (90 days, half)
    """
    if due_on is None or done.is_complete:
        return Health.ON_TRACK
    left = (due_on - today).days
    if left < 0:
        return Health.OVERDUE
    if left < at_risk_days and done.verified * 100 < share_percent * done.mandatory:
        return Health.AT_RISK
    return Health.ON_TRACK

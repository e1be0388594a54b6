"""This file holds the life of a received report, and what a receiving agency may decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partner_assess.domain import deadlines
from partner_assess.domain.errors import NotReady, RuleError
from partner_assess.domain.machine import Machine, Move
from partner_assess.domain.report.facts import Profile
from partner_assess.domain.report.status import Status
from partner_assess.domain.risk import Risk


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


# What a word of its agency, or a person, can still change.
OPEN = frozenset({State.RECEIVED, State.PROPOSED, State.ACCEPTED})


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


# How old a result may be and still be accepted as it stands. Source: ours; domain.md 5.3.
FRESH_MONTHS = 24

# How long before its review people are told. Source: ours; docs/decisions/0019.
REVIEW_NOTICE_DAYS = 30

# The standards on which every new work rests. Source: domain.md 5.3 (for us), ours.
CRITICAL = ("reporting", "assistance")


class Bar(StrEnum):
    """Why another agency's result cannot count here, with or without reservations."""

    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    OTHER_COUNTRY = "other_country"
    TIERS_UNCLEAR = "tiers_unclear"
    NEWER_ISSUE_COUNTS = "newer_issue_counts"


class Doubt(StrEnum):
    """Why it may only count with reservations."""

    OLD = "old"
    OTHER_SCOPE = "other_scope"
    REPORTING = "reporting"
    ASSISTANCE = "assistance"
    PLAN_OVERDUE = "plan_overdue"
    SUSPENDED = "suspended"
    SUMMARY_ONLY = "summary_only"


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how a receiving agency works with the partner.

    Attributes:
        country: ISO code of the office's country.
        scope: Which part of the partner is assessed there: headquarters or country office.
        own_framework: The instrument of the own result in force; None where there is none.
    """

    country: str
    scope: str
    own_framework: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What of a received report decides what may be decided on it.

    Attributes:
        status: What its agency says of it by now, as far as we were told.
        weak: The critical standards that are not rated best.
        indicative_risk: The risk in the own instrument where both ends of the range agree.
        is_overdue: The plan at its agency had passed its date unfinished, or has by now.
        is_suspended: Its agency has suspended the partner, by the clock or for another cause.
        higher_issue_counts: A newer issue of the same document counts here already.
    """

    framework: str
    final_on: date
    expires_on: date
    status: Status
    countries: frozenset[str]
    scope: str
    is_summary: bool
    weak: tuple[str, ...]
    indicative_risk: Risk | None
    is_overdue: bool
    is_suspended: bool
    higher_issue_counts: bool


def bars(found: Found, place: Place, *, today: date) -> tuple[Bar, ...]:
    """Return why a received report cannot be accepted, empty when nothing bars it.

    A result in another instrument than the own one is accepted only where the crosswalk gives
    one tier at both ends. A report that names no country is taken at its word.

    Source: domain.md 5.3, 2.4; docs/decisions/0019
    """
    found_bars = {
        Bar.EXPIRED: found.status is Status.EXPIRED
        or deadlines.is_expired(found.expires_on, today=today),
        Bar.SUPERSEDED: found.status is Status.SUPERSEDED,
        Bar.WITHDRAWN: found.status is Status.WITHDRAWN,
        Bar.OTHER_COUNTRY: bool(found.countries) and place.country not in found.countries,
        Bar.TIERS_UNCLEAR: place.own_framework not in {None, found.framework}
        and found.indicative_risk is None,
        Bar.NEWER_ISSUE_COUNTS: found.higher_issue_counts,
    }
    return tuple(bar for bar, stands in found_bars.items() if stands)


def doubts(found: Found, place: Place, *, today: date) -> tuple[Doubt, ...]:
    """Return why a received report is accepted with reservations only, empty when nothing asks it.

    Two years old is still fresh; the day after is not.

    Source: domain.md 5.3; docs/decisions/0019
    """
    found_doubts = {
        Doubt.OLD: today > deadlines.add_months(found.final_on, FRESH_MONTHS),
        Doubt.OTHER_SCOPE: found.scope != place.scope,
        Doubt.REPORTING: "reporting" in found.weak,
        Doubt.ASSISTANCE: "assistance" in found.weak,
        Doubt.PLAN_OVERDUE: found.is_overdue,
        Doubt.SUSPENDED: found.is_suspended,
        Doubt.SUMMARY_ONLY: found.is_summary,
    }
    return tuple(doubt for doubt, stands in found_doubts.items() if stands)


def weak_standards(
    ratings: Mapping[str, str], best: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    """Return the critical standards that do not have one of their best ratings.

    Source: domain.md 5.3 (Progressing or No on a standard critical to the new work)
    """
    return tuple(one for one in CRITICAL if ratings.get(one) not in best.get(one, frozenset()))


class NotAcceptable(RuleError):
    """It cannot be accepted; `bars` and `doubts` are why."""

    code = "not_acceptable"

    def __init__(self, because: tuple[Bar | Doubt, ...]) -> None:
        super().__init__("only_with_reservations" if _are_doubts(because) else None)
        self.because = because


def _are_doubts(because: tuple[Bar | Doubt, ...]) -> bool:
    return all(isinstance(one, Doubt) for one in because)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes.

    Attributes:
        reasons: Why; needed for *re-assess*.
        conditions: What the reservations are; needed with them.
        review_on: The last day on which the result counts with reservations.
        extra_assurance: Further visits and checks; may be empty.
    """

    decision: Decision
    reasons: str = ""
    conditions: str = ""
    review_on: date | None = None
    extra_assurance: str = ""


def require_proposable(proposal: Proposal, found: Found, place: Place, *, today: date) -> None:
    """Raise unless this may be decided on the report, and says all that it must.

    Raises:
        NotAcceptable: something bars it, or asks for reservations.
        NotReady: conditions, reasons or an earlier review day are missing.

    Source: domain.md 5.3; docs/decisions/0019
    """
    if proposal.decision is Decision.REASSESS:
        if not proposal.reasons.strip():
            raise NotReady(("reasons",), "reassess_reasons_missing")
        return
    if barred := bars(found, place, today=today):
        raise NotAcceptable(barred)
    if proposal.decision is Decision.ACCEPT:
        if doubted := doubts(found, place, today=today):
            raise NotAcceptable(doubted)
        return
    if not proposal.conditions.strip():
        raise NotReady(("conditions",), "conditions_missing")
    if proposal.review_on is None or not today < proposal.review_on < found.expires_on:
        raise NotReady(("review_on",), "review_not_before_expiry")


def counts_until(proposal: Proposal, *, expires_on: date) -> date | None:
    """Return the last day on which the result counts here; None for *re-assess*.

    Source: domain.md 5.3 (review date = source expiry; earlier with reservations)
    """
    if proposal.decision is Decision.REASSESS:
        return None
    return proposal.review_on if proposal.decision is Decision.RESERVATIONS else expires_on


def ending(status: Status) -> Ending | None:
    """Return why an accepted report ends when its agency says this of it, None where it goes on.

    An expired one needs no word: its last day is known.

    Source: ours; domain.md 5.3, docs/decisions/0019
    """
    return {
        Status.SUPERSEDED: Ending.SUPERSEDED_AT_SOURCE,
        Status.WITHDRAWN: Ending.WITHDRAWN_AT_SOURCE,
    }.get(status)


def is_overdue(
    due_on: date | None, *, extended_to: date | None, mandatory: int, verified: int, today: date
) -> bool:
    """Return whether a plan at its agency has passed its date with a required action unverified.

    As far as the document says: it may have been finished since.

    Source: domain.md 3.4, 5.3
    """
    last = extended_to or due_on
    return last is not None and last < today and verified < mandatory


def is_older(issue: int, profile: Profile, known: Iterable[tuple[int, Profile]]) -> bool:
    """Return whether a newer issue of the same document, telling as much, is here already.

    Source: ours; docs/decisions/0019 (a lower version never replaces a higher)
    """
    return any(number > issue and kind is profile for number, kind in known)

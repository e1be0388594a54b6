"""This file holds how ratings become a score, and a score a capacity and a risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework, Option, Standard, Tier
from partner_assess.domain.risk import Capacity, Risk


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What the ratings given so far add up to. Standards stand in the framework's order.

    Attributes:
        complete: Every standard is rated. Only then there are score, capacity and risk.
        score: Points, or None while incomplete.
        max_score: The most points that the framework can give.
        lowest_possible: The total if every missing standard got its lowest rating.
        highest_possible: The total if every missing standard got its highest rating.
        capacity: None while incomplete.
        risk: None while incomplete.
        critical_gaps: Ids of standards with their lowest rating; filled while incomplete too.
        missing: Ids of standards not rated yet.
    """

    complete: bool
    score: int | None
    max_score: int
    lowest_possible: int
    highest_possible: int
    capacity: Capacity | None
    risk: Risk | None
    critical_gaps: tuple[str, ...]
    missing: tuple[str, ...]


def weighted_points(standard: Standard, option: Option) -> int:
    """Return the points of a rating times the weight of its standard.

    Source: E3 (every standard weighs the same, the total is the plain sum).
    """
    return standard.weight * option.points


def one_if_met(standard: Standard, option: Option) -> int:
    """Return 1 for a rating that has points (yes, not applicable), 0 for one that has none.

    The standard plays no part: all rules are called alike, and where Yes is counted every
    standard weighs 1.

    Source: Y1 (one point per Yes); unverified; not applicable counts as met.
    """
    return 1 if option.points > 0 else 0


RULES: Mapping[str, Callable[[Standard, Option], int]] = {
    "sum": weighted_points,
    "count-yes": one_if_met,
}
"""What a rating adds to the score, by the name that `framework.toml` uses."""


def score(framework: Framework, ratings: Mapping[str, str]) -> ScoreSheet:
    """Return what the ratings add up to; no total until every standard is rated.

    Only the framework's own standards count. A standard without a rating is left out of
    `ratings`; the lowest rating is never assumed for it.

    Source: E3 (no total until all are rated); critical gaps: ours, docs/decisions/0005.

    Args:
        framework: The version that the assessment was made with.
        ratings: Option id by standard id.

    Raises:
        RuleError: "unknown_standard" or "unknown_rating".
    """
    given = {standard: option_of(framework, standard, of) for standard, of in ratings.items()}
    missing = tuple(s.id for s in framework.standards if s.id not in given)
    lowest = sum(min(_possible(framework, s, given)) for s in framework.standards)
    highest = sum(max(_possible(framework, s, given)) for s in framework.standards)
    tier = None if missing else tier_at(framework, lowest)
    return ScoreSheet(
        complete=not missing,
        score=None if missing else lowest,
        max_score=highest_score(framework),
        lowest_possible=lowest,
        highest_possible=highest,
        capacity=tier.capacity if tier else None,
        risk=tier.risk if tier else None,
        critical_gaps=_critical_gaps(framework, given),
        missing=missing,
    )


def points(framework: Framework, standard: Standard, option: Option) -> int:
    """Return what this rating of this standard adds to the score."""
    return RULES[framework.rule](standard, option)


def tier_at(framework: Framework, total: int) -> Tier:
    """Return the tier of a total: the highest one that begins at or below it.

    Source: E3, E8 (six: 8 is High, 9 and 14 Moderate, 15 Low); Y1 (eight: 5, 6, 7, 8).

    Raises:
        RuleError: "score_out_of_range": the total is below every tier.
    """
    reached = [tier for tier in framework.tiers if tier.from_points <= total]
    if not reached:
        raise RuleError("score_out_of_range", total=total)
    return max(reached, key=lambda tier: tier.from_points)


def lowest_score(framework: Framework) -> int:
    """Return the total when every standard has its lowest rating."""
    return sum(min(_possible(framework, s, {})) for s in framework.standards)


def highest_score(framework: Framework) -> int:
    """Return the total when every standard has its highest rating."""
    return sum(max(_possible(framework, s, {})) for s in framework.standards)


def option_of(framework: Framework, standard_id: str, rating: str) -> Option:
    """Return the option that a rating names.

    Raises:
        RuleError: "unknown_standard" or "unknown_rating".
    """
    try:
        standard = framework.standard(standard_id)
    except KeyError:
        raise RuleError("unknown_standard", standard=standard_id) from None
    try:
        return standard.option(rating)
    except KeyError:
        raise RuleError("unknown_rating", standard=standard_id, rating=rating) from None


def _possible(
    framework: Framework, standard: Standard, given: Mapping[str, Option]
) -> Iterable[int]:
    """Return the points that a standard can still add: one number once it is rated."""
    options = (given[standard.id],) if standard.id in given else standard.options
    return [points(framework, standard, option) for option in options]


def _critical_gaps(framework: Framework, given: Mapping[str, Option]) -> tuple[str, ...]:
    return tuple(
        standard.id
        for standard in framework.standards
        if standard.id in given and given[standard.id].points == standard.lowest_points
    )

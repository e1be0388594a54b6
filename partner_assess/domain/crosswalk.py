"""This file holds what a result in one instrument can mean in another: a range, not a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from partner_assess.domain import scoring
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework
from partner_assess.domain.risk import Risk


@dataclass(frozen=True, slots=True)
class Row:
    """These ratings in the source allow these readings in the target.

    Attributes:
        given: For each source standard of the group, the ratings that the row is about.
        readings: Each a possible rating for every target standard of the group.
    """

    given: Mapping[str, frozenset[str]]
    readings: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Standards of the source that are read together, and what they become."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """How one instrument is read in another; the way back is another crosswalk."""

    source_id: str
    target_id: str
    groups: tuple[Group, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a result can mean in the target instrument.

    Attributes:
        low: The total if every undetermined standard is read at its lowest.
        high: The total if every undetermined standard is read at its highest.
        indicative_risk: The risk where both ends agree, else None.
        to_rate: Target standards whose points are undetermined, in the framework's order;
            empty where both ends agree.
    """

    low: int
    high: int
    indicative_risk: Risk | None
    to_rate: tuple[str, ...]


def read(
    crosswalk: Crosswalk, source: Framework, target: Framework, ratings: Mapping[str, str]
) -> Reading:
    """Return what a complete set of ratings can mean in the target instrument.

    Nothing is converted silently: what the source leaves open is read at its lowest and at its
    highest, and both ends are shown.

    Source: ours; docs/decisions/0010 (the table is in criteria/crosswalk)

    Raises:
        RuleError: "unknown_standard", "unknown_rating", "ratings_missing" (`standards`).
    """
    sheet = scoring.score(source, ratings)
    if sheet.missing:
        raise RuleError("ratings_missing", standards=sheet.missing)
    totals = [_totals(target, readings) for readings in _possible(crosswalk, ratings)]
    low, high = sum(min(total) for total in totals), sum(max(total) for total in totals)
    risks = {scoring.tier_at(target, total).risk for total in (low, high)}
    agreed = len(risks) == 1
    return Reading(
        low=low,
        high=high,
        indicative_risk=risks.pop() if agreed else None,
        to_rate=() if agreed else _undetermined(crosswalk, target, ratings),
    )


def readings(
    crosswalk: Crosswalk, ratings: Mapping[str, str]
) -> tuple[tuple[Group, tuple[Mapping[str, str], ...]], ...]:
    """Return group by group what the ratings can mean in the target instrument.

    Source: ours; docs/decisions/0010
    """
    return tuple(zip(crosswalk.groups, _possible(crosswalk, ratings), strict=True))


def problems(
    crosswalk: Crosswalk, source: Framework, target: Framework
) -> tuple[tuple[int | None, str], ...]:
    """Return what is wrong with a crosswalk: the place of the group (from 0) and why.

    Each standard of both instruments stands in exactly one group, and each combination of a
    group's ratings in exactly one row.

    Source: ours; docs/decisions/0010
    """
    return (
        *_covering("from", [g.source for g in crosswalk.groups], source),
        *_covering("to", [g.target for g in crosswalk.groups], target),
        *(
            (place, reason)
            for place, group in enumerate(crosswalk.groups)
            for reason in _group_problems(group, source, target)
        ),
    )


def _possible(
    crosswalk: Crosswalk, ratings: Mapping[str, str]
) -> Iterator[tuple[Mapping[str, str], ...]]:
    """Yield, group by group, the readings that the ratings allow."""
    for group in crosswalk.groups:
        for row in group.rows:
            if all(ratings[standard] in row.given[standard] for standard in group.source):
                yield row.readings


def _totals(target: Framework, readings: tuple[Mapping[str, str], ...]) -> list[int]:
    return [sum(_points(target, *rating) for rating in reading.items()) for reading in readings]


def _points(target: Framework, standard_id: str, rating: str) -> int:
    option = scoring.option_of(target, standard_id, rating)
    return scoring.points(target, target.standard(standard_id), option)


def _undetermined(
    crosswalk: Crosswalk, target: Framework, ratings: Mapping[str, str]
) -> tuple[str, ...]:
    found: dict[str, set[int]] = {}
    for readings in _possible(crosswalk, ratings):
        for reading in readings:
            for standard, rating in reading.items():
                found.setdefault(standard, set()).add(_points(target, standard, rating))
    return tuple(s.id for s in target.standards if len(found[s.id]) > 1)


def _covering(
    key: str, groups: list[tuple[str, ...]], framework: Framework
) -> Iterator[tuple[None, str]]:
    named = [name for group in groups for name in group]
    known = [standard.id for standard in framework.standards]
    for name in sorted(set(named) | set(known)):
        if name not in known:
            yield None, f"{key}: {framework.id} has no standard {name!r}"
        elif named.count(name) != 1:
            yield None, f"{key}: {name!r} stands in {named.count(name)} groups, not in one"


def _group_problems(group: Group, source: Framework, target: Framework) -> Iterator[str]:
    yield from _rating_problems(group, source, target)
    for combination in _combinations(group.source, source):
        rows = [
            row
            for row in group.rows
            if all(rating in row.given.get(name, ()) for name, rating in combination.items())
        ]
        if len(rows) != 1:
            said = ", ".join(f"{name} {rating}" for name, rating in combination.items())
            yield f"{said} stands in {len(rows)} rows, not in one"


def _rating_problems(group: Group, source: Framework, target: Framework) -> Iterator[str]:
    for row in group.rows:
        given = [(name, rating) for name, some in row.given.items() for rating in sorted(some)]
        yield from _unknown_ratings(source, group.source, given)
        if not row.readings:
            yield "a row has at least one reading"
        for reading in row.readings:
            yield from _unknown_ratings(target, group.target, list(reading.items()))
            for name in group.target:
                if name not in reading:
                    yield f"a reading leaves out {name}"


def _unknown_ratings(
    framework: Framework, names: tuple[str, ...], ratings: list[tuple[str, str]]
) -> Iterator[str]:
    for name, rating in ratings:
        if name not in names:
            yield f"{name} does not belong to the group"
            continue
        try:
            scoring.option_of(framework, name, rating)
        except RuleError:
            yield f"{framework.id} has no rating {rating!r} of {name!r}"


def _combinations(names: tuple[str, ...], framework: Framework) -> list[dict[str, str]]:
    """Return every way to rate these standards."""
    found: list[dict[str, str]] = [{}]
    for standard in framework.standards:
        if standard.id in names:
            found = [
                {**one, standard.id: option.id} for one in found for option in standard.options
            ]
    return found

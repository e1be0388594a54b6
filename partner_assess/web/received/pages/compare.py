"""This file holds two results side by side, and how one reads in the other's instrument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from partner_assess.domain import crosswalk, scoring
from partner_assess.domain.crosswalk import Group
from partner_assess.domain.framework import Framework
from partner_assess.domain.report import Report
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.usecases.received import Judgement
from partner_assess.web import context, i18n
from partner_assess.web.i18n import gettext as _
from partner_assess.web.ratings import Rating, rating_of


@dataclass(frozen=True, slots=True)
class Cell:
    """One rating; `name` says of which standard, where a row holds several."""

    rating: Rating
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One standard, or those that are read together.

    Attributes:
        read: What it can mean in the other instrument: one rating each, where it is settled.
        open_words: The ratings it can mean, where it is not.
        differs: The own result says something else.
        change: Better or worse than the own one, where that can be said.
    """

    number: int
    name: str
    theirs: tuple[Cell, ...]
    own: tuple[Cell, ...]
    read: tuple[Cell, ...]
    open_words: str
    differs: bool
    change: str


@dataclass(frozen=True, slots=True)
class Head:
    """Whose result stands in a column: instrument, day, tier and points."""

    framework: str
    on: date | None
    capacity: Capacity
    risk: Risk
    score: int
    most: int


@dataclass(frozen=True, slots=True)
class Indication:
    """What the whole can mean in the other instrument; no tier where the ends disagree."""

    framework: str
    low: int
    high: int
    most: int
    capacity: Capacity | None
    risk: Risk | None
    to_rate: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Their result, our own, and theirs read in the other instrument."""

    theirs: Head
    own: Head | None
    indication: Indication | None
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, said: Report, judged: Judgement | None, framework: Framework) -> Comparison:
        """Return the columns of a report; without a judgement (no partner yet) theirs alone."""
        theirs = _theirs(said, framework)
        ratings = {one.id: one.rating for one in said.results if one.rating is not None}
        own = judged.own if judged else None
        own_framework = (
            context.ports().catalogue.get(own.framework_id, own.framework_version) if own else None
        )
        return cls(
            theirs=theirs,
            own=Head(
                _text(own_framework).short_title,
                own.effective_on,
                own.capacity or Capacity.LOW,
                own.risk or Risk.HIGH,
                own.score or 0,
                scoring.highest_score(own_framework),
            )
            if own and own_framework
            else None,
            indication=_indication(judged),
            rows=tuple(
                _rows(framework, judged, ratings, own_framework, own.ratings() if own else {})
            ),
        )


def _text(framework: Framework):
    return framework.text(i18n.language())


def _theirs(said: Report, framework: Framework) -> Head:
    return Head(
        _text(framework).short_title,
        said.dates.final_on,
        said.totals.capacity or Capacity.LOW,
        said.totals.risk or Risk.HIGH,
        said.totals.score or 0,
        said.totals.max_score,
    )


def _indication(judged: Judgement | None) -> Indication | None:
    if judged is None or judged.other is None or judged.reading is None:
        return None
    reading, other = judged.reading, judged.other
    tier = scoring.tier_at(other, reading.low)
    agreed = reading.indicative_risk is not None
    text = _text(other)
    return Indication(
        text.short_title,
        reading.low,
        reading.high,
        scoring.highest_score(other),
        tier.capacity if agreed else None,
        tier.risk if agreed else None,
        tuple(text.standards[one].short_title for one in reading.to_rate),
    )


def _rows(
    framework: Framework,
    judged: Judgement | None,
    ratings: Mapping[str, str],
    own_framework: Framework | None,
    own: Mapping[str, str],
) -> Iterable[Row]:
    other = judged.other if judged else None
    table = context.ports().crosswalks.get((framework.id, other.id)) if other else None
    if other is None or table is None:
        for standard in framework.standards:
            yield _row(
                framework, None, Group((standard.id,), (), ()), (), ratings, (own_framework, own)
            )
        return
    for group, readings in crosswalk.readings(table, ratings):
        yield _row(framework, other, group, readings, ratings, (own_framework, own))


def _row(
    framework: Framework,
    other: Framework | None,
    group: Group,
    readings: tuple[Mapping[str, str], ...],
    ratings: Mapping[str, str],
    own: tuple[Framework | None, Mapping[str, str]],
) -> Row:
    # Numbered as in the instrument with fewer standards, so that each row has one.
    fewer = other is not None and len(other.standards) < len(framework.standards)
    named, first = (other, group.target[0]) if fewer and other else (framework, group.source[0])
    own_framework, own_ratings = own
    own_ids = _own_ids(group, framework, own_framework)
    own_cells = _cells(own_framework, own_ids, own_ratings) if own_framework else ()
    settled = readings[0] if len(readings) == 1 else None
    differs, change = _difference(framework, own_framework, group, (ratings, own_ratings), readings)
    return Row(
        number=named.standard(first).number,
        name=_text(named).standards[first].short_title,
        theirs=_cells(framework, group.source, ratings),
        own=own_cells,
        read=_cells(other, group.target, settled) if other and settled else (),
        open_words=_open_words(other, group, readings) if other and not settled else "",
        differs=differs,
        change=change,
    )


def _own_ids(group: Group, framework: Framework, own: Framework | None) -> tuple[str, ...]:
    if own is None:
        return ()
    return group.source if own.id == framework.id else group.target


def _cells(
    framework: Framework, ids: tuple[str, ...], ratings: Mapping[str, str]
) -> tuple[Cell, ...]:
    text = _text(framework)
    cells: list[Cell] = []
    for one in ids:
        drawn = rating_of(framework.standard(one), text, ratings.get(one))
        if drawn is not None:
            name = text.standards[one].short_title if len(ids) > 1 else ""
            cells.append(Cell(drawn, name))
    return tuple(cells)


def _open_words(other: Framework, group: Group, readings: tuple[Mapping[str, str], ...]) -> str:
    """Return the possible ratings, as "Absent or Progressing", for each standard of the group."""
    text = _text(other)
    said: list[str] = []
    for target in group.target:
        options = other.standard(target).options
        possible = {reading[target] for reading in readings}
        words = [text.options[option.id] for option in options if option.id in possible]
        joined = _(" or ").join(words)
        name = text.standards[target].short_title
        said.append(f"{name}: {joined}" if len(group.target) > 1 else joined)
    return "; ".join(said)


def _difference(
    framework: Framework,
    own_framework: Framework | None,
    group: Group,
    ratings: tuple[Mapping[str, str], Mapping[str, str]],
    readings: tuple[Mapping[str, str], ...],
) -> tuple[bool, str]:
    """Return whether the own result says something else, and in which direction."""
    theirs, own = ratings
    if own_framework is None:
        return False, ""
    same = own_framework.id == framework.id
    ids = group.source if same else group.target
    possible = [{one: theirs[one] for one in ids}] if same else list(readings)
    mine = {one: own[one] for one in ids if one in own}
    if mine in possible or len(mine) < len(ids):
        return False, ""
    totals = {_points(own_framework, one) for one in possible}
    here = _points(own_framework, mine)
    if min(totals) > here:
        return True, _("better than the own result")
    if max(totals) < here:
        return True, _("worse than the own result")
    return True, ""


def _points(framework: Framework, ratings: Mapping[str, str]) -> int:
    return sum(framework.standard(one).option(rating).points for one, rating in ratings.items())

"""This file holds what makes an instrument unsound: every mistake an author can make in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from partner_assess.domain.framework import (
    Framework,
    FrameworkText,
    Indicator,
    Standard,
    StandardText,
    SuggestedWhen,
)
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.domain.scoring import RULES, highest_score, lowest_score

Key = tuple[str | int, ...]
"""The way to a place in a file: ("standard", 2, "options", 0, "id"), counted from 0."""

_STRUCTURE = "framework.toml"
_LEAST_OPTIONS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a file of criteria, told to its author in English.

    Attributes:
        file: Name of the file within its folder ("framework.toml", "text.en.toml").
        key: The way to the place.
        reason: What is wrong, as a short sentence without a full stop.
    """

    file: str
    key: Key
    reason: str


def problems(framework: Framework) -> tuple[Problem, ...]:
    """Return everything that is wrong with an instrument; empty when it is sound.

    Source: ours; docs/decisions/0005 (instruments are data).
    """
    return (
        *_structure(framework),
        *(p for text in framework.texts.values() for p in _words(framework, text)),
    )


def _structure(framework: Framework) -> Iterator[Problem]:
    if not framework.standards:
        yield _wrong(("standard",), "there is no standard")
    if "en" not in framework.texts:
        yield Problem("text.en.toml", (), "the English words are missing")
    yield from _repeated((s.id for s in framework.standards), ("standard",))
    yield from _repeated((t.id for t in framework.evidence_types), ("evidence_type",))
    yield from _repeated_indicators(framework)
    for place, standard in enumerate(framework.standards):
        yield from _standard(framework, standard, ("standard", place))
    if framework.rule not in RULES:
        known = ", ".join(sorted(RULES))
        yield _wrong(("scoring", "rule"), f"unknown rule {framework.rule!r}; known: {known}")
    elif all(standard.options for standard in framework.standards):
        yield from _tiers(framework)


def _standard(framework: Framework, standard: Standard, at: Key) -> Iterator[Problem]:
    yield from _options(framework, standard, at)
    if standard.weight < 1:
        yield _wrong((*at, "weight"), "a weight is 1 or more")
    types = {kind.id for kind in framework.evidence_types}
    yield from _unknown(standard.evidence, types, (*at, "evidence"), "evidence type")
    for place, indicator in enumerate(standard.indicators):
        yield from _indicator(standard, indicator, (*at, "indicator", place))


def _options(framework: Framework, standard: Standard, at: Key) -> Iterator[Problem]:
    key = (*at, "options")
    values = [option.points for option in standard.options]
    if len(values) < _LEAST_OPTIONS or len(set(values)) == 1:
        yield _wrong(key, "a standard has at least two options that differ in points")
    if values != sorted(values):
        yield _wrong(key, "options stand with the fewest points first")
    yield from _repeated((option.id for option in standard.options), key)
    if framework.rule == "count-yes" and (set(values) - {0, 1} or standard.weight != 1):
        yield _wrong(key, "where Yes is counted, points are 0 or 1 and every weight is 1")
    suggested = Counter(o.suggested_when for o in standard.options if o.suggested_when)
    if suggested and suggested != Counter(SuggestedWhen):
        yield _wrong(key, "suggested_when names each of all, some and none once, or is left out")


def _indicator(standard: Standard, indicator: Indicator, at: Key) -> Iterator[Problem]:
    yield from _unknown(
        indicator.evidence,
        standard.evidence,
        (*at, "evidence"),
        "evidence type of this standard",
    )
    ratings = [option.id for option in standard.options]
    key = (*at, "accepted_when_not_met")
    yield from _unknown(indicator.accepted_when_not_met, ratings, key, "option of this standard")
    if not indicator.answers:
        yield _wrong((*at, "answers"), "an indicator has at least one answer")
    if indicator.answer_only and indicator.evidence:
        yield _wrong((*at, "evidence"), "an indicator that is answer_only takes no evidence")


def _tiers(framework: Framework) -> Iterator[Problem]:
    tiers = framework.tiers
    starts = [tier.from_points for tier in tiers]
    if not starts:
        yield _wrong(("scoring", "tier"), "there is no tier")
        return
    lowest, highest = lowest_score(framework), highest_score(framework)
    if starts[0] != lowest:
        reason = f"the first tier starts at {lowest}, the lowest score there can be"
        yield _wrong(("scoring", "tier", 0, "from"), reason)
    for place, (below, tier) in enumerate(pairwise(tiers), start=1):
        at = ("scoring", "tier", place)
        if tier.from_points <= below.from_points:
            yield _wrong((*at, "from"), "tiers rise: each starts above the one before")
        if not _falls(below.risk, tier.risk) or not _rises(below.capacity, tier.capacity):
            yield _wrong((*at, "risk"), "more points mean more capacity and less risk")
    if starts[-1] > highest:
        reason = f"no score reaches this tier; the highest there can be is {highest}"
        yield _wrong(("scoring", "tier", len(starts) - 1, "from"), reason)


def _rises(below: Capacity, above: Capacity) -> bool:
    order = list(Capacity)
    return order.index(below) < order.index(above)


def _falls(below: Risk, above: Risk) -> bool:
    order = list(Risk)
    return order.index(below) < order.index(above)


def _words(framework: Framework, text: FrameworkText) -> Iterator[Problem]:
    file = f"text.{text.language}.toml"
    for name in ("title", "short_title", "notice"):
        if not getattr(text, name):
            yield Problem(file, (name,), "the words are missing")
    options = {option.id for s in framework.standards for option in s.options}
    yield from _complete(file, text.options, options, ("options",))
    types = {kind.id for kind in framework.evidence_types}
    yield from _complete(file, text.evidence, types, ("evidence",))
    standards = {standard.id: standard for standard in framework.standards}
    yield from _complete(file, text.standards, standards, ("standard",))
    for standard_id, words in text.standards.items():
        if standard_id in standards:
            at = ("standard", standard_id)
            yield from _standard_words(file, standards[standard_id], words, at)


def _standard_words(
    file: str, standard: Standard, words: StandardText, at: Key
) -> Iterator[Problem]:
    for name in ("title", "short_title", "requirement", "action", "never_evidence"):
        if not getattr(words, name):
            yield Problem(file, (*at, name), "the words are missing")
    options = [option.id for option in standard.options]
    yield from _complete(file, words.guide, options, (*at, "guide"))
    indicators = {indicator.id: indicator for indicator in standard.indicators}
    yield from _complete(file, words.indicators, indicators, (*at, "indicator"))
    for indicator_id, said in words.indicators.items():
        key = (*at, "indicator", indicator_id)
        if not said.text:
            yield Problem(file, (*key, "text"), "the words are missing")
        if indicator_id in indicators:
            answer_only = indicators[indicator_id].answer_only
            if answer_only and said.action:
                reason = "an indicator that is answer_only has no action of its own"
                yield Problem(file, (*key, "action"), reason)
            if not answer_only and not said.action:
                yield Problem(file, (*key, "action"), "the words are missing")


def _complete(
    file: str, found: Mapping[str, object], wanted: Iterable[str], at: Key
) -> Iterator[Problem]:
    """Yield what has no words, and words for what does not exist."""
    ids = set(wanted)
    for missing in sorted(ids - {name for name, words in found.items() if words}):
        yield Problem(file, (*at, missing), "the words are missing")
    for strange in sorted(set(found) - ids):
        yield Problem(file, (*at, strange), f"the framework has no {strange!r} here")


def _repeated(ids: Iterable[str], at: Key) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in enumerate(ids):
        if name in seen:
            yield _wrong((*at, place, "id"), f"the id {name!r} is used twice")
        seen.add(name)


def _repeated_indicators(framework: Framework) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, standard in enumerate(framework.standards):
        for inner, indicator in enumerate(standard.indicators):
            if indicator.id in seen:
                key = ("standard", place, "indicator", inner, "id")
                yield _wrong(key, f"the id {indicator.id!r} is used twice")
            seen.add(indicator.id)


def _unknown(names: Iterable[str], known: Iterable[str], at: Key, what: str) -> Iterator[Problem]:
    have = set(known)
    for place, name in enumerate(names):
        if name not in have:
            yield _wrong((*at, place), f"{name!r} is no {what}")


def _wrong(key: Key, reason: str) -> Problem:
    return Problem(_STRUCTURE, key, reason)

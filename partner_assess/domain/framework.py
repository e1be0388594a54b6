"""This file holds what an instrument is: its standards, indicators, options, tiers and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partner_assess.domain.risk import Capacity, Risk


class Need(StrEnum):
    """Whether an indicator decides the highest rating (required) or only advises (supporting)."""

    REQUIRED = "required"
    SUPPORTING = "supporting"


class Met(StrEnum):
    """How far an indicator is in place."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class SuggestedWhen(StrEnum):
    """Which finding over the required indicators suggests an option."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Determination(StrEnum):
    """Whether a review ends in a final result at once, or in a preliminary one first."""

    FINAL = "final"
    PRELIMINARY = "preliminary"


@dataclass(frozen=True, slots=True)
class Option:
    """One rating that a standard can get, and its points."""

    id: str
    points: int
    suggested_when: SuggestedWhen | None = None
    needs_file: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """A kind of document that can prove an indicator. `needs_description` marks "Other"."""

    id: str
    needs_description: bool = False
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to look for within a standard.

    Attributes:
        id: For ever the same, through all versions ("S1.1").
        need: Required indicators drive the suggested rating and mandatory actions.
        evidence: Ids of the evidence types that usually prove it.
        answers: What may be answered.
        answer_only: No evidence, no text, no file, never shared, no wording of its own in a
            plan; counts as proven when met. Source: domain.md 1.3 (S6.4).
        accepted_when_not_met: Ratings that count as suggested while it is not met.
    """

    id: str
    need: Need
    evidence: tuple[str, ...] = ()
    answers: tuple[Met, ...] = (Met.MET, Met.PARTLY, Met.NOT_MET)
    answer_only: bool = False
    accepted_when_not_met: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """One core standard.

    Attributes:
        id: Stable key ("policy").
        number: Its place, from 1.
        weight: Multiplies the points of its rating; 1 or more.
        options: Ratings, fewest points first.
        evidence: Evidence types that can be named for it.
        protocol_refs: Paragraphs of the UN Protocol, as printed.
        sources: Keys of docs/sources.md with their place.
        comment_required: No submission without a comment (harmonized tool, Y1).
        rating_only: Shared without comment and evidence list (harmonized CS8).
        verified: False where the content is common knowledge that no text was seen for.
    """

    id: str
    number: int
    options: tuple[Option, ...]
    weight: int = 1
    indicators: tuple[Indicator, ...] = ()
    evidence: tuple[str, ...] = ()
    protocol_refs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    comment_required: bool = False
    rating_only: bool = False
    verified: bool = True

    @property
    def lowest_points(self) -> int:
        """Return the points of the lowest option."""
        return min(option.points for option in self.options)

    @property
    def highest_points(self) -> int:
        """Return the points of the highest option."""
        return max(option.points for option in self.options)

    def option(self, option_id: str) -> Option:
        """Return the option with this id. Raises KeyError for an unknown one."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the indicator with this id. Raises KeyError for an unknown one."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)


@dataclass(frozen=True, slots=True)
class Tier:
    """From this many points on (inclusive), this capacity and this risk."""

    from_points: int
    capacity: Capacity
    risk: Risk


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """The words of an indicator: the question, and the model action that closes it."""

    text: str
    action: str


@dataclass(frozen=True, slots=True)
class StandardText:
    """The words of a standard."""

    title: str
    short_title: str
    requirement: str
    guide: Mapping[str, str]
    action: str
    never_evidence: str
    indicators: Mapping[str, IndicatorText]

    def action_for(self, indicator_id: str | None) -> str:
        """Return the model action that closes a gap; the general one where it has no own words.

        Source: ours; domain.md 3.4
        """
        indicator = self.indicators.get(indicator_id or "")
        return (indicator.action if indicator else "") or self.action


@dataclass(frozen=True, slots=True)
class FrameworkText:
    """The words of a framework in one language."""

    language: str
    title: str
    short_title: str
    notice: str
    options: Mapping[str, str]
    standards: Mapping[str, StandardText]
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of an instrument. Never changes once published.

    Attributes:
        digest: SHA-256 in hex of the file that holds structure and points.
        rule: Name of the scoring rule ("sum", "count-yes").
        unverified: What in it is common knowledge only, in English, for the page and the file.
    """

    id: str
    version: str
    digest: str
    status: str
    valid_from: date
    rule: str
    determination: Determination
    tiers: tuple[Tier, ...]
    standards: tuple[Standard, ...]
    evidence_types: tuple[EvidenceType, ...]
    texts: Mapping[str, FrameworkText]
    sources: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages it is complete in, English first."""
        return tuple(sorted(self.texts, key=lambda code: (code != "en", code)))

    def text(self, language: str) -> FrameworkText:
        """Return the words in this language, else in English."""
        return self.texts.get(language) or self.texts["en"]

    def standard(self, standard_id: str) -> Standard:
        """Return the standard with this id. Raises KeyError for an unknown one."""
        for standard in self.standards:
            if standard.id == standard_id:
                return standard
        raise KeyError(standard_id)

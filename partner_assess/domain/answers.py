"""This file holds the answers to an instrument, what they suggest, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from partner_assess.domain.framework import Met


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of evidence seen: its type, its own date, and the indicators it proves."""

    type_id: str
    title: str
    dated_on: date | None = None
    proves: frozenset[str] = frozenset()
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class StandardAnswers:
    """What an assessor has said about one standard so far."""

    rating: str | None = None
    indicators: Mapping[str, Met] = field(default_factory=dict[str, Met])
    evidence: tuple[EvidenceItem, ...] = ()
    comment: str = ""
    reason_for_difference: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """All answers of one assessment, by standard id. A standard not begun may be absent."""

    standards: Mapping[str, StandardAnswers] = field(
        default_factory=dict[str, StandardAnswers]
    )

    def of(self, standard_id: str) -> StandardAnswers:
        """Return the answers to a standard, empty if it was not begun."""
        return self.standards.get(standard_id, StandardAnswers())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the indicators suggest for a standard.

    Attributes:
        rating: The suggested option.
        accepted: Ratings that need no reason for differing; holds `rating`.
        met_count: Required indicators met and proven.
        partly_count: Required indicators met or partly, without full proof.
        required_count: Required indicators that apply.
    """

    rating: str
    accepted: frozenset[str]
    met_count: int
    partly_count: int
    required_count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must be filled in before submitting.

    Attributes:
        code: "rating_missing", "indicator_missing", "reason_missing", "file_missing",
            "assessed_on_missing", "assessed_on_in_future".
        standard_id: Where, or None for the assessment as a whole.
        indicator_id: Which indicator, where the code is about one.
    """

    code: str
    standard_id: str | None = None
    indicator_id: str | None = None

"""This file holds a rating as it is drawn: a gauge, or a sign for yes, no and not applicable."""

from __future__ import annotations

from dataclasses import dataclass

from partner_assess.domain.framework import FrameworkText, Standard

_YES_NO = {"yes", "no", "na"}


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it is drawn: a gauge of `steps` cells, or yes, no, not applicable."""

    id: str
    word: str
    position: int
    steps: int

    @property
    def is_yes_no(self) -> bool:
        """Return whether it is drawn as a sign instead of a gauge."""
        return self.id in _YES_NO


def rating_of(standard: Standard, text: FrameworkText, rating: str | None) -> Rating | None:
    """Return a rating as it is drawn, None where there is none, or none of this standard's."""
    ids = [option.id for option in standard.options]
    if rating not in ids:
        return None
    return Rating(rating, text.options[rating], ids.index(rating) + 1, len(ids))

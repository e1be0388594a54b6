"""This file holds the words of a plan's action: its own, or the instrument's model action."""

from __future__ import annotations

from partner_assess.domain.framework import FrameworkText


def of(text: FrameworkText, standard_id: str, indicator_id: str | None, words: str) -> str:
    """Return what is to be done.

    Words of its own come first, then the indicator's model action, then the standard's general
    one.
    """
    return words or text.standards[standard_id].action_for(indicator_id)

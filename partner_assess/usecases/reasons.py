"""This file holds that a decision is given its reason, in words."""

from __future__ import annotations

from partner_assess.domain.errors import NotReady


def require(reason: str) -> None:
    """Raise NotReady when nothing is said.

    Source: ours; domain.md 3.2, 3.3, 3.5
    """
    if not reason.strip():
        raise NotReady(("reason",), "reason_missing")

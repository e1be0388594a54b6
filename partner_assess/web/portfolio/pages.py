"""This file holds what the portfolio page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partner_assess.db import queries
from partner_assess.web import context

if TYPE_CHECKING:
    from partner_assess.db.models.agency import Office


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office: how many of its partners stand in each tier.

    Attributes:
        waived: Those among the low ones that were not assessed, since they meet nobody.
    """

    name: str
    id: str
    counts: dict[str, int]
    waived: int

    @property
    def total(self) -> int:
        """Return all partners of the office."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """The partners the actor may see, by office and tier, as of a day."""

    lines: tuple[OfficeLine, ...]
    counts: dict[str, int]
    today: date

    @classmethod
    def of(cls, offices: Sequence[Office], *, today: date) -> PortfolioPage:
        """Return the figures of `today`, of one query."""
        by_office = queries.partners.tier_counts_by_office(
            context.session(), context.scope(), today=today
        )
        waived = queries.partners.waived_by_office(context.session(), context.scope())
        lines = tuple(
            OfficeLine(one.name, str(one.id), by_office[one.id], waived.get(one.id, 0))
            for one in offices
            if one.id in by_office
        )
        tiers = ("high", "moderate", "low", "none")
        return cls(
            lines=lines,
            counts={tier: sum(line.counts[tier] for line in lines) for tier in tiers},
            today=today,
        )

    @property
    def total(self) -> int:
        """Return all partners."""
        return sum(self.counts.values())

    @property
    def assessed_percent(self) -> int:
        """Return the share of partners with a valid result, in whole per cent, half up."""
        assessed = self.total - self.counts["none"]
        return (200 * assessed + self.total) // (2 * self.total) if self.total else 0

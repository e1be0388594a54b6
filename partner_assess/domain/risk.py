"""This file holds capacity and risk: two scales that run in opposite directions."""

from __future__ import annotations

from enum import StrEnum


class Capacity(StrEnum):
    """How much of what is needed an organization has. Source: E5."""

    LOW = "low"
    MEDIUM = "medium"
    FULL = "full"


class Risk(StrEnum):
    """The risk of sexual exploitation and abuse that low capacity means. Source: P3."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"

"""This file holds what single values of a report may be: how long, of which signs, which words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from partner_assess.domain.report.kinds import Text, Whole

Slug = Annotated[str, Text(64, r"[a-z][a-z0-9_-]*")]
Code = Annotated[str, Text(64, r"[A-Za-z0-9][A-Za-z0-9._-]*")]
Digest = Annotated[str, Text(64, r"[0-9a-f]{64}")]
Language = Annotated[str, Text(12, r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")]
WebAddress = Annotated[str, Text(300, r"https?://[^\s<>\"']+")]
Name = Annotated[str, Text(300, r"[\s\S]*\S[\s\S]*", shortest=1)]
Line = Annotated[str, Text(300)]
Prose = Annotated[str, Text(20_000)]
Points = Annotated[int, Whole(0, 10_000)]
Number = Annotated[int, Whole(1, 1_000)]
Place = Annotated[int, Whole(0, 2**20 - 1)]


class Profile(StrEnum):
    """How much a document tells: everything, or the result without its reasons."""

    FULL = "full"
    SUMMARY = "summary"


class Audience(StrEnum):
    """Who may see it. Source: E6 art. 16."""

    UN_ENTITIES_ONLY = "un_entities_only"


class OwnerSide(StrEnum):
    """Which side carries out an action."""

    PARTNER = "partner"
    AGENCY = "agency"

"""This file holds what a partner is: its type, its scope, and how its name is found again."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class PartnerType(StrEnum):
    """What kind of organization a partner is. Source: SC fn 15 (JIU/REP/2013/4, para. 3)."""

    NGO = "ngo"
    CSO = "cso"
    COMMUNITY = "community"
    GOVERNMENT = "government"
    UN_ENTITY = "un_entity"
    INTERGOVERNMENTAL = "intergovernmental"
    ACADEMIA = "academia"
    OTHER = "other"


class Scope(StrEnum):
    """Where a partner is at home. Source: domain.md 5.1."""

    NATIONAL = "national"
    INTERNATIONAL = "international"

    @property
    def assessed_part(self) -> str:
        """Return which part of such an organization a country office assesses.

        Of an international one it is the part in its country: what its headquarters decide is
        assessed there, and inherited.
        """
        return "headquarters" if self is Scope.NATIONAL else "country_office"


# Governments and UN entities are outside the tiers; they go their own, recorded path.
# Source: SA 55, SA 82; domain.md 3.5
_OUTSIDE_TIERS = frozenset({PartnerType.GOVERNMENT, PartnerType.UN_ENTITY})


def is_assessed(partner_type: PartnerType) -> bool:
    """Return whether the capacity assessment is meant for this kind of partner.

    Source: SA 55; domain.md 3.5
    """
    return partner_type not in _OUTSIDE_TIERS


_ARABIC_FOLD = str.maketrans({"ـ": "", "ى": "ي", "ة": "ه", "ٱ": "ا"})


def name_key(name: str) -> str:
    """Return the name as it is searched and sorted: no case, no marks, one space.

    Arabic alef forms, tatweel and final letters are folded, and characters that print nothing
    (joiners, marks of direction) are dropped, so that one spelling finds another.

    Source: ours; docs/decisions/0008
    """
    # Twice: a letter of mathematics becomes a plain capital only once it is decomposed.
    folded = unicodedata.normalize("NFKD", name).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(c for c in decomposed if not _is_mark(c) and not _prints_nothing(c))
    return " ".join(bare.translate(_ARABIC_FOLD).split())


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _prints_nothing(character: str) -> bool:
    return unicodedata.category(character) == "Cf"

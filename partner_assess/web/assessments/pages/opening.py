"""This file holds what the page that opens an assessment shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.domain import partner as partner_rules
from partner_assess.domain.assessment import OPEN
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.framework import Framework
from partner_assess.web import i18n, identity
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.partner import Partner


@dataclass(frozen=True, slots=True)
class OpenOne:
    """An assessment that is open already."""

    id: UUID
    framework_id: str
    name: str
    reference: str
    touched_on: date


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Which instruments a partner can be assessed with, and what is open already."""

    partner_id: UUID
    partner_name: str
    identity: Identity
    is_assessed: bool
    open_ones: tuple[OpenOne, ...]
    offered: tuple[tuple[str, str], ...]
    guides: dict[str, str]

    @classmethod
    def of(
        cls, partner: Partner, assessments: Iterable[Assessment], catalogue: Catalogue, today: date
    ) -> OpenPage:
        """Return the page of a partner; needs its office and its assessments."""
        newest = {one.id: one for one in catalogue.all() if one.status == "published"}
        opened = [one for one in assessments if one.state in OPEN]
        taken = {one.framework_id for one in opened}
        language = i18n.language()
        free = [one for one in newest.values() if one.id not in taken]
        # The instrument of the field's daily work first: the one with a scale of ratings.
        free.sort(key=lambda one: len(one.standards))
        return cls(
            partner_id=partner.id,
            partner_name=partner.name,
            identity=identity.of(partner, place="assessments", today=today),
            is_assessed=partner_rules.is_assessed(partner.partner_type),
            open_ones=tuple(_open_one(one, newest) for one in opened),
            offered=tuple((one.id, one.text(language).short_title) for one in free),
            guides={one.id: one.text(language).title for one in free},
        )


def _open_one(assessment: Assessment, newest: dict[str, Framework]) -> OpenOne:
    known = newest.get(assessment.framework_id)
    name = known.text(i18n.language()).short_title if known else assessment.framework_id
    return OpenOne(
        id=assessment.id,
        framework_id=assessment.framework_id,
        name=name,
        reference=assessment.reference,
        touched_on=assessment.touched_at.date(),
    )

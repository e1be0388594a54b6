"""This file holds what the pages of one piece of evidence show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.domain.framework import Framework, Standard
from partner_assess.web import i18n, identity
from partner_assess.web.assessments.pages import parts
from partner_assess.web.assessments.pages.parts import Contact, EvidenceRow
from partner_assess.web.i18n import gettext as _
from partner_assess.web.identity import Identity

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment, Evidence


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """Where a piece of evidence is added, or the one that is to be removed."""

    assessment_id: UUID
    standard_id: str
    number: int
    title: str
    identity: Identity
    never_evidence: str
    needs_file: str
    types: tuple[tuple[str, str], ...]
    proves: tuple[tuple[str, str], ...]
    contact: Contact
    row: EvidenceRow | None

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        framework: Framework,
        standard: Standard,
        today: date,
        piece: Evidence | None = None,
    ) -> EvidencePage:
        """Return the page for a standard, about a piece where there is one."""
        text = framework.text(i18n.language())
        own = text.standards[standard.id]
        return cls(
            assessment_id=assessment.id,
            standard_id=standard.id,
            number=standard.number,
            title=own.title,
            identity=identity.of(assessment.partner, place="assessments", today=today),
            never_evidence=own.never_evidence,
            needs_file=", ".join(text.options[o.id] for o in standard.options if o.needs_file),
            types=tuple((kind, text.evidence[kind]) for kind in _types(framework, standard)),
            proves=tuple(
                (
                    one.id,
                    _(
                        "%(number)s %(text)s",
                        number=parts.indicator_number(one.id),
                        text=own.indicators[one.id].text,
                    ),
                )
                for one in standard.indicators
                if not one.answer_only
            ),
            contact=parts.contact(),
            row=parts.evidence_row(framework, text, piece) if piece else None,
        )


def _types(framework: Framework, standard: Standard) -> tuple[str, ...]:
    """Return the kinds listed for the standard, and last what is described in words."""
    described = [kind.id for kind in framework.evidence_types if kind.needs_description]
    return (*standard.evidence, *(one for one in described if one not in standard.evidence))

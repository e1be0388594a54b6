"""This file holds how the demo's assessors answer: as the rating that is told suggests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.cli.demo import comments
from partner_assess.domain.framework import Met, Need, Standard, SuggestedWhen
from partner_assess.usecases import assessments, evidence

if TYPE_CHECKING:
    from partner_assess.cli.demo.teller import Teller


def rate(tell: Teller, assessment_id: UUID, standard: Standard, rating: str, day: date) -> None:
    """Answer one standard so that its indicators suggest the rating, and save it."""
    answers, proven = _answers(standard, rating)
    if proven:
        evidence.add(
            tell.session,
            tell.ports,
            assessment_id=assessment_id,
            standard_id=standard.id,
            piece=evidence.Piece(
                type_id=standard.evidence[0],
                title="Copy seen at the partner’s office",
                dated_on=day - timedelta(days=200),
                proves=tuple(sorted(proven)),
                boundary_confirmed=True,
                file=None,
            ),
            actor=tell.officer,
            now=tell.at(day),
            today=day,
        )
    assessments.save_answers(
        tell.session,
        tell.ports,
        assessment_id=assessment_id,
        standard_id=standard.id,
        seen=0,
        said=assessments.Said(
            rating=rating,
            indicators=answers,
            comment=comments.of(standard.id, rating),
            reason_for_difference="",
        ),
        actor=tell.officer,
        now=tell.at(day),
    )
    tell.session.flush()


def _answers(standard: Standard, rating: str) -> tuple[dict[str, Met], set[str]]:
    """Return indicator answers that suggest a rating, and which of them evidence proves."""
    when = standard.option(rating).suggested_when
    answers: dict[str, Met] = {}
    proven: set[str] = set()
    for place, indicator in enumerate(standard.indicators):
        is_required = indicator.need is Need.REQUIRED
        met = Met.NOT_MET
        if indicator.answer_only:
            met = Met.NOT_APPLICABLE
        elif when is SuggestedWhen.ALL and is_required:
            met = Met.MET
        elif when is SuggestedWhen.SOME and is_required:
            met = Met.MET if place == 0 else Met.PARTLY
        answers[indicator.id] = met
        if met is Met.MET and not indicator.answer_only:
            proven.add(indicator.id)
    return answers, proven

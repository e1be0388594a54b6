"""This file holds what several pages of assessments show: ratings, evidence, the scale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import url_for

from partner_assess.domain import answers, scoring
from partner_assess.domain.answers import StandardAnswers
from partner_assess.domain.framework import Framework, FrameworkText, Standard
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.web import context
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext, number
from partner_assess.web.ratings import Rating, rating_of

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Evidence
__all__ = ["Rating", "rating_of"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where allegations are reported, outside this app."""

    label: str
    url: str


def contact() -> Contact:
    """Return the channel of the reader's agency."""
    agency = context.user().agency
    return Contact(
        agency.report_channel_name or _("Your agency’s investigation office"),
        agency.report_channel_url or "/help",
    )


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence in a list; `url` is none where it came without a file."""

    title: str
    type: str
    is_verified: bool
    dated_on: date | None
    added_on: date
    proves: str
    file: str
    url: str | None
    remove_url: str


def evidence_row(framework: Framework, text: FrameworkText, piece: Evidence) -> EvidenceRow:
    """Return a piece of evidence as it is listed."""
    kinds = {kind.id: kind for kind in framework.evidence_types}
    return EvidenceRow(
        title=piece.title or text.evidence[piece.type_id],
        type=text.evidence[piece.type_id],
        is_verified=kinds[piece.type_id].verified,
        dated_on=piece.dated_on,
        added_on=piece.added_at.date(),
        proves=", ".join(indicator_number(one) for one in piece.proves),
        file=_file_words(piece.filename, piece.size_bytes),
        url=_evidence_url("download_evidence", piece) if piece.sha256 else None,
        remove_url=_evidence_url("remove_evidence", piece),
    )


def _evidence_url(view: str, piece: Evidence) -> str:
    return url_for(f"assessments.{view}", assessment_id=piece.assessment_id, evidence_id=piece.id)


def _file_words(filename: str | None, size: int | None) -> str:
    if filename is None or size is None:
        return _("No file: the paper was seen")
    kind = filename.rpartition(".")[2].upper()
    if size >= 1_000_000:
        return _("%(kind)s, %(size)s MB", kind=kind, size=f"{size / 1_000_000:.1f}")
    return _("%(kind)s, %(size)s KB", kind=kind, size=number(max(1, size // 1000)))


def indicator_number(indicator_id: str) -> str:
    """Return an indicator's number as people say it: 4.1."""
    return indicator_id.lstrip("SC")


def counts(standard: Standard, given: StandardAnswers) -> str:
    """Return how far a standard is, in words: "5 of 6 indicators answered, 2 pieces ..."."""
    evidence = (
        ngettext("%(num)s piece of evidence", "%(num)s pieces of evidence", len(given.evidence))
        if given.evidence
        else _("no evidence")
    )
    if not standard.indicators:
        return evidence if given.rating or given.evidence or given.comment else _("not answered")
    answered = sum(i.id in given.indicators for i in standard.indicators)
    return _(
        "%(answered)s of %(all)s indicators answered, %(evidence)s",
        answered=number(answered),
        all=number(len(standard.indicators)),
        evidence=evidence,
    )


def suggestion_words(standard: Standard, found: answers.Suggestion) -> str:
    """Return why a rating is suggested."""
    if found.met_count == found.required_count:
        return _("Every required indicator is met and proven by evidence.")
    if found.met_count == 0 and found.partly_count == 0:
        return _("No required indicator is met, not even partly.")
    if found.rating == standard.options[0].id:
        return _("No evidence is named for any required indicator.")
    proven = ngettext(
        "%(num)s of the required indicators is met and proven",
        "%(num)s of the required indicators are met and proven",
        found.met_count,
    )
    partly = ngettext(
        "%(num)s is met partly or lacks evidence",
        "%(num)s are met partly or lack evidence",
        found.partly_count,
    )
    return _(
        "%(proven)s, %(partly)s, of %(all)s that apply.",
        proven=proven,
        partly=partly,
        all=number(found.required_count),
    )


@dataclass(frozen=True, slots=True)
class Band:
    """The points that mean one capacity and risk."""

    capacity: Capacity
    risk: Risk
    first: int
    last: int
    range: str
    word: str
    is_possible: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """All points an instrument can give, in bands, and what can (still) come out."""

    minimum: int
    maximum: int
    bands: tuple[Band, ...]
    lowest: int
    highest: int

    @property
    def is_settled(self) -> bool:
        """Return whether one result is left."""
        return self.lowest == self.highest


def scale(framework: Framework, *, lowest: int, highest: int) -> Scale:
    """Return the scale of an instrument, with the results from `lowest` to `highest` marked."""
    maximum = scoring.highest_score(framework)
    tiers = sorted(framework.tiers, key=lambda tier: tier.from_points)
    lasts = [tier.from_points - 1 for tier in tiers[1:]] + [maximum]
    names = {
        Risk.HIGH: _("High SEA risk"),
        Risk.MODERATE: _("Moderate SEA risk"),
        Risk.LOW: _("Low SEA risk"),
    }
    bands = tuple(
        Band(
            tier.capacity,
            tier.risk,
            tier.from_points,
            last,
            number(last)
            if last == tier.from_points
            else _("%(first)s to %(last)s", first=number(tier.from_points), last=number(last)),
            names[tier.risk],
            is_possible=tier.from_points <= highest and last >= lowest,
        )
        for tier, last in zip(tiers, lasts, strict=True)
    )
    return Scale(tiers[0].from_points, maximum, bands, lowest, highest)

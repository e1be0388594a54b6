"""This file holds who still relies on a document that its agency has ended, and was not told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.shared_report import Recipient


@dataclass(frozen=True, slots=True)
class Relying:
    """An ended assessment, and who got its document and was not told.

    Attributes:
        assessment: With its partner.
    """

    assessment: Assessment
    recipients: tuple[Recipient, ...]


def relying(session: Session, *, agency_id: UUID, offices: frozenset[UUID] | None) -> list[Relying]:
    """Return what was superseded or withdrawn and whom a person still has to tell.

    An agency of this installation that has taken the document in sees it there by itself.

    Source: ours; docs/decisions/0018
    """
    untold = queries.recipients.of_ended(session, agency_id=agency_id, offices=offices)
    told = seen_here(session, untold)
    left = [(one, _assessment(one)) for one in untold if one.id not in told]
    found: list[Relying] = []
    for _, members in groupby(left, key=lambda pair: pair[1].id):
        pairs = list(members)
        found.append(Relying(pairs[0][1], tuple(one for one, _ in pairs)))
    return found


def seen_here(session: Session, recipients: Iterable[Recipient]) -> frozenset[UUID]:
    """Return which recipients hold the document in this installation, where its status is shown."""
    named = [one for one in recipients if one.agency_code and one.issue is not None]
    if not named:
        return frozenset()
    holders = queries.recipients.holders(session, {str(_assessment(one).id) for one in named})
    return frozenset(
        one.id for one in named if (one.agency_code, str(_assessment(one).id)) in holders
    )


def _assessment(recipient: Recipient) -> Assessment:
    assert recipient.issue is not None, "a trust bundle is never superseded"  # noqa: S101
    return recipient.issue.assessment

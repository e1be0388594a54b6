"""This file holds how the status list or the trust bundle of another agency is taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.trust import StatusList as StoredList
from partner_assess.domain.errors import ChangedMeanwhile, RuleError
from partner_assess.domain.report import status_list, trust_bundle
from partner_assess.domain.report.status_list import BadStatusList, StatusList
from partner_assess.domain.report.trust_bundle import BadTrustBundle, TrustBundle
from partner_assess.domain.trust import SignedContent

# Clocks differ; a list from further ahead would outdate every honest one that follows.
_AHEAD = timedelta(days=1)


class Older(RuleError):
    """What arrived is not newer than what we have."""

    code = "list_not_newer"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of another agency held.

    Attributes:
        lists: How many status lists took effect.
        roots: Root certificates it proposes, PEM: they wait on the list for a person.
        revocation_lists: DER; each counts if a root that is trusted has signed it.
    """

    agency_code: str
    made_at: datetime
    lists: int
    roots: tuple[str, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()


def take(
    session: Session, *, signed: SignedContent, file: bytes, by: UUID | None, now: datetime
) -> Taken:
    """Keep the status lists in a file that the gate has opened: a list, or a trust bundle.

    Only the newest counts, and an agency speaks of its own documents alone. What else a bundle
    holds is handed back: whose signatures count is decided elsewhere.

    Raises:
        BadStatusList: it is neither, is damaged, or speaks for another agency or from the future.
        Older: it is a list that is not newer than the one we have.
        ChangedMeanwhile: another one was taken in at the same moment.

    Source: ours; pdf-sharing.md 8, docs/decisions/0018
    """
    bundle = _bundle(signed.content)
    lists = bundle.status_lists if bundle else (status_list.from_json(signed.content),)
    for one in lists:
        if one.issuer != signed.agency_code or one.made_at > now + _AHEAD:
            raise BadStatusList

    kept = [_keep(session, one, file=file, by=by, now=now) for one in lists]
    if bundle is None:
        if not all(kept):
            raise Older
        return Taken(signed.agency_code, lists[0].made_at, lists=1)
    if bundle.agency != signed.agency_code:
        raise BadStatusList
    return Taken(
        signed.agency_code,
        bundle.made_at,
        lists=sum(kept),
        roots=bundle.roots,
        revocation_lists=bundle.revocation_lists,
    )


def _bundle(content: bytes) -> TrustBundle | None:
    try:
        return trust_bundle.from_json(content)
    except BadTrustBundle:
        return None


def _keep(
    session: Session, told: StatusList, *, file: bytes, by: UUID | None, now: datetime
) -> bool:
    """Store a list in place of an older one; return whether it was newer."""
    stored = queries.statuses.newest_list(
        session, agency_code=told.issuer, name=told.name, locked=True
    )
    if stored is not None and stored.made_at >= told.made_at:
        return False
    if stored is None:
        stored = StoredList(agency_code=told.issuer, name=told.name)
        session.add(stored)
    stored.content, stored.payload = file, status_list.to_json(told)
    stored.made_at, stored.next_update = told.made_at, told.next_update
    stored.added_by, stored.added_at = by, now
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    return True

"""This file holds how the status list or the trust bundle of another agency is taken in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.trust import StatusList as StoredList
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.report import status_list, trust_bundle
from partner_assess.domain.report.status_list import BadStatusList, StatusList
from partner_assess.domain.report.trust_bundle import BadTrustBundle, TrustBundle
from partner_assess.domain.trust import Older, SignedContent

# Clocks differ; a list from further ahead would outdate every honest one that follows.
_AHEAD = timedelta(days=1)


def take(
    session: Session,
    *,
    signed: SignedContent,
    file: bytes,
    list_of: UUID | None,
    by: UUID | None,
    now: datetime,
) -> list[StoredList]:
    """Keep the status lists in a file that the gate has opened: a list, or a trust bundle.

    Only the newest counts, and an agency speaks of its own documents alone. It counts for the
    agency whose list of roots vouched for it (`list_of`; None: for all). What was kept is
    returned. What else a bundle holds is for `usecases/trust`: whose signatures count.

    Raises:
        BadStatusList: it is neither, is damaged, or speaks for another agency or from the future.
        Older: nothing in it is newer than what we have.
        ChangedMeanwhile: another one was taken in at the same moment.

    Source: ours; pdf-sharing.md 8, docs/decisions/0018
    """
    bundle = bundle_in(signed)
    lists = bundle.status_lists if bundle else (status_list.from_json(signed.content),)
    for one in lists:
        if one.issuer != signed.agency_code or one.made_at > now + _AHEAD:
            raise BadStatusList

    kept = [_keep(session, one, file=file, list_of=list_of, by=by, now=now) for one in lists]
    if lists and not any(kept):
        raise Older
    return [one for one in kept if one is not None]


def bundle_in(signed: SignedContent) -> TrustBundle | None:
    """Return the trust bundle that an agency signed, None where it signed something else.

    Raises:
        BadStatusList: it is the bundle of another agency.
    """
    try:
        bundle = trust_bundle.from_json(signed.content)
    except BadTrustBundle:
        return None
    if bundle.agency != signed.agency_code:
        raise BadStatusList
    return bundle


def _keep(
    session: Session,
    told: StatusList,
    *,
    file: bytes,
    list_of: UUID | None,
    by: UUID | None,
    now: datetime,
) -> StoredList | None:
    """Store a list in place of an older one; return it, or None where it is not newer."""
    stored = queries.statuses.lock_list(
        session, agency_code=told.issuer, name=told.name, list_of=list_of
    )
    if stored is not None and stored.made_at >= told.made_at:
        return None
    if stored is None:
        stored = StoredList(list_agency_id=list_of, agency_code=told.issuer, name=told.name)
        session.add(stored)
    stored.content, stored.payload = file, status_list.to_json(told)
    stored.made_at, stored.next_update = told.made_at, told.next_update
    stored.added_by, stored.added_at = by, now
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    return stored

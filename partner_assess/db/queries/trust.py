"""This file holds the questions about whose signatures count, and what no longer does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from partner_assess.db.models.trust import RevocationList, StatusList, TrustedRoot
from partner_assess.db.models.user import User
from partner_assess.db.queries import locking
from partner_assess.domain.trust import State

_PEOPLE = tuple(
    joinedload(person).selectinload(User.grants)
    for person in (TrustedRoot.adder, TrustedRoot.confirmer, TrustedRoot.remover)
)


def counting(session: Session, *, agency_id: UUID | None) -> Sequence[TrustedRoot]:
    """Return the roots that count for an agency: those of its list and of everybody's.

    Without an agency: those of everybody's list.
    """
    query = (
        select(TrustedRoot)
        .where(_read_by(agency_id), TrustedRoot.state == State.TRUSTED)
        .order_by(TrustedRoot.agency_code, TrustedRoot.confirmed_at, TrustedRoot.id)
    )
    return session.scalars(query).all()


def listed(session: Session, *, agency_id: UUID) -> Sequence[TrustedRoot]:
    """Return what an agency's page shows: all roots of its list and everybody's, with people.

    Also those removed. What counts or waits first, agency by agency, the newest first.
    """
    query = (
        select(TrustedRoot)
        .where(_read_by(agency_id))
        .options(*_PEOPLE)
        .order_by(TrustedRoot.agency_code, TrustedRoot.added_at.desc(), TrustedRoot.id)
    )
    return session.scalars(query).all()


def everywhere(session: Session) -> Sequence[TrustedRoot]:
    """Return every root on any list, with its list's agency; everybody's list first."""
    query = (
        select(TrustedRoot)
        .options(joinedload(TrustedRoot.list_agency))
        .order_by(
            TrustedRoot.list_agency_id.is_not(None),
            TrustedRoot.list_agency_id,
            TrustedRoot.agency_code,
            TrustedRoot.added_at,
            TrustedRoot.id,
        )
    )
    return session.scalars(query).all()


def with_fingerprint(session: Session, fingerprint: str) -> Sequence[TrustedRoot]:
    """Return the rows of a certificate on any list, without those removed."""
    query = (
        select(TrustedRoot)
        .where(TrustedRoot.fingerprint == fingerprint, TrustedRoot.state != State.REMOVED)
        .options(joinedload(TrustedRoot.list_agency))
        .order_by(TrustedRoot.added_at, TrustedRoot.id)
    )
    return session.scalars(query).all()


def was_ever_listed(session: Session, fingerprint: str, *, list_of: UUID | None) -> bool:
    """Return whether a certificate is on that very list, or was until somebody removed it."""
    query = select(TrustedRoot.id).where(TrustedRoot.fingerprint == fingerprint, _on_list(list_of))
    return session.scalars(query.limit(1)).first() is not None


def get(session: Session, root_id: UUID, *, list_of: UUID | None) -> TrustedRoot:
    """Return a root of that very list, with who added it. Raises NoResultFound."""
    query = select(TrustedRoot).where(TrustedRoot.id == root_id, _on_list(list_of))
    return session.execute(query.options(*_PEOPLE)).scalar_one()


def lock(session: Session, root_id: UUID, *, list_of: UUID | None, seen: int | None) -> TrustedRoot:
    """Return a root of that very list, locked, as it was seen (None does not ask).

    Raises:
        NoResultFound: there is none.
        ChangedMeanwhile: it is no longer version `seen`.
    """
    query = select(TrustedRoot).where(TrustedRoot.id == root_id, _on_list(list_of))
    return locking.one_as_seen(session, query, of=TrustedRoot, seen=seen)


def revocation_lists(session: Session, fingerprints: Iterable[str]) -> dict[str, RevocationList]:
    """Return the stored list of each of these issuers that has one."""
    query = (
        select(RevocationList)
        .where(RevocationList.issuer_fingerprint.in_(sorted(set(fingerprints))))
        .order_by(RevocationList.issuer_fingerprint)
    )
    return {one.issuer_fingerprint: one for one in session.scalars(query)}


def lock_revocation_list(session: Session, issuer_fingerprint: str) -> RevocationList | None:
    """Return what an issuer has revoked, locked until the transaction ends; None before."""
    query = select(RevocationList).where(RevocationList.issuer_fingerprint == issuer_fingerprint)
    return session.scalars(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()


def status_lists(
    session: Session, agency_codes: Iterable[str], *, reader_id: UUID
) -> Sequence[StatusList]:
    """Return what these agencies say of their documents, as far as a reader or all were told."""
    query = (
        select(StatusList)
        .where(
            StatusList.agency_code.in_(sorted(set(agency_codes))),
            or_(StatusList.list_agency_id.is_(None), StatusList.list_agency_id == reader_id),
        )
        .order_by(StatusList.agency_code, StatusList.name, StatusList.id)
    )
    return session.scalars(query).all()


def _on_list(list_of: UUID | None) -> ColumnElement[bool]:
    return (
        TrustedRoot.list_agency_id.is_(None)
        if list_of is None
        else TrustedRoot.list_agency_id == list_of
    )


def _read_by(agency_id: UUID | None) -> ColumnElement[bool]:
    everybodys = TrustedRoot.list_agency_id.is_(None)
    return everybodys if agency_id is None else or_(everybodys, _on_list(agency_id))

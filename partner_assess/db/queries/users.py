"""This file holds the questions about accounts and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db.models.user import RoleGrant, User, UserSession

_WITH_GRANTS = (
    selectinload(User.agency),
    selectinload(User.grants).selectinload(RoleGrant.office),
)


def by_email(session: Session, email: str) -> User | None:
    """Return the account with this sign-in name, in any case, if any."""
    query = select(User).where(User.email == email.strip().lower()).options(*_WITH_GRANTS)
    return session.scalars(query).one_or_none()


def get(session: Session, user_id: UUID) -> User:
    """Return the account with its roles. Raises NoResultFound."""
    query = select(User).where(User.id == user_id).options(*_WITH_GRANTS)
    return session.execute(query).scalar_one()


def all_users(session: Session) -> Sequence[User]:
    """Return every account, by sign-in name."""
    return session.scalars(select(User).options(*_WITH_GRANTS).order_by(User.email, User.id)).all()


def session_by_digest(session: Session, digest: str) -> UserSession | None:
    """Return the signed-in browser whose secret has this digest, with its account."""
    query = (
        select(UserSession)
        .where(UserSession.digest == digest)
        .options(
            selectinload(UserSession.user).selectinload(User.agency),
            selectinload(UserSession.user).selectinload(User.grants).selectinload(RoleGrant.office),
        )
    )
    return session.scalars(query).one_or_none()


def open_sessions(session: Session, user_id: UUID) -> Sequence[UserSession]:
    """Return the sessions of an account that nobody revoked, newest first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
        .order_by(UserSession.created_at.desc(), UserSession.id)
    )
    return session.scalars(query).all()

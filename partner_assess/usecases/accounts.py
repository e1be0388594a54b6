"""This file holds what is done with accounts and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.user import RoleGrant, User, UserSession
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Grant

# A working day at most; without a sign of life, eight hours (a reader without script gives none).
IDLE = timedelta(hours=8)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)


class EmailTaken(RuleError):
    """An account with this sign-in name exists."""

    code = "email_taken"


def create(
    session: Session,
    *,
    agency_id: UUID,
    email: str,
    name: str,
    password_hash: str,
    grants: Iterable[Grant],
    now: datetime,
    partner_id: UUID | None = None,
) -> User:
    """Make an account.

    Raises:
        EmailTaken: one with this sign-in name exists.
    """
    email = email.strip().lower()
    if queries.users.by_email(session, email) is not None:
        raise EmailTaken(email=email)

    user = User(
        agency_id=agency_id,
        email=email,
        name=name,
        password_hash=password_hash,
        partner_id=partner_id,
        created_at=now,
        grants=[RoleGrant(role=grant.role, office_id=grant.office_id) for grant in grants],
    )
    session.add(user)
    session.flush()
    return user


def represent(session: Session, *, user_id: UUID, partner_id: UUID) -> None:
    """Let an account speak for one partner, and see that one only."""
    queries.users.get(session, user_id).partner_id = partner_id


def sign_in(
    session: Session, *, user_id: UUID, digest: str, agent: str, now: datetime
) -> UserSession:
    """Open a session for a browser whose person has proved who it is."""
    opened = UserSession(
        user_id=user_id, digest=digest, agent=agent[:200], created_at=now, seen_at=now
    )
    session.add(opened)
    return opened


def is_open(opened: UserSession, *, now: datetime) -> bool:
    """Return whether a session still counts: not revoked, not idle, not too old."""
    return (
        opened.revoked_at is None
        and opened.user.is_active
        and now - opened.seen_at <= IDLE
        and now - opened.created_at <= LONGEST
    )


def touch(session: Session, *, digest: str, now: datetime) -> None:
    """Note that a session is used; at most every five minutes, and never by a GET."""
    opened = queries.users.session_by_digest(session, digest)
    if opened is not None and now - opened.seen_at >= TOUCH_EVERY:
        opened.seen_at = now


def sign_out(session: Session, *, digest: str, now: datetime) -> None:
    """Revoke the session of this browser."""
    opened = queries.users.session_by_digest(session, digest)
    if opened is not None and opened.revoked_at is None:
        opened.revoked_at = now


def sign_out_everywhere(session: Session, *, user_id: UUID, now: datetime) -> int:
    """Revoke every session of an account; return how many."""
    opened = queries.users.open_sessions(session, user_id)
    for one in opened:
        one.revoked_at = now
    return len(opened)

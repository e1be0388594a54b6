"""This file holds the questions about jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from partner_assess.db.models.job import Job


def next_due(session: Session, *, now: datetime, most_tries: int) -> Job | None:
    """Return the job that waits longest, locked; rows that others hold are passed over."""
    query = (
        select(Job)
        .where(
            Job.done_at.is_(None),
            Job.run_at <= now,
            Job.tries < most_tries,
            or_(Job.leased_until.is_(None), Job.leased_until <= now),
        )
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).one_or_none()


def get(session: Session, job_id: UUID) -> Job:
    """Return the job, locked. Raises NoResultFound."""
    return session.execute(select(Job).where(Job.id == job_id).with_for_update()).scalar_one()


def by_key(session: Session, unique_key: str) -> Job | None:
    """Return the job with this key, if any."""
    return session.scalars(select(Job).where(Job.unique_key == unique_key)).one_or_none()


def leased(session: Session) -> Sequence[Job]:
    """Return the jobs that somebody holds, locked, longest waiting first."""
    query = (
        select(Job)
        .where(Job.done_at.is_(None), Job.leased_until.is_not(None))
        .order_by(Job.run_at, Job.id)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def oldest_waiting(session: Session, *, now: datetime) -> datetime | None:
    """Return since when the longest waiting due job waits, None when none does."""
    query = select(func.min(Job.run_at)).where(Job.done_at.is_(None), Job.run_at <= now)
    return session.scalar(query)

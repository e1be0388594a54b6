"""This file holds what happens later: queued with its cause, claimed by one, done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.job import Job
from partner_assess.domain.suspension import State
from partner_assess.usecases import assessments, partners, suspensions
from partner_assess.usecases.ports import Ports

LEASE = timedelta(minutes=5)
MOST_TRIES = 5


def queue(
    session: Session, name: str, *, unique_key: str, now: datetime, payload: dict[str, Any]
) -> None:
    """Write that something must happen; a key that was written before happens once."""
    if queries.jobs.by_key(session, unique_key) is None:
        session.add(Job(name=name, unique_key=unique_key, payload=payload, run_at=now))


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this runner holds until its lease ends."""

    id: UUID
    name: str
    payload: Mapping[str, Any]


def claim(session: Session, *, now: datetime) -> Claim | None:
    """Take the job that waits longest, for as long as its lease; None when nothing is due."""
    job = queries.jobs.next_due(session, now=now, most_tries=MOST_TRIES)
    if job is None:
        return None
    job.leased_until = now + LEASE
    job.tries += 1
    return Claim(job.id, job.name, dict(job.payload))


def finish(session: Session, job_id: UUID, *, now: datetime) -> None:
    """Mark a job done."""
    job = queries.jobs.get(session, job_id)
    job.done_at, job.leased_until, job.last_error = now, None, ""


def fail(session: Session, job_id: UUID, *, why: str, now: datetime) -> bool:
    """Give a job back for later, each time longer; return whether it was the last try."""
    job = queries.jobs.get(session, job_id)
    job.last_error, job.leased_until = why[:2000], None
    job.run_at = now + timedelta(seconds=15 * 2**job.tries)
    return job.tries >= MOST_TRIES


Run = Callable[[Callable[[Session], object]], object]


def sweep(
    ports: Ports,
    *,
    run: Callable[[Callable[[Session], Any]], Any],
    now: datetime,
    today_of: Callable[[str], date],
) -> dict[str, int]:
    """Do everything that is due, once; return how many deeds of each kind.

    One unit of work an item (`run` opens it), so that one bad record does not stop the rest.
    Run twice, nothing doubles; run late, nothing is skipped.

    Args:
        today_of: Time zone of an office → its calendar day.

    Source: domain.md 3.5, 3.6
    """
    done = {
        "assessments_expired": 0,
        "results_ended": 0,
        "approvals_lapsed": 0,
        "suspended": 0,
        "decisions_due": 0,
        "continued_under_exception": 0,
    }
    names = {
        State.SUSPENDED: "suspended",
        State.DECISION_DUE: "decisions_due",
        State.CONTINUES: "continued_under_exception",
    }
    for office_id, agency_id, zone in run(_offices):
        today = today_of(zone)
        for assessment_id in run(_expired(office_id, today)):
            done["assessments_expired"] += run(
                _bound(
                    assessments.expire,
                    assessment_id=assessment_id,
                    agency_id=agency_id,
                    now=now,
                    today=today,
                )
            )
        for partner_id in run(_stale(office_id, today)):
            lapsed = run(_refresh(partner_id, agency_id, now=now, today=today))
            done["results_ended"] += 1
            done["approvals_lapsed"] += lapsed
        for plan_id in run(_past_limit(office_id, today)):
            moved: dict[State, int] = run(_act(ports, plan_id, agency_id, now=now, today=today))
            for state, number in moved.items():
                done[names[state]] += number
    return done


def _offices(session: Session) -> list[tuple[UUID, UUID, str]]:
    return [(one.id, one.agency_id, one.timezone) for one in queries.agencies.offices(session)]


def _expired(office_id: UUID, today: date) -> Callable[[Session], list[UUID]]:
    return lambda session: list(
        queries.assessments.expired(session, office_id=office_id, today=today)
    )


def _stale(office_id: UUID, today: date) -> Callable[[Session], list[UUID]]:
    return lambda session: list(
        queries.partners.with_stale_result(session, office_id=office_id, today=today)
    )


def _past_limit(office_id: UUID, today: date) -> Callable[[Session], list[UUID]]:
    return lambda session: [
        plan.id for plan in queries.plans.past_limit(session, office_id=office_id, today=today)
    ]


def _bound(deed: Callable[..., bool], **arguments: Any) -> Callable[[Session], bool]:
    return lambda session: deed(session, **arguments)


def _refresh(
    partner_id: UUID, agency_id: UUID, *, now: datetime, today: date
) -> Callable[[Session], int]:
    def refresh(session: Session) -> int:
        partner = queries.partners.lock(session, partner_id, agency_id=agency_id)
        return partners.refresh_current(session, partner, now=now, today=today)

    return refresh


def _act(
    ports: Ports, plan_id: UUID, agency_id: UUID, *, now: datetime, today: date
) -> Callable[[Session], dict[State, int]]:
    return lambda session: suspensions.act_on_deadlines(
        session, ports, plan_id=plan_id, agency_id=agency_id, now=now, today=today
    )

"""This file holds what happens later: queued with its cause, claimed by one, done once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.job import Job
from partner_assess.domain.suspension import State
from partner_assess.usecases import assessments, auditing, partners, received, suspensions
from partner_assess.usecases.ports import Ports

LEASE = timedelta(minutes=5)
# A file is stored before the row that names it: what is younger may still get its row.
_KEPT = timedelta(days=1)
_AT_ONCE = 500
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
    return Claim(job.id, job.name, dict(job.payload))


def release(session: Session) -> int:
    """Give back what a process that ended held, at the start of the one that follows it.

    Where another still works on it, it is done twice and stored once.
    """
    held = queries.jobs.leased(session)
    for job in held:
        job.leased_until = None
    return len(held)


def finish(session: Session, job_id: UUID, *, now: datetime) -> None:
    """Mark a job done."""
    job = queries.jobs.get(session, job_id)
    job.done_at, job.leased_until, job.last_error = now, None, ""


def fail(session: Session, job_id: UUID, *, why: str, now: datetime) -> bool:
    """Give a job back for later, each time longer; return whether it was the last try.

    Only a try that failed counts: a process that is killed takes none of them.
    """
    job = queries.jobs.get(session, job_id)
    job.tries += 1
    job.last_error, job.leased_until = why[:2000], None
    job.run_at = now + timedelta(seconds=15 * 2**job.tries)
    is_last = job.tries >= MOST_TRIES
    if is_last:
        job.done_at = now  # nobody waits for it any more
    return is_last


_KINDS = {
    State.SUSPENDED: "suspended",
    State.DECISION_DUE: "decisions_due",
    State.CONTINUES: "continued_under_exception",
}


@dataclass(frozen=True, slots=True)
class _Day:
    """What a step of the sweep is told: whose records, and when."""

    ports: Ports
    office_id: UUID
    agency_id: UUID
    now: datetime
    today: date


def sweep(
    ports: Ports,
    *,
    run: Callable[[Callable[[Session], Any]], Any],
    now: datetime,
    today_of: Callable[[str], date],
) -> dict[str, int]:
    """Do everything that is due, once; return how many deeds of each kind.

    Then keep the ends of the trails' chains outside the database.

    One unit of work an item, so that one bad record does not stop the rest. Run twice, nothing
    doubles; run late, nothing is skipped.

    Source: domain.md 3.5, 3.6

    Args:
        ports: The outside world.
        run: Calls a deed in a unit of work of its own and returns what it did; returns None
            where it failed, having told somebody.
        now: The instant.
        today_of: Time zone of an office → its calendar day.
    """
    done = Counter(
        {
            "assessments_expired": 0,
            "received_changed": 0,
            "results_ended": 0,
            "approvals_lapsed": 0,
            **dict.fromkeys(_KINDS.values(), 0),
            "files_removed": 0,
        }
    )
    for office_id, agency_id, zone in run(_offices) or ():
        day = _Day(ports, office_id, agency_id, now, today_of(zone))
        for find, act in _STEPS:
            for record_id in run(partial(find, day=day)) or ():
                done.update(run(partial(act, record_id=record_id, day=day)) or {})
    done["files_removed"] = _remove_files(ports, run=run, before=now - _KEPT)
    auditing.copy_heads(run, ports.heads)
    return dict(done)


def _remove_files(
    ports: Ports, *, run: Callable[[Callable[[Session], Any]], Any], before: datetime
) -> int:
    """Remove the stored files that no row names; return how many.

    A database that never stored one leaves all alone: the folder is another's.
    """
    if not run(queries.files.has_stored):
        return 0
    removed = 0
    old = iter(ports.store.put_before(before))
    while names := list(islice(old, _AT_ONCE)):
        named: frozenset[str] | None = run(partial(queries.files.named, names=names))
        if named is None:
            continue  # the question failed, so nothing is known
        for name in names:
            if name not in named:
                removed += ports.store.remove(name, put_before=before)
    return removed


def _offices(session: Session) -> list[tuple[UUID, UUID, str]]:
    return [(one.id, one.agency_id, one.timezone) for one in queries.agencies.offices(session)]


def _ended(session: Session, *, day: _Day) -> list[UUID]:
    stale = queries.partners.with_stale_result(session, office_id=day.office_id, today=day.today)
    over = queries.approvals.partners_past_end(session, office_id=day.office_id, today=day.today)
    return sorted({*stale, *over})


def _refresh(session: Session, *, record_id: UUID, day: _Day) -> dict[str, int]:
    partner = queries.partners.lock(session, record_id, agency_id=day.agency_id)
    has_ended = not partner.current_ended and not partner.result().is_valid(day.today)
    lapsed = partners.refresh_current(session, partner, now=day.now, today=day.today)
    return {"results_ended": int(has_ended), "approvals_lapsed": lapsed}


def _expired(session: Session, *, day: _Day) -> Sequence[UUID]:
    return queries.assessments.expired(session, office_id=day.office_id, today=day.today)


def _expire(session: Session, *, record_id: UUID, day: _Day) -> dict[str, int]:
    expired = assessments.expire(
        session,
        assessment_id=record_id,
        agency_id=day.agency_id,
        now=day.now,
        today=day.today,
    )
    return {"assessments_expired": int(expired)}


def _received(session: Session, *, day: _Day) -> Sequence[UUID]:
    return queries.received_reports.told_about(session, office_id=day.office_id)


def _hear(session: Session, *, record_id: UUID, day: _Day) -> dict[str, int]:
    changed = received.apply_word(
        session,
        day.ports,
        received_id=record_id,
        agency_id=day.agency_id,
        now=day.now,
        today=day.today,
    )
    return {"received_changed": int(changed)}


def _past_limit(session: Session, *, day: _Day) -> list[UUID]:
    late = queries.plans.past_limit(session, office_id=day.office_id, today=day.today)
    return [plan.id for plan in late]


def _act(session: Session, *, record_id: UUID, day: _Day) -> dict[str, int]:
    moved = suspensions.act_on_deadlines(
        session,
        day.ports,
        plan_id=record_id,
        agency_id=day.agency_id,
        now=day.now,
        today=day.today,
    )
    return {_KINDS[state]: number for state, number in moved.items()}


# What ended is ended before its assessment expires, so that the approvals on it are counted.
_STEPS: tuple[tuple[Callable[..., Iterable[UUID]], Callable[..., dict[str, int]]], ...] = (
    (_received, _hear),
    (_ended, _refresh),
    (_expired, _expire),
    (_past_limit, _act),
)

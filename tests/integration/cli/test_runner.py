from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from partner_assess.adapters.pdf import PdfFailed
from partner_assess.cli.runner import Runner
from partner_assess.db import queries
from partner_assess.db.models.shared_report import Making, ReportIssue
from partner_assess.db.session import open_session
from partner_assess.domain.report import Profile
from partner_assess.domain.trust import NoSeal, SealFailed
from partner_assess.usecases import jobs, sharing
from partner_assess.usecases.jobs import MOST_TRIES
from partner_assess.usecases.ports import Ports
from tests.factories import NOW, TODAY, make_final, make_house, make_partner

Render = Callable[[bytes], bytes]


@dataclass
class Parts:
    """What the runner is handed."""

    engine: Engine
    ports: Ports
    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant

    def today(self, _zone: str) -> date:
        return TODAY


@pytest.fixture
def parts(committing_engine: Engine, ports: Ports) -> Parts:
    """Return an installation in which a document was asked for."""
    with open_session(committing_engine) as session:
        house = make_house(session)
        final = make_final(session, ports, house, make_partner(session, house))
        sharing.ask(
            session,
            ports,
            assessment_id=final.id,
            agency_id=final.agency_id,
            profile=Profile.FULL,
            language="en",
            receiver=sharing.Receiver(),
            actor=house.officer,
            now=NOW,
            today=TODAY,
        )
        session.commit()
    return Parts(committing_engine, ports)


def runner(parts: Parts, render: Render | None = None) -> Runner:
    ports = replace(parts.ports, render_report=render) if render else parts.ports
    made: Any = replace(parts, ports=ports)
    return Runner(made)


def issue(parts: Parts) -> ReportIssue:
    with open_session(parts.engine, reading=True) as session:
        (document,) = sharing.documents(session, today_of=parts.today)
        found = queries.assessments.by_document_number(session, document.reference)
        assert found is not None
        (made,) = queries.shared_reports.of_assessment(session, found.id)
        return made


def test_a_job_is_run_once(parts: Parts) -> None:
    running = runner(parts)

    assert [running.run_one(), running.run_one()] == [True, False]
    assert issue(parts).making is Making.MADE


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PdfFailed("timeout", "more than 60 s"), "timeout"),
        (SealFailed(agency="UNA", detail="no such key"), "seal_failed"),
        (NoSeal(agency="UNA"), "no_seal"),
        (OSError("no space left"), "crashed"),
    ],
)
def test_a_job_that_fails_is_given_up_after_its_last_try(
    parts: Parts, error: Exception, code: str
) -> None:
    def render(_payload: bytes) -> bytes:
        raise error

    for _ in range(MOST_TRIES):
        assert runner(parts, render).run_one()
        assert not runner(parts, render).run_one()
        parts.instant += timedelta(hours=1)

    assert not runner(parts).run_one()
    assert (issue(parts).making, issue(parts).failure) == (Making.FAILED, code)


def test_what_a_killed_runner_held_is_done_by_the_next_one_at_once(parts: Parts) -> None:
    killed = runner(parts)
    assert killed.in_one_unit(lambda session: jobs.claim(session, now=NOW)) is not None

    running = runner(parts)
    assert not running.run_one()
    running.begin()

    assert running.run_one()
    assert issue(parts).making is Making.MADE

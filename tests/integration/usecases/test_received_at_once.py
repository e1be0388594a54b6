"""Reports of other agencies, when two people act in the same second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.acceptance import State
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Role
from partner_assess.domain.report import Report
from partner_assess.usecases import received
from partner_assess.usecases.ports import Ports
from tests import exchange
from tests.exchange import FakeGate, report_of
from tests.factories import (
    NOW,
    TODAY,
    House,
    make_final,
    make_house,
    make_partner,
    make_user,
)
from tests.two_at_once import at_once


def _told(session: Session, ports: Ports) -> tuple[House, Report]:
    here, there = make_house(session, "UNA"), make_house(session, "UNB")
    final = make_final(session, ports, there, make_partner(session, there))
    return here, report_of(session, ports, final)


def test_the_same_file_twice_at_once_is_received_once(
    committing_engine: Engine, ports: Ports
) -> None:
    with open_session(committing_engine) as opened, unit_of_work(opened) as session:
        here, report = _told(session, ports)
    gate = FakeGate()
    pdf = gate.vouch(report)
    (verdict,) = gate.verify([pdf], (), at=NOW)

    def deed(session: Session) -> bool:
        _kept, is_new = received.receive(
            session,
            ports,
            verdict=verdict,
            pdf=pdf,
            about=received.About(here.office.id),
            verifier="tests",
            actor=here.officer,
            now=NOW,
            today=TODAY,
        )
        return is_new

    came = at_once(committing_engine, deed, deed)

    assert sorted(came, key=str) == [False, True], came
    with open_session(committing_engine, reading=True) as reading:
        assert reading.scalar(select(func.count()).select_from(ReceivedReport)) == 1


def test_of_two_countersignatures_at_once_one_takes_effect(
    committing_engine: Engine, ports: Ports
) -> None:
    with open_session(committing_engine) as opened, unit_of_work(opened) as session:
        here, report = _told(session, ports)
        second = make_user(session, here.agency, Role.FOCAL_POINT, office=here.office).actor()
        found = exchange.receive(session, ports, here, report, register=True)
        exchange.propose(session, ports, here, found, exchange.Decision.RESERVATIONS)
        common: dict[str, Any] = {
            "received_id": found.id,
            "seen": found.version,
            "policy_name": "default",
            "now": NOW,
            "today": TODAY,
        }

    def by(actor: Any) -> Callable[[Session], object]:
        return lambda session: received.countersign(session, ports, actor=actor, **common)

    came = at_once(committing_engine, by(here.focal_point), by(second))

    (told,) = [one for one in came if isinstance(one, Exception)]
    assert isinstance(told, ChangedMeanwhile | ActionNotAllowed)
    with open_session(committing_engine, reading=True) as reading:
        kept = queries.received_reports.get(reading, found.id, agency_id=here.agency.id)
        assert kept.state is State.ACCEPTED
        assert queries.plans.of_result(reading, found.id) is not None

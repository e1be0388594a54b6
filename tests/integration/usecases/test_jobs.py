from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.base import Model
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.db.session import unit_of_work
from partner_assess.domain import partnership as partnership_rules
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.assessment import State as AssessmentState
from partner_assess.domain.errors import RuleError
from partner_assess.domain.permissions import Role
from partner_assess.domain.report import Profile
from partner_assess.usecases import assessments, jobs, partners, sharing
from partner_assess.usecases.jobs import LEASE, MOST_TRIES
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    NOW,
    TODAY,
    House,
    add_evidence,
    at,
    everything,
    make_active,
    make_approval,
    make_assessment,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_plan,
    make_user,
    see,
)

LIMIT = date(2027, 11, 22)  # the 12-month date of a High result of TODAY
SECOND = timedelta(seconds=1)
NOTHING = {
    "assessments_expired": 0,
    "results_ended": 0,
    "received_changed": 0,
    "approvals_lapsed": 0,
    "suspended": 0,
    "decisions_due": 0,
    "continued_under_exception": 0,
    "files_removed": 0,
}


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


# --- the sweep ------------------------------------------------------------------------------


def sweep(
    session: Session,
    ports: Ports,
    *,
    on: date,
    run: Callable[[Callable[[Session], Any]], Any] | None = None,
) -> dict[str, int]:
    """Sweep on a day that is the same in every office; return what was done, without zeros."""

    def run_each(deed: Callable[[Session], Any]) -> Any:
        with unit_of_work(session):
            return deed(session)

    done = jobs.sweep(ports, run=run or run_each, now=at(on), today_of=lambda _zone: on)
    assert done.keys() == NOTHING.keys()
    return {name: number for name, number in done.items() if number}


def test_a_sweep_of_nothing_does_nothing(session: Session, ports: Ports, partner: Partner) -> None:
    with unit_of_work(session):
        pass  # what made the partner is over, and its entry chained
    before = everything(session)

    assert sweep(session, ports, on=TODAY) == {}
    assert everything(session) == before


def stored(ports: Ports, content: bytes, *, on: date) -> str:
    """Put a file as if on this day."""
    name = ports.store.put(content)
    moment = at(on).timestamp()
    os.utime(ports.store.path(name), (moment, moment))
    return name


def test_a_file_that_no_row_names_is_removed_after_a_day_and_no_other(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    # Given: two agencies hold one file, one row of which is gone; an issue has its own
    one, other = (
        make_assessment(session, ports, where, make_partner(session, where))
        for where in (house, make_house(session, "UNB"))
    )
    standard = assessments.framework_of(ports, one).standards[0]
    shared, printed, lost, young = (
        stored(ports, content, on=TODAY) for content in (b"shared", b"printed", b"lost", b"young")
    )
    stored(ports, b"young", on=TODAY + DAY)
    pieces = [add_evidence(session, of, standard) for of in (one, other)]
    for piece in pieces:
        piece.sha256 = shared
    issue = make_issue(session, ports, house, partner)
    issue.store(sha256=printed, size_bytes=1, at=NOW)
    session.delete(pieces[0])
    session.flush()

    # When, then
    assert sweep(session, ports, on=TODAY + DAY) == {}
    assert sweep(session, ports, on=TODAY + 2 * DAY) == {"files_removed": 1}
    assert sweep(session, ports, on=TODAY + 2 * DAY) == {}
    assert list(ports.store.put_before(at(TODAY + 9 * DAY))) == sorted([shared, printed, young])
    assert lost not in (shared, printed, young)


def make_issue(session: Session, ports: Ports, house: House, partner: Partner) -> ReportIssue:
    final = make_final(session, ports, house, partner)
    return sharing.ask(
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


def test_a_database_that_never_stored_a_file_leaves_the_folder_alone(
    session: Session, ports: Ports, house: House
) -> None:
    name = stored(ports, b"of another database", on=TODAY)

    assert sweep(session, ports, on=TODAY + 9 * DAY) == {}
    assert ports.store.path(name).is_file()


def test_where_the_question_fails_no_file_is_removed(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_issue(session, ports, house, partner).store(sha256="0" * 64, size_bytes=1, at=NOW)
    session.flush()
    name = stored(ports, b"lost", on=TODAY)

    def run(deed: Callable[[Session], Any]) -> Any:
        is_question = getattr(deed, "func", None) is queries.files.named
        return None if is_question else deed(session)

    assert sweep(session, ports, on=TODAY + 9 * DAY, run=run) == {}
    assert ports.store.path(name).is_file()


def test_every_column_that_names_a_file_is_asked() -> None:
    columns = [one for table in Model.metadata.tables.values() for one in table.columns]
    # Of the part before a signature, and of a secret: no file is called by these.
    others = {"unsigned_sha256", "token_sha256"}
    naming = {str(one) for one in columns if one.name.endswith("sha256")} - {
        str(one) for one in columns if one.name in others
    }
    assert naming == {str(one.expression) for one in queries.files.NAMING}


def test_a_sweep_acts_on_the_day_after_a_date_and_once(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    excepted = make_active(session, house, partner)
    make_exception(session, ports, house, excepted, ends_on=LIMIT + 10 * DAY)

    assert sweep(session, ports, on=LIMIT) == {}
    assert sweep(session, ports, on=LIMIT + DAY) == {
        "suspended": 1,
        "continued_under_exception": 1,
    }
    assert sweep(session, ports, on=LIMIT + DAY) == {}
    assert sweep(session, ports, on=LIMIT - 100 * DAY) == {}  # the clock set back
    assert sweep(session, ports, on=LIMIT + 10 * DAY) == {}
    assert sweep(session, ports, on=LIMIT + 11 * DAY) == {"suspended": 1}
    assert {running.state, excepted.state} == {partnership_rules.State.SUSPENDED}


def test_a_late_sweep_skips_nothing(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_plan(session, ports, house, partner)
    make_active(session, house, partner)

    assert sweep(session, ports, on=LIMIT + 1000 * DAY) == {"suspended": 1}


def test_a_sweep_ends_a_result_with_its_approvals(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    final = make_final(session, ports, house, partner, every="absent")
    request = make_approval(
        session,
        ports,
        house,
        make_partnership(session, house, partner),
        state=ApprovalState.APPROVED,
    )
    assert final.expires_on is not None

    assert sweep(session, ports, on=final.expires_on) == {}
    assert sweep(session, ports, on=final.expires_on + DAY) == {
        "assessments_expired": 1,
        "results_ended": 1,
        "approvals_lapsed": 1,
    }
    assert sweep(session, ports, on=final.expires_on + DAY) == {}
    assert see(session, final).state is AssessmentState.EXPIRED
    assert (request.state, partner.current_ended) == (ApprovalState.LAPSED, True)


def test_a_sweep_ends_an_emergency(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    partners.record_emergency(
        session,
        ports,
        partner_id=partner.id,
        reason="Flood.",
        policy_name="default",
        actor=house.head,
        now=NOW,
        today=TODAY,
    )
    last = partner.current_expires_on
    assert last == date(2027, 2, 22)

    assert sweep(session, ports, on=last) == {}
    assert sweep(session, ports, on=last + DAY) == {"results_ended": 1}
    assert sweep(session, ports, on=last + DAY) == {}


def test_a_sweep_ends_an_approval_at_its_own_end(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    make_final(session, ports, house, partner)
    end = TODAY + 30 * DAY
    request = make_approval(
        session,
        ports,
        house,
        make_partnership(session, house, partner),
        state=ApprovalState.APPROVED,
        valid_until=end,
    )

    assert sweep(session, ports, on=end) == {}
    assert sweep(session, ports, on=end + DAY) == {"approvals_lapsed": 1}
    assert sweep(session, ports, on=end + DAY) == {}
    assert (request.state, request.lapsed_because) == (ApprovalState.LAPSED, "own_end")


def test_each_office_has_its_own_day(session: Session, ports: Ports, house: House) -> None:
    # Given: at this instant it is the 23rd in Auckland and still the 22nd in Los Angeles
    instant = datetime(2027, 11, 22, 20, tzinfo=UTC)
    running = {}
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        office = make_office(session, house.agency, name=f"Demo: {zone}", timezone=zone)
        of_zone = make_house_in(session, house, office.id)
        partner = make_partner(session, of_zone, office=office)
        make_final(session, ports, of_zone, partner)
        running[zone] = make_active(session, of_zone, partner, office=office)

    # When
    def run(deed: Callable[[Session], Any]) -> Any:
        with unit_of_work(session):
            return deed(session)

    done = jobs.sweep(
        ports, run=run, now=instant, today_of=lambda zone: instant.astimezone(ZoneInfo(zone)).date()
    )

    # Then
    states = {zone: one.state for zone, one in running.items()}
    assert done["suspended"] == 1
    assert states == {
        "Pacific/Auckland": partnership_rules.State.SUSPENDED,
        "America/Los_Angeles": partnership_rules.State.ACTIVE,
    }


def make_house_in(session: Session, house: House, office_id: UUID) -> House:
    """Return people of the same agency who may act in every office."""
    return House(
        agency=house.agency,
        office=queries.agencies.office(session, office_id, agency_id=house.agency.id),
        officer=make_user(session, house.agency, Role.OFFICER).actor(),
        focal_point=make_user(session, house.agency, Role.FOCAL_POINT).actor(),
        head=make_user(session, house.agency, Role.HEAD).actor(),
    )


def test_one_bad_record_does_not_stop_the_rest(
    session: Session, ports: Ports, house: House
) -> None:
    for _ in range(3):
        partner = make_partner(session, house)
        make_final(session, ports, house, partner)
        make_active(session, house, partner)
    failures = [RuleError("bad")]

    def run(deed: Callable[[Session], Any]) -> Any:
        # The runner's part: what fails is rolled back, told to somebody, and answered with None.
        try:
            with unit_of_work(session):
                done = deed(session)
                if done == {"suspended": 1} and failures:
                    raise failures.pop()
                return done
        except RuleError:
            return None

    assert sweep(session, ports, on=LIMIT + DAY, run=run) == {"suspended": 2}
    assert sweep(session, ports, on=LIMIT + DAY) == {"suspended": 1}


# --- jobs that wait -------------------------------------------------------------------------


def queue(session: Session, key: str, *, now: datetime = NOW) -> None:
    jobs.queue(session, "make_report", unique_key=key, now=now, payload={"issue": key})
    session.flush()


def claimed(session: Session, *, now: datetime) -> str | None:
    claim = jobs.claim(session, now=now)
    session.flush()
    return None if claim is None else claim.payload["issue"]


def test_a_key_happens_once(session: Session) -> None:
    queue(session, "one")
    queue(session, "one", now=NOW + SECOND)

    assert claimed(session, now=NOW + SECOND) == "one"
    assert claimed(session, now=NOW + SECOND) is None


def test_what_waits_longest_is_done_first_and_nothing_before_its_time(session: Session) -> None:
    for name, seconds in (("later", 2), ("first", 0), ("second", 1)):
        queue(session, name, now=NOW + seconds * SECOND)

    assert claimed(session, now=NOW - SECOND) is None
    assert [claimed(session, now=NOW + 2 * SECOND) for _ in range(4)] == [
        "first",
        "second",
        "later",
        None,
    ]


def test_a_job_is_given_back_when_its_lease_ends(session: Session) -> None:
    queue(session, "one")
    assert claimed(session, now=NOW) == "one"

    assert claimed(session, now=NOW + LEASE - SECOND) is None
    assert claimed(session, now=NOW + LEASE) == "one"


def test_a_finished_job_is_done(session: Session) -> None:
    queue(session, "one")
    claim = jobs.claim(session, now=NOW)
    assert claim is not None

    jobs.finish(session, claim.id, now=NOW)
    session.flush()

    assert claimed(session, now=NOW + 10 * LEASE) is None
    assert queries.jobs.oldest_waiting(session, now=NOW) is None


def test_a_failed_job_comes_back_each_time_later_and_not_for_ever(session: Session) -> None:
    queue(session, "one")
    now, waits, ends = NOW, [], []
    for _ in range(MOST_TRIES):
        claim = jobs.claim(session, now=now)
        assert claim is not None
        ends.append(jobs.fail(session, claim.id, why="No printer. " * 500, now=now))
        session.flush()
        row = queries.jobs.get(session, claim.id)
        waits.append((row.run_at - now).total_seconds())
        assert len(row.last_error) == 2000
        now = row.run_at

    assert waits == [30, 60, 120, 240, 480]
    assert ends == [False] * (MOST_TRIES - 1) + [True]
    assert claimed(session, now=now + timedelta(days=1)) is None

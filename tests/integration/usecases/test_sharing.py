from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.shared_report import Making, ReportIssue
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.report import Band, EvidenceSeen, Profile, Report, from_json
from partner_assess.domain.report.status import Status
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.usecases import assessments, jobs, plans, sharing, suspensions
from partner_assess.usecases.jobs import MOST_TRIES
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing import NotFinal, Receiver, UnknownLanguage
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    TODAY,
    House,
    add_evidence,
    at,
    finalise,
    make_active,
    make_approval,
    make_assessment,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_submitted,
    make_user,
    plan_of,
    refused,
    see,
    verify_all,
)
from tests.two_at_once import at_once

LIMIT = date(2027, 11, 22)  # the 12-month date of a High result of TODAY


@pytest.fixture
def house(session: Session) -> House:
    made = make_house(session)
    made.agency.contact_name = "Demo: desk"
    made.agency.contact_url = "https://demo.example/desk"
    return made


@pytest.fixture
def partner(session: Session, house: House) -> Partner:
    return make_partner(session, house)


@pytest.fixture
def final(session: Session, ports: Ports, house: House, partner: Partner) -> Assessment:
    return make_final(session, ports, house, partner, policy="progressing")


def facts(session: Session, ports: Ports, found: Assessment, *, on: date = TODAY) -> Report:
    session.flush()
    return sharing.facts_of(
        session,
        ports,
        queries.assessments.get(session, found.id, agency_id=found.agency_id),
        profile=Profile.FULL,
        language="en",
        now=at(on),
        today=on,
    )


def ask(
    session: Session, ports: Ports, house: House, found: Assessment, **changes: Any
) -> ReportIssue:
    asked: dict[str, Any] = {
        "assessment_id": found.id,
        "agency_id": found.agency_id,
        "profile": Profile.FULL,
        "language": "en",
        "receiver": Receiver(),
        "actor": house.officer,
        "now": NOW,
        "today": TODAY,
    }
    session.flush()
    return sharing.ask(session, ports, **(asked | changes))


def running(session: Session) -> Callable[[Callable[[Session], Any]], Any]:
    """Return how a runner opens a unit of work."""

    def run(deed: Callable[[Session], Any]) -> Any:
        with unit_of_work(session):
            return deed(session)

    return run


# --- the facts ------------------------------------------------------------------------------


def test_a_final_result_is_told_whole(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    told = facts(session, ports, final)

    assert told.is_final
    assert told.identity.reference == final.document_number == "UNA/2026/0001"
    assert told.identity.content_digest == final.content_digest
    assert told.identity.instrument.digest == final.framework_digest
    assert (told.partner.legal_name, told.partner.countries) == ("Demo: Acacia Relief", ("KE",))
    assert (told.owner.assessed_by, told.owner.finalised_by) == ("officer", "focal_point")
    assert (told.dates.final_on, told.dates.expires_on) == (TODAY, date(2031, 11, 22))
    assert (told.totals.score, told.totals.min_score, told.totals.max_score) == (7, 6, 18)
    assert (told.totals.capacity, told.totals.risk) == (Capacity.LOW, Risk.HIGH)
    assert told.totals.bands[0] == Band(6, 8, Capacity.LOW, Risk.HIGH)
    assert [(band.from_points, band.to_points) for band in told.totals.bands] == [
        (6, 8),
        (9, 14),
        (15, 18),
    ]
    assert told.results[0].rating == "progressing"
    assert len(told.totals.critical_gaps) == 5
    assert told.plan is not None
    assert (told.plan.starts_on, told.plan.starts_from) == (TODAY, "final")
    assert (told.plan.due_on, told.plan.suspends_on) == (LIMIT, LIMIT + DAY)
    assert told.provenance.contact_desk == "Demo: desk"
    assert not told.provenance.signed


def test_what_must_not_be_shared_is_nowhere(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    # Given: a word in every field that stays inside
    open_one = make_assessment(session, ports, house, partner)
    framework = assessments.framework_of(ports, open_one)
    piece = add_evidence(session, open_one, framework.standards[0])
    piece.title, piece.filename = "SECRET title", "SECRET.pdf"
    for answer in see(session, open_one).answers:
        answer.reason_for_difference = "SECRET reason"
    assessments.submit(
        session,
        ports,
        assessment_id=open_one.id,
        seen=see(session, open_one).version,
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )
    final = finalise(session, ports, house, see(session, open_one))
    partnership = make_active(session, house, partner, title="SECRET project")
    approval = make_approval(session, ports, house, partnership, state=ApprovalState.APPROVED)
    approval.why_this_partner = approval.alternatives = approval.mitigation = "SECRET why"
    for action in plan_of(session, final).actions:
        action.owner, action.done_note, action.comment = "SECRET", "SECRET", "SECRET"

    # When
    issue = ask(session, ports, house, see(session, final))

    # Then
    text = issue.payload.decode()
    assert "SECRET" not in text
    assert not [i.id for s in framework.standards for i in s.indicators if i.id in text]
    people = [queries.users.get(session, one.user_id) for one in (house.officer, house.head)]
    assert not [one for one in people if one.email in text or one.name in text]
    assert EvidenceSeen(piece.type_id, None) in from_json(issue.payload).results[0].evidence


def test_a_standard_shared_as_its_rating_alone_has_neither_comment_nor_evidence(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    preliminary = make_final(session, ports, house, partner, framework_id=EIGHT, every="yes")
    for answer in preliminary.answers:
        answer.comment = "Said."

    told = facts(session, ports, preliminary)

    assert [bool(one.comment) for one in told.results] == [True] * 7 + [False]
    assert [bool(one.evidence) for one in told.results] == [True] * 7 + [False]


def test_what_is_not_final_is_a_draft(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    begun = make_assessment(session, ports, house, partner, every=None)
    told = facts(session, ports, begun)
    assert (told.is_final, told.identity.reference) == (False, begun.reference)
    assert (told.totals.score, told.totals.risk, told.dates.final_on) == (None, None, None)
    assert told.plan is None

    preliminary = make_final(
        session, ports, house, make_partner(session, house), framework_id=EIGHT, every="no"
    )
    told = facts(session, ports, preliminary)
    assert (told.is_final, told.dates.final_on) == (False, None)
    assert told.plan is not None
    assert told.plan.starts_from == "preliminary"


def test_a_second_step_dates_a_final_result(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    preliminary = make_final(session, ports, house, partner, framework_id=EIGHT, every="yes")
    later = TODAY + 90 * DAY
    final = finalise(session, ports, house, preliminary, on=later)

    told = facts(session, ports, final, on=later)

    assert (told.is_final, told.dates.final_on) == (True, later)


def test_a_newer_result_names_the_one_it_replaces(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    before = make_final(session, ports, house, partner, on=TODAY - 400 * DAY)
    final = make_final(session, ports, house, partner, policy="adequate")

    told = facts(session, ports, final)

    assert told.identity.replaces == before.document_number
    assert told.previous is not None
    assert (told.previous.reference, told.previous.score) == (before.document_number, 6)
    assert (told.results[0].was, told.results[0].rating) == ("absent", "adequate")
    assert told.plan is not None
    assert (told.plan.starts_on, told.plan.starts_from) == (TODAY - 400 * DAY, None)


def test_what_counts_no_more_is_told_with_its_day_and_what_took_its_place(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    first = make_final(session, ports, house, partner)
    assert first.expires_on
    identity = facts(session, ports, first).identity
    assert (identity.status, identity.ended_on) == (Status.CURRENT, None)

    expired = facts(session, ports, first, on=first.expires_on + DAY).identity
    assert (expired.status, expired.ended_on) == (Status.EXPIRED, first.expires_on + DAY)

    second = make_final(session, ports, house, partner, on=TODAY + 9 * DAY)
    old = facts(session, ports, first, on=TODAY + 90 * DAY).identity
    assert (old.status, old.ended_on) == (Status.SUPERSEDED, TODAY + 9 * DAY)
    assert old.replaced_by == second.document_number

    assessments.withdraw(
        session,
        ports,
        assessment_id=second.id,
        seen=second.version,
        reason="A mistake.",
        actor=house.focal_point,
        now=at(TODAY + 20 * DAY),
        today=TODAY + 20 * DAY,
    )
    taken = facts(session, ports, second, on=TODAY + 90 * DAY).identity
    assert (taken.status, taken.ended_on) == (Status.WITHDRAWN, TODAY + 20 * DAY)
    assert taken.replaced_by is None


def test_a_document_that_counts_no_more_is_the_next_issue(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    assert ask(session, ports, house, final).number == 1
    make_final(session, ports, house, partner, on=TODAY + DAY)

    again = ask(session, ports, house, final, now=at(TODAY + DAY), today=TODAY + DAY)

    assert again.number == 2
    assert from_json(again.payload).identity.status is Status.SUPERSEDED


def test_what_was_taken_back_is_not_the_result_before(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    before = make_final(session, ports, house, partner, on=TODAY - 400 * DAY)
    assessments.withdraw(
        session,
        ports,
        assessment_id=before.id,
        seen=before.version,
        reason="A mistake.",
        actor=house.focal_point,
        now=NOW,
        today=TODAY,
    )
    told = facts(session, ports, make_final(session, ports, house, partner))

    assert (told.previous, told.identity.replaces, told.results[0].was) == (None, None, None)


def test_an_approval_is_told_with_its_conditions_and_one_that_waits_is_not(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    assert not facts(session, ports, final).approval_required

    partnership = make_partnership(session, house, partner)
    approval = make_approval(session, ports, house, partnership)
    waits = facts(session, ports, final)
    assert (waits.approval_required, waits.approvals) == (True, ())

    approval.decide(
        to=ApprovalState.APPROVED,
        by=house.head.user_id,
        at=NOW,
        on=TODAY,
        conditions="Train first.",
        review_on=TODAY + DAY,
    )
    (given,) = facts(session, ports, final).approvals
    assert (given.approved_on, given.valid_until, given.conditions) == (
        TODAY,
        None,
        "Train first.",
    )


def test_a_suspension_by_the_clock_is_told_before_and_after_it_is_written(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    def since(on: date) -> date | None:
        told = facts(session, ports, final, on=on).plan
        assert told is not None
        return told.suspended_since

    partnership = make_active(session, house, partner)
    assert (since(LIMIT), since(LIMIT + DAY)) == (None, LIMIT + DAY)

    case = make_case(session, ports, house, partnership, on=LIMIT + DAY)
    assert since(LIMIT + 5 * DAY) == LIMIT + DAY

    suspensions.lift(
        session,
        case_id=case.id,
        seen=case.version,
        reason="Nearly done.",
        review_on=LIMIT + 60 * DAY,
        actor=house.head,
        now=at(LIMIT + 6 * DAY),
        today=LIMIT + 6 * DAY,
    )
    assert since(LIMIT + 6 * DAY) is None


@pytest.mark.parametrize(("days", "in_force"), [(-1, False), (0, True), (10, True), (11, False)])
def test_an_exception_is_in_force_from_its_first_to_its_last_day(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    final: Assessment,
    days: int,
    in_force: bool,
) -> None:
    partnership = make_active(session, house, partner)
    make_exception(session, ports, house, partnership, ends_on=TODAY + 10 * DAY)

    told = facts(session, ports, final, on=TODAY + days * DAY).plan

    assert told is not None
    assert told.exception_in_force is in_force


def test_verified_actions_are_told_with_their_day_and_words_of_their_own(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    plan = plan_of(session, final)
    plan.actions[0].words = "In our own words.\x07"
    verify_all(session, ports, house, plan)

    told = facts(session, ports, final)

    assert told.plan is not None
    assert told.plan.state == "completed"
    assert told.plan.actions[0].text == "In our own words."
    assert all(action.text for action in told.plan.actions)
    assert told.plan.verified_count == told.plan.mandatory_count > 0
    assert told.dates.last_monitored_on == TODAY


# --- issues ---------------------------------------------------------------------------------


def test_finalising_asks_for_no_document(session: Session, ports: Ports, final: Assessment) -> None:
    assert jobs.claim(session, now=NOW) is None
    assert queries.shared_reports.of_assessment(session, final.id) == []


def test_the_same_facts_are_the_same_issue(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    first = ask(session, ports, house, final)
    again = ask(session, ports, house, final, now=NOW + 5 * DAY, today=TODAY + 5 * DAY)

    assert again is first
    assert (first.number, first.making) == (1, Making.QUEUED)
    assert from_json(first.payload).identity.issue == 1
    assert queries.jobs.oldest_waiting(session, now=NOW) == NOW


def test_changed_facts_another_profile_and_another_language_are_another_issue(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    ask(session, ports, house, final)
    summary = ask(session, ports, house, final, profile=Profile.SUMMARY)
    plan = plan_of(session, final)
    plans.agree(
        session,
        ports,
        plan_id=plan.id,
        seen=plan.version,
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )
    changed = ask(session, ports, house, final)

    assert (summary.number, changed.number) == (2, 3)
    assert json.loads(changed.payload)["plan"]["state"] == "agreed"
    assert json.loads(summary.payload)["plan"]["actions"] == []


def test_asking_is_written_down_with_whom_it_is_for(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    for_whom = Receiver("Demo: Agency B", "Joint review")
    ask(session, ports, house, final, receiver=for_whom)
    ask(session, ports, house, final, receiver=for_whom)
    session.flush()

    told = queries.events.of_partner(session, partner.id, limit=50, offices=None)
    events = [one.event for one in told]
    (event,) = [one for one in events if one.about == "document"]
    assert (event.action, event.by_id) == ("asked", house.officer.user_id)
    assert event.facts == {
        "title": "UNA/2026/0001-1",
        "profile": "full",
        "language": "en",
        "recipient": "Demo: Agency B",
        "purpose": "Joint review",
    }


def test_only_those_who_may_export_ask_and_only_in_their_office(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    def somebody(role: Role, *, elsewhere: bool = False) -> Actor:
        office = make_office(session, house.agency, name="Demo: other") if elsewhere else None
        return make_user(session, house.agency, role, office=office).actor()

    for actor in (somebody(Role.AUDITOR), somebody(Role.OFFICER, elsewhere=True)):
        with refused(session, NotPermitted):
            ask(session, ports, house, final, actor=actor)
    for actor in (house.officer, house.focal_point, house.head, None):
        assert ask(session, ports, house, final, actor=actor).number == 1


def test_what_is_not_final_and_an_unknown_language_are_refused(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    other = make_partner(session, house, name="Demo: other")
    open_one = make_submitted(session, ports, house, other)

    with refused(session, NotFinal):
        ask(session, ports, house, open_one)
    with refused(session, UnknownLanguage):
        ask(session, ports, house, final, language="xx")


def test_a_superseded_document_can_still_be_printed(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    make_final(session, ports, house, partner, on=TODAY + DAY)

    issue = ask(session, ports, house, see(session, final), today=TODAY + DAY)

    assert from_json(issue.payload).is_final


def test_two_who_ask_at_once_get_one_issue(committing_engine: Engine, ports: Ports) -> None:
    with open_session(committing_engine) as session:
        house = make_house(session)
        final = make_final(session, ports, house, make_partner(session, house))
        session.commit()

    came = at_once(
        committing_engine,
        *[lambda s: ask(s, ports, house, final).id for _ in range(2)],  # type: ignore[list-item]
    )

    assert came[0] == came[1]
    with open_session(committing_engine, reading=True) as session:
        assert len(queries.shared_reports.of_assessment(session, final.id)) == 1


# --- making ---------------------------------------------------------------------------------


def test_an_issue_is_made_once_and_outside_any_transaction(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    opened = 0
    printed: list[bytes] = []

    def run(deed: Callable[[Session], Any]) -> Any:
        nonlocal opened
        opened += 1
        done = running(session)(deed)
        opened -= 1
        return done

    def render(payload: bytes) -> bytes:
        assert opened == 0
        printed.append(payload)
        return b"%PDF-" + payload

    printing = replace(ports, render_report=render)
    issue = ask(session, ports, house, final)
    for _ in range(2):
        sharing.make(run, printing, issue_id=issue.id, now=NOW)

    assert printed == [issue.payload]
    assert issue.pdf_sha256 is not None
    assert ports.store.path(issue.pdf_sha256).read_bytes() == b"%PDF-" + issue.payload
    assert (issue.making, issue.made_at) == (Making.MADE, NOW)
    assert issue.pdf_bytes == len(issue.payload) + 5


def fail(session: Session, *, code: str = "timeout", times: int = MOST_TRIES) -> None:
    now = NOW
    for _ in range(times):
        claim = jobs.claim(session, now=now)
        assert claim is not None
        sharing.note_failure(session, claim, code=code, why="Too long.", now=now)
        session.flush()
        now += timedelta(hours=1)


def test_after_the_last_try_the_issue_has_failed_and_asking_again_queues_it(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    issue = ask(session, ports, house, final)

    fail(session, times=MOST_TRIES - 1)
    assert issue.making is Making.QUEUED
    fail_at = NOW + timedelta(days=1)
    claim = jobs.claim(session, now=fail_at)
    assert claim is not None
    sharing.note_failure(session, claim, code="timeout", why="Too long.", now=fail_at)
    session.flush()
    assert (issue.making, issue.failure) == (Making.FAILED, "timeout")
    assert queries.jobs.oldest_waiting(session, now=NOW + timedelta(days=9)) is None

    again = ask(session, ports, house, final, now=fail_at, today=TODAY)
    assert again is issue
    assert (issue.making, issue.failure) == (Making.QUEUED, "")
    claim = jobs.claim(session, now=fail_at)
    assert claim is not None
    assert claim.payload == {"issue_id": str(issue.id)}


def test_a_killed_process_takes_no_try_and_the_next_one_finds_its_job(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    ask(session, ports, house, final)
    for _ in range(MOST_TRIES + 1):
        assert jobs.claim(session, now=NOW) is not None
        session.flush()
        assert jobs.claim(session, now=NOW) is None
        assert jobs.release(session) == 1
        session.flush()
    assert jobs.claim(session, now=NOW) is not None


# --- drafts, downloads, the list ------------------------------------------------------------


def test_a_draft_is_no_issue(
    session: Session, ports: Ports, house: House, partner: Partner
) -> None:
    open_one = make_submitted(session, ports, house, partner)
    request: dict[str, Any] = {
        "assessment_id": open_one.id,
        "language": "en",
        "now": NOW,
        "today": TODAY,
    }
    told = from_json(sharing.draft(session, ports, actor=house.officer, **request))

    assert (told.is_final, told.identity.issue) == (False, None)
    assert queries.shared_reports.of_assessment(session, open_one.id) == []
    elsewhere = make_office(session, house.agency, name="Demo: other")
    stranger = make_user(session, house.agency, Role.OFFICER, office=elsewhere).actor()
    with refused(session, NotPermitted):
        sharing.draft(session, ports, actor=stranger, **request)


def test_taking_a_document_out_is_written_down(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    issue = ask(session, ports, house, final)
    sharing.note_download(session, issue_id=issue.id, actor=house.head, now=NOW + DAY)
    sharing.hand_over(
        session,
        issue_id=issue.id,
        agency_id=house.agency.id,
        receiver=Receiver("Demo: B", "Review"),
        actor=None,
        now=NOW + 2 * DAY,
    )
    session.flush()

    told = queries.events.of_partner(session, partner.id, limit=2, offices=None)
    events = [one.event for one in told]
    assert [(one.action, one.by_id) for one in events] == [
        ("exported", None),
        ("downloaded", house.head.user_id),
    ]
    assert events[0].facts["recipient"] == "Demo: B"


def test_what_was_made_final_is_listed_with_its_status(
    session: Session, ports: Ports, house: House, partner: Partner, final: Assessment
) -> None:
    other = make_partner(session, house, name="Demo: other")
    make_submitted(session, ports, house, other)
    make_final(session, ports, house, other, framework_id=EIGHT, every="no")
    newer = make_final(session, ports, house, partner, on=TODAY + DAY)
    assert newer.expires_on is not None

    def listed(today: date) -> list[tuple[str, Status]]:
        found = sharing.documents(session, today_of=lambda _zone: today)
        assert {(one.partner, one.agency) for one in found} == {(partner.name, "UNA")}
        return [(one.reference, one.status) for one in found]

    assert listed(newer.expires_on) == [
        (final.document_number, Status.SUPERSEDED),
        (newer.document_number, Status.CURRENT),
    ]
    assert listed(newer.expires_on + DAY)[1] == (newer.document_number, Status.EXPIRED)

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.db.session import open_session
from partner_assess.domain.errors import ChangedMeanwhile
from partner_assess.domain.report import Profile, from_json, status_list, trust_bundle
from partner_assess.domain.report.status import Status
from partner_assess.domain.report.status_list import BadStatusList, Entry, Mark, StatusList
from partner_assess.domain.suspension import Cause
from partner_assess.domain.suspension import State as CaseState
from partner_assess.domain.trust import NoSeal, Older, SignedContent
from partner_assess.usecases import assessments, sharing, statuses, suspensions
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing import Receiver
from partner_assess.usecases.statuses import Word
from tests.factories import (
    DAY,
    NOW,
    TODAY,
    House,
    make_active,
    make_final,
    make_house,
    make_partner,
    see,
)
from tests.sealing import MarkSeals, opened
from tests.two_at_once import at_once

WEEK = timedelta(days=7)
NAME = "https://elsewhere.example/status/UNX"


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def sealed(ports: Ports) -> Ports:
    return replace(ports, seals=MarkSeals())


def ask(session: Session, ports: Ports, found: Assessment, **changes: Any) -> ReportIssue:
    asked: dict[str, Any] = {
        "assessment_id": found.id,
        "agency_id": found.agency_id,
        "profile": Profile.FULL,
        "language": "en",
        "receiver": Receiver(),
        "actor": None,
        "now": NOW,
        "today": TODAY,
    }
    session.flush()
    issue = sharing.ask(session, ports, **(asked | changes))
    session.flush()
    return issue


def shared(session: Session, ports: Ports, house: House, **how: Any) -> Assessment:
    """Return a final assessment whose document has an issue."""
    final = make_final(session, ports, house, make_partner(session, house), **how)
    ask(session, ports, final)
    return see(session, final)


def withdraw(session: Session, ports: Ports, house: House, found: Assessment) -> None:
    session.flush()
    assessments.withdraw(
        session,
        ports,
        assessment_id=found.id,
        seen=see(session, found).version,
        reason="Demo: a mistake",
        actor=house.focal_point,
        now=NOW,
        today=TODAY,
    )


def suspend_for_cause(session: Session, house: House, found: Assessment) -> None:
    running = make_active(session, house, found.partner)
    suspensions.open_case(
        session,
        running,
        to=CaseState.SUSPENDED,
        cause=Cause.OTHER,
        plan=None,
        by=house.head.user_id,
        at=NOW,
        on=TODAY,
        reason="Demo",
    )
    session.flush()


def listed(session: Session, ports: Ports, house: House) -> StatusList:
    session.flush()
    return statuses.list_of(session, ports, house.agency, now=NOW)


def word(session: Session, ports: Ports, found: Assessment, **changes: Any) -> Word:
    asked: dict[str, Any] = {
        "reader_id": None,
        "issuer_code": "UNA",
        "document_id": str(found.id),
        "issue": 1,
        "status_list": statuses.list_name(ports, "UNA"),
        "status_index": found.status_index,
        "status_said": Status.CURRENT,
        "expires_on": found.expires_on,
        "today": TODAY,
    }
    session.flush()
    return statuses.word_on(session, ports, **(asked | changes))


# --- what we say ------------------------------------------------------------------------------


def test_a_list_says_what_became_of_each_document(
    session: Session, ports: Ports, house: House
) -> None:
    current = shared(session, ports, house)
    ask(session, ports, current, profile=Profile.SUMMARY)
    withdrawn = shared(session, ports, house)
    withdraw(session, ports, house, withdrawn)
    old = shared(session, ports, house)
    make_final(session, ports, house, old.partner)
    suspended = shared(session, ports, house)
    suspend_for_cause(session, house, suspended)
    unshared = make_final(session, ports, house, make_partner(session, house))

    made = listed(session, ports, house)

    def mark(found: Assessment) -> Mark:
        assert found.status_index is not None
        return made.mark(found.status_index)

    assert made.issuer == "UNA"
    assert made.name == from_json(newest(session, current).payload).provenance.status_list
    assert mark(current) is Mark.CURRENT
    assert made.newest_issue(current.status_index or 0) == 2
    assert mark(see(session, withdrawn)) is Mark.WITHDRAWN
    assert mark(see(session, old)) is Mark.SUPERSEDED
    assert mark(suspended) is Mark.SUSPENDED_FOR_CAUSE
    assert unshared.status_index is None


def newest(session: Session, found: Assessment) -> ReportIssue:
    return queries.shared_reports.of_assessment(session, found.id)[0]


def test_a_list_of_many_asks_no_more_than_a_list_of_few(
    session: Session, ports: Ports, house: House, engine: Engine
) -> None:
    def asked() -> int:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            listed(session, ports, house)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    shared(session, ports, house)
    session.flush()
    few = asked()
    for _ in range(4):
        shared(session, ports, house)
    session.flush()
    assert asked() == few


def test_the_bundle_is_signed_by_the_agency_and_holds_its_list(
    session: Session, sealed: Ports, house: House
) -> None:
    current = shared(session, sealed, house)

    data = statuses.sign_bundle(lambda deed: deed(session), sealed, agency_code="UNA", now=NOW)

    signed = opened(data)
    held = trust_bundle.from_json(signed.content)
    assert (signed.agency_code, held.agency) == ("UNA", "UNA")
    assert held.revocation_lists == (b"revoked",)
    assert "BEGIN CERTIFICATE" in held.roots[0]
    assert held.status_lists[0].mark(current.status_index or 0) is Mark.CURRENT
    assert b"Acacia" not in data


def test_without_a_seal_there_is_no_bundle(session: Session, ports: Ports, house: House) -> None:
    with pytest.raises(NoSeal):
        statuses.sign_bundle(lambda deed: deed(session), ports, agency_code="UNA", now=NOW)


# --- what we know of a document -----------------------------------------------------------------


def test_of_our_own_documents_the_records_say_it(
    session: Session, ports: Ports, house: House
) -> None:
    found = shared(session, ports, house)
    assert word(session, ports, found).status is Status.CURRENT

    ask(session, ports, found, profile=Profile.SUMMARY)
    assert word(session, ports, found, issue=1).newer_issue == 2
    assert word(session, ports, found, issue=2).newer_issue is None

    suspend_for_cause(session, house, found)
    assert word(session, ports, found).suspended

    withdraw(session, ports, house, see(session, found))
    told = word(session, ports, found)
    assert (told.status, told.suspended) == (Status.WITHDRAWN, False)


def test_nobody_speaks_for_another_agency(session: Session, ports: Ports, house: House) -> None:
    found = shared(session, ports, house)
    assert word(session, ports, found, issuer_code="UNB").status is Status.UNKNOWN


@pytest.mark.parametrize("document_id", ["", "x", "UNX/2026/0001"])
def test_of_others_we_know_nothing_until_they_tell_us(
    session: Session, ports: Ports, house: House, document_id: str
) -> None:
    elsewhere: dict[str, Any] = {
        "issuer_code": "UNX",
        "document_id": document_id,
        "status_list": NAME,
        "status_index": 7,
    }
    found = shared(session, ports, house)
    assert word(session, ports, found, **elsewhere) == Word(Status.UNKNOWN)
    over = word(session, ports, found, **elsewhere, expires_on=TODAY - DAY)
    assert over.status is Status.EXPIRED

    take(session, Entry(7, Mark.SUSPENDED_FOR_CAUSE, 3))

    told = word(session, ports, found, **elsewhere, issue=2)
    assert told == Word(Status.CURRENT, NOW, 3, suspended=True, is_stale=False)
    stale = word(session, ports, found, **elsewhere, today=TODAY + WEEK)
    assert (stale.status, stale.is_stale) == (Status.CURRENT, True)
    over = word(session, ports, found, **elsewhere, expires_on=TODAY - DAY)
    assert over.status is Status.EXPIRED
    nowhere = word(session, ports, found, **(elsewhere | {"status_index": 2**20}))
    assert nowhere.status is Status.UNKNOWN


@pytest.mark.parametrize("ended", [Status.SUPERSEDED, Status.WITHDRAWN])
def test_a_document_that_says_that_it_has_ended_has(
    session: Session, ports: Ports, house: House, ended: Status
) -> None:
    elsewhere = {"issuer_code": "UNX", "status_list": NAME, "status_index": 7}
    found = shared(session, ports, house)
    assert word(session, ports, found, **elsewhere, status_said=ended).status is ended

    # An older list knew nothing of it yet.
    take(session, Entry(7, Mark.CURRENT, 1), at=NOW - WEEK)

    assert word(session, ports, found, **elsewhere, status_said=ended).status is ended


# --- what others tell us ------------------------------------------------------------------------


def theirs(*entries: Entry, at: Any = NOW, issuer: str = "UNX") -> StatusList:
    return StatusList.of(entries, issuer=issuer, name=NAME, made_at=at)


def take(session: Session, *entries: Entry, at: Any = NOW) -> list[Any]:
    content = status_list.to_json(theirs(*entries, at=at))
    return taken(session, content)


def taken(session: Session, content: bytes, *, by_agency: str = "UNX") -> list[Any]:
    signed = SignedContent(by_agency, content, None, "5e" * 32)
    return statuses.take(session, signed=signed, file=b"as it came", list_of=None, by=None, now=NOW)


def test_a_newer_list_takes_the_place_of_the_older(session: Session) -> None:
    take(session, Entry(1, Mark.CURRENT, 1), at=NOW - DAY)
    assert len(take(session, Entry(1, Mark.WITHDRAWN, 1))) == 1

    stored = queries.statuses.newest_list(session, agency_code="UNX", name=NAME, reader_id=None)
    assert stored is not None
    assert (stored.made_at, stored.next_update) == (NOW, NOW + WEEK)
    assert stored.content == b"as it came"
    for at in (NOW, NOW - DAY):
        with pytest.raises(Older):
            take(session, Entry(1, Mark.CURRENT, 1), at=at)


def test_a_bundle_brings_its_list_once(session: Session, sealed: Ports) -> None:
    root = sealed.seals.root("UNX")
    bundle = trust_bundle.to_json(trust_bundle.TrustBundle.of(root, theirs(Entry(4, Mark(1), 1))))

    (kept,) = taken(session, bundle)

    assert (kept.agency_code, kept.name) == ("UNX", NAME)
    with pytest.raises(Older):
        taken(session, bundle)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"%PDF-1.7",
        status_list.to_json(theirs(issuer="UNA")),
        status_list.to_json(theirs(at=NOW + 2 * DAY)),
    ],
    ids=["empty", "no list", "a PDF", "another agency's documents", "from the future"],
)
def test_what_no_agency_of_ours_would_have_signed_is_refused(
    session: Session, content: bytes
) -> None:
    with pytest.raises(BadStatusList):
        taken(session, content)
    assert (
        queries.statuses.newest_list(session, agency_code="UNX", name=NAME, reader_id=None) is None
    )


def test_a_bundle_of_another_agency_is_refused(session: Session, sealed: Ports) -> None:
    bundle = trust_bundle.TrustBundle.of(sealed.seals.root("UNX"), theirs())
    with pytest.raises(BadStatusList):
        taken(session, trust_bundle.to_json(bundle), by_agency="UNB")
    empty = replace(bundle, status_lists=())
    with pytest.raises(BadStatusList):
        taken(session, trust_bundle.to_json(empty), by_agency="UNB")


def test_of_two_lists_at_once_one_is_kept_and_the_other_is_told(
    committing_engine: Engine,
) -> None:
    came = at_once(
        committing_engine,
        lambda session: take(session, at=NOW - DAY),
        lambda session: take(session, at=NOW),
    )
    assert [type(one) for one in came if isinstance(one, Exception)] in (
        [],
        [Older],
        [ChangedMeanwhile],
    )
    with open_session(committing_engine, reading=True) as session:
        stored = queries.statuses.newest_list(session, agency_code="UNX", name=NAME, reader_id=None)
    assert stored is not None


def test_whom_one_agency_trusts_says_nothing_to_another(
    session: Session, ports: Ports, house: House
) -> None:
    # Given: a list that came to one agency alone, signed by a root that only it trusts
    content = status_list.to_json(theirs(Entry(7, Mark.WITHDRAWN, 1)))
    signed = SignedContent("UNX", content, None, "5e" * 32)
    list_of = house.agency.id
    statuses.take(session, signed=signed, file=b"", list_of=list_of, by=None, now=NOW)

    def heard_by(reader_id: UUID | None) -> Status:
        return statuses.word_on(
            session,
            ports,
            reader_id=reader_id,
            issuer_code="UNX",
            document_id=str(UUID(int=1)),
            issue=1,
            status_list=NAME,
            status_index=7,
            status_said=Status.CURRENT,
            expires_on=TODAY,
            today=TODAY,
        ).status

    assert heard_by(house.agency.id) is Status.WITHDRAWN
    assert heard_by(make_house(session, "UNC").agency.id) is Status.UNKNOWN
    assert heard_by(None) is Status.UNKNOWN

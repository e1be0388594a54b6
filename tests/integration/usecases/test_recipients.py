from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.models.shared_report import Consent, Recipient, ReportIssue
from partner_assess.db.models.trust import TrustedRoot
from partner_assess.db.session import open_session
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.report import Profile
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.domain.sharing import LinkDaysOutOfRange, LinkEnded, RecipientIncomplete
from partner_assess.domain.trust import NoSeal
from partner_assess.domain.trust import State as RootState
from partner_assess.usecases import sharing
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing import NoSuchLink, NotMadeYet, Receiver
from tests.factories import (
    DAY,
    NOW,
    TODAY,
    House,
    everything,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_user,
    refused,
)
from tests.sealing import MarkSeals
from tests.two_at_once import at_once

THEM = Receiver("Demo: Agency B", "Joint review", consent=Consent.AGREEMENT)


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def final(session: Session, ports: Ports, house: House) -> Assessment:
    return make_final(session, ports, house, make_partner(session, house))


@pytest.fixture
def issue(session: Session, ports: Ports, final: Assessment) -> ReportIssue:
    return made(session, ports, final)


def made(session: Session, ports: Ports, found: Assessment) -> ReportIssue:
    session.flush()
    issue = sharing.ask(
        session,
        ports,
        assessment_id=found.id,
        agency_id=found.agency_id,
        profile=Profile.FULL,
        language="en",
        receiver=Receiver(),
        actor=None,
        now=NOW,
        today=TODAY,
    )
    session.flush()
    sharing.make(lambda deed: deed(session), ports, issue_id=issue.id, now=NOW)
    session.flush()
    return issue


def handed(
    session: Session, issue: ReportIssue, actor: Actor | None, receiver: Receiver = THEM
) -> Recipient:
    found = sharing.hand_over(
        session,
        issue_id=issue.id,
        agency_id=issue.assessment.agency_id,
        receiver=receiver,
        actor=actor,
        now=NOW,
    )
    session.flush()
    return found


def linked(
    session: Session, ports: Ports, issue: ReportIssue | None, actor: Actor, **changes: Any
) -> tuple[Recipient, str]:
    how: dict[str, Any] = {"receiver": THEM, "days": 14}
    found, address = sharing.link(
        session,
        ports,
        issue_id=issue.id if issue else None,
        actor=actor,
        now=NOW,
        **(how | changes),
    )
    session.flush()
    return found, address.rpartition("/")[2]


def fetched(session: Session, token: str, at: datetime = NOW) -> Recipient:
    session.flush()
    found = sharing.fetch(session, token=token, now=at)
    session.flush()
    return found


# --- who got it -----------------------------------------------------------------------------------


def test_who_got_it_and_what_for_is_kept(
    session: Session, house: House, final: Assessment, issue: ReportIssue
) -> None:
    handed(session, issue, house.officer)
    handed(session, issue, None, replace(THEM, name="Demo: Agency C"))

    rows = queries.recipients.of_assessment(session, final.id)
    assert {(one.name, one.by) for one in rows} == {
        ("Demo: Agency B", house.officer.user_id),
        ("Demo: Agency C", None),
    }
    assert {(one.purpose, one.consent, one.issue_id) for one in rows} == {
        ("Joint review", Consent.AGREEMENT, issue.id)
    }


def test_nothing_is_handed_to_nobody_or_for_nothing(
    session: Session, house: House, issue: ReportIssue
) -> None:
    for receiver in (Receiver(), Receiver("Demo: B", " "), Receiver("", "Review")):
        with refused(session, RecipientIncomplete):
            handed(session, issue, house.officer, receiver)


def test_only_who_may_export_hands_a_document_over(
    session: Session, ports: Ports, house: House, issue: ReportIssue
) -> None:
    elsewhere = make_office(session, house.agency, name="Demo: other")
    stranger = make_user(session, house.agency, Role.OFFICER, office=elsewhere).actor()
    auditor = make_user(session, house.agency, Role.AUDITOR).actor()
    for actor in (stranger, auditor):
        with refused(session, NotPermitted):
            handed(session, issue, actor)
        with refused(session, NotPermitted):
            linked(session, ports, issue, actor)


def test_a_name_that_we_know_brings_its_short_code(session: Session, house: House) -> None:
    make_house(session, "UNB")
    trust(session, "UNX")
    trust(session, "UNP", state=RootState.PENDING)
    known = sharing.known_agencies(session, agency_id=house.agency.id)
    assert [(one.code, one.name) for one in known] == [("UNB", "Demo: agency UNB"), ("UNX", "UNX")]

    for typed, code in (("unb", "UNB"), ("Demo: Agency UNB ", "UNB"), ("UNX", "UNX"), ("UNP", "")):
        told = sharing.known_as(session, Receiver(typed, "Review"), agency_id=house.agency.id)
        assert told.agency_code == code


def trust(session: Session, code: str, state: RootState = RootState.TRUSTED) -> None:
    session.add(
        TrustedRoot(
            agency_code=code,
            fingerprint=sha256(code.encode()).hexdigest(),
            subject="Demo: root",
            certificate=b"root",
            not_before=NOW - DAY,
            not_after=NOW + 999 * DAY,
            state=state,
            added_at=NOW,
            confirmed_at=NOW if state is RootState.TRUSTED else None,
        )
    )
    session.flush()


# --- share links ----------------------------------------------------------------------------------


def test_a_link_is_fetched_counted_and_its_secret_kept_nowhere(
    session: Session, ports: Ports, house: House, issue: ReportIssue
) -> None:
    link, token = linked(session, ports, issue, house.officer)

    assert len(token) == 32  # 192 bits
    assert link.expires_at == NOW + timedelta(days=14)
    assert link.token_sha256 == sha256(token.encode()).hexdigest()
    assert sharing.behind(session, token=token, now=NOW).id == link.id
    found = fetched(session, token, NOW + DAY)
    assert found.issue is not None
    assert found.issue.id == issue.id
    fetched(session, token, NOW + 2 * DAY)
    session.expire_all()
    (row,) = queries.recipients.of_assessment(session, issue.assessment_id)
    assert [read.at for read in row.reads] == [NOW + DAY, NOW + 2 * DAY]
    assert not [row for rows in everything(session).values() for row in rows if token in row]


def test_a_link_ends_by_itself_or_is_taken_back(
    session: Session, ports: Ports, house: House, issue: ReportIssue
) -> None:
    link, token = linked(session, ports, issue, house.officer, days=1)
    with refused(session, LinkEnded):
        fetched(session, token, NOW + DAY)
    sharing.revoke(session, recipient_id=link.id, actor=house.head, now=NOW)
    for deed in (sharing.fetch, sharing.behind):
        with refused(session, LinkEnded):
            deed(session, token=token, now=NOW)
    with refused(session, LinkEnded):
        sharing.revoke(session, recipient_id=link.id, actor=house.head, now=NOW)
    for deed in (sharing.fetch, sharing.behind):
        with refused(session, NoSuchLink):
            deed(session, token="x" * 32, now=NOW)


@pytest.mark.parametrize("days", [0, 91])
def test_no_link_lives_longer_than_it_may(
    session: Session, ports: Ports, house: House, issue: ReportIssue, days: int
) -> None:
    with refused(session, LinkDaysOutOfRange):
        linked(session, ports, issue, house.officer, days=days)


def test_what_is_still_being_made_is_not_counted_as_fetched(
    session: Session, ports: Ports, house: House, final: Assessment
) -> None:
    asked = sharing.ask(
        session,
        ports,
        assessment_id=final.id,
        agency_id=house.agency.id,
        profile=Profile.SUMMARY,
        language="en",
        receiver=Receiver(),
        actor=house.officer,
        now=NOW,
        today=TODAY,
    )
    session.flush()
    _link, token = linked(session, ports, asked, house.officer)
    with refused(session, NotMadeYet):
        fetched(session, token)


def test_the_bundle_is_linked_by_those_who_may_and_only_with_a_seal(
    session: Session, ports: Ports, house: House
) -> None:
    administrator = make_user(session, house.agency, Role.ADMINISTRATOR).actor()
    with refused(session, NoSeal):
        linked(session, ports, None, administrator)
    sealed = replace(ports, seals=MarkSeals())
    with refused(session, NotPermitted):
        linked(session, sealed, None, house.head)

    link, token = linked(session, sealed, None, administrator)

    assert fetched(session, token).issue is None
    assert [one.id for one in queries.recipients.of_bundle(session, agency_id=house.agency.id)] == [
        link.id
    ]


def test_of_a_reader_and_who_takes_the_link_back_one_comes_first(
    committing_engine: Engine, ports: Ports
) -> None:
    with open_session(committing_engine) as session:
        house = make_house(session)
        final = make_final(session, ports, house, make_partner(session, house))
        link, token = linked(session, ports, made(session, ports, final), house.officer)
        session.commit()

    deeds: tuple[Callable[[Session], object], ...] = (
        lambda session: sharing.fetch(session, token=token, now=NOW),
        lambda session: sharing.revoke(session, recipient_id=link.id, actor=house.officer, now=NOW),
    )
    came = at_once(committing_engine, *deeds)

    errors = [one for one in came if isinstance(one, Exception)]
    with open_session(committing_engine, reading=True) as session:
        row = queries.recipients.get(session, link.id, agency_id=house.agency.id)
    assert row.revoked_at == NOW
    assert len(row.reads) == (0 if errors else 1)
    assert [type(error) for error in errors] in ([], [LinkEnded])


# --- whom to tell ---------------------------------------------------------------------------------


def to_tell(session: Session, house: House) -> list[tuple[str | None, set[str]]]:
    session.flush()
    session.expire_all()
    found = sharing.relying(session, agency_id=house.agency.id, offices=house.officer.offices)
    return [(one.assessment.document_number, {row.name for row in one.recipients}) for one in found]


def supersede(session: Session, ports: Ports, house: House, final: Assessment) -> None:
    make_final(session, ports, house, final.partner, on=TODAY + DAY)


def test_whoever_got_a_superseded_document_is_told_once(
    session: Session, ports: Ports, house: House, final: Assessment, issue: ReportIssue
) -> None:
    first = handed(session, issue, house.officer)
    handed(session, issue, house.officer, replace(THEM, name="Demo: Agency C"))
    assert to_tell(session, house) == []

    supersede(session, ports, house, final)
    both = {"Demo: Agency B", "Demo: Agency C"}
    assert to_tell(session, house) == [(final.document_number, both)]
    sharing.tell(session, recipient_id=first.id, actor=house.officer, now=NOW)
    sharing.tell(session, recipient_id=first.id, actor=house.officer, now=NOW + DAY)
    assert to_tell(session, house) == [(final.document_number, {"Demo: Agency C"})]
    assert queries.recipients.get(session, first.id, agency_id=house.agency.id).told_at == NOW


def test_a_link_that_nobody_fetched_leaves_nobody_to_tell(
    session: Session, ports: Ports, house: House, final: Assessment, issue: ReportIssue
) -> None:
    _link, token = linked(session, ports, issue, house.officer)
    supersede(session, ports, house, final)
    assert to_tell(session, house) == []

    fetched(session, token)
    assert to_tell(session, house) == [(final.document_number, {"Demo: Agency B"})]


def test_who_holds_it_in_this_installation_sees_it_there(
    session: Session, ports: Ports, house: House, final: Assessment, issue: ReportIssue
) -> None:
    sister = make_house(session, "UNB")
    handed(session, issue, house.officer, replace(THEM, agency_code="UNB"))
    supersede(session, ports, house, final)
    assert len(to_tell(session, house)) == 1

    session.add(received_by(sister, final))
    assert to_tell(session, house) == []


def received_by(house: House, found: Assessment) -> ReceivedReport:
    """Return the report as another agency of this installation holds it."""
    assert found.effective_on is not None
    assert found.expires_on is not None
    return ReceivedReport(
        agency_id=house.agency.id,
        office_id=house.office.id,
        issuer_code="UNA",
        document_id=str(found.id),
        reference=found.document_number,
        issue=1,
        profile=Profile.FULL,
        framework_id=found.framework_id,
        framework_version=found.framework_version,
        content_digest=found.content_digest,
        final_on=found.effective_on,
        expires_on=found.expires_on,
        score=6,
        capacity=Capacity.LOW,
        risk=Risk.HIGH,
        generated_at=NOW,
        signed_at=NOW,
        payload=b"{}",
        pdf_sha256="a" * 64,
        pdf_bytes=1,
        received_by=house.officer.user_id,
        received_at=NOW,
    )

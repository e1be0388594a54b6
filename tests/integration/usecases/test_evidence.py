from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from partner_assess.db.models.assessment import Assessment, Evidence
from partner_assess.db.models.event import Event
from partner_assess.domain.assessment import State
from partner_assess.domain.evidence import MAX_FILES, CheckedFile, Piece, RefusedEvidence
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.usecases import evidence
from partner_assess.usecases.assessments import UnknownAnswer
from partner_assess.usecases.evidence import NoFile
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    TODAY,
    House,
    make_assessment,
    make_house,
    make_office,
    make_partner,
    make_submitted,
    make_user,
    refused,
    see,
)

FILE = CheckedFile(b"Demo: policy", "application/pdf", "pdf", "policy.pdf")
PAPER = Piece("psea_policy", " Demo: policy ", TODAY - 30 * DAY, ("S1.2", "S1.1", "S1.1"))
PIECE = replace(PAPER, boundary_confirmed=True, file=FILE)


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def draft(session: Session, ports: Ports, house: House) -> Assessment:
    return make_assessment(session, ports, house, make_partner(session, house), every=None)


def add(
    session: Session,
    ports: Ports,
    assessment: Assessment,
    piece: Piece = PIECE,
    *,
    actor: Actor,
    standard_id: str = "policy",
) -> Evidence:
    return evidence.add(
        session,
        ports,
        assessment_id=assessment.id,
        standard_id=standard_id,
        piece=piece,
        actor=actor,
        now=NOW,
        today=TODAY,
    )


def events(session: Session, assessment: Assessment) -> list[Event]:
    query = (
        select(Event)
        .where(Event.about_id == assessment.id, Event.action.startswith("evidence_"))
        .order_by(Event.id)
    )
    return list(session.scalars(query))


def test_a_piece_with_a_file_is_recorded_and_its_file_kept(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, actor=house.officer)
    draft = see(session, draft)
    assert draft.evidence == [added]
    assert (added.standard_id, added.type_id) == ("policy", "psea_policy")
    assert added.title == "Demo: policy"
    assert (added.dated_on, added.proves) == (TODAY - 30 * DAY, ["S1.1", "S1.2"])
    assert (added.filename, added.media_type) == ("policy.pdf", "application/pdf")
    assert (added.size_bytes, added.added_by) == (len(FILE.content), house.officer.user_id)
    assert ports.store.path(added.sha256 or "").read_bytes() == FILE.content


def test_a_paper_that_was_only_seen_needs_neither_file_nor_tick(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, PAPER, actor=house.officer)
    assert (added.sha256, added.filename, added.size_bytes) == (None, None, None)
    assert see(session, draft).answer_sheet().of("policy").evidence == (added.item(),)


def test_the_first_evidence_begins_the_work(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    before = draft.version
    add(session, ports, draft, actor=house.officer)
    draft = see(session, draft)
    assert draft.state is State.IN_PROGRESS
    assert draft.version > before


def test_what_is_wrong_with_a_piece_stores_neither_row_nor_file(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    piece = replace(PIECE, boundary_confirmed=False)
    with refused(session, RefusedEvidence, "boundary_not_confirmed"):
        add(session, ports, draft, piece, actor=house.officer)
    with pytest.raises(FileNotFoundError):
        ports.store.path(sha256(FILE.content).hexdigest())
    assert see(session, draft).evidence == []


@pytest.mark.parametrize(
    ("standard_id", "piece", "code"),
    [
        ("policy", replace(PIECE, type_id="training_plan"), "evidence_type_unknown"),
        ("policy", replace(PIECE, type_id="other", title=""), "evidence_title_missing"),
        ("policy", replace(PIECE, proves=("S2.1",)), "evidence_proves_unknown"),
        ("policy", replace(PIECE, dated_on=TODAY + DAY), "evidence_dated_in_future"),
        (
            "investigations",
            replace(PIECE, type_id="review_process", proves=("S6.4",)),
            "evidence_proves_unknown",
        ),
    ],
)
def test_a_piece_fits_the_standard_of_the_shipped_instrument(
    session: Session,
    ports: Ports,
    house: House,
    draft: Assessment,
    standard_id: str,
    piece: Piece,
    code: str,
) -> None:
    with refused(session, RefusedEvidence, code):
        add(session, ports, draft, piece, actor=house.officer, standard_id=standard_id)


def test_the_eleventh_file_of_a_standard_is_refused_and_another_standard_takes_it(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    for _ in range(MAX_FILES):
        add(session, ports, draft, actor=house.officer)
    with refused(session, RefusedEvidence, "too_many_files"):
        add(session, ports, draft, actor=house.officer)
    add(session, ports, draft, PAPER, actor=house.officer)
    other = replace(PIECE, type_id="training_plan", proves=("S3.1",))
    add(session, ports, draft, other, actor=house.officer, standard_id="training")
    assert len(see(session, draft).evidence) == MAX_FILES + 2


def test_a_yes_on_the_last_of_the_eight_can_have_its_file(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)
    opened = make_assessment(session, ports, house, partner, framework_id=EIGHT, every=None)
    piece = replace(PIECE, type_id="measures_statement", proves=())
    last = "corrective_measures"
    added = add(session, ports, opened, piece, actor=house.officer, standard_id=last)
    assert added.sha256 is not None


def test_a_standard_the_instrument_does_not_have_is_refused(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    with refused(session, UnknownAnswer):
        add(session, ports, draft, actor=house.officer, standard_id="weather")


def test_nothing_is_added_or_removed_once_it_is_submitted(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)
    submitted = make_submitted(session, ports, house, partner, framework_id=EIGHT, every="yes")
    with refused(session, ActionNotAllowed):
        add(session, ports, submitted, actor=house.officer)
    with refused(session, ActionNotAllowed):
        evidence.remove(
            session,
            assessment_id=submitted.id,
            evidence_id=submitted.evidence[0].id,
            actor=house.officer,
            now=NOW,
        )


def test_only_the_assessor_adds_and_removes(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, actor=house.officer)
    for other in (house.focal_point, house.head):
        with refused(session, NotPermitted):
            add(session, ports, draft, actor=other)
        with refused(session, NotPermitted):
            evidence.remove(
                session, assessment_id=draft.id, evidence_id=added.id, actor=other, now=NOW
            )


def test_what_is_removed_is_off_the_record_and_can_be_added_anew(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, actor=house.officer)
    stays = add(session, ports, draft, PAPER, actor=house.officer)
    evidence.remove(
        session, assessment_id=draft.id, evidence_id=added.id, actor=house.officer, now=NOW
    )
    assert see(session, draft).evidence == [stays]
    again = add(session, ports, draft, actor=house.officer)
    assert {one.id for one in see(session, draft).evidence} == {stays.id, again.id}
    assert ports.store.path(again.sha256 or "").read_bytes() == FILE.content


def test_evidence_of_another_assessment_is_not_found(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    other = make_assessment(session, ports, house, make_partner(session, house), every=None)
    added = add(session, ports, other, actor=house.officer)
    for evidence_id in (added.id, uuid4()):
        call = {"assessment_id": draft.id, "evidence_id": evidence_id}
        with pytest.raises(NoResultFound):
            evidence.remove(session, **call, actor=house.officer, now=NOW)
        with pytest.raises(NoResultFound):
            evidence.downloaded(session, **call, actor=house.officer, now=NOW)


def test_adding_removing_and_fetching_are_on_the_trail_without_names_or_titles(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, actor=house.officer)
    call = {"assessment_id": draft.id, "evidence_id": added.id}
    assert evidence.downloaded(session, **call, actor=house.head, now=NOW) is added
    evidence.remove(session, **call, actor=house.officer, now=NOW)
    session.flush()
    written = events(session, draft)
    assert [(one.action, one.by_id) for one in written] == [
        ("evidence_added", house.officer.user_id),
        ("evidence_downloaded", house.head.user_id),
        ("evidence_removed", house.officer.user_id),
    ]
    assert {one.partner_id for one in written} == {draft.partner_id}
    names = {"standard": "policy", "type": "psea_policy"}
    names |= {"evidence": str(added.id), "sha256": added.sha256 or ""}
    assert [one.facts for one in written] == [names] * 3


def test_evidence_without_a_file_has_nothing_to_fetch(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, PAPER, actor=house.officer)
    with refused(session, NoFile):
        evidence.downloaded(
            session, assessment_id=draft.id, evidence_id=added.id, actor=house.head, now=NOW
        )


def test_a_file_is_for_the_office_alone_and_for_roles_over_all_offices(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, actor=house.officer)
    call = {"assessment_id": draft.id, "evidence_id": added.id, "now": NOW}
    elsewhere = make_office(session, house.agency, name="Demo: other office")
    auditor = make_user(session, house.agency, Role.AUDITOR).actor()
    neighbour = make_user(session, house.agency, Role.HEAD, office=elsewhere).actor()
    assessor = make_user(session, house.agency, Role.ASSESSOR, office=house.office).actor()
    assert evidence.downloaded(session, **call, actor=auditor) is added
    for stranger in (neighbour, assessor):
        with refused(session, NotPermitted):
            evidence.downloaded(session, **call, actor=stranger)


def test_another_agency_finds_nothing(
    session: Session, ports: Ports, house: House, draft: Assessment
) -> None:
    added = add(session, ports, draft, actor=house.officer)
    sister = make_house(session, "UNB")
    with pytest.raises(NoResultFound):
        evidence.downloaded(
            session, assessment_id=draft.id, evidence_id=added.id, actor=sister.head, now=NOW
        )
    with pytest.raises(NoResultFound):
        add(session, ports, draft, actor=sister.officer)

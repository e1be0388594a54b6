from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.event import Event
from partner_assess.db.models.trust import TrustedRoot
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.trust import (
    BadAgencyCode,
    BadSignedContent,
    FingerprintDiffers,
    Older,
    Root,
    SealFailed,
    SecondPersonNeeded,
    SpeaksForAnother,
    State,
)
from partner_assess.usecases import trust
from partner_assess.usecases.ports import Ports
from tests.factories import NOW, House, make_agency, make_house, make_user, refused
from tests.trusting import FakeGate, FakeSeals, a_root, fingerprint, revoked_by, signed_by
from tests.two_at_once import at_once

DAY = timedelta(days=1)
ROOT, RENEWED = a_root("UNX"), a_root("UNX renewed")


@pytest.fixture
def ports(ports: Ports) -> Ports:
    return replace(ports, gate=FakeGate(), seals=FakeSeals(codes=()))


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


@pytest.fixture
def adder(session: Session, house: House) -> Actor:
    return make_user(session, house.agency, Role.ADMINISTRATOR).actor()


@pytest.fixture
def second(session: Session, house: House) -> Actor:
    return make_user(session, house.agency, Role.ADMINISTRATOR).actor()


def add(
    session: Session,
    ports: Ports,
    file: bytes = ROOT,
    *,
    code: str = "UNX",
    actor: Actor | None = None,
    list_of: UUID | None = None,
    now: datetime = NOW,
) -> TrustedRoot:
    """Add a root to the actor's list, to that of an agency, or to everybody's."""
    return trust.add(
        session,
        ports,
        certificate=ports.gate.read_root(file, at=now),
        agency_code=code,
        list_of=list_of or (actor.agency_id if actor else None),
        actor=actor,
        now=now,
    )


def _add_to(session: Session, ports: Ports, list_of: UUID | None, actor: Actor) -> TrustedRoot:
    certificate = ports.gate.read_root(RENEWED, at=NOW)
    whose = {"list_of": list_of, "actor": actor, "now": NOW}
    return trust.add(session, ports, certificate=certificate, agency_code="UNX", **whose)


def confirm(session: Session, root: TrustedRoot, actor: Actor | None = None) -> TrustedRoot:
    trust.confirm(session, **_deed(root, actor), typed=root.fingerprint)
    session.flush()
    return root


def remove(session: Session, root: TrustedRoot, actor: Actor | None = None) -> TrustedRoot:
    return trust.remove(session, **_deed(root, actor), reason="Their key was lost.")


def _deed(root: TrustedRoot, actor: Actor | None) -> dict[str, Any]:
    whose = {"root_id": root.id, "list_of": root.list_agency_id, "seen": root.version}
    return {**whose, "actor": actor, "now": NOW}


def told(session: Session, agency_id: UUID) -> list[tuple[str, str, str, str]]:
    """Return what the trail of an agency says of trust."""
    query = select(Event).where(Event.agency_id == agency_id, Event.about == "trust")
    events = session.scalars(query.order_by(Event.id))
    return [(one.action, one.from_state, one.to_state, one.comment) for one in events]


def codes_of(session: Session, ports: Ports, agency_id: UUID | None) -> list[str]:
    return [one.agency_code for one in trust.trust_of(session, ports, agency_id=agency_id)]


# Roots


def test_a_root_waits_until_a_second_administrator_repeats_its_fingerprint(
    session: Session, ports: Ports, house: House, adder: Actor, second: Actor
) -> None:
    root = add(session, ports, actor=adder)
    assert (root.state, root.added_by, root.added_at) == (State.PENDING, adder.user_id, NOW)
    assert codes_of(session, ports, house.agency.id) == []

    confirm(session, root, second)
    assert (root.state, root.confirmed_by) == (State.TRUSTED, second.user_id)
    assert codes_of(session, ports, house.agency.id) == ["UNX"]

    remove(session, root, second)
    assert (root.state, root.removal_reason) == (State.REMOVED, "Their key was lost.")
    assert codes_of(session, ports, house.agency.id) == []
    assert told(session, house.agency.id) == [
        ("added", "", "pending", ""),
        ("confirmed", "pending", "trusted", ""),
        ("removed", "trusted", "removed", "Their key was lost."),
    ]


def test_who_added_a_root_cannot_confirm_it(session: Session, ports: Ports, adder: Actor) -> None:
    root = add(session, ports, actor=adder)
    with refused(session, SecondPersonNeeded):
        confirm(session, root, adder)


def test_an_administrator_confirms_what_the_operator_added(
    session: Session, ports: Ports, house: House, second: Actor
) -> None:
    root = add(session, ports, list_of=house.agency.id)
    assert confirm(session, root, second).state is State.TRUSTED


def test_another_fingerprint_confirms_nothing(
    session: Session, ports: Ports, adder: Actor, second: Actor
) -> None:
    root = add(session, ports, actor=adder)
    with refused(session, FingerprintDiffers):
        trust.confirm(session, **_deed(root, second), typed=fingerprint(RENEWED))


def test_a_root_that_is_on_the_list_already_is_left_as_it_is(
    session: Session, ports: Ports, adder: Actor, second: Actor
) -> None:
    root = confirm(session, add(session, ports, actor=adder), second)
    again = add(session, ports, actor=second, now=NOW + DAY)
    assert again is root
    assert (again.added_by, again.added_at) == (adder.user_id, NOW)
    assert len(told(session, adder.agency_id)) == 2


def test_a_removed_root_can_be_added_anew_and_waits_again(
    session: Session, ports: Ports, adder: Actor, second: Actor
) -> None:
    before = remove(session, confirm(session, add(session, ports, actor=adder), second), adder)
    again = add(session, ports, actor=adder)
    assert again is not before
    assert (before.state, again.state) == (State.REMOVED, State.PENDING)


def test_a_renewed_root_counts_beside_the_older_one(
    session: Session, ports: Ports, house: House, adder: Actor, second: Actor
) -> None:
    for file in (ROOT, RENEWED):
        confirm(session, add(session, ports, file, actor=adder), second)
    roots = trust.trust_of(session, ports, agency_id=house.agency.id)
    assert {one.certificate for one in roots} == {ROOT, RENEWED}
    assert {one.agency_code for one in roots} == {"UNX"}


def test_one_root_speaks_for_one_agency_on_all_lists_that_are_read_together(
    session: Session, ports: Ports, adder: Actor
) -> None:
    other = make_agency(session, "UNB")
    add(session, ports, actor=adder)
    for list_of in (adder.agency_id, None):
        with refused(session, SpeaksForAnother):
            add(session, ports, code="UNY", list_of=list_of)
    # What one agency believes is no matter of another's.
    assert add(session, ports, code="UNY", list_of=other.id).agency_code == "UNY"


def test_what_is_on_everybodys_list_speaks_for_nobody_else_on_an_agencys(
    session: Session, ports: Ports, adder: Actor
) -> None:
    add(session, ports)
    with refused(session, SpeaksForAnother):
        add(session, ports, code="UNY", actor=adder)
    assert add(session, ports, actor=adder).list_agency_id == adder.agency_id


def test_the_root_of_a_seal_here_speaks_for_that_agency_only(
    session: Session, ports: Ports, house: House, adder: Actor
) -> None:
    sealed = replace(ports, seals=FakeSeals(codes=("UNA",)))
    with refused(session, SpeaksForAnother):
        add(session, sealed, a_root("UNA"), code="UNX", actor=adder)


@pytest.mark.parametrize("code", ["", "UN X", "-"])
def test_a_root_speaks_for_somebody(
    session: Session, ports: Ports, adder: Actor, code: str
) -> None:
    with refused(session, BadAgencyCode):
        add(session, ports, code=code, actor=adder)


def test_a_root_is_not_removed_without_a_reason(
    session: Session, ports: Ports, adder: Actor
) -> None:
    root = add(session, ports, actor=adder)
    with refused(session, NotReady, "reason_missing"):
        trust.remove(session, **_deed(root, adder), reason="  ")


def test_what_was_removed_is_neither_confirmed_nor_removed(
    session: Session, ports: Ports, adder: Actor, second: Actor
) -> None:
    root = remove(session, add(session, ports, actor=adder), adder)
    for deed in (confirm, remove):
        with refused(session, ActionNotAllowed):
            deed(session, root, second)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_change_a_list(
    session: Session, ports: Ports, house: House, adder: Actor, role: Role
) -> None:
    actor = make_user(session, house.agency, role).actor()
    root = add(session, ports, actor=adder)
    with refused(session, NotPermitted):
        add(session, ports, RENEWED, actor=actor)
    for deed in (confirm, remove):
        with refused(session, NotPermitted):
            deed(session, root, actor)


def test_no_administrator_changes_the_list_of_the_installation_or_of_another_agency(
    session: Session, ports: Ports, adder: Actor
) -> None:
    elsewhere = make_agency(session, "UNB")
    for list_of in (None, elsewhere.id):
        root = add(session, ports, list_of=list_of)
        for deed in (confirm, remove):
            with refused(session, NotPermitted):
                deed(session, root, adder)
        with refused(session, NotPermitted):
            _add_to(session, ports, list_of, adder)


def test_a_root_is_found_on_its_own_list_only(session: Session, ports: Ports, adder: Actor) -> None:
    root = add(session, ports, actor=adder)
    with pytest.raises(NoResultFound):
        trust.remove(session, **(_deed(root, None) | {"list_of": None}), reason="Why not.")


def test_everybodys_list_is_in_the_trail_of_every_agency(
    session: Session, ports: Ports, house: House
) -> None:
    other = make_agency(session, "UNB")
    confirm(session, add(session, ports))
    expected = [("added", "", "pending", ""), ("confirmed", "pending", "trusted", "")]
    assert told(session, house.agency.id) == told(session, other.id) == expected


def test_an_agencys_list_is_in_its_own_trail_only(
    session: Session, ports: Ports, adder: Actor
) -> None:
    other = make_agency(session, "UNB")
    add(session, ports, actor=adder)
    assert told(session, other.id) == []


# What the gate is handed


def test_trust_is_the_own_seal_the_agencys_list_and_everybodys(
    session: Session, ports: Ports, house: House, adder: Actor, second: Actor
) -> None:
    other = make_agency(session, "UNB")
    sealed = replace(ports, seals=FakeSeals(codes=("UNA", "UNB")))
    confirm(session, add(session, sealed, a_root("UNX"), code="UNX", actor=adder), second)
    confirm(session, add(session, sealed, a_root("UNY"), code="UNY"))
    add(session, sealed, a_root("UNZ"), code="UNZ")

    assert codes_of(session, sealed, house.agency.id) == ["UNA", "UNX", "UNY"]
    assert codes_of(session, sealed, other.id) == ["UNB", "UNY"]
    assert codes_of(session, sealed, None) == ["UNA", "UNB", "UNY"]


def test_a_root_on_both_lists_is_handed_once(
    session: Session, ports: Ports, house: House, adder: Actor, second: Actor
) -> None:
    confirm(session, add(session, ports, actor=adder), second)
    confirm(session, add(session, ports))
    assert codes_of(session, ports, house.agency.id) == ["UNX"]


def test_a_root_comes_with_what_it_has_revoked_as_told_and_as_the_seal_here_says(
    session: Session, ports: Ports, house: House
) -> None:
    make_agency(session, "UNB")
    root = a_root("UNB")
    sealed = replace(ports, seals=FakeSeals(codes=("UNB",), revoked={"UNB": (b"ours",)}))
    confirm(session, add(session, sealed, root, code="UNB"))
    take(session, sealed, told := revoked_by(root, made=NOW))
    (found,) = trust.trust_of(session, sealed, agency_id=house.agency.id)
    assert found.revocation_lists == (told, b"ours")


def test_a_seal_that_cannot_be_read_stops_nobody_else(
    session: Session, ports: Ports, house: House
) -> None:
    class Broken(FakeSeals):
        def root(self, agency_code: str) -> Root:
            if agency_code == "UNB":
                raise SealFailed
            return super().root(agency_code)

    make_agency(session, "UNB")
    sealed = replace(ports, seals=Broken())
    assert codes_of(session, sealed, None) == codes_of(session, sealed, house.agency.id) == ["UNA"]


# Lists


def take(session: Session, ports: Ports, file: bytes, actor: Actor | None = None) -> str:
    list_of = actor.agency_id if actor else None
    trusted = trust.trust_of(session, ports, agency_id=list_of)
    handed = trust.read(ports, file, trusted, at=NOW)
    return trust.take(session, ports, handed=handed, list_of=list_of, actor=actor, now=NOW)


@pytest.fixture
def trusted(session: Session, ports: Ports, house: House) -> TrustedRoot:
    return confirm(session, add(session, ports))


def test_a_newer_revocation_list_takes_the_place_of_the_older(
    session: Session, ports: Ports, house: House, trusted: TrustedRoot
) -> None:
    for made in (NOW - DAY, NOW):
        assert take(session, ports, file := revoked_by(ROOT, made=made)) == "UNX"
        (root,) = trust.trust_of(session, ports, agency_id=house.agency.id)
        assert root.revocation_lists == (file,)
    assert [one[0] for one in told(session, house.agency.id)][2:] == ["revocation_list_taken"] * 2


@pytest.mark.parametrize(("made", "serial"), [(NOW - DAY, 1), (NOW, 2)])
def test_an_older_revocation_list_is_refused(
    session: Session, ports: Ports, trusted: TrustedRoot, made: datetime, serial: int
) -> None:
    take(session, ports, revoked_by(ROOT, made=NOW))
    with refused(session, Older):
        take(session, ports, revoked_by(ROOT, made=made, serial=serial))


def test_the_same_revocation_list_changes_nothing(
    session: Session, ports: Ports, house: House, trusted: TrustedRoot
) -> None:
    take(session, ports, file := revoked_by(ROOT, made=NOW))
    before = told(session, house.agency.id)
    take(session, ports, file)
    assert told(session, house.agency.id) == before


def test_a_revocation_list_of_nobody_trusted_is_refused(session: Session, ports: Ports) -> None:
    add(session, ports)  # it waits, so it does not count
    with refused(session, BadSignedContent, "untrusted"):
        take(session, ports, revoked_by(ROOT, made=NOW))


def test_a_file_of_no_known_kind_is_refused(
    session: Session, ports: Ports, trusted: TrustedRoot
) -> None:
    with refused(session, BadSignedContent, "unreadable"):
        take(session, ports, b"\x00")
    with refused(session, BadSignedContent, "untrusted"):
        take(session, ports, signed_by(RENEWED, "{}", at=NOW))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_take_lists_in(
    session: Session, ports: Ports, house: House, trusted: TrustedRoot, role: Role
) -> None:
    actor = make_user(session, house.agency, role).actor()
    with refused(session, NotPermitted):
        take(session, ports, revoked_by(ROOT, made=NOW), actor)


# Two at once


Deed = Callable[[Session], Any]


@pytest.fixture
def two(committing_engine: Engine) -> tuple[Actor, Actor]:
    """Return two administrators of an agency, in a database of real commits."""
    with open_session(committing_engine) as session, unit_of_work(session):
        agency = make_agency(session)
        return tuple(make_user(session, agency, Role.ADMINISTRATOR).actor() for _ in range(2))  # type: ignore[return-value]


def _rows(engine: Engine) -> list[TrustedRoot]:
    with open_session(engine, reading=True) as session:
        return list(queries.trust.everywhere(session))


def test_of_two_who_confirm_and_remove_at_once_one_does_and_one_is_told(
    committing_engine: Engine, ports: Ports, two: tuple[Actor, Actor]
) -> None:
    with open_session(committing_engine) as session, unit_of_work(session):
        root = add(session, ports, list_of=two[0].agency_id)

    came = at_once(
        committing_engine,
        lambda session: confirm(session, root, two[0]),
        lambda session: remove(session, root, two[1]),
    )

    (refusal,) = [one for one in came if isinstance(one, Exception)]
    assert isinstance(refusal, ChangedMeanwhile)
    (row,) = _rows(committing_engine)
    assert row.state in {State.TRUSTED, State.REMOVED}


def test_the_same_root_added_twice_at_once_is_one_row(
    committing_engine: Engine, ports: Ports, two: tuple[Actor, Actor]
) -> None:
    deeds = [lambda session, who=who: add(session, ports, actor=who).id for who in two]
    first, second = at_once(committing_engine, *deeds)
    assert first == second
    assert [row.id for row in _rows(committing_engine)] == [first]


def test_a_root_added_for_two_agencies_at_once_speaks_for_one(
    committing_engine: Engine, ports: Ports, two: tuple[Actor, Actor]
) -> None:
    came = at_once(
        committing_engine,
        lambda session: add(session, ports, code="UNX", actor=two[0]),
        lambda session: add(session, ports, code="UNY"),
    )
    assert [type(one) for one in came if isinstance(one, Exception)] == [SpeaksForAnother]
    assert len(_rows(committing_engine)) == 1


def test_the_same_root_added_twice_at_once_where_no_agency_is_yet_is_one_row(
    committing_engine: Engine, ports: Ports
) -> None:
    came = at_once(committing_engine, *[lambda session: add(session, ports)] * 2)
    told = [type(one) for one in came if isinstance(one, Exception)]
    assert told in ([], [ChangedMeanwhile])
    assert len(_rows(committing_engine)) == 1


def test_of_two_first_revocation_lists_at_once_one_is_kept(
    committing_engine: Engine, ports: Ports
) -> None:
    with open_session(committing_engine) as session, unit_of_work(session):
        confirm(session, add(session, ports))
    lists = [revoked_by(ROOT, made=NOW, serial=serial) for serial in (1, 2)]
    came = at_once(
        committing_engine,
        *[lambda session, file=file: take(session, ports, file) for file in lists],
    )
    (refusal,) = [one for one in came if isinstance(one, Exception)]
    assert isinstance(refusal, ChangedMeanwhile | Older)

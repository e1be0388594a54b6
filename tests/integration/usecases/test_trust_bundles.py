"""This file holds that a trust bundle brings news of trusted agencies, and trust to nobody."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.domain.report.status_list import BadStatusList, Entry, Mark, StatusList
from partner_assess.domain.report.trust_bundle import TrustBundle, to_json
from partner_assess.domain.trust import BadSignedContent, Certificate, Older, Root, State
from partner_assess.usecases import trust
from partner_assess.usecases.ports import Ports
from tests.factories import DAY, NOW, House, make_house, refused
from tests.trusting import FakeGate, a_root, fingerprint, revoked_by, signed_by

ROOT, NEXT_ROOT, OTHER = a_root("UNX"), a_root("UNX anew"), a_root("UNY")
NAME = "https://elsewhere.example/status/UNX"


class PemGate(FakeGate):
    """The fake gate, which reads a root also as PEM."""

    def read_root(self, data: bytes, *, at: datetime) -> Certificate:
        _, begins, rest = data.partition(b"CERTIFICATE-----\n")
        der = base64.b64decode(rest.partition(b"-----END")[0]) if begins else data
        return super().read_root(der, at=at)


@pytest.fixture
def ports(ports: Ports) -> Ports:
    return replace(ports, gate=PemGate())


@pytest.fixture
def house(session: Session, ports: Ports) -> House:
    """Return an agency of an installation that trusts UNX."""
    house = make_house(session)
    certificate = ports.gate.read_root(ROOT, at=NOW)
    about = {"list_of": None, "actor": None, "now": NOW}
    added = trust.add(session, ports, certificate=certificate, agency_code="UNX", **about)
    trust.confirm(session, root_id=added.id, seen=None, typed=added.fingerprint, **about)
    return house


def bundle(*, root: bytes = ROOT, revoked: bytes = b"", at: datetime = NOW) -> bytes:
    """Return the bundle of UNX, signed by the root that is trusted."""
    told = [Entry(3, Mark.SUPERSEDED, 2)]
    made = TrustBundle.of(
        Root("UNX", root, (revoked or revoked_by(ROOT, made=NOW),)),
        StatusList.of(told, issuer="UNX", name=NAME, made_at=at),
    )
    return signed_by(ROOT, to_json(made).decode(), at=at)


def take(session: Session, ports: Ports, file: bytes) -> str:
    trusted = trust.trust_of(session, ports, agency_id=None)
    handed = trust.read(ports, file, trusted, at=NOW)
    code = trust.take(session, ports, handed=handed, list_of=None, actor=None, now=NOW)
    session.flush()
    return code


def _newest(session: Session, house: House) -> Any:
    return queries.statuses.newest_list(
        session, agency_code="UNX", name=NAME, reader_id=house.agency.id
    )


def test_a_bundle_brings_statuses_and_revocations_of_a_trusted_agency(
    session: Session, ports: Ports, house: House
) -> None:
    assert take(session, ports, bundle()) == "UNX"

    stored = queries.statuses.newest_list(
        session, agency_code="UNX", name=NAME, reader_id=house.agency.id
    )
    assert stored is not None
    (root,) = trust.trust_of(session, ports, agency_id=house.agency.id)
    assert root.revocation_lists == (revoked_by(ROOT, made=NOW),)


def test_a_new_root_in_a_bundle_waits_for_a_person(
    session: Session, ports: Ports, house: House
) -> None:
    for at in (NOW - DAY, NOW):
        take(session, ports, bundle(root=NEXT_ROOT, at=at))

    (proposed,) = queries.trust.with_fingerprint(session, fingerprint(NEXT_ROOT))
    assert (proposed.agency_code, proposed.state) == ("UNX", State.PENDING)
    assert [one.certificate for one in trust.trust_of(session, ports, agency_id=None)] == [ROOT]


def test_a_root_that_was_removed_is_not_proposed_again(
    session: Session, ports: Ports, house: House
) -> None:
    take(session, ports, bundle(root=NEXT_ROOT, at=NOW - DAY))
    (proposed,) = queries.trust.with_fingerprint(session, fingerprint(NEXT_ROOT))
    about = {"list_of": None, "actor": None, "now": NOW}
    trust.remove(session, root_id=proposed.id, seen=None, reason="Not theirs.", **about)

    take(session, ports, bundle(root=NEXT_ROOT, at=NOW))

    assert list(queries.trust.with_fingerprint(session, fingerprint(NEXT_ROOT))) == []


def test_what_a_bundle_says_of_a_root_that_nobody_trusts_is_left(
    session: Session, ports: Ports, house: House
) -> None:
    take(session, ports, bundle(revoked=revoked_by(OTHER, made=NOW)))
    (root,) = trust.trust_of(session, ports, agency_id=None)
    assert root.revocation_lists == ()


def test_an_older_bundle_is_refused(session: Session, ports: Ports, house: House) -> None:
    take(session, ports, bundle())
    with refused(session, Older):
        take(session, ports, bundle(at=NOW - DAY))


def test_revocations_in_a_newer_bundle_may_be_older(
    session: Session, ports: Ports, house: House
) -> None:
    take(session, ports, bundle(at=NOW - DAY))
    take(session, ports, bundle(revoked=revoked_by(ROOT, made=NOW - DAY)))

    stored = queries.statuses.newest_list(
        session, agency_code="UNX", name=NAME, reader_id=house.agency.id
    )
    assert stored is not None
    assert stored.made_at == NOW
    (root,) = trust.trust_of(session, ports, agency_id=None)
    assert root.revocation_lists == (revoked_by(ROOT, made=NOW),)


def test_a_bundle_that_nobody_trusted_has_signed_is_refused(
    session: Session, ports: Ports, house: House
) -> None:
    with refused(session, BadSignedContent, "untrusted"):
        take(session, ports, signed_by(OTHER, "{}", at=NOW))
    with refused(session, BadStatusList):
        take(session, ports, signed_by(ROOT, "{}", at=NOW))

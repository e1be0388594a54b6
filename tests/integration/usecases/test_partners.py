from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partner import Partner
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.partnership import Basis
from partner_assess.domain.permissions import Actor, NotPermitted, Role
from partner_assess.domain.risk import Capacity, Risk
from partner_assess.usecases import partners
from partner_assess.usecases.partners import MeetsBeneficiaries, NumberTaken
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    NOW,
    TODAY,
    House,
    at,
    identity,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_user,
    refused,
)


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


def test_register_numbers_partners_by_country(session: Session, house: House) -> None:
    somalia = make_office(session, house.agency, name="Demo: other office", country="SO")

    numbers = [
        make_partner(session, house).number,
        make_partner(session, house).number,
        make_partner(session, house, office=somalia).number,
    ]

    assert numbers == ["KE-0001", "KE-0002", "SO-0001"]


def test_register_leaves_a_partner_without_a_result_and_a_trace(
    session: Session, house: House
) -> None:
    made = make_partner(session, house)

    (known,) = queries.events.of_partner(session, made.id, limit=10, offices=None)

    assert made.current_basis is Basis.NONE
    assert (known.event.about, known.event.action) == ("partner", "registered")


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.OFFICER, Role.FOCAL_POINT}]
)
def test_register_is_for_the_desk(session: Session, house: House, role: Role) -> None:
    actor = make_user(session, house.agency, role, office=house.office).actor()

    with refused(session, NotPermitted):
        partners.register(
            session, office_id=house.office.id, identity=identity(), actor=actor, now=NOW
        )


def test_register_refuses_an_officer_of_another_office(session: Session, house: House) -> None:
    elsewhere = make_office(session, house.agency, name="Demo: other office")

    with refused(session, NotPermitted):
        partners.register(
            session, office_id=elsewhere.id, identity=identity(), actor=house.officer, now=NOW
        )


@pytest.mark.parametrize("name", ["vendor_number", "unpp_id"])
def test_a_number_belongs_to_one_partner_of_an_agency(
    session: Session, house: House, name: str
) -> None:
    make_partner(session, house, **{name: "1234"})
    other = make_partner(session, house)

    with refused(session, NumberTaken) as caught:
        make_partner_as(session, house.officer, house, **{name: "1234"})
    assert caught.value.params == {"partner": "Demo: Acacia Relief", "number": "KE-0001"}
    with refused(session, NumberTaken):
        edit(session, other, house.officer, **{name: "1234"})


def make_partner_as(session: Session, actor: Actor, house: House, **said: str) -> Partner:
    return partners.register(
        session, office_id=house.office.id, identity=identity(**said), actor=actor, now=NOW
    )


def edit(session: Session, partner: Partner, actor: Actor, **said: object) -> Partner:
    return partners.edit(
        session,
        partner_id=partner.id,
        seen=partner.version,
        identity=identity(**said),
        actor=actor,
        now=NOW,
    )


def test_another_agency_may_know_the_same_number(session: Session, house: House) -> None:
    make_partner(session, house, vendor_number="1234")

    made = make_partner(session, make_house(session, "UNB"), vendor_number="1234")

    assert made.vendor_number == "1234"


def test_edit_keeps_its_own_number_and_finds_the_new_name(session: Session, house: House) -> None:
    made = make_partner(session, house, unpp_id="77")

    edit(session, made, house.officer, name="Demo: Ácacia Néw", unpp_id="77")

    assert (made.name, made.name_key) == ("Demo: Ácacia Néw", "demo: acacia new")


def test_edit_refuses_what_was_not_seen(session: Session, house: House) -> None:
    made = make_partner(session, house)

    with refused(session, ChangedMeanwhile):
        partners.edit(
            session,
            partner_id=made.id,
            seen=made.version - 1,
            identity=identity(name="Other"),
            actor=house.officer,
            now=NOW,
        )


def test_edit_refuses_a_reader(session: Session, house: House) -> None:
    made = make_partner(session, house)

    with refused(session, NotPermitted):
        edit(session, made, house.head)


# --- low capacity assumed: emergency -------------------------------------------------------


def record_emergency(
    session: Session,
    ports: Ports,
    house: House,
    partner: Partner,
    *,
    reason: str = "Flood.",
    actor: Actor | None = None,
    on: date = TODAY,
) -> None:
    partners.record_emergency(
        session,
        ports,
        partner_id=partner.id,
        reason=reason,
        policy_name="default",
        actor=actor or house.head,
        now=at(on),
        today=on,
    )


def test_an_emergency_counts_as_high_for_three_months(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)

    record_emergency(session, ports, house, partner, on=date(2026, 11, 30))

    result = partner.result()
    assert (result.basis, result.capacity, result.risk) == (
        Basis.EMERGENCY,
        Capacity.LOW,
        Risk.HIGH,
    )
    assert result.expires_on == date(2027, 2, 28)
    assert result.is_valid(date(2027, 2, 28))
    assert not result.is_valid(date(2027, 3, 1))


def test_an_emergency_is_recorded_by_the_head_with_a_reason(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)

    with refused(session, NotPermitted):
        record_emergency(session, ports, house, partner, actor=house.focal_point)
    with refused(session, NotReady, "reason_missing"):
        record_emergency(session, ports, house, partner, reason="  ")


def test_a_second_emergency_does_not_move_the_day_of_the_first(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)
    record_emergency(session, ports, house, partner, on=TODAY)

    with refused(session, partners.EmergencyInForce, "emergency_in_force"):
        record_emergency(session, ports, house, partner, on=date(2027, 2, 22))
    record_emergency(session, ports, house, partner, on=date(2027, 2, 23))

    assert partner.current_expires_on == date(2027, 5, 23)


def test_an_emergency_counts_only_where_there_is_no_assessment(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)
    final = make_final(session, ports, house, partner, every="adequate")

    record_emergency(session, ports, house, partner)

    assert partner.result().record_id == final.id


def test_an_assessment_takes_the_place_of_an_emergency(
    session: Session, ports: Ports, house: House
) -> None:
    partner = make_partner(session, house)
    record_emergency(session, ports, house, partner)

    make_final(session, ports, house, partner, every="adequate")

    assert (partner.current_basis, partner.current_risk) == (Basis.ASSESSED, Risk.LOW)


# --- no contact with beneficiaries ---------------------------------------------------------


def waive(
    session: Session,
    house: House,
    partner: Partner,
    *,
    reason: str = "Audits accounts.",
    actor: Actor | None = None,
) -> None:
    partners.waive(
        session,
        partner_id=partner.id,
        reason=reason,
        actor=actor or house.focal_point,
        now=NOW,
        today=TODAY,
    )


def test_a_partner_that_meets_nobody_is_waived(session: Session, house: House) -> None:
    partner = make_partner(session, house, meets_beneficiaries=False)

    waive(session, house, partner)

    result = partner.result()
    assert (result.basis, result.risk, result.expires_on) == (Basis.NO_CONTACT, Risk.LOW, None)


def test_waive_refuses(session: Session, house: House) -> None:
    meets = make_partner(session, house)
    meets_nobody = make_partner(session, house, meets_beneficiaries=False)

    with refused(session, MeetsBeneficiaries):
        waive(session, house, meets)
    with refused(session, NotPermitted):
        waive(session, house, meets_nobody, actor=house.officer)
    with refused(session, NotReady, "reason_missing"):
        waive(session, house, meets_nobody, reason="")


def test_a_waiver_ends_when_the_partner_meets_beneficiaries_after_all(
    session: Session, house: House
) -> None:
    partner = make_partner(session, house, meets_beneficiaries=False)
    waive(session, house, partner)

    edit(session, partner, house.officer, meets_beneficiaries=True)
    session.flush()

    assert partner.current_basis is Basis.NONE
    assert queries.partners.special_records(session, partner.id) == []


# --- the current result ---------------------------------------------------------------------


@pytest.mark.parametrize(("days", "ended"), [(-1, False), (0, False), (1, True)])
def test_a_result_counts_to_its_last_valid_day_inclusive_and_stays_as_the_last(
    session: Session, ports: Ports, house: House, days: int, ended: bool
) -> None:
    partner = make_partner(session, house)
    final = make_final(session, ports, house, partner, every="adequate")
    assert final.expires_on == date(2031, 11, 22)
    day = final.expires_on + days * DAY

    partners.refresh_current(session, partner, now=at(day), today=day)

    assert (partner.current_record_id, partner.current_ended) == (final.id, ended)
    assert partner.result().is_valid(day) is not ended

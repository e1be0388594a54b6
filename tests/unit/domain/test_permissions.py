from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess.domain.permissions import (
    GRANTS,
    Actor,
    Grant,
    NotPermitted,
    Permission,
    Role,
    Standing,
    may,
    require,
)
from tests.permissions import ONE, OTHER, a_record, an_actor, matrix

MATRIX = Path(__file__).with_name("permissions.csv")
ANSWER, REVIEW, DECIDE = (
    Permission.ASSESSMENT_ANSWER,
    Permission.ASSESSMENT_REVIEW,
    Permission.APPROVAL_DECIDE,
)
AGENCY_WIDE = {
    Permission.HOME_READ,
    Permission.PARTNER_READ,
    Permission.PARTNERSHIP_READ,
    Permission.PORTFOLIO_READ,
}
EVERYONE = an_actor(*Role, office=None, partner=ONE)


def test_the_matrix_that_people_review_is_what_the_code_does() -> None:
    assert MATRIX.read_text(encoding="utf-8") == matrix(), "look at the change, then `make docs`"


def test_every_permission_is_in_the_table_and_somebody_holds_it() -> None:
    assert list(GRANTS) == list(Permission)
    assert all(GRANTS.values())


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.AUDITOR, set()),
        # Whose signatures count is theirs to keep; what others are handed of it, too.
        (Role.ADMINISTRATOR, {Permission.TRUST_EDIT, Permission.TRUST_SHARE}),
    ],
)
def test_auditor_and_administrator_only_read(role: Role, more: set[Permission]) -> None:
    held = {permission for permission in Permission if role in GRANTS[permission]}
    assert {one for one in held if not one.value.endswith(":read")} == more


@pytest.mark.parametrize("permission", list(Permission))
def test_nobody_may_do_anything_with_a_record_of_another_agency(permission: Permission) -> None:
    theirs = a_record(agency=OTHER, office=None, partner=ONE, assessor=ONE)
    assert may(EVERYONE, permission, a_record(office=None, partner=ONE, assessor=ONE))
    assert not may(EVERYONE, permission, theirs)


@pytest.mark.parametrize("permission", list(Permission))
def test_who_has_no_role_may_nothing(permission: Permission) -> None:
    nobody = an_actor()
    assert not may(nobody, permission)
    assert not may(nobody, permission, a_record(partner=ONE, assessor=ONE))


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_without_a_record_the_table_alone_decides(role: Role, permission: Permission) -> None:
    assert may(an_actor(role), permission) is (role in GRANTS[permission])


@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_counts_in_its_own_office_in_all_offices_or_for_the_agencys_records(
    permission: Permission,
) -> None:
    roles = GRANTS[permission]
    mine = an_actor(*roles, partner=ONE)
    all_offices = an_actor(*roles, partner=ONE, office=None)
    there = a_record(office=OTHER, partner=ONE, assessor=ONE)
    assert may(mine, permission, a_record(partner=ONE, assessor=ONE))
    assert may(mine, permission, a_record(office=None, partner=ONE, assessor=ONE))
    assert may(all_offices, permission, there)
    assert may(mine, permission, there) is (permission in AGENCY_WIDE)


def test_a_role_in_one_office_lends_nothing_to_a_role_in_another() -> None:
    actor = Actor(ONE, ONE, frozenset({Grant(Role.HEAD, ONE), Grant(Role.OFFICER, OTHER)}))
    assert may(actor, DECIDE, a_record(office=ONE))
    assert not may(actor, DECIDE, a_record(office=OTHER))
    assert may(actor, Permission.APPROVAL_ASK, a_record(office=OTHER))
    assert not may(actor, Permission.APPROVAL_ASK, a_record(office=ONE))


@pytest.mark.parametrize(
    ("record", "allowed"),
    [
        (a_record(), True),
        (a_record(raters=(OTHER,)), True),
        (a_record(raters=(ONE,)), False),
        (a_record(raters=(ONE, OTHER)), False),
    ],
)
def test_who_rated_any_standard_cannot_finalise(record: Standing, allowed: bool) -> None:
    reviewer = an_actor(Role.FOCAL_POINT, Role.OFFICER)
    assert may(reviewer, REVIEW, record) is allowed


@pytest.mark.parametrize(
    ("record", "allowed"),
    [
        (a_record(raters=(OTHER,), finalisers=(OTHER,)), True),
        (a_record(raters=(ONE,), finalisers=(OTHER,)), False),
        (a_record(raters=(OTHER,), finalisers=(ONE,)), False),
        (a_record(raters=(OTHER,), finalisers=(ONE, OTHER)), False),
        (a_record(), True),
    ],
)
def test_who_rated_or_finalised_cannot_approve(record: Standing, allowed: bool) -> None:
    head = an_actor(Role.HEAD, Role.FOCAL_POINT)
    assert may(head, DECIDE, record) is allowed


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FOCAL_POINT, Role.ASSESSOR])
def test_only_the_one_it_is_given_to_answers(role: Role) -> None:
    assert may(an_actor(role), ANSWER, a_record(assessor=ONE))
    assert not may(an_actor(role), ANSWER, a_record(assessor=OTHER))
    assert not may(an_actor(role), ANSWER, a_record(assessor=None))


def test_an_external_assessor_sees_only_what_is_assigned() -> None:
    assessor = an_actor(Role.ASSESSOR)
    assert may(assessor, Permission.ASSESSMENT_READ, a_record(assessor=ONE))
    assert not may(assessor, Permission.ASSESSMENT_READ, a_record(assessor=OTHER))


@pytest.mark.parametrize("mine", [ONE, None])
def test_a_partners_focal_point_sees_only_that_partner(mine: UUID | None) -> None:
    focal_point = an_actor(Role.PARTNER, partner=mine)
    assert may(focal_point, Permission.PARTNER_READ, a_record(partner=ONE)) is (mine == ONE)
    assert not may(focal_point, Permission.PARTNER_READ, a_record(partner=OTHER))
    assert not may(focal_point, Permission.PARTNER_READ, a_record(partner=None))


@pytest.mark.parametrize(
    ("actor", "permission", "record", "code"),
    [
        (an_actor(Role.AUDITOR), DECIDE, a_record(), "not_permitted"),
        (an_actor(Role.AUDITOR), DECIDE, None, "not_permitted"),
        (an_actor(Role.HEAD), DECIDE, a_record(agency=OTHER), "not_permitted"),
        (an_actor(Role.HEAD), DECIDE, a_record(finalisers=(ONE,)), "not_separate_approval_decide"),
        (
            an_actor(Role.FOCAL_POINT),
            REVIEW,
            a_record(raters=(ONE,)),
            "not_separate_assessment_review",
        ),
        (an_actor(Role.OFFICER), ANSWER, a_record(), "not_separate_assessment_answer"),
    ],
)
def test_a_refusal_says_whether_it_is_for_who_did_what_before(
    actor: Actor, permission: Permission, record: Standing | None, code: str
) -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(actor, permission, record)
    assert refusal.value.code == code
    assert refusal.value.params == {"permission": permission.value}


def test_what_is_allowed_is_let_through() -> None:
    require(an_actor(Role.HEAD), DECIDE)
    require(an_actor(Role.HEAD), DECIDE, a_record())


@pytest.mark.parametrize(
    ("grants", "offices"),
    [
        ([Grant(Role.OFFICER, ONE)], {ONE}),
        ([Grant(Role.OFFICER, ONE), Grant(Role.HEAD, OTHER)], {ONE, OTHER}),
        ([Grant(Role.OFFICER, ONE), Grant(Role.AUDITOR, None)], None),
        ([Grant(Role.ASSESSOR, ONE)], set()),
        ([Grant(Role.ASSESSOR, None), Grant(Role.PARTNER, None)], set()),
        ([], set()),
    ],
)
def test_details_are_seen_in_the_offices_of_ones_inner_roles(
    grants: list[Grant], offices: set[UUID] | None
) -> None:
    actor = Actor(ONE, ONE, frozenset(grants))
    assert actor.offices == offices
    assert actor.roles == {grant.role for grant in grants}


people = st.sampled_from([ONE, OTHER])
offices = st.sampled_from([ONE, OTHER, None])
grants = st.frozensets(st.builds(Grant, st.sampled_from(Role), offices))
actors = st.builds(Actor, people, people, grants, st.none() | people)
records = st.builds(
    Standing,
    people,
    offices,
    st.none() | people,
    st.none() | people,
    st.frozensets(people),
    st.frozensets(people),
)


@given(actor=actors, permission=st.sampled_from(Permission), record=records)
def test_a_record_only_ever_narrows_what_the_table_grants(
    actor: Actor, permission: Permission, record: Standing
) -> None:
    assert may(actor, permission) or not may(actor, permission, record)


@given(user=people, record=records)
def test_rater_finaliser_and_approver_are_never_one_person(user: UUID, record: Standing) -> None:
    actor = Actor(user, record.agency_id, frozenset(Grant(role, None) for role in Role))
    rated = user in record.raters
    assert not (rated and may(actor, REVIEW, record))
    assert not ((rated or user in record.finalisers) and may(actor, DECIDE, record))

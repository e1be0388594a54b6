from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.user import User, UserSession
from partner_assess.domain.permissions import Grant, Role
from partner_assess.usecases import accounts
from partner_assess.usecases.accounts import IDLE, LONGEST, TOUCH_EVERY, EmailTaken
from tests.factories import NOW, make_agency, make_office, make_user, refused

SECOND = timedelta(seconds=1)


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session, make_agency(session), Role.OFFICER)


def sign_in(session: Session, user: User, digest: str = "d" * 64) -> UserSession:
    accounts.sign_in(session, user_id=user.id, digest=digest, agent="Browser " * 50, now=NOW)
    session.flush()
    found = queries.users.session_by_digest(session, digest)
    assert found is not None
    return found


def test_an_account_holds_roles_in_an_office_or_in_all_of_the_agency(session: Session) -> None:
    agency = make_agency(session)
    office = make_office(session, agency)

    made = make_user(session, agency, Role.HEAD, office=office)
    everywhere = make_user(session, agency, Role.AUDITOR)

    assert made.actor().grants == {Grant(Role.HEAD, office.id)}
    assert everywhere.actor().offices is None


def test_a_sign_in_name_is_taken_in_any_case(session: Session, user: User) -> None:
    with refused(session, EmailTaken):
        accounts.create(
            session,
            agency_id=user.agency_id,
            email=f" {user.email.upper()} ",
            name="Demo: other",
            password_hash="not a hash",  # noqa: S106 - nobody signs in with it
            grants=[],
            now=NOW,
        )


def test_an_account_is_found_by_its_name_in_any_case(session: Session, user: User) -> None:
    found = queries.users.by_email(session, f" {user.email.upper()} ")

    assert found is not None
    assert found.id == user.id


@pytest.mark.parametrize(
    ("idle", "age", "expected"),
    [
        (timedelta(0), timedelta(0), True),
        (IDLE, IDLE, True),
        (IDLE + SECOND, IDLE + SECOND, False),
        (timedelta(0), LONGEST, True),
        (timedelta(0), LONGEST + SECOND, False),
    ],
)
def test_a_session_ends_when_idle_or_too_old(
    session: Session, user: User, idle: timedelta, age: timedelta, expected: bool
) -> None:
    opened = sign_in(session, user)
    opened.seen_at = NOW + age - idle

    assert accounts.is_open(opened, now=NOW + age) is expected


def test_a_session_of_a_closed_account_does_not_count(session: Session, user: User) -> None:
    opened = sign_in(session, user)

    user.is_active = False

    assert not accounts.is_open(opened, now=NOW)


@pytest.mark.parametrize(("after", "noted"), [(TOUCH_EVERY - SECOND, False), (TOUCH_EVERY, True)])
def test_use_is_noted_every_five_minutes(
    session: Session, user: User, after: timedelta, noted: bool
) -> None:
    opened = sign_in(session, user)

    accounts.touch(session, digest=opened.digest, now=NOW + after)

    assert opened.seen_at == (NOW + after if noted else NOW)


def test_signing_out_revokes_this_browser_only(session: Session, user: User) -> None:
    here, there = sign_in(session, user, "a" * 64), sign_in(session, user, "b" * 64)

    accounts.sign_out(session, digest=here.digest, now=NOW)
    accounts.sign_out(session, digest="unknown", now=NOW)

    assert not accounts.is_open(here, now=NOW)
    assert accounts.is_open(there, now=NOW)


def test_signing_out_everywhere_revokes_every_browser_once(session: Session, user: User) -> None:
    opened = [sign_in(session, user, letter * 64) for letter in "abc"]
    stranger = sign_in(session, make_user(session, user.agency, Role.HEAD), "d" * 64)
    accounts.sign_out(session, digest=opened[0].digest, now=NOW)

    assert accounts.sign_out_everywhere(session, user_id=user.id, now=NOW) == 2

    assert not any(accounts.is_open(one, now=NOW) for one in opened)
    assert accounts.is_open(stranger, now=NOW)


def test_the_name_of_a_browser_is_cut_to_its_column(session: Session, user: User) -> None:
    assert len(sign_in(session, user).agent) == 200

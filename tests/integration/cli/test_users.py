from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from partner_assess.adapters import passwords
from partner_assess.db import queries
from partner_assess.db.session import make_engine, open_session

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Said, Shell

OFFICE = "Demo: Country Office 1"
PASSWORD = "twelve chars"  # noqa: S105 - the shortest there may be


def create(
    shell: Shell, *more: str, email: str = "New@Desk.example", stdin: str = f"{PASSWORD}\n"
) -> Said:
    """Make an account; of options that come twice, the last one counts."""
    usual = ("--name", "Demo: Desk", "--agency", "UNA", "--role", "officer", "--password-stdin")
    return shell("user", "create", email, *usual, *more, stdin=stdin)


def emails(shell: Shell) -> list[str]:
    return [row["email"] for row in shell("user", "list").rows]


def test_an_account_is_made_for_one_office(demo: Shell) -> None:
    assert create(demo, "--office", OFFICE).rows == [
        {"email": "new@desk.example", "agency": "UNA", "role": "officer", "office": OFFICE}
    ]
    [made] = [row for row in demo("user", "list").rows if row["email"] == "new@desk.example"]
    assert made == {
        "email": "new@desk.example",
        "name": "Demo: Desk",
        "agency": "UNA",
        "roles": [{"role": "officer", "office": OFFICE}],
        "active": True,
    }


def test_without_an_office_the_role_holds_in_all(demo: Shell) -> None:
    assert create(demo, "--role", "auditor").rows[0]["office"] is None


@pytest.mark.parametrize("line", [f"{PASSWORD}\n", PASSWORD, f"{PASSWORD}\r\n", f"{PASSWORD}\nx"])
def test_the_password_is_the_first_line_and_is_kept_as_a_hash(demo: Shell, line: str) -> None:
    said = create(demo, stdin=line)
    assert said.code == 0
    assert PASSWORD not in said.out + said.err
    engine = make_engine(demo.env["PARTNER_ASSESS_DATABASE_URL"])
    with open_session(engine, reading=True) as session:
        found = queries.users.by_email(session, "new@desk.example")
    engine.dispose()
    assert found is not None
    assert passwords.is_right(found.password_hash, PASSWORD)


@pytest.mark.parametrize("password", ["", "eleven char", "\n" + PASSWORD])
def test_a_short_password_is_refused(demo_original: Shell, password: str) -> None:
    assert "fewer than 12 characters" in create(demo_original, stdin=f"{password}\n").refusal


@pytest.mark.parametrize(
    "email", ["", "desk", "desk@", "@desk.example", "a b@desk.example", "a@b@c", "d" * 251 + "@x.y"]
)
def test_what_is_no_address_is_refused(demo_original: Shell, email: str) -> None:
    assert create(demo_original, email=email).refusal


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--name", ""), "is not one line of words"),
        (("--name", "n" * 201), "is longer than 200 characters"),
        (("--agency", "UNZ"), 'There is no agency "UNZ"'),
        (("--office", "Demo: Agency B Country Office"), "There is no office"),
        (("--role", "emperor"), "is not one of"),
        (("--role", "partner"), "is not one of"),
    ],
)
def test_what_an_account_cannot_be_is_refused(
    demo_original: Shell, more: tuple[str, ...], said: str
) -> None:
    assert said in create(demo_original, *more).refusal
    assert "new@desk.example" not in emails(demo_original)


def test_an_address_has_one_account_in_whatever_case(demo_original: Shell) -> None:
    assert "Email taken" in create(demo_original, email="OFFICER@demo.example").refusal


def test_a_password_on_the_command_line_is_no_option(demo_original: Shell) -> None:
    assert "No such option" in create(demo_original, "--password", PASSWORD).refusal


def test_accounts_are_listed_by_address(demo_original: Shell) -> None:
    found = emails(demo_original)
    assert found == sorted(found)
    assert "officer@demo.example" in found

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Shell

AGENCY = ("agency", "create", "UNX", "--name", "Demo: Agency X")
OFFICE = {
    "--agency": "UNX",
    "--name": "Demo: Office",
    "--country": "KE",
    "--timezone": "Africa/Nairobi",
}


def office(**changes: str) -> tuple[str, ...]:
    """Return the command that sets up an office, with some of its options changed."""
    said = OFFICE | {f"--{name}": value for name, value in changes.items()}
    return ("office", "create", *(word for option in said.items() for word in option))


@pytest.fixture
def agency(database: Shell) -> Shell:
    assert database(*AGENCY).code == 0
    return database


def test_an_agency_is_set_up(database: Shell) -> None:
    made = {"code": "UNX", "name": "Demo: Agency X", "policy": "default"}
    assert database(*AGENCY).rows == [made]
    assert database("agency", "list").rows == [made]


def test_an_agency_says_who_answers_and_where_allegations_go(database: Shell) -> None:
    said = {
        "--policy": "from-approval",
        "--contact": "Demo: Desk",
        "--contact-url": "https://desk.example",
        "--report-to": "Demo: Investigations",
        "--report-url": "https://report.example",
    }
    words = [word for option in said.items() for word in option]
    assert database(*AGENCY, *words).rows[0]["policy"] == "from-approval"


@pytest.mark.parametrize("code", ["", "X", "unx", "UN X", "1UN", "UNX/1", "U" * 13, "UNX\n"])
def test_a_code_that_no_reference_could_begin_with_is_refused(database: Shell, code: str) -> None:
    assert "is no short code" in database("agency", "create", "--name", "X", "--", code).refusal


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--name", " ", "is not one line of words"),
        ("--name", "two\nlines", "is not one line of words"),
        ("--name", "\udcff", "is not one line of words"),
        ("--name", "n" * 201, "is longer than 200 characters"),
        ("--policy", "strange", "There is no policy"),
        ("--contact-url", "javascript:alert(1)", "is no web address"),
    ],
)
def test_what_an_agency_cannot_be_is_refused(
    database: Shell, option: str, value: str, said: str
) -> None:
    assert said in database(*AGENCY, option, value).refusal
    assert database("agency", "list").rows == []


def test_a_code_is_taken_once(agency: Shell) -> None:
    assert "Agency code taken" in agency(*AGENCY).refusal
    assert len(agency("agency", "list").rows) == 1


def test_an_office_is_set_up(agency: Shell) -> None:
    made = {
        "name": "Demo: Office",
        "agency": "UNX",
        "country": "KE",
        "timezone": "Africa/Nairobi",
    }
    assert agency(*office()).rows == [made]
    assert agency("office", "list").rows == [made]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agency": "UNY"}, "There is no agency"),
        ({"name": ""}, "is not one line of words"),
        ({"country": "Kenya"}, "is no code of a country"),
        ({"country": "ke"}, "is no code of a country"),
        ({"timezone": "Nairobi"}, "Unknown time zone"),
        ({"timezone": "Africa"}, "Unknown time zone"),
        ({"timezone": ""}, "Unknown time zone"),
        ({"timezone": "../zone"}, "Unknown time zone"),
        ({"timezone": "z" * 1000}, "Unknown time zone"),
    ],
    ids=str,
)  # fmt: skip
def test_what_an_office_cannot_be_is_refused(
    agency: Shell, changes: dict[str, str], said: str
) -> None:
    assert said in agency(*office(**changes)).refusal
    assert agency("office", "list").rows == []


def test_an_agency_has_one_office_of_a_name_and_another_agency_may_have_it_too(
    agency: Shell,
) -> None:
    assert agency(*office()).code == 0
    assert "Office taken" in agency(*office(country="UG")).refusal
    assert agency("agency", "create", "UNY", "--name", "Demo: Agency Y").code == 0
    assert agency(*office(agency="UNY")).code == 0
    assert [row["agency"] for row in agency("office", "list").rows] == ["UNX", "UNY"]


def test_the_first_administrator_stands_on_the_list(agency: Shell) -> None:
    made = agency(
        *("user", "create", "admin@psea.example", "--name", "Administrator"),
        *("--agency", "UNX", "--role", "administrator", "--password-stdin"),
        stdin="a long enough password\n",
    )
    assert made.code == 0
    assert [row["email"] for row in agency("user", "list").rows] == ["admin@psea.example"]

"""This file holds that hands which use no mouse can do everything, and are led to what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pages import assessing
from tests.browser.pages.person import Person

DRAFT_OF = "Demo: Hilltop Legal Aid"
DECISION_ABOUT = "Demo: Lantern Community Trust"
AS_MANY = 200  # keys until we say that nobody gets there


def test_one_standard_is_answered_by_keyboard_alone(somebody: Callable[..., Person]) -> None:
    # Given the officer at a standard, with the hands on the keyboard
    officer = somebody("officer")
    officer.open_duty(DRAFT_OF)
    officer.follow("Mandatory training")
    assessing.is_at(officer, "Mandatory training")

    # When every required indicator, comment and rating is answered by keys
    for question in assessing.required(officer):
        go_to(officer, question.get_by_role("radio").first)
        press(officer, "ArrowRight")
        expect(question.get_by_role("radio").nth(1)).to_be_checked()
    go_to(officer, officer.field(assessing.COMMENT))
    officer.page.keyboard.type("Seen at the office: half of the personnel.")
    go_to(officer, officer.group(assessing.RATING).get_by_role("radio").first)
    press(officer, "Space")
    go_to(officer, officer.main.get_by_role("button", name="Save and continue"))
    press(officer, "Enter")

    # Then it is saved, and the next standard is there
    assessing.is_at(officer, "Reporting")


def test_the_head_of_office_decides_by_keyboard_alone(somebody: Callable[..., Person]) -> None:
    head = somebody("head")
    head.open_duty(DECISION_ABOUT)
    head.reads_heading("Approve a high-risk partnership?")

    go_to(head, head.field("Conditions"))
    head.page.keyboard.type("A visit a month.")
    go_to(head, head.main.get_by_role("button", name="Approve the partnership"))
    press(head, "Enter")

    head.reads_heading("High-risk partnership approved")
    head.reads("A visit a month.")


def test_the_first_key_leads_past_the_head_of_the_page(somebody: Callable[..., Person]) -> None:
    officer = somebody("officer")
    officer.page.goto("/partners")

    press(officer, "Tab")
    skip = officer.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press(officer, "Enter")

    expect(officer.main).to_be_focused()


@pytest.mark.parametrize(
    ("address", "button", "problem", "field"),
    [
        ("/partners/new", "Register the partner", "Enter the partner’s legal name.", "Legal name"),
        ("/partners/new", "Register the partner", "Select the kind of organization.", "Non-gov"),
    ],
)
def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(
    somebody: Callable[..., Person], address: str, button: str, problem: str, field: str
) -> None:
    officer = somebody("officer")
    officer.page.goto(address)
    officer.press(button)

    officer.is_told(problem)
    expect(officer.page).to_have_title("Error: Register a partner - PartnerAssess")
    go_to(officer, officer.page.get_by_role("alert").get_by_role("link", name=problem))
    press(officer, "Enter")

    expect(officer.field(field)).to_be_focused()


def go_to(person: Person, target: Locator) -> None:
    """Press Tab until the focus is there, and expect that one sees it."""
    for _ in range(AS_MANY):
        if target.evaluate("one => one === document.activeElement"):
            break
        press(person, "Tab")
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()


def press(person: Person, key: str) -> None:
    """Press a key."""
    person.page.keyboard.press(key)

"""This file holds how the head of office decides: declines, on a phone, and not twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.pages import partnering
from tests.browser.pages.person import Person

# In the demo its partnership waits for the head of office.
PARTNER = "Demo: Lantern Community Trust"
PARTNERSHIP = "Safe spaces for children"
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}


def test_a_declined_partnership_stays_proposed_and_can_be_asked_for_again(
    somebody: Callable[..., Person],
) -> None:
    officer, head = somebody("officer"), somebody("head")

    head.open_duty(PARTNER)
    partnering.decline(head, "Nobody there could take a report. Ask again once a line is open.")

    partnering.open_partnership(officer, PARTNER, PARTNERSHIP)
    officer.reads("Proposed", "Declined")
    officer.cannot_press("Make the partnership active")
    officer.press("Ask for approval")
    officer.reads(
        "The last request was declined. Say what is new.", "Ask again once a line is open."
    )


def test_declining_without_reasons_says_what_is_missing(somebody: Callable[..., Person]) -> None:
    head = somebody("head")
    head.open_duty(PARTNER)
    head.press("Decline the partnership")
    head.press("Decline the partnership")

    head.is_told("Write the reasons. They are kept with the decision.")


def test_the_head_decides_on_a_phone(somebody: Callable[..., Person]) -> None:
    head = somebody("head", **PHONE)

    head.open_duty(PARTNER)
    head.reads_heading("Approve a high-risk partnership?")
    head.press("Go to the decision")
    head.type("Conditions", "A visit a month.")
    head.press("Approve the partnership")

    head.reads_heading("High-risk partnership approved")
    head.reads("A visit a month.")


def test_of_two_windows_with_one_decision_the_second_is_told(
    somebody: Callable[..., Person],
) -> None:
    # Given the same request open in two windows of the head of office
    first, second = somebody("head"), somebody("head")
    first.open_duty(PARTNER)
    second.open_duty(PARTNER)
    second.type("Conditions", "Only in the first district.")

    # When both approve it
    first.press("Approve the partnership")
    first.reads_heading("High-risk partnership approved")
    second.press("Approve the partnership")

    # Then the second learns that it is decided, and has changed nothing
    second.reads("Somebody else was faster")
    first.page.reload()
    first.does_not_read("Only in the first district.")

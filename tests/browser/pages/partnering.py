"""This file holds what people do with partnerships, approvals, plans and documents."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

from tests.browser.pages.person import Person


def propose_partnership(
    person: Person, *, title: str, reference: str, starts_on: date, ends_on: date
) -> None:
    """Propose an agreement with the partner whose page is open."""
    person.go_to_place("Partnerships")
    person.press("Propose a partnership")
    person.type("Title", title)
    person.type("Agreement reference", reference)
    person.type_day("First day", starts_on)
    person.type_day("Last day", ends_on)
    person.type("Amount in US dollars", "120,000")
    person.press("Propose the partnership")
    person.reads_heading(title)


def open_partnership(person: Person, partner: str, title: str) -> None:
    """Open a partnership by way of its partner."""
    person.find_partner(partner)
    person.go_to_place("Partnerships")
    person.follow(title)
    person.reads_heading(title)


def ask_for_approval(person: Person, *, why: str, review_on: date) -> None:
    """Ask the head of office, from the partnership's page."""
    person.press("Ask for approval")
    person.type("Why this partner", why)
    person.type("Alternatives considered", "Two others were asked; neither works in the district.")
    person.type("Until the gaps close", "Joint visits only; a focal point of ours at each site.")
    person.type("Assurance activities", "A visit a month and a spot check a quarter.")
    person.type("Who follows up", "The programme officer, monthly.")
    person.type_day("Review the approval on", review_on)
    person.press("Ask the head of office")
    person.reads("Waits for a decision")


def decline(person: Person, reasons: str) -> None:
    """Decline the partnership, from the decision's page."""
    person.press("Decline the partnership")
    person.type("Reasons", reasons)
    person.press("Decline the partnership")
    person.reads_heading("High-risk partnership declined")


def open_plan(person: Person, partner: str) -> None:
    """Open the partner's action plan."""
    person.page.goto("/plans")
    person.follow(partner)
    person.reads_heading("Action plan")


def make_document(person: Person, *, recipient: str = "") -> None:
    """Ask for the document of the result that is open, and wait until it can be had."""
    person.press("Documents to share")
    person.choose("How much it tells", "Full")
    if recipient:
        person.type("For whom", recipient)
        person.type("What for", "Both work with this partner")
        person.choose("The partner’s consent", "The partner agreed to this")
    person.press("Make or hand over")
    download = person.main.get_by_role("link", name="Download")
    # Each look is a page of its own; the job takes a second or five.
    for _ in range(500):
        if download.count():
            break
        look_again = person.main.get_by_role("link", name="Look again")
        look_again.or_(download).first.click()
    expect(download).to_be_visible()


def download_document(person: Person) -> bytes:
    """Download the document."""
    with person.page.expect_download() as caught:
        person.follow("Download")
    return caught.value.path().read_bytes()

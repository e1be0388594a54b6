"""This file holds what officer and focal point do with an assessment."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Locator, expect

from tests.browser.pages.person import Person
from tests.uploads import a_pdf

STANDARDS = (
    "Organizational policy",
    "Organizational management and HR systems",
    "Mandatory training",
    "Reporting",
    "Assistance and referrals",
    "Investigations",
)
RATING = "How do you rate this standard?"
COMMENT = "What did you see?"
REASON = "Why do you rate differently from the suggestion?"


def register_partner(person: Person, name: str) -> None:
    """Register a partner, as far as it must be."""
    person.page.goto("/partners")
    person.press("Register a partner")
    person.type("Legal name", name)
    person.choose("Kind of organization", "Non-governmental organization")
    person.choose("National or international", "National")
    person.pick("Country", "Kenya")
    person.choose("Do its people meet beneficiaries?", "Yes")
    person.press("Register the partner")
    person.reads_heading_of_partner(name)


def start_assessment(person: Person) -> None:
    """Begin with the six standards, from the partner's page."""
    person.press("Assess this partner")
    person.choose("Questionnaire", "Six core standards")
    person.press("Start the assessment")
    person.reads("0 of 6 standards rated")


def answer_required(person: Person, answer: str) -> None:
    """Give all required indicators of a standard the same answer."""
    for question in required(person):
        radio = question.get_by_role("radio", name=answer, exact=True)
        radio.or_(question.get_by_role("radio", name="Not applicable")).first.check()


def required(person: Person) -> list[Locator]:
    """Return the required indicators of the standard that is open."""
    return person.main.get_by_role("group", name=re.compile(r"Required(\.|$)")).all()


def rate(person: Person, rating: str, comment: str) -> None:
    """Say what was seen and rate the standard."""
    person.type(COMMENT, comment)
    person.choose(RATING, rating)


def add_evidence(person: Person, *, kind: str, title: str, dated: date) -> None:
    """Add a file that proves every indicator it can."""
    person.press("Add evidence")
    person.reads_heading("Add evidence")
    person.choose("What is it?", kind)
    person.type("Title", title)
    person.type_day("Its own date", dated)
    for box in person.group("What does it prove?").get_by_role("checkbox").all():
        box.check()
    person.choose("How is it kept?", "I add the file")
    person.attach("File", "policy.pdf", a_pdf(), "application/pdf")
    person.tick("No names, no case facts, blank forms only")
    person.press("Add evidence")
    person.reads("The evidence is added.", title)


def is_at(person: Person, standard: str) -> None:
    """Expect the page of a standard."""
    person.reads_heading(standard)


def give_details(person: Person, day: date, where: str) -> None:
    """Say when and where the assessment was made, from the task list."""
    person.follow("Date, place and assessor")
    person.type_day("Day of the assessment", day)
    person.type("Where it was made", where)
    person.press("Save and continue")
    person.reads("6 of 6 standards rated")


def submit(person: Person) -> None:
    """Check the answers and hand them in, from the task list."""
    person.follow("Check answers and submit")
    person.reads_heading("Check answers")
    person.press("Submit for review")
    person.reads_heading("Submitted for review")


def ask_for_change(person: Person, standard: str, words: str) -> None:
    """Write at a standard what is to be changed."""
    heading = person.page.get_by_role("heading", name=standard)
    section = person.main.locator("section").filter(has=heading)
    section.get_by_label("What is to be changed?").fill(words)


def sees_suggestion(person: Person, rating: str) -> None:
    """Expect the rating that the answers suggest."""
    expect(person.main.get_by_text(f"Suggested: {rating}")).to_be_visible()

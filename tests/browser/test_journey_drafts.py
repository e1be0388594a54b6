"""This file holds that nothing typed is lost: no line, two windows, signed out, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Route, expect

from partner_assess.cli.demo import PASSWORD
from tests.browser.pages import assessing
from tests.browser.pages.person import Person

# In the demo the officer's own draft; training is its third standard and not rated yet.
PARTNER = "Demo: Hilltop Legal Aid"
STANDARD = "Mandatory training"
TYPED = "A session last spring; the list of those who came has no volunteers."


@pytest.fixture
def at_standard(somebody: Callable[..., Person]) -> Callable[..., Person]:
    """Return how the officer comes to the page of a standard nobody answered."""

    def opened(**options: object) -> Person:
        officer = somebody("officer", **options)
        officer.open_duty(PARTNER)
        officer.follow(STANDARD)
        assessing.is_at(officer, STANDARD)
        return officer

    return opened


def test_what_is_typed_without_a_line_is_kept_and_sent_when_it_is_back(
    at_standard: Callable[..., Person],
) -> None:
    # Given an officer whose line breaks
    officer = at_standard()
    officer.page.context.set_offline(True)

    # When answers are typed, and the page is opened anew while the line is bad still
    assessing.rate(officer, "Progressing", TYPED)
    says(officer, "2 answers wait to be sent.")
    lose_what_is_sent(officer)
    officer.page.context.set_offline(False)
    officer.page.reload()

    # Then they stand there still
    expect(officer.field(assessing.COMMENT)).to_have_value(TYPED)
    says(officer, "2 answers wait to be sent.")

    # And they are sent by themselves once there is a line
    officer.page.unroute_all()
    officer.page.evaluate("dispatchEvent(new Event('online'))")
    says(officer, re.compile(r"^Saved at \d\d:\d\d\.$"))
    officer.page.reload()
    expect(officer.field(assessing.COMMENT)).to_have_value(TYPED)
    expect(officer.group(assessing.RATING).get_by_role("radio", checked=True)).to_have_count(1)


def test_answers_are_sent_while_one_types(at_standard: Callable[..., Person]) -> None:
    officer = at_standard()

    officer.type(assessing.COMMENT, TYPED)

    says(officer, re.compile(r"^Saved at \d\d:\d\d\.$"))


def test_two_windows_never_overwrite_each_other(at_standard: Callable[..., Person]) -> None:
    # Given the same standard in two windows
    first, second = at_standard(), at_standard()

    # When one is saved, and then something is typed in the other
    first.type(assessing.COMMENT, "Typed in the first window.")
    says(first, re.compile(r"^Saved at"))
    second.type(assessing.COMMENT, "Typed in the second window.")

    # Then the second is told, keeps its text, and may decide
    banner = second.page.get_by_role("alert").filter(has_text="changed in another window")
    expect(banner).to_be_visible()
    second.press("Save and continue")
    second.reads("nothing of theirs is overwritten")
    expect(second.field(assessing.COMMENT)).to_have_value("Typed in the second window.")
    first.page.reload()
    expect(first.field(assessing.COMMENT)).to_have_value("Typed in the first window.")


def test_whoever_was_signed_out_meanwhile_loses_no_text(at_standard: Callable[..., Person]) -> None:
    officer = at_standard()
    officer.page.context.clear_cookies()

    assessing.rate(officer, "Progressing", TYPED)
    officer.press("Save and continue")
    officer.reads_heading("Sign in")
    officer.sign_in("officer@demo.example", PASSWORD)

    assessing.is_at(officer, STANDARD)
    expect(officer.field(assessing.COMMENT)).to_have_value(TYPED)


def test_an_old_token_brings_the_page_again_with_the_text(
    at_standard: Callable[..., Person],
) -> None:
    officer = at_standard(java_script_enabled=False)
    with_old_token(officer)

    assessing.rate(officer, "Progressing", TYPED)
    officer.press("Save and continue")

    officer.is_told("again")
    expect(officer.field(assessing.COMMENT)).to_have_value(TYPED)


def test_without_script_a_whole_assessment_is_answered_and_submitted(
    somebody: Callable[..., Person],
) -> None:
    # Given a browser that runs no script
    officer = somebody("officer", java_script_enabled=False)
    officer.open_duty(PARTNER)
    officer.press("Continue with standard 1")

    # When the first standard gets evidence, and all are rated
    assessing.answer_required(officer, "Met")
    assessing.add_evidence(officer, kind="PSEA policy", title="Policy", dated=date(2026, 1, 5))
    assessing.sees_suggestion(officer, "Adequate")
    assessing.rate(officer, "Adequate", "Adopted, for everybody.")
    officer.press("Save and continue")
    for standard in assessing.STANDARDS[1:]:
        assessing.is_at(officer, standard)
        assessing.answer_required(officer, "Not met")
        assessing.rate(officer, "Absent", "Nothing in place.")
        officer.press("Save and continue")

    # Then it can be handed in
    assessing.give_details(officer, date(2026, 11, 20), "By documents")
    assessing.submit(officer)


def says(person: Person, words: str | re.Pattern[str]) -> None:
    """Expect the line under the form that says what became of the answers."""
    expect(person.page.get_by_role("status")).to_contain_text(words)


def lose_what_is_sent(person: Person) -> None:
    """Let pages arrive, and nothing that is sent."""

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("internetdisconnected")
        else:
            route.continue_()

    person.page.route("**/*", answer)


def with_old_token(person: Person) -> None:
    """Send a token of another session from now on, as a page left open for days would."""

    def answer(route: Route) -> None:
        sent = route.request.post_data or ""
        old = re.sub(r"csrf_token=[^&]*", "csrf_token=old", sent)
        route.continue_(post_data=old if sent else None)

    person.page.route("**/standards/*", answer)

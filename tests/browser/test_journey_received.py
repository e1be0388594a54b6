"""This file holds how one agency relies on another's assessment: shared, dropped, decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests import machine
from tests.browser.pages import partnering
from tests.browser.pages.person import Person

PARTNER = "Demo: Harbour Aid Network"
PDF = "application/pdf"

pytestmark = machine.needs("pango")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_shared_assessment_is_dropped_compared_and_relied_on(
    somebody: Callable[..., Person], width: int
) -> None:
    viewport = {"width": width, "height": 900}
    officer = somebody("officer", viewport=viewport)
    sister = somebody("sister", viewport=viewport)
    sister_focal = somebody("sisterfocal", viewport=viewport)

    # Given a document that Agency A has signed for B
    document = shared(officer)

    # When something was added to it, nothing is taken over
    drop(sister, document + b"\n")
    sister.reads("Not trusted: nothing in this file is to be relied on.")
    sister.does_not_read("Look at it and receive it")

    # When it comes as it was made, it is looked at and received
    drop(sister, document)
    sister.reads("Signed by Demo: Agency A", "Side by side", "At the issuing agency")
    sister.choose("Which of your partners is it about?", "None of these")
    sister.press("Receive it")

    # And the officer proposes, and the focal point countersigns
    sister.choose("Your proposal", "Accept with reservations")
    sister.type("What are your reservations?", "A channel for communities first.")
    sister.type_day("Review it on", date(2027, 11, 1))
    sister.press("Propose it")
    sister.reads("Proposed. The PSEA focal point countersigns.")
    sister_focal.open_duty(PARTNER)
    sister_focal.reads("A channel for communities first.")
    sister_focal.press("Countersign")
    sister_focal.reads("Countersigned. It takes effect today.")

    # Then it counts for the partner, with its origin
    sister.find_partner(PARTNER)
    sister.reads("Assessment of another agency", "Low capacity: high SEA risk", "UNA/20")


def shared(officer: Person) -> bytes:
    """Make the document of the partner's result for Agency B, and download it."""
    officer.find_partner(PARTNER)
    officer.follow("Open the result")
    partnering.make_document(officer, recipient="Demo: Agency B")
    return partnering.download_document(officer)


def drop(officer: Person, content: bytes) -> None:
    officer.page.goto("/received/new")
    officer.attach("The PDFs", "shared.pdf", content, PDF)
    officer.press("Check the files")

"""This file holds how one agency relies on another's assessment: dropped, compared, decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from partner_assess.adapters import criteria_files
from partner_assess.domain.report import Instrument, Report
from tests.browser.pages.person import Person
from tests.browser.site import Site, served
from tests.browser.vouching import vouched
from tests.conftest import CRITERIA
from tests.sample_report import a_report

PARTNER = "Demo: Newcomers’ Association"
PDF = "application/pdf"


@pytest.fixture
def site(demo: Path, tmp_path: Path) -> Iterator[Site]:
    """Yield the app with a gate that trusts what this journey made."""
    with served(demo, tmp_path, program="tests.browser.vouching") as running:
        yield running


def shared() -> Report:
    """Return what another agency shares of a partner that office 1 knows, at high risk."""
    made = a_report()
    known = criteria_files.load_frameworks(CRITERIA).get(made.identity.instrument.id)
    instrument = Instrument(known.id, known.version, known.digest)
    return replace(
        made,
        identity=replace(made.identity, instrument=instrument),
        owner=replace(made.owner, agency="Demo: Agency C", agency_code="UNC"),
        partner=replace(made.partner, legal_name=PARTNER, acronym="", scope="headquarters"),
    )


@pytest.mark.parametrize("width", [1280, 360])
def test_a_shared_assessment_is_dropped_compared_and_relied_on(
    somebody: Callable[..., Person], width: int
) -> None:
    officer = somebody("officer", viewport={"width": width, "height": 900})
    focal = somebody("focal", viewport={"width": width, "height": 900})

    # Given a file that nobody has signed, nothing is taken over
    drop(officer, b"%PDF-1.7 something else")
    officer.reads("Not trusted: nothing in this file is to be relied on.")
    officer.does_not_read("Look at it and receive it")

    # When a trusted one is dropped, looked at, and received
    drop(officer, vouched(shared()))
    officer.reads("Signed by Demo: Agency C", "Side by side", "At the issuing agency")
    officer.choose("Which of your partners is it about?", f"{PARTNER} ·")
    officer.press("Receive it")

    # And the officer proposes, and the focal point countersigns
    officer.choose("Your proposal", "Accept with reservations")
    officer.type("What are your reservations?", "A channel for communities first.")
    officer.type_day("Review it on", date(2027, 11, 1))
    officer.press("Propose it")
    officer.reads("Proposed. The PSEA focal point countersigns.")
    focal.open_duty(PARTNER)
    focal.reads("A channel for communities first.")
    focal.press("Countersign")
    focal.reads("Countersigned. It takes effect today.")

    # Then it counts for the partner, with its origin
    officer.find_partner(PARTNER)
    officer.reads("Assessment of another agency", "Low capacity: high SEA risk", "UNA/2026/0042")


def drop(officer: Person, content: bytes) -> None:
    officer.page.goto("/received/new")
    officer.attach("The PDFs", "shared.pdf", content, PDF)
    officer.press("Check the files")

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import segno

from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.report import BadBundle, Report, Status, to_json
from partner_assess.web.printing import NotTranslated, Printer, qr_code
from tests.machine import needs
from tests.sample_report import a_draft, a_report
from tests.verapdf.validator import broken_rules

TEMPLATES = Path(__file__).parents[3] / "templates"
ARABIC = "Demo: جمعية النهر للتنمية"


@pytest.fixture
def printer(catalogue: Catalogue) -> Printer:
    return Printer(TEMPLATES, catalogue)


def named(name: str, *countries: str) -> Report:
    told = a_report()
    return replace(told, partner=replace(told.partner, legal_name=name, countries=countries))


def test_a_page_has_the_words_of_its_instrument_and_no_request(printer: Printer) -> None:
    page = printer.page_of(a_report())
    assert "Organizational policy" in page
    assert "Low capacity: high SEA risk" in page
    assert "16 November 2026" in page


def test_countries_are_printed_by_name_and_stay_codes_in_the_data(printer: Printer) -> None:
    told = named("Demo: Acacia Relief", "KE", "XD", "ZZ9")
    page = printer.page_of(told)
    for name in ("Kenya", "Demo: Country 1", "ZZ9"):
        assert name in page
    assert b'"countries":["KE","XD","ZZ9"]' in to_json(told)


def test_only_what_is_not_final_bears_a_watermark(printer: Printer) -> None:
    assert 'class="watermark"' in printer.page_of(a_draft())
    assert 'class="watermark"' not in printer.page_of(a_report())


@pytest.mark.parametrize(
    ("status", "replaced_by", "words"),
    [
        (Status.SUPERSEDED, "UNA/2026/0043", "on <bdi"),
        (Status.SUPERSEDED, None, "Superseded on"),
        (Status.WITHDRAWN, None, "Withdrawn on"),
        (Status.EXPIRED, None, "Expired: not valid from"),
    ],
)
def test_what_counts_no_more_says_so_first(
    printer: Printer, status: Status, replaced_by: str | None, words: str
) -> None:
    whole = a_report()
    day = date(2026, 11, 20)
    ended = replace(whole.identity, status=status, ended_on=day, replaced_by=replaced_by)

    page = printer.page_of(replace(whole, identity=ended))

    (banner,) = re.findall(r'<p class="ended">(.+?)</p>', page, re.DOTALL)
    assert words in banner
    assert "20 November 2026" in banner
    assert (replaced_by or "Do not rely on it") in banner
    assert page.index('class="ended"') < page.index("<h1")
    assert 'class="ended"' not in printer.page_of(whole)


def test_no_document_is_half_in_another_language(printer: Printer) -> None:
    with pytest.raises(NotTranslated):
        printer.page_of(a_report(language="nl"))


def test_what_is_no_report_is_not_printed(printer: Printer) -> None:
    with pytest.raises(BadBundle):
        printer.print_report(b"{}")


@needs("pango")
def test_the_same_facts_are_the_same_bytes_from_another_printer(catalogue: Catalogue) -> None:
    payload = to_json(a_report())
    made = [Printer(TEMPLATES, catalogue).print_report(payload) for _ in range(2)]
    assert made[0] == made[1]


@needs("pango", "java")
def test_a_document_with_an_arabic_name_breaks_no_rule(printer: Printer) -> None:
    made = {
        "arabic": printer.print_report(to_json(named(ARABIC, "KE"))),
        "draft": printer.print_report(to_json(a_draft())),
    }
    with tempfile.TemporaryDirectory() as folder:
        assert broken_rules(made, Path(folder)) == {"arabic": [], "draft": []}


def test_a_code_is_drawn_square_by_square() -> None:
    address = "https://psea.example/check/7K3M09QXT1V5B2RDYH8N"
    code = qr_code(address)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    rows = segno.make_qr(address, error="m").matrix
    assert code.side == len(rows)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, on in enumerate(row) if on}

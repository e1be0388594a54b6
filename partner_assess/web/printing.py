"""This file holds how a report becomes a page to print, and the page a PDF.

It stands in the web layer because words and templates do, but knows no request: the job thread
and the command line print with it too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import Semaphore
from typing import Any

import segno
from babel.dates import format_date
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from partner_assess.adapters import pdf
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.report import Report, from_json
from partner_assess.web import i18n

_CATALOGUES = Path(__file__).parents[1] / "translations"

# Each is a process of its own: whoever asks at the same time waits.
_AT_ONCE = 2


class NotTranslated(Exception):
    """There is no catalogue of this language: half a document would be in English."""


class Printer:
    """Prints reports, each in its own language and with the words of its own instrument."""

    def __init__(self, templates: Path, catalogue: Catalogue) -> None:
        self.templates = templates
        self.catalogue = catalogue
        self._environments: dict[str, Environment] = {}
        self._turn = Semaphore(_AT_ONCE)

    def print_report(self, payload: bytes) -> bytes:
        """Return the PDF of a report's canonical JSON; the same bytes each time.

        Raises:
            BadBundle: this is no report.
            PdfFailed: no document came out of the process that makes it.
        """
        report = from_json(payload)
        page = self.page_of(report)
        words = _words_in(report.identity.language)
        label = words.gettext("Seal of %(agency)s") % {"agency": report.owner.agency}
        with self._turn:
            return pdf.render_in_process(
                page,
                attachment=pdf.Attachment(
                    name="report.json",
                    content=payload,
                    description="The facts of this document, for programs",
                ),
                identifier=hashlib.sha256(payload).digest()[:16],
                created=report.identity.generated_at,
                seal_label=label if report.provenance.signed else "",
            )

    def page_of(self, report: Report) -> str:
        """Return the HTML page of a report."""
        language, instrument = report.identity.language, report.identity.instrument
        template = self._environment(language).get_template("documents/report.html")
        text = self.catalogue.get(instrument.id, instrument.version).text(language)
        return template.render(report=_with_names(report), text=text)

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            self._environments[language] = self._make_environment(language)
        return self._environments[language]

    def _make_environment(self, language: str) -> Environment:
        environment: Any = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.install_gettext_translations(_words_in(language), newstyle=True)
        environment.filters["day"] = partial(_day, language=language)
        environment.filters["qr"] = qr_code
        return environment


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code as a picture: how many squares wide and high, and those that are dark."""

    side: int
    path: str


def qr_code(address: str) -> QrCode:
    """Return the code of an address; a seventh of it may be soiled."""
    rows = segno.make_qr(address, error="m").matrix
    path = "".join(
        f"M{sum(width for _, width in runs[:place])} {line}h{length}v1h-{length}z"
        for line, row in enumerate(rows)
        for runs in [[(dark, len(list(same))) for dark, same in groupby(row)]]
        for place, (dark, length) in enumerate(runs)
        if dark
    )
    return QrCode(len(rows), path)


def _words_in(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()  # English is what stands in the templates
    found = Translations.load(_CATALOGUES, [language.replace("-", "_")], "messages")
    if not isinstance(found, Translations):
        raise NotTranslated(language)
    return found


def _day(value: date, *, language: str) -> str:
    return format_date(value, "d MMMM y", locale=language.replace("-", "_"))


def _with_names(report: Report) -> Report:
    """Return the report with names of countries where the data has their codes."""
    locale = report.identity.language.replace("-", "_")
    names = tuple(i18n.country_in(locale, code) for code in report.partner.countries)
    return replace(report, partner=replace(report.partner, countries=names))

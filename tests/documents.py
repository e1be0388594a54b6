"""This file holds how tests print a report: the real template, English words, no web app."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from partner_assess.adapters.pdf import Attachment
from partner_assess.domain.framework import FrameworkText, StandardText
from partner_assess.domain.report import Report, to_json
from partner_assess.web.printing import qr_code

ROOT = Path(__file__).parents[1]


@cache
def words() -> FrameworkText:
    """Return the English words of the six standards, as far as a document prints them."""
    path = ROOT / "criteria" / "unicef-six-2020" / "1.0" / "text.en.toml"
    told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return FrameworkText(
        language="en",
        title=told["title"],
        short_title=told["short_title"],
        notice=told["notice"],
        options=told["options"],
        evidence=told["evidence"],
        standards={
            key: StandardText(
                title=one["title"],
                short_title=one["short_title"],
                requirement=one["requirement"],
                guide={},
                action="",
                never_evidence="",
                indicators={},
            )
            for key, one in told["standard"].items()
        },
    )


def page_of(report: Report, text: FrameworkText | None = None) -> str:
    """Return the HTML page of a report."""
    jinja = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.install_null_translations(newstyle=True)  # type: ignore[attr-defined]

    def day(value: date) -> str:
        return format_date(value, "d MMMM y", locale=report.identity.language)

    jinja.filters["day"] = day
    jinja.filters["qr"] = qr_code
    return jinja.get_template("documents/report.html").render(report=report, text=text or words())


def inputs(report: Report) -> dict[str, Any]:
    """Return what goes with the page into `render`."""
    data = to_json(report)
    return {
        "attachment": Attachment("report.json", data, "The facts of this document, for programs"),
        "identifier": hashlib.sha256(data).digest()[:16],
        "created": report.identity.generated_at,
    }

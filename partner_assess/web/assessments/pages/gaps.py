"""This file holds what is missing or wrong, in sentences that link to the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from wtforms import Form

from partner_assess.domain.answers import Gap
from partner_assess.domain.framework import Framework, FrameworkText
from partner_assess.web.assessments import forms
from partner_assess.web.assessments.pages.parts import indicator_number
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import number

if TYPE_CHECKING:
    from partner_assess.db.models.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is still missing: where it is filled in, and what to do."""

    url: str
    text: str


def missing(
    assessment: Assessment, framework: Framework, text: FrameworkText, gaps: Iterable[Gap]
) -> tuple[Missing, ...]:
    """Return the gaps as links to the fields that close them."""
    return tuple(Missing(_url(assessment, gap), sentence(framework, text, gap)) for gap in gaps)


def _url(assessment: Assessment, gap: Gap) -> str:
    if gap.standard_id is None:
        return url_for("assessments.details", assessment_id=assessment.id) + "#assessed_on-day"
    page = url_for("assessments.standard", assessment_id=assessment.id, standard_id=gap.standard_id)
    return f"{page}#{anchor(gap)}"


def anchor(gap: Gap) -> str:
    """Return the id of what closes a gap, on the page of its standard."""
    if gap.indicator_id is not None:
        return forms.indicator_field(gap.indicator_id) + "-0"
    return {
        "rating_missing": "rating-0",
        "reason_missing": "reason",
        "comment_missing": "comment",
    }.get(gap.code, "evidence")


def field(gap: Gap) -> str | None:
    """Return the name of the field that closes a gap, None where it is the list of evidence."""
    name = anchor(gap).removesuffix("-0")
    return None if name == "evidence" else name


_SENTENCES: dict[str, Callable[..., str]] = {
    "rating_missing": lambda **at: _("Rate standard %(number)s, %(title)s", **at),
    "indicator_missing": lambda **at: _("Select how far indicator %(indicator)s is in place", **at),
    "reason_missing": lambda **at: _(
        "Write why you rate standard %(number)s differently from the suggestion", **at
    ),
    "comment_missing": lambda **at: _("Write the comment on standard %(number)s, %(title)s", **at),
    "file_missing": lambda **at: _(
        "Add evidence with its file to standard %(number)s: a Yes needs a file with every piece",
        **at,
    ),
    "evidence_title_missing": lambda **at: _(
        "Say what the other evidence of standard %(number)s is", **at
    ),
    "assessed_on_missing": lambda **_at: _("Enter the day of the assessment"),
    "assessed_on_in_future": lambda **_at: _("Enter a day of the assessment that has come"),
}


def sentence(framework: Framework, text: FrameworkText, gap: Gap) -> str:
    """Return what to do about a gap."""
    at: dict[str, str] = {"number": "", "title": "", "indicator": ""}
    if gap.standard_id is not None:
        at["number"] = number(framework.standard(gap.standard_id).number)
        at["title"] = text.standards[gap.standard_id].title
    if gap.indicator_id is not None:
        at["indicator"] = indicator_number(gap.indicator_id)
    return _SENTENCES[gap.code](**at)


def problems(form: Form, more: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Return what is wrong with a form: (link to the field, sentence), `more` last."""
    found = [("", str(sentence)) for sentence in form.form_errors]
    for field in form:
        target = f"#{field.id}" + {"RadioField": "-0", "DateBoxes": "-day"}.get(field.type, "")
        found += [(target, str(sentence)) for sentence in field.errors]
    return [*found, *more]

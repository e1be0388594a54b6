"""This file holds the forms of assessments: one a standard, made from its instrument."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired

from partner_assess.domain.answers import StandardAnswers
from partner_assess.domain.framework import Framework, FrameworkText, Met, Standard
from partner_assess.usecases.assessments import Said
from partner_assess.web import words
from partner_assess.web.forms import (
    SHORT,
    DateBoxes,
    NotBlank,
    PageForm,
    SeenForm,
    SelectChoice,
    at_most,
)
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l

COMMENT, REASON = 2000, 1000


class PlainForm(PageForm):
    """A deed without anything to fill in."""


class VersionForm(SeenForm):
    """A deed on a record that others may change meanwhile."""


class ReasonForm(SeenForm):
    """A deed that ends something, with its reason."""

    reason = TextAreaField(
        _l("Reason"), [NotBlank(_l("Write the reason, in general words.")), at_most(REASON)]
    )


class OpenForm(PageForm):
    """Which instrument a partner is assessed with."""

    framework = RadioField(_l("Questionnaire"), validate_choice=False)
    # One opened in another window meanwhile: the use case says which, and we go there.
    open_already: frozenset[str] = frozenset()

    def validate_framework(self, field: RadioField) -> None:
        """Raise ValidationError where none of those offered is chosen."""
        if field.data not in _values(field) | self.open_already:
            raise ValidationError(_("Select a questionnaire."))


class DetailsForm(SeenForm):
    """When and where."""

    assessed_on = DateBoxes(_l("Day of the assessment"))
    assessed_where = StringField(_l("Where it was made"), [at_most(SHORT)])


class EvidenceForm(PageForm):
    """A piece of evidence that was seen."""

    type_id = RadioField(_l("What is it?"), validate_choice=False)
    title = StringField(_l("Title"), [at_most(SHORT)])
    dated_on = DateBoxes(_l("Its own date"))
    proves = SelectMultipleField(_l("What does it prove?"), validate_choice=False)
    how = RadioField(
        _l("How is it kept?"),
        [InputRequired(_l("Select whether you add the file or saw the paper."))],
        choices=[
            SelectChoice("file", _l("I add the file")),
            SelectChoice("seen", _l("I saw the paper, no file")),
        ],
    )
    file = FileField(_l("File"))
    boundary = BooleanField(_l("No names, no case facts, blank forms only"))

    def validate_type_id(self, field: RadioField) -> None:
        """Raise ValidationError where none of those offered is chosen."""
        if field.data not in _values(field):
            raise ValidationError(_("Select what it is."))

    def validate_how(self, field: RadioField) -> None:
        """Raise ValidationError where the file and what is said about it differ."""
        if field.data == "file" and not self.has_file:
            raise ValidationError(_("Choose the file, or select that you saw the paper."))
        if field.data == "seen" and self.has_file:
            raise ValidationError(_("You chose a file. Select that you add it, or choose none."))

    @property
    def has_file(self) -> bool:
        """Return whether a file was sent."""
        return bool(self.file.data and self.file.data.filename)


class AnswersForm(SeenForm):
    """What is said about one standard; `answers_form` adds its fields."""

    standard: Standard

    def said(self) -> Said:
        """Return what was typed, for the use case."""
        answers = {i.id: self[indicator_field(i.id)].data for i in self.standard.indicators}
        return Said(
            rating=self["rating"].data or None,
            indicators={key: Met(value) for key, value in answers.items() if value},
            comment=(self["comment"].data or "").strip(),
            reason_for_difference=(self["reason"].data or "").strip(),
        )


class ReviewForm(SeenForm):
    """What the reviewer says; `review_form` adds one box a standard."""

    framework: Framework

    def comments(self) -> dict[str, str]:
        """Return what was said, by standard."""
        return {s.id: self[comment_field(s.id)].data or "" for s in self.framework.standards}


def indicator_field(indicator_id: str) -> str:
    """Return the name of an indicator's field."""
    return "indicator_" + indicator_id.replace(".", "_")


def comment_field(standard_id: str) -> str:
    """Return the name of a reviewer's box."""
    return f"comment_{standard_id}"


def answers_form(standard: Standard, text: FrameworkText, filled: dict[str, Any]) -> AnswersForm:
    """Return the form of a standard: indicators, comment, rating, reason, in this order."""
    fields: dict[str, Any] = {
        indicator_field(i.id): RadioField(
            i.id,
            [_listed],
            choices=[SelectChoice(m.value, words.of(m)) for m in i.answers],
            **_UNCHECKED,
        )
        for i in standard.indicators
    }
    fields["comment"] = TextAreaField(_l("What did you see?"), [at_most(COMMENT)])
    fields["rating"] = RadioField(
        _l("How do you rate this standard?"),
        [_listed],
        choices=[SelectChoice(one.id, text.options[one.id]) for one in standard.options],
        **_UNCHECKED,
    )
    fields["reason"] = TextAreaField(
        _l("Why do you rate differently from the suggestion?"), [at_most(REASON)]
    )
    made: type[AnswersForm] = type("FilledIn", (AnswersForm,), {"standard": standard, **fields})
    return made(data=filled)


def answers_as_data(answers: StandardAnswers, seen: int) -> dict[str, Any]:
    """Return saved answers by the names of their fields."""
    named = {indicator_field(key): met.value for key, met in answers.indicators.items()}
    return {
        **named,
        "comment": answers.comment,
        "rating": answers.rating,
        "reason": answers.reason_for_difference,
        "seen": seen,
    }


def review_form(framework: Framework, seen: int | None) -> ReviewForm:
    """Return the form of a review: a box for each standard."""
    fields = {
        comment_field(s.id): TextAreaField(_l("What is to be changed?"), [at_most(COMMENT)])
        for s in framework.standards
    }
    made: type[ReviewForm] = type("Reviewed", (ReviewForm,), {"framework": framework, **fields})
    return made(seen=seen)


# The list is checked by `_listed`, since nothing chosen is a fair answer while one is at work.
_UNCHECKED: dict[str, Any] = {"validate_choice": False}


def as_choices(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Return pairs of value and label as a field takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


def _values(field: Any) -> set[str]:
    return {choice.value for choice in field.choices}


def _listed(_form: Any, field: Any) -> None:
    if field.data and field.data not in _values(field):
        raise ValidationError(_("Select one of the answers."))

"""This file holds what all forms share: the token, the version shown, dates in three boxes."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField, StringField, ValidationError
from wtforms import SelectChoice as _SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.fields import FormField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext

SHORT, LONG = 200, 4000

# The type checker's stubs are older than WTForms; every form takes the class from here.
SelectChoice: Any = _SelectChoice


class _OurWords:
    """What WTForms says by itself, in our words and the reader's language."""

    def gettext(self, said: str) -> str:
        """Return our sentence: all that is left to WTForms is a choice that is none."""
        return _("Select one of the choices.") if "hoice" in said else said

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Return a sentence about n things."""
        return one if n == 1 else many


class PageForm(FlaskForm):
    """A form of a page. A wrong or old token shows the page again, with everything typed."""

    csrf_token: Any

    class Meta(FlaskForm.Meta):
        """Our own words; the token is checked by the form, so that a page can come back."""

        locales = ("en",)

        def get_translations(self, form: Any) -> Any:
            """Return who says what a field says by itself."""
            return _OurWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent, without the NUL sign, which no database text can hold."""
            sent = super().wrap_formdata(form, formdata)
            if not sent:
                return sent
            cleaned = [
                (name, value.replace("\0", "") if isinstance(value, str) else value)
                for name, values in sent.lists()
                for value in values
            ]
            return MultiDict(cleaned)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field is well-formed; a bad token is said in plain words."""
        is_valid = super().validate(extra_validators)
        if "csrf_token" in self.errors:
            self.csrf_token.errors = []
            self.form_errors.append(
                _("This page was open for long. Nothing was saved yet; check it and send it again.")
            )
        return is_valid

    def add_problem(self, field: str, sentence: str) -> None:
        """Say what a rule found, at the field it is about."""
        named: Field = self[field]
        named.errors = [*named.errors, sentence]


class SeenField(HiddenField):
    """The version of the record that the page showed; anything but a number is an old page."""

    widget = HiddenInput()
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the number, -1 where there is none: no record has that version."""
        given = valuelist[0] if valuelist else ""
        self.data = int(given) if given.isdecimal() and len(given) < 10 else -1


class SeenForm(PageForm):
    """A form over a record that others may change meanwhile."""

    seen = SeenField()


class _Boxes(Form):
    day = StringField()
    month = StringField()
    year = StringField()


class DateBoxes(FormField):
    """A day in three boxes. `.data` is a date, None when all are empty.

    Digits of any script are understood.
    """

    def __init__(self, label: Any, *, required: Any = None, **options: Any) -> None:
        super().__init__(_Boxes, label, **options)
        self.required = required
        self._problems: list[str] = []

    def __getattr__(self, name: str) -> Any:
        """Let a template reach .day, .month and .year."""
        if name == "form":
            raise AttributeError(name)
        return getattr(self.form, name)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the boxes from a date, or from what was typed."""
        given = data if isinstance(data, date) else None
        parts = (
            {"day": str(given.day), "month": str(given.month), "year": str(given.year)}
            if given
            else None
        )
        super().process(formdata, parts, extra_filters)

    @property
    def typed(self) -> tuple[str, str, str]:
        """Return what stands in the boxes."""
        boxes = (self.form.day, self.form.month, self.form.year)
        return tuple((box.data or "").strip() for box in boxes)  # type: ignore[return-value]

    @property
    def value(self) -> date | None:
        """Return the day, None when the boxes are empty or hold no day."""
        day, month, year = self.typed
        try:
            return date(int(year), int(month), int(day))
        except (ValueError, OverflowError):
            return None

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Return whether it is empty (where it may be) or a day that exists."""
        self._problems = []
        if not any(self.typed):
            if self.required:
                self._problems.append(str(self.required))
        elif self.value is None:
            self._problems.append(_("Enter a day that exists, for example 14 11 2026."))
        elif not 1900 <= self.value.year <= 2200:
            self._problems.append(_("Enter the year with four figures, for example 2026."))
        return not self._problems

    @property
    def errors(self) -> Any:
        """Return what is wrong, as a list of sentences."""
        return self._problems

    @errors.setter
    def errors(self, problems: list[str]) -> None:
        self._problems = problems


def required(sentence: Any) -> InputRequired:
    """Return the check that something was typed, with the sentence that asks for it."""
    return InputRequired(sentence)


class NotBlank:
    """More than spaces. Keeps what was typed, trimmed."""

    field_flags: dict[str, bool] = {}

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise ValidationError for blanks."""
        field.data = (field.data or "").strip()
        if not field.data:
            raise ValidationError(str(self.sentence))


def at_most(characters: int) -> Length:
    """Return the check that a text is not too long."""
    said = lazy_gettext("Write %(count)s characters or fewer.", count=characters)
    return Length(max=characters, message=said)

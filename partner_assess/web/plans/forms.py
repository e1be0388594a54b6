"""This file holds the forms of plans and their actions."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField, TextAreaField

from partner_assess.domain.report import OwnerSide
from partner_assess.usecases.plans import ActionTerms
from partner_assess.web.forms import (
    LONG,
    DateBoxes,
    NotBlank,
    PageForm,
    SeenForm,
    SelectChoice,
    at_most,
    required,
)
from partner_assess.web.i18n import lazy_gettext as _l

# Where the page says what a rule refused.
PROBLEM_AT = {"action_after_plan": "due_on", "comment_missing": "comment"}

_SIDES = {
    OwnerSide.PARTNER: _l("The partner"),
    OwnerSide.AGENCY: _l("Our agency"),
}


class _TermsFields(PageForm):
    """What is said about an action."""

    words = TextAreaField(
        _l("What is to be done"), [NotBlank(_l("Write what is to be done.")), at_most(LONG)]
    )
    owner_side = RadioField(
        _l("Whose side does it"),
        [required(_l("Choose who does it."))],
        choices=[SelectChoice(side.value, _SIDES[side]) for side in OwnerSide],
    )
    owner = StringField(_l("Role of the owner"), [at_most(120)])
    due_on = DateBoxes(_l("Due on"))

    def terms(self, *, model: str = "") -> ActionTerms:
        """Return what was said; words that are the model action's are not words of one's own."""
        said = self.words.data or ""
        return ActionTerms(
            words="" if said == model else said,
            owner_side=OwnerSide(self.owner_side.data),
            owner=(self.owner.data or "").strip(),
            due_on=self.due_on.value,
        )


class ActionForm(_TermsFields, SeenForm):
    """An action that is there."""


class NewActionForm(_TermsFields):
    """An action to add; the choices are the standards of the plan's instrument."""

    standard = SelectField(_l("Standard"))


class DoneForm(SeenForm):
    """The owner says that an action is done."""

    note = TextAreaField(_l("What was done"), [at_most(LONG)])


class ReturnForm(SeenForm):
    """Why a done action goes back to its owner."""

    comment = TextAreaField(
        _l("What is still missing"), [NotBlank(_l("Write what is still missing.")), at_most(LONG)]
    )


class SeenOnlyForm(SeenForm):
    """A deed without anything to fill in: to agree, to verify."""

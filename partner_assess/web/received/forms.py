"""This file holds the forms with which a report is received and decided upon."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf.file import MultipleFileField
from wtforms import RadioField, TextAreaField, ValidationError

from partner_assess.domain.acceptance import Decision, Proposal
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
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l

# Where the page says what a rule refused.
PROBLEM_AT = {
    "conditions_missing": "conditions",
    "reassess_reasons_missing": "reasons",
    "review_not_before_expiry": "review_on",
    "not_acceptable": "decision",
    "only_with_reservations": "decision",
    "reason_missing": "reason",
}

MOST_FILES = 20
REGISTER, LATER = "register", "later"


class ArriveForm(PageForm):
    """One file or many."""

    files = MultipleFileField(_l("The PDFs"))

    def validate_files(self, field: Any) -> None:
        """Raise ValidationError where no file was chosen, or too many."""
        if not self.chosen:
            raise ValidationError(_("Choose at least one PDF."))
        if len(self.chosen) > MOST_FILES:
            raise ValidationError(_("Choose at most %(count)s files at a time.", count=MOST_FILES))

    @property
    def chosen(self) -> list[Any]:
        """Return the files that were sent."""
        return [one for one in self.files.data or [] if getattr(one, "filename", "")]


class _AboutFields:
    """Whom it is about: one of those offered, a new partner, or to be said later."""

    partner: Any

    def offer(self, partners: list[tuple[str, str]], *, may_wait: bool) -> None:
        """Offer the partners that it may be about."""
        choices = [SelectChoice(value, label) for value, label in partners]
        choices.append(SelectChoice(REGISTER, _("None of these: register the partner anew")))
        if may_wait:
            choices.append(SelectChoice(LATER, _("Say so later")))
        self.partner.choices = choices

    @property
    def partner_id(self) -> UUID | None:
        """Return the partner that was chosen; None for a new one, or later."""
        chosen = self.partner.data
        return None if chosen in {REGISTER, LATER} else UUID(chosen)

    @property
    def is_new(self) -> bool:
        """Return whether the partner is to be registered."""
        return self.partner.data == REGISTER


def _partner_field() -> RadioField:
    return RadioField(
        _l("Which of your partners is it about?"),
        [required(_l("Say which partner it is about."))],
    )


class KeepForm(_AboutFields, PageForm):
    """Receive a file whose contents were looked at."""

    partner = _partner_field()


class PartnerForm(_AboutFields, SeenForm):
    """Say whom a received report is about."""

    partner = _partner_field()


class ProposeForm(SeenForm):
    """What the officer proposes."""

    decision = RadioField(
        _l("Your proposal"),
        [required(_l("Select what you propose."))],
        choices=[
            SelectChoice(Decision.ACCEPT.value, _l("Accept")),
            SelectChoice(Decision.RESERVATIONS.value, _l("Accept with reservations")),
            SelectChoice(Decision.REASSESS.value, _l("Assess again")),
        ],
    )
    conditions = TextAreaField(_l("What are your reservations?"), [at_most(LONG)])
    review_on = DateBoxes(_l("Review it on"))
    extra_assurance = TextAreaField(_l("Further visits and checks"), [at_most(LONG)])
    reasons = TextAreaField(_l("Why assess again?"), [at_most(LONG)])

    def proposal(self) -> Proposal:
        """Return what was proposed; what belongs to another decision is left out."""
        decision = Decision(self.decision.data)
        is_reserved = decision is Decision.RESERVATIONS
        return Proposal(
            decision=decision,
            reasons=(self.reasons.data or "").strip() if decision is Decision.REASSESS else "",
            conditions=(self.conditions.data or "").strip() if is_reserved else "",
            review_on=self.review_on.value if is_reserved else None,
            extra_assurance=(self.extra_assurance.data or "").strip() if is_reserved else "",
        )


class CountersignForm(SeenForm):
    """Nothing but the version that was seen: the proposal stands as it is."""


class CommentForm(SeenForm):
    """Why a proposal goes back, or a report is set aside."""

    reason = TextAreaField(
        _l("Comment"), [NotBlank(_l("Write what the officer is to do.")), at_most(LONG)]
    )


class SetAsideForm(SeenForm):
    """Why a report is not needed here."""

    reason = TextAreaField(
        _l("Reason"), [NotBlank(_l("Write why it is not needed here.")), at_most(LONG)]
    )

"""This file holds the forms about partnerships."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField

from partner_assess.usecases.partnerships import Terms
from partner_assess.web.forms import LONG, DateBoxes, NotBlank, SeenForm, at_most
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l

# What the column holds on every database, in whole dollars.
_MOST_USD = 2_000_000_000


class PartnershipForm(SeenForm):
    """What the agreement says."""

    title = StringField(_l("Title"), [NotBlank(_l("Enter a title.")), at_most(200)])
    reference = StringField(
        _l("Agreement reference"), [NotBlank(_l("Enter the agreement’s reference.")), at_most(60)]
    )
    office = SelectField(_l("Office"))
    starts_on = DateBoxes(_l("First day"), required=_l("Enter the first day."))
    ends_on = DateBoxes(_l("Last day"), required=_l("Enter the last day."))
    amount_usd = StringField(_l("Amount in US dollars"), [at_most(20)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field is well-formed, and the days in order."""
        is_valid = super().validate(extra_validators)
        first, last = self.starts_on.value, self.ends_on.value
        if is_valid and first and last and last < first:
            self.add_problem("ends_on", _("Enter a last day that is not before the first day."))
            return False
        if is_valid and self.amount() == -1:
            self.add_problem("amount_usd", _("Enter the amount in figures, for example 286,400."))
            return False
        return is_valid

    def amount(self) -> int | None:
        """Return whole US dollars, None when nothing was typed, -1 for what is no amount."""
        typed = (self.amount_usd.data or "").replace(",", "").replace(" ", "").replace("\u00a0", "")
        if not typed:
            return None
        return int(typed) if typed.isdecimal() and int(typed) <= _MOST_USD else -1

    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(
            reference=(self.reference.data or "").strip(),
            title=(self.title.data or "").strip(),
            starts_on=self.starts_on.value or date.min,
            ends_on=self.ends_on.value or date.min,
            amount_usd=self.amount(),
        )


class EndForm(SeenForm):
    """Why a partnership ends."""

    reason = TextAreaField(
        _l("Reason"), [NotBlank(_l("Write the reason, in general words.")), at_most(LONG)]
    )


class LivesForm(SeenForm):
    """Whether suspending would put lives at risk, and why."""

    marked = BooleanField(_l("Suspending this partnership would threaten lives"))
    reason = TextAreaField(_l("Why"), [at_most(LONG)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether a mark has its reason."""
        is_valid = super().validate(extra_validators)
        if is_valid and self.marked.data and not (self.reason.data or "").strip():
            self.add_problem("reason", _("Write why suspending would threaten lives."))
            return False
        return is_valid

"""This file holds the forms with which an approval is asked for, given and declined."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, TextAreaField

from partner_assess.domain.approval import Justification
from partner_assess.usecases.approvals import Running, Terms
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
PROBLEM_AT = {"review_day_not_ahead": "review_on", "reasons_missing": "reasons"}


class AskForm(PageForm):
    """The written justification: six parts, each of which the head of office reads."""

    why_this_partner = TextAreaField(
        _l("Why this partner"), [NotBlank(_l("Write why it is this partner.")), at_most(LONG)]
    )
    alternatives = TextAreaField(
        _l("Alternatives considered"),
        [NotBlank(_l("Write which alternatives you looked at.")), at_most(LONG)],
    )
    mitigation = TextAreaField(
        _l("Until the gaps close"),
        [NotBlank(_l("Write what protects people until the gaps close.")), at_most(LONG)],
    )
    assurance = TextAreaField(
        _l("Assurance activities"),
        [NotBlank(_l("Write which visits and checks there will be.")), at_most(LONG)],
    )
    monitored_by = TextAreaField(
        _l("Who follows up"), [NotBlank(_l("Write who follows up.")), at_most(LONG)]
    )
    review_on = DateBoxes(
        _l("Review the approval on"), required=_l("Enter the day on which it is looked at again.")
    )

    def justification(self) -> Justification:
        """Return what was written."""
        return Justification(
            why_this_partner=self.why_this_partner.data or "",
            alternatives=self.alternatives.data or "",
            mitigation=self.mitigation.data or "",
            assurance=self.assurance.data or "",
            monitored_by=self.monitored_by.data or "",
            review_on=self.review_on.value,
        )


class ApproveForm(SeenForm):
    """What goes with an approval."""

    conditions = TextAreaField(_l("Conditions"), [at_most(LONG)])
    review_on = DateBoxes(
        _l("Review the approval on"), required=_l("Enter the day on which you look at it again.")
    )
    valid_until = DateBoxes(_l("Valid until"))
    lives_confirmed = BooleanField(_l("I confirm: suspending it would put lives at risk"))

    def terms(self) -> Terms:
        """Return what was decided. Only for a form that is well-formed."""
        review_on = self.review_on.value
        if review_on is None:
            raise ValueError("the form was not validated")
        return Terms(
            conditions=(self.conditions.data or "").strip(),
            review_on=review_on,
            valid_until=self.valid_until.value,
            lives_at_risk_confirmed=bool(self.lives_confirmed.data),
        )


class DeclineForm(SeenForm):
    """Why a partnership that does not run yet is declined."""

    reasons = TextAreaField(
        _l("Reasons"),
        [NotBlank(_l("Write the reasons. They are kept with the decision.")), at_most(LONG)],
    )

    @property
    def of_running(self) -> Running:
        """Return what becomes of it; one that does not run just stays proposed."""
        return Running.SUSPEND


class DeclineRunningForm(DeclineForm):
    """Why a partnership that runs is declined, and what becomes of it."""

    running = RadioField(
        _l("What becomes of the partnership"),
        [required(_l("Choose whether it is suspended or ended."))],
        choices=[
            SelectChoice(Running.SUSPEND.value, _l("Suspend it")),
            SelectChoice(Running.END.value, _l("End it")),
        ],
    )

    @property
    def of_running(self) -> Running:
        """Return what was chosen."""
        return Running(self.running.data)

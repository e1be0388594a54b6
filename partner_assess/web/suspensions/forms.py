"""This file holds the forms of suspensions and life-saving exceptions."""

from __future__ import annotations

from wtforms import TextAreaField

from partner_assess.web.forms import LONG, DateBoxes, NotBlank, SeenForm, at_most
from partner_assess.web.i18n import lazy_gettext as _l

# Where the page says what a rule refused.
PROBLEM_AT = {
    "reason_missing": "reason",
    "review_day_not_ahead": "review_on",
    "exception_end_not_ahead": "ends_on",
}


class SuspendForm(SeenForm):
    """Why a partnership is suspended."""

    reason = TextAreaField(
        _l("Reason"), [NotBlank(_l("Write the reason, in general words.")), at_most(LONG)]
    )


class LiftForm(SuspendForm):
    """Why a suspension is lifted, and when that is looked at again."""

    review_on = DateBoxes(
        _l("Review on"), required=_l("Enter the day on which you look at it again.")
    )


class ExceptionForm(SuspendForm):
    """Why stopping would threaten lives, and until when the partnership goes on."""

    ends_on = DateBoxes(_l("Last day of the exception"), required=_l("Enter its last day."))

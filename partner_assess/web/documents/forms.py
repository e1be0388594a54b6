"""This file holds the forms about documents."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField

from partner_assess.domain.report import Profile
from partner_assess.domain.sharing import LINK_DAYS
from partner_assess.usecases.sharing import Consent, Receiver
from partner_assess.web.forms import SHORT, PageForm, SelectChoice, at_most
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l
from partner_assess.web.recipients import day_choices

PROFILES = {
    Profile.FULL: _l("Full: ratings, comments, kinds of evidence, action plan"),
    Profile.SUMMARY: _l("Summary: the result without its reasons"),
}
CONSENTS = {
    Consent.GIVEN: _l("The partner agreed to this"),
    Consent.AGREEMENT: _l("The agreement with the partner covers it"),
}
FILE, LINK = "file", "link"


class MakeForm(PageForm):
    """How much the document tells; and where it is handed over: to whom, what for, how."""

    profile = RadioField(
        _l("How much it tells"),
        choices=[SelectChoice(profile.value, words) for profile, words in PROFILES.items()],
        default=Profile.FULL.value,
    )
    recipient = StringField(
        _l("For whom"),
        [at_most(SHORT)],
        render_kw={"list": "known-agencies", "autocomplete": "off"},
    )
    purpose = StringField(_l("What for"), [at_most(SHORT)])
    consent = RadioField(
        _l("The partner’s consent"),
        choices=[SelectChoice(consent.value, words) for consent, words in CONSENTS.items()],
        validate_choice=False,
    )
    how = RadioField(
        _l("How they get it"),
        choices=[
            SelectChoice(FILE, _l("As a file that you send")),
            SelectChoice(LINK, _l("By a link that ends by itself, and that you can take back")),
        ],
        default=FILE,
    )
    days = SelectField(_l("The link ends after"), choices=day_choices(), default=str(LINK_DAYS))

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether it is well-formed; who gets it brings what for and consent with it."""
        is_valid = super().validate(extra_validators)
        before = bool(self.errors)
        if self.receiver().name:
            if not self.receiver().purpose:
                self.add_problem("purpose", _("Say what for, in general words."))
            if self.consent.data not in set(Consent) - {Consent.NOT_STATED}:
                self.add_problem("consent", _("Say what the partner’s consent rests on."))
        elif self.how.data == LINK:
            self.add_problem("recipient", _("Say who gets the link: an office or agency."))
        elif self.receiver().purpose:
            self.add_problem("recipient", _("Say who gets it, or leave out what for."))
        return is_valid and bool(self.errors) == before

    def receiver(self) -> Receiver:
        """Return for whom it is meant; nobody, where it is made for one's own office."""
        is_stated = self.consent.data in {Consent.GIVEN, Consent.AGREEMENT}
        return Receiver(
            (self.recipient.data or "").strip(),
            (self.purpose.data or "").strip(),
            consent=Consent(self.consent.data) if is_stated else Consent.NOT_STATED,
        )


class DraftForm(PageForm):
    """A deed without anything to fill in."""

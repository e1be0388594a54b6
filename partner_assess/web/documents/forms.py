"""This file holds the forms about documents."""

from __future__ import annotations

from wtforms import RadioField, StringField

from partner_assess.domain.report import Profile
from partner_assess.usecases.sharing import Receiver
from partner_assess.web.forms import SHORT, PageForm, SelectChoice, at_most
from partner_assess.web.i18n import lazy_gettext as _l

PROFILES = {
    Profile.FULL: _l("Full: ratings, comments, kinds of evidence, action plan"),
    Profile.SUMMARY: _l("Summary: the result without its reasons"),
}


class MakeForm(PageForm):
    """How much the document tells, for whom and what for."""

    profile = RadioField(
        _l("How much it tells"),
        choices=[SelectChoice(profile.value, words) for profile, words in PROFILES.items()],
        default=Profile.FULL.value,
    )
    recipient = StringField(_l("For whom"), [at_most(SHORT)])
    purpose = StringField(_l("What for"), [at_most(SHORT)])

    def receiver(self) -> Receiver:
        """Return for whom it is meant, as the trail keeps it."""
        return Receiver((self.recipient.data or "").strip(), (self.purpose.data or "").strip())


class DraftForm(PageForm):
    """A deed without anything to fill in."""

"""This file holds the forms about share links and the trust bundle."""

from __future__ import annotations

from wtforms import SelectField, StringField

from partner_assess.domain.sharing import LINK_DAYS
from partner_assess.usecases.sharing import Receiver
from partner_assess.web.forms import SHORT, NotBlank, PageForm, at_most
from partner_assess.web.i18n import lazy_gettext as _l
from partner_assess.web.recipients import day_choices


class FetchForm(PageForm):
    """A deed without anything to fill in."""


class BundleLinkForm(PageForm):
    """Who fetches the trust bundle by a link, what for, and for how long."""

    recipient = StringField(
        _l("For whom"),
        [NotBlank(_l("Say who gets it: an office or agency.")), at_most(SHORT)],
        render_kw={"list": "known-agencies", "autocomplete": "off"},
    )
    purpose = StringField(
        _l("What for"), [NotBlank(_l("Say what for, in general words.")), at_most(SHORT)]
    )
    days = SelectField(_l("The link ends after"), choices=day_choices(), default=str(LINK_DAYS))

    def receiver(self) -> Receiver:
        """Return for whom it is meant."""
        return Receiver(self.recipient.data or "", self.purpose.data or "")

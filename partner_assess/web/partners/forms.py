"""This file holds the forms about partners."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.usecases.partners import Identity
from partner_assess.web import i18n, words
from partner_assess.web.forms import LONG, NotBlank, PageForm, SeenForm, SelectChoice, at_most
from partner_assess.web.i18n import lazy_gettext as _l


class PartnerForm(SeenForm):
    """Who a partner is."""

    name = StringField(
        _l("Legal name"), [NotBlank(_l("Enter the partner’s legal name.")), at_most(200)]
    )
    acronym = StringField(_l("Acronym"), [at_most(40)])
    partner_type = RadioField(
        _l("Kind of organization"),
        [InputRequired(_l("Select the kind of organization."))],
        choices=[SelectChoice(kind.value, words.lazy(kind)) for kind in PartnerType],
    )
    scope = RadioField(
        _l("National or international"),
        [InputRequired(_l("Select whether it is national or international."))],
        choices=[SelectChoice(scope.value, words.lazy(scope)) for scope in Scope],
    )
    country = SelectField(_l("Country"), [InputRequired(_l("Select the country."))])
    office = SelectField(_l("Office that works with it"))
    vendor_number = StringField(_l("Vendor number"), [at_most(40)])
    unpp_id = StringField(_l("UN Partner Portal id"), [at_most(40)])
    meets_beneficiaries = RadioField(
        _l("Do its people meet beneficiaries?"),
        [InputRequired(_l("Select whether its people meet beneficiaries."))],
        choices=[
            SelectChoice("yes", _l("Yes, its people or those it hires meet beneficiaries")),
            SelectChoice("no", _l("No, its work never brings them into contact")),
        ],
    )

    is_another = BooleanField(_l("This is another organization"))

    def offer(self, offices: list[tuple[str, str]], *, own: str) -> None:
        """Offer the offices, and the countries with the one at hand first."""
        self.office.choices = [SelectChoice(value, name) for value, name in offices]
        others = [SelectChoice(code, name) for code, name in i18n.countries() if code != own]
        self.country.choices = [SelectChoice(own, i18n.country(own)), *others]

    def identity(self) -> Identity:
        """Return what was typed."""
        return Identity(
            name=(self.name.data or "").strip(),
            acronym=(self.acronym.data or "").strip(),
            partner_type=PartnerType(self.partner_type.data),
            scope=Scope(self.scope.data),
            country=self.country.data,
            vendor_number=(self.vendor_number.data or "").strip(),
            unpp_id=(self.unpp_id.data or "").strip(),
            meets_beneficiaries=self.meets_beneficiaries.data == "yes",
        )


class ReasonForm(PageForm):
    """Why, in general words."""

    reason = TextAreaField(
        _l("Reason"), [NotBlank(_l("Write the reason, in general words.")), at_most(LONG)]
    )

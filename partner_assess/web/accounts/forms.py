"""This file holds the forms of signing in and out."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField

from partner_assess.web.forms import NotBlank, PageForm, at_most, required
from partner_assess.web.i18n import lazy_gettext as _l


class LoginForm(PageForm):
    """E-mail and password."""

    email = StringField(
        _l("E-mail address"), [NotBlank(_l("Enter your e-mail address.")), at_most(254)]
    )
    password = PasswordField(_l("Password"), [required(_l("Enter your password.")), at_most(400)])
    next = HiddenField()


class PlainForm(PageForm):
    """A deed without anything to fill in."""

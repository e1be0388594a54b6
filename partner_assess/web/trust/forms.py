"""This file holds the forms about whose signatures count."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField, ValidationError

from partner_assess.web.forms import LONG, SHORT, NotBlank, PageForm, SeenForm, at_most
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l

# Where a page says what a rule refused: at this field, or at the file on a page without it.
PROBLEM_AT = {
    "bad_agency_code": "agency",
    "speaks_for_another": "agency",
    "fingerprint_differs": "fingerprint",
    "reason_missing": "reason",
    "older": "file",
    **dict.fromkeys(
        (
            "no_certificate",
            "several_certificates",
            "not_a_root",
            "certificate_expired",
            "unreadable",
            "untrusted",
            "tampered",
            "revoked",
            "expired_certificate",
            "bad_status_list",
        ),
        "file",
    ),
}


class FileForm(PageForm):
    """A file that somebody handed in."""

    file = FileField(_l("File"))

    def validate_file(self, field: Any) -> None:
        """Raise ValidationError where none was chosen."""
        if not (field.data and field.data.filename):
            raise ValidationError(_("Choose the file."))

    def say_that_no_file_is_kept(self) -> None:
        """Ask for the file again where something else was wrong: a browser does not keep it."""
        if self.errors and not self.file.errors:
            self.add_problem("file", _("Choose the file again: a browser does not keep it."))

    def content(self) -> bytes:
        """Return what is in the file."""
        return self.file.data.read()


class AddForm(FileForm):
    """A root certificate, and whom it speaks for."""

    agency = StringField(
        _l("Short code of the agency"),
        [NotBlank(_l("Enter the short code that its documents begin with.")), at_most(SHORT)],
    )


class ConfirmForm(SeenForm):
    """The fingerprint, as the other agency tells it."""

    fingerprint = StringField(
        _l("Fingerprint"), [NotBlank(_l("Enter the fingerprint.")), at_most(SHORT)]
    )


class RemoveForm(SeenForm):
    """Why a root counts no more."""

    reason = TextAreaField(
        _l("Reason"), [NotBlank(_l("Write the reason, in general words.")), at_most(LONG)]
    )

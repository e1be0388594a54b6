"""This file holds what the gate found as sentences: one for the whole, one for each problem."""

from __future__ import annotations

from partner_assess.domain.report.verdict import Verdict
from partner_assess.web import i18n
from partner_assess.web.i18n import gettext as _


def headline(verdict: Verdict, *, agency: str) -> str:
    """Return the one sentence for the whole; `agency` is the name of whoever signed."""
    if not verdict.trusted or verdict.signed_at is None:
        return _("Not trusted: nothing in this file is to be relied on.")
    told = {"agency": agency, "day": i18n.day(verdict.signed_at)}
    return _("Signed by %(agency)s, %(day)s; unchanged; trusted.", **told)


def problems(verdict: Verdict) -> list[str]:
    """Return a sentence for each problem, in the order in which they were found."""
    return [one.value for one in verdict.problems]

"""This file holds what the gate found as sentences: one for the whole, one for each problem.

A problem's sentence says what is wrong, and what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.web import i18n
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l

PROBLEMS: Mapping[Refusal, Any] = {
    Refusal.EMPTY: _l("The file is empty. Ask for it again."),
    Refusal.TOO_LARGE: _l(
        "The file is larger than any shared assessment. Choose the PDF that the agency sent."
    ),
    Refusal.NOT_PDF: _l("This is no PDF. Choose the PDF that the agency sent."),
    Refusal.DAMAGED: _l(
        "The PDF is damaged and cannot be read. Fetch it again from where it came from."
    ),
    Refusal.ENCRYPTED: _l("The PDF has a password. Ask the agency for the file as it issued it."),
    Refusal.TOO_COMPLEX: _l(
        "Reading this file takes more than any shared assessment does. Do not open it elsewhere;"
        " ask the agency for the file as it issued it."
    ),
    Refusal.UNSIGNED: _l(
        "No agency has signed this file, so anybody may have made it. Ask the agency for the signed"
        " one."
    ),
    Refusal.SEVERAL_SIGNATURES: _l(
        "More than one signature is on this file, and one may cover up the other. Ask the agency"
        " for the file as it issued it."
    ),
    Refusal.NOT_CERTIFIED: _l(
        "The signature allows changes after it, so what you see need not be what was signed. Ask"
        " the agency for a certified document."
    ),
    Refusal.SIGNATURE_FORM: _l(
        "The signature has not the form of a shared assessment’s. Ask the agency for the file as"
        " it issued it."
    ),
    Refusal.TAMPERED: _l(
        "The file was changed after it was signed. Do not rely on it; fetch it again, and tell the"
        " agency if the new one says the same."
    ),
    Refusal.MODIFIED_AFTER_SIGNING: _l(
        "Something was added after the file was signed. Do not rely on it; ask the agency for the"
        " file as it issued it."
    ),
    Refusal.UNTRUSTED: _l(
        "Whoever signed this is not on your agency’s list. If you know the agency, ask an"
        " administrator to add its root certificate."
    ),
    Refusal.CERTIFICATE_EXPIRED: _l(
        "The certificate had ended when this was signed. Ask the agency for a document that is"
        " signed anew."
    ),
    Refusal.CERTIFICATE_NOT_YET_VALID: _l(
        "The certificate did not count yet when this was signed. Ask the agency for a document that"
        " is signed anew."
    ),
    Refusal.SIGNED_IN_FUTURE: _l(
        "The file says that it was signed later than now. Ask an administrator to check the clock"
        " of this installation; if it is right, ask the agency for a document that is signed anew."
    ),
    Refusal.WEAK_ALGORITHM: _l(
        "The signature is made in a way that can be forged. Ask the agency for a document that is"
        " signed anew."
    ),
    Refusal.TIME_STAMP: _l(
        "The time stamp is not of an authority on your agency’s list. Ask an administrator to add"
        " the authority’s root certificate, under the authority’s own name."
    ),
    Refusal.REVOKED: _l(
        "The agency has revoked the certificate: somebody else may have signed this. Ask the agency"
        " for a document that is signed anew."
    ),
    Refusal.REVOCATION_UNKNOWN: _l(
        "Nothing says whether the certificate was revoked when this was signed. Ask an"
        " administrator to add the agency’s newest revocation list."
    ),
    Refusal.KEY_USAGE: _l(
        "The certificate is not meant for signing documents. Ask the agency for a document that is"
        " signed with its seal."
    ),
    Refusal.ISSUER_MISMATCH: _l(
        "The agency that signed this is not the one that it says made the assessment. Do not rely"
        " on it, and tell both agencies."
    ),
    Refusal.EMBEDDED_FILES: _l(
        "The file does not hold its data as a shared assessment does. Ask the agency for the file"
        " as it issued it."
    ),
    Refusal.NO_DATA: _l(
        "The file holds no data that could be imported. Ask the agency for a document that is made"
        " for sharing."
    ),
    Refusal.NOT_CANONICAL: _l(
        "The data inside is not written in the one way that cannot be read in two. Ask the agency"
        " for the file as it issued it."
    ),
    Refusal.SCHEMA: _l(
        "The data inside is not what this version reads. Ask an administrator whether there is a"
        " newer version; else tell the agency."
    ),
    Refusal.CONTRADICTION: _l(
        "The data inside says things that cannot be true together. Tell the agency, and ask for a"
        " corrected document."
    ),
    Refusal.UNKNOWN_FRAMEWORK: _l(
        "This installation does not know the question set, or knows it with other words. Ask an"
        " administrator for the version that the document names."
    ),
    Refusal.NOT_FINAL: _l(
        "The assessment is not finished. Ask the agency for the document once it is final."
    ),
}


def headline(verdict: Verdict, *, agency: str) -> str:
    """Return the one sentence for the whole; `agency` is the name of whoever signed."""
    if not verdict.trusted or verdict.signed_at is None:
        return _("Not trusted: nothing in this file is to be relied on.")
    told = {"agency": agency, "day": i18n.day(verdict.signed_at)}
    if verdict.seal_ended:
        return _(
            "Signed by %(agency)s, %(day)s, with a certificate that counted then and has ended"
            " since; unchanged; trusted.",
            **told,
        )
    return _("Signed by %(agency)s, %(day)s; unchanged; trusted.", **told)


def problems(verdict: Verdict) -> list[str]:
    """Return a sentence for each problem, in the order in which they were found."""
    return [str(PROBLEMS[one]) for one in verdict.problems]

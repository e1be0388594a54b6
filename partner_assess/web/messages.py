"""This file holds one sentence for each refusal: what is wrong, and what to do."""

from __future__ import annotations

from typing import Any

from partner_assess.domain.errors import RuleError
from partner_assess.web.i18n import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "refused": _l("This is not possible."),
    "changed_meanwhile": _l(
        "Somebody changed this since you opened it. Look at it again, then do what you meant to."
    ),
    "not_permitted": _l("Your role does not allow this. Ask the person it belongs to."),
    "not_separate_assessment_answer": _l("Only the assessor of this assessment may answer it."),
    "not_separate_assessment_review": _l(
        "You rated a standard of this assessment. Somebody else must review it."
    ),
    "not_separate_approval_decide": _l(
        "You rated or finalised this assessment. Somebody else must decide on the partnership."
    ),
    "action_not_allowed": _l(
        "This cannot be done any more, or not yet. The page shows where it stands now."
    ),
    "assessment_incomplete": _l("Something is still missing before this can be submitted."),
    "assessment_already_open": _l("An assessment with this instrument is open already."),
    "outside_tiers": _l(
        "Governments and United Nations entities are not assessed with this instrument."
    ),
    "unknown_answer": _l("One of the answers is not in this instrument. Choose another."),
    "comment_missing": _l("Write what is to be changed."),
    "partner_number_taken": _l(
        "%(partner)s (%(number)s) bears this number already. Open that partner instead."
    ),
    "meets_beneficiaries": _l(
        "The partner’s details say that it meets beneficiaries. Change them first, if that is"
        " not so."
    ),
    "reference_taken": _l("Another partnership bears the reference %(reference)s."),
    "amendment_barred": _l(
        "A partnership that is suspended, or waits for the head of office’s approval, is neither"
        " renewed nor amended. The head of office decides first."
    ),
    "partnership_hindered": _l("This partnership cannot become active yet."),
    "lives_not_marked": _l("The officer has not marked this partnership as lives at risk."),
    "justification_incomplete": _l("Fill in every part of the justification."),
    "not_high_risk": _l(
        "The partner’s current result is not high SEA risk: no approval is needed."
    ),
    "already_asked": _l("A request for this partnership waits for the head of office already."),
    "already_approved": _l("This partnership is approved already."),
    "nothing_to_except": _l(
        "No plan date hangs over this partnership: there is nothing to except it from."
    ),
    "emergency_in_force": _l("An emergency record is in force already."),
    "result_changed": _l(
        "The partner has another result by now. Ask for a new request on that one."
    ),
    "review_day_not_ahead": _l("Enter a review day after today, and not after the end."),
    "reasons_missing": _l("Write the reasons. They are kept with the decision."),
    "reason_missing": _l("Write the reason, in general words."),
    "exception_end_not_ahead": _l("Enter the last day of the exception, today or later."),
    "plan_not_open": _l("This plan, or this action, is finished and cannot be changed."),
    "plan_not_agreed": _l("Agree the plan with the partner first."),
    "action_after_plan": _l("Enter a day that is not after the plan’s last day."),
    "email_taken": _l("There is an account with this e-mail address."),
    "no_result": _l("The assessment has no result yet."),
    "document_not_final": _l("Only a final assessment is shared. This one is not final."),
    "unknown_language": _l("The instrument has no words in this language."),
    "bad_bundle": _l("The facts cannot be written as a document. Tell your administrator."),
    "unknown_framework": _l("This installation does not know that instrument."),
    "fingerprint_differs": _l(
        "This is not the fingerprint of the certificate. Ask the other agency for it again, by"
        " another way than the file came."
    ),
    "second_person_needed": _l(
        "You added this root. Another administrator must confirm it, by its fingerprint."
    ),
    "bad_agency_code": _l(
        "Enter the short code that the agency’s documents begin with, such as UNX: letters,"
        " figures, dots and dashes."
    ),
    "speaks_for_another": _l(
        "This root is known to speak for %(agency)s. One root speaks for one agency; ask them"
        " which is right."
    ),
    "older": _l("What we have is as new as this, or newer. Nothing was changed."),
    "no_certificate": _l("The file holds no certificate. Choose the other agency’s root."),
    "several_certificates": _l(
        "The file holds several certificates. Choose the one that holds the root alone."
    ),
    "not_a_root": _l(
        "This certificate is no root, so it vouches for nobody. Ask the other agency for its root."
    ),
    "certificate_expired": _l(
        "This root has ended. Ask the other agency for the one that came after."
    ),
    "unreadable": _l(
        "The file is damaged, or none of those that are taken here. Ask for it again."
    ),
    "untrusted": _l("Nobody whose root counts here has signed this file. Nothing was changed."),
    "tampered": _l("The file was changed after it was signed. Ask for it again."),
    "revoked": _l("Whoever signed this file may not sign any more. Ask the agency what happened."),
    "expired_certificate": _l("The seal on this file has ended. Ask for a newer one."),
    "no_seal": _l("This agency has no seal here, so it cannot sign. Tell your administrator."),
    "seal_failed": _l("The document could not be signed. Tell your administrator."),
    "recipient_incomplete": _l("Say who gets it and what for."),
    "link_days_out_of_range": _l("A link lives at least one day, and at most %(most)s."),
    "link_ended": _l("The link has ended, or was taken back."),
    "no_such_link": _l("There is no such link. Ask the office that sent it for a new one."),
    "document_not_made_yet": _l("The document is still being made. Try again in a minute."),
    "bad_status_list": _l(
        "The file is neither a status list nor a trust bundle of the agency that signed it."
    ),
    "bad_trust_bundle": _l("The file is no trust bundle of the agency that signed it."),
    "not_separate_received_countersign": _l(
        "You proposed this decision. Somebody else must countersign it."
    ),
    "not_trusted": _l("This file is not trusted. Nothing of it was kept."),
    "own_document": _l("Your own agency issued this document. There is nothing to decide."),
    "older_issue": _l("A newer issue of this document is here already: issue %(issue)s."),
    "partner_settled": _l("Whom it is about cannot be changed: a decision is proposed already."),
    "partner_unconfirmed": _l("Say first which partner it is about."),
    "partner_of_other_office": _l(
        "This partner belongs to %(office)s. Send the file to your colleagues there."
    ),
    "not_acceptable": _l("This result cannot be accepted here. Propose to assess again."),
    "only_with_reservations": _l(
        "This result is accepted with reservations only. Write them, with an earlier review."
    ),
    "conditions_missing": _l("Write what your reservations are."),
    "reassess_reasons_missing": _l("Write why the partner is to be assessed again."),
    "review_not_before_expiry": _l(
        "Enter a review day after today and before the day the result expires."
    ),
    "date_out_of_range": _l("This date is too far away."),
    "bad_policy": _l("The policy has a setting that is not allowed."),
    "agency_code_taken": _l("There is an agency with this short code."),
    "office_taken": _l("The agency has an office of this name."),
    "unknown_time_zone": _l("There is no such time zone. Enter one such as Africa/Nairobi."),
    "unknown_standard": _l("The instrument has no such standard."),
    "unknown_rating": _l("The instrument has no such rating. Choose another."),
    "ratings_missing": _l("Rate every standard first."),
    "score_out_of_range": _l("The sum of the points is outside what the instrument knows."),
    "evidence_not_taken": _l("This standard takes no evidence: its answer is enough."),
    "evidence_type_unknown": _l("Select one of the kinds listed for this standard."),
    "evidence_title_missing": _l("Say what it is, since you chose “Other”."),
    "evidence_title_too_long": _l("Write 200 characters or fewer."),
    "evidence_dated_in_future": _l("Enter a day that has come: today or earlier."),
    "evidence_proves_unknown": _l("Tick only indicators that stand on this page."),
    "evidence_without_file": _l("This piece of evidence came without a file."),
    "evidence_refused": _l("This evidence cannot be recorded as it is described."),
    "boundary_not_confirmed": _l(
        "Look through the file, then tick that it holds no names, no case facts and blank forms"
        " only."
    ),
    "too_many_files": _l(
        "A standard holds up to %(limit)s files. Remove one first, or describe the paper without"
        " its file."
    ),
    "file_type_refused": _l("Choose a PDF, Word (docx), Excel (xlsx), PNG or JPG file."),
    "file_is_archive": _l("Archives are not taken. Unpack it, and add the document itself."),
    "file_is_old_office": _l("Save it as docx, xlsx or PDF, and add that."),
    "file_is_other_image": _l("Save the picture as JPG or PNG, and add that."),
    "file_has_macros": _l("The file holds macros. Save it as docx, xlsx or PDF without them."),
    "file_has_scripts": _l("The PDF holds scripts. Print it to a new PDF, and add that."),
    "file_has_attachments": _l("The file holds other files. Save it without them, and add that."),
    "file_has_links": _l(
        "The file fetches content from elsewhere. Save it without linked content, or as PDF."
    ),
    "file_encrypted": _l("The file has a password. Save it without one, and add that."),
    "file_content_differs": _l(
        "What the file holds is not what its name says. Save it anew in the program it was made"
        " with, and add that."
    ),
    "file_damaged": _l("The file is damaged and cannot be read. Save it anew, and add that."),
    "file_empty": _l("The file is empty. Choose another."),
    "file_too_large": _l(
        "The file has more than %(limit_mb)s MB. Make it smaller, or describe it without the file."
    ),
    "file_unpacks_too_large": _l("The file unpacks to far more than it should. Choose another."),
    "file_image_too_large": _l(
        "The picture has more than %(limit_megapixels)s million points. Make it smaller."
    ),
}


def sentence(error: RuleError) -> str:
    """Return the sentence for a refusal, in the reader's language."""
    template = SENTENCES.get(error.code) or SENTENCES["refused"]
    return str(template) % error.params if error.params and "%(" in str(template) else str(template)

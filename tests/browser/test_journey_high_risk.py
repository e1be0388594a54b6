"""This file holds the main story: from a partner nobody knows to a document that can be shared."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pikepdf

from tests.browser.pages import assessing, partnering
from tests.browser.pages.assessing import STANDARDS
from tests.browser.pages.person import Person

PARTNER = "Demo: Mangrove Learning Circle"
PARTNERSHIP = "Reading rooms on the coast"
CONDITIONS = "A focal point is named before the first session."


def test_a_high_risk_partner_is_assessed_approved_planned_and_shared(
    somebody: Callable[..., Person],
) -> None:
    officer, focal, head = somebody("officer"), somebody("focal"), somebody("head")

    # Given a partner that the officer registers and assesses
    assessing.register_partner(officer, PARTNER)
    assess_with_low_capacity(officer)

    # When the focal point returns it, the officer answers, and the focal point finalises
    return_with_comment(focal)
    answer_the_comment(officer)
    finalise(focal)

    # Then a partnership waits for the head of office
    propose_and_ask(officer)
    approve_with_conditions(head)
    activate(officer)

    # And the plan has its dates, and is worked on
    agree_and_report(officer)
    verify(focal)

    # And the document holds the same facts for people and programs
    share(officer)


def assess_with_low_capacity(officer: Person) -> None:
    assessing.start_assessment(officer)
    officer.press("Continue with standard 1")
    assessing.is_at(officer, STANDARDS[0])
    assessing.answer_required(officer, "Met")
    assessing.add_evidence(
        officer, kind="PSEA policy", title="Policy of 2025", dated=date(2025, 3, 14)
    )
    assessing.sees_suggestion(officer, "Adequate")
    assessing.rate(officer, "Progressing", "Adopted, and known in the office only.")
    officer.type(assessing.REASON, "Adopted last month; nobody outside the office knows it.")
    officer.press("Save and continue")
    for standard in STANDARDS[1:]:
        assessing.is_at(officer, standard)
        assessing.answer_required(officer, "Not met")
        assessing.rate(officer, "Absent", "Nothing in place on the day of the visit.")
        officer.press("Save and continue")
    assessing.give_details(officer, date(2026, 11, 20), "Visit to the partner’s office")
    assessing.submit(officer)


def return_with_comment(focal: Person) -> None:
    focal.open_duty(PARTNER)
    focal.reads("The assessor rated differently.", "Policy of 2025")
    assessing.ask_for_change(focal, "3 Mandatory training", "Were volunteers asked?")
    focal.press("Return with comments")
    focal.reads("Returned with comments")


def answer_the_comment(officer: Person) -> None:
    officer.open_duty(PARTNER)
    officer.reads("Were volunteers asked?")
    officer.follow("Mandatory training")
    officer.type(assessing.COMMENT, "No training so far, volunteers were asked too.")
    officer.press("Save and continue")
    officer.follow("All standards")
    assessing.submit(officer)


def finalise(focal: Person) -> None:
    focal.open_duty(PARTNER)
    focal.reads("No training so far, volunteers were asked too.")
    focal.press("Finalise the result")
    focal.reads("Low capacity: high SEA risk", "The answers freeze")
    focal.press("Yes, finalise the result")
    focal.reads("Low capacity: high SEA risk", "7 of 18 points", "5 critical gaps")


def propose_and_ask(officer: Person) -> None:
    officer.find_partner(PARTNER)
    partnering.propose_partnership(
        officer,
        title=PARTNERSHIP,
        reference="A/XD/2026/090",
        starts_on=date(2026, 12, 1),
        ends_on=date(2027, 11, 30),
    )
    officer.reads("Not active yet")
    officer.cannot_press("Make the partnership active")
    partnering.ask_for_approval(
        officer, why="The only group that reaches the islands.", review_on=date(2027, 5, 17)
    )


def approve_with_conditions(head: Person) -> None:
    head.open_duty(PARTNER)
    head.reads_heading("Approve a high-risk partnership?")
    head.reads(
        "Low capacity: high SEA risk",
        "The only group that reaches the islands.",
        "5 of 6 standards have their lowest rating.",
        "23 November 2027",
    )
    head.type("Conditions", CONDITIONS)
    head.press("Approve the partnership")
    head.reads_heading("High-risk partnership approved")


def activate(officer: Person) -> None:
    partnering.open_partnership(officer, PARTNER, PARTNERSHIP)
    officer.reads("Approved, with conditions")
    officer.press("Make the partnership active")
    officer.reads("Active")
    officer.does_not_read("Not active yet")


def agree_and_report(officer: Person) -> None:
    partnering.open_plan(officer, PARTNER)
    officer.reads("23 November 2027", "24 November 2027")
    officer.press("Agree the plan with the partner")
    officer.reads("Agreed 23 November 2026")
    officer.main.get_by_role("table", name="Actions").get_by_role("link").first.click()
    officer.type("What was done", "The contract templates have the clause.")
    officer.press("Report as done")
    officer.reads("Reported as done. It counts once it is verified.")
    officer.follow("The action plan")
    officer.reads("1 done and waiting for a check")


def verify(focal: Person) -> None:
    partnering.open_plan(focal, PARTNER)
    focal.main.get_by_role("row").filter(has_text="Waits for a check").get_by_role("link").click()
    focal.reads("The contract templates have the clause.")
    focal.press("Verify the action")
    focal.reads("1 verified")


def share(officer: Person) -> None:
    officer.find_partner(PARTNER)
    officer.follow("Open the result")
    partnering.make_document(officer)
    with pikepdf.open(BytesIO(partnering.download_document(officer))) as document:
        (name,) = document.attachments
        facts = json.loads(document.attachments[name].get_file().read_bytes())
    assert name.endswith(".json")
    assert facts["partner"]["legal_name"] == PARTNER
    assert facts["totals"]["risk"] == "high"
    assert facts["totals"]["score"] == 7

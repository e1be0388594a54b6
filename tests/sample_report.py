"""This file holds one invented report, in full, and ways to change it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

from partner_assess.domain.report import (
    Approval,
    Audience,
    Band,
    Dates,
    EvidenceSeen,
    Identity,
    Instrument,
    Limits,
    Owner,
    OwnerSide,
    Partner,
    Plan,
    PlannedAction,
    PreviousResult,
    Profile,
    Provenance,
    RatingOption,
    Report,
    StandardResult,
    Status,
    Totals,
)
from partner_assess.domain.risk import Capacity, Risk

OPTIONS = (
    RatingOption("absent", 1),
    RatingOption("progressing", 2),
    RatingOption("adequate", 3),
)
BANDS = (
    Band(6, 8, Capacity.LOW, Risk.HIGH),
    Band(9, 14, Capacity.MEDIUM, Risk.MODERATE),
    Band(15, 18, Capacity.FULL, Risk.LOW),
)
RATED = (
    (
        "policy",
        "progressing",
        "absent",
        "The code of conduct of 2024 has a page on PSEA with the definition and the six "
        "principles. It does not say what follows when a rule is broken, and volunteers have not "
        "been given it.",
        (("code_of_conduct", date(2024, 2, 1)), ("standard_procedure", date(2023, 9, 12))),
    ),
    (
        "management_hr",
        "absent",
        "absent",
        "Contracts with drivers, suppliers and two sub-partners hold no clause on PSEA. "
        "References are not taken, and candidates are asked nothing about it.",
        (("contract_template", date(2024, 3, 4)),),
    ),
    (
        "training",
        "progressing",
        "absent",
        "One session in June 2025 with all three topics; 18 of 41 people took part, no "
        "volunteers. There is no plan for a refresher.",
        (("training_content", date(2025, 6, 3)), ("attendance_totals", date(2025, 6, 3))),
    ),
    (
        "reporting",
        "absent",
        "progressing",
        "Posters in two of three districts show a hotline that has been off since March. "
        "Staff would tell the director; communities were shown no other way.",
        (("reporting_mechanism", date(2021, 5, 1)), ("communication_materials", None)),
    ),
    (
        "assistance",
        "absent",
        "absent",
        "There is no list of service providers for the two districts, and nobody was given steps "
        "to follow.",
        (),
    ),
    (
        "investigations",
        "absent",
        "absent",
        "Nothing is written on how a report would be looked into or by whom.",
        (),
    ),
)
ACTIONS = (
    (
        "policy",
        "Add the consequences of a breach to the code of conduct; give it to volunteers.",
        OwnerSide.PARTNER,
        date(2027, 2, 28),
        "verified",
        date(2026, 11, 20),
    ),
    (
        "management_hr",
        "Put a PSEA clause in every contract template and sub-agreement.",
        OwnerSide.PARTNER,
        date(2027, 3, 31),
        "done",
        None,
    ),
    (
        "management_hr",
        "Ask about past misconduct in references and in a self-declaration.",
        OwnerSide.PARTNER,
        date(2027, 3, 31),
        "open",
        None,
    ),
    (
        "training",
        "Train the remaining 23 people and all volunteers; add the session to induction.",
        OwnerSide.AGENCY,
        date(2027, 4, 30),
        "open",
        None,
    ),
    (
        "reporting",
        "Start the hotline again and add a channel run by women in the community.",
        OwnerSide.PARTNER,
        date(2027, 1, 31),
        "returned",
        None,
    ),
    (
        "assistance",
        "Obtain the current list of providers for both districts and write the referral steps.",
        OwnerSide.AGENCY,
        date(2027, 3, 31),
        "open",
        None,
    ),
    (
        "investigations",
        "Write down who decides on a report, who looks into it and who follows up.",
        OwnerSide.PARTNER,
        date(2027, 9, 30),
        "open",
        None,
    ),
)


def a_report(*, language: str = "en") -> Report:
    """Return a final report of a high-risk partner with an approval and a running plan."""
    return Report(
        is_final=True,
        identity=Identity(
            document_id="0f6c2a52-6a0e-4c9e-9b53-6f1f2d1c7a10",
            reference="UNA/2026/0042",
            issue=2,
            profile=Profile.FULL,
            instrument=Instrument(
                "unicef-six-2020", "1.0", hashlib.sha256(b"instrument").hexdigest()
            ),
            language=language,
            notice="Output of an unofficial tool. Not a certificate, not a UN text.",
            generated_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
            content_digest=hashlib.sha256(b"content").hexdigest(),
            replaces="UNA/2021/0007",
            status=Status.CURRENT,
            ended_on=None,
            replaced_by=None,
        ),
        partner=Partner(
            legal_name="Demo: Lantern Community Trust",
            acronym="LCT",
            kind="ngo",
            reach="national",
            countries=("Demo: Country 1",),
            scope="country_office",
            un_partner_portal_id="DM-0131",
            vendor_number="2500131",
        ),
        owner=Owner(
            agency="Demo: Agency A",
            agency_code="UNA",
            office="Demo: Country office 1",
            assessed_by="officer",
            finalised_by="focal_point",
            kind="own",
            ingo_reason=None,
        ),
        dates=Dates(date(2026, 11, 12), date(2026, 11, 16), date(2031, 11, 16), date(2026, 11, 20)),
        results=tuple(
            StandardResult(
                id=standard,
                number=number,
                weight=1,
                options=OPTIONS,
                rating=rating,
                was=was,
                rating_only=False,
                comment=comment,
                evidence=tuple(EvidenceSeen(*seen) for seen in evidence),
            )
            for number, (standard, rating, was, comment, evidence) in enumerate(RATED, start=1)
        ),
        totals=Totals(
            score=8,
            min_score=6,
            max_score=18,
            capacity=Capacity.LOW,
            risk=Risk.HIGH,
            critical_gaps=("management_hr", "reporting", "assistance", "investigations"),
            bands=BANDS,
        ),
        previous=PreviousResult(
            "UNA/2021/0007", "unicef-six-2020", date(2021, 10, 8), 7, Capacity.LOW, Risk.HIGH
        ),
        plan=Plan(
            state="in_progress",
            starts_on=date(2026, 11, 16),
            starts_from="final",
            due_on=date(2027, 11, 16),
            extended_to=None,
            suspends_on=date(2027, 11, 17),
            exception_in_force=False,
            suspended_since=None,
            mandatory_count=6,
            verified_count=1,
            actions=tuple(
                PlannedAction(*action, mandatory=action[0] != "training") for action in ACTIONS
            ),
        ),
        approval_required=True,
        approvals=(
            Approval(
                date(2026, 11, 18),
                date(2027, 11, 16),
                "A monthly visit by the programme officer; no work with children before the "
                "reporting channel runs.",
            ),
        ),
        limits=Limits(
            scope="The partner's offices and its work in two northern districts.",
            not_assessed="The two sub-partners were not visited.",
            self_score=None,
        ),
        provenance=Provenance(
            audience=Audience.UN_ENTITIES_ONLY,
            contact_desk="Demo: Agency A, partnerships desk",
            contact_web="https://agency-a.example/partnerships",
            check_code=None,
            check_web=None,
            status_list="https://agency-a.example/status/UNA",
            status_index=104_729,
            signed=False,
        ),
    )


def signed(report: Report) -> Report:
    """Return the report as one that was asked for where the agency has a seal."""
    code = "7K3M09QXT1V5B2RDYH8N"
    return replace(
        report,
        provenance=replace(
            report.provenance,
            check_code=code,
            check_web=f"https://psea.agency-a.example/check/{code}",
            signed=True,
        ),
    )


def a_superseded_report(*, language: str = "en") -> Report:
    """Return the same, printed anew after a newer result has taken its place."""
    whole = a_report(language=language)
    return replace(
        whole,
        identity=replace(
            whole.identity,
            status=Status.SUPERSEDED,
            ended_on=date(2026, 11, 20),
            replaced_by="UNA/2026/0043",
        ),
    )


def a_draft(*, language: str = "en") -> Report:
    """Return a report of an assessment that is not finished: no result, no plan, no issue."""
    whole = a_report(language=language)
    return replace(
        whole,
        is_final=False,
        identity=replace(whole.identity, issue=None, content_digest=None, status=None),
        owner=replace(whole.owner, finalised_by=None),
        dates=replace(whole.dates, final_on=None, expires_on=None, last_monitored_on=None),
        results=tuple(
            replace(one, rating=None if one.number > 4 else one.rating) for one in whole.results
        ),
        totals=replace(
            whole.totals,
            score=None,
            capacity=None,
            risk=None,
            critical_gaps=("management_hr", "reporting"),
        ),
        plan=None,
        approval_required=False,
        approvals=(),
    )


def with_comment(report: Report, comment: str) -> Report:
    """Return the report with this comment on its first standard."""
    first = replace(report.results[0], comment=comment)
    return replace(report, results=(first, *report.results[1:]))

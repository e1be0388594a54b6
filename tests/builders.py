"""This file holds domain values for tests: small instruments, answers, a policy."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from partner_assess.domain.answers import AnswerSheet, EvidenceItem, StandardAnswers
from partner_assess.domain.framework import (
    Determination,
    EvidenceType,
    Framework,
    FrameworkText,
    Indicator,
    IndicatorText,
    Met,
    Need,
    Option,
    Standard,
    StandardText,
    SuggestedWhen,
    Tier,
)
from partner_assess.domain.policy import ClockStart, OnDeadline, PlanLength, Policy
from partner_assess.domain.risk import Capacity, Risk

THREE_STEPS = (
    Option("absent", 1, SuggestedWhen.NONE),
    Option("progressing", 2, SuggestedWhen.SOME),
    Option("adequate", 3, SuggestedWhen.ALL),
)
NO_YES = (Option("no", 0), Option("yes", 1, needs_file=True))
NO_NA_YES = (Option("no", 0), Option("na", 1), Option("yes", 1, needs_file=True))
SIX = ("policy", "management_hr", "training", "reporting", "assistance", "investigations")
EIGHT = (
    "policy",
    "management",
    "hr",
    "training",
    "reporting",
    "assistance",
    "investigation",
    "corrective_measures",
)


def a_standard(standard_id: str = "policy", number: int = 1) -> Standard:
    """Return a standard with two required indicators and a supporting one."""
    return Standard(
        id=standard_id,
        number=number,
        options=THREE_STEPS,
        evidence=("document", "other"),
        indicators=(
            Indicator(f"{number}.1", Need.REQUIRED, ("document",)),
            Indicator(f"{number}.2", Need.REQUIRED, ("document",)),
            Indicator(f"{number}.3", Need.SUPPORTING, ("document",)),
        ),
    )


def six() -> Framework:
    """Return an instrument with the shape of the six standards."""
    return with_words(
        Framework(
            id="unicef-six-2020",
            version="1.0",
            digest="0" * 64,
            status="published",
            valid_from=date(2020, 2, 1),
            rule="sum",
            determination=Determination.FINAL,
            tiers=(
                Tier(6, Capacity.LOW, Risk.HIGH),
                Tier(9, Capacity.MEDIUM, Risk.MODERATE),
                Tier(15, Capacity.FULL, Risk.LOW),
            ),
            standards=tuple(a_standard(name, n) for n, name in enumerate(SIX, start=1)),
            evidence_types=(
                EvidenceType("document"),
                EvidenceType("other", needs_description=True),
            ),
            texts={},
        )
    )


def eight() -> Framework:
    """Return an instrument with the shape of the eight standards."""
    standards = tuple(
        Standard(name, number, NO_YES, comment_required=True, evidence=("document", "other"))
        for number, name in enumerate(EIGHT, start=1)
    )
    last = replace(standards[-1], options=NO_NA_YES, comment_required=False, rating_only=True)
    return with_words(
        replace(
            six(),
            id="un-harmonized-eight-2020",
            rule="count-yes",
            determination=Determination.PRELIMINARY,
            tiers=(
                Tier(0, Capacity.LOW, Risk.HIGH),
                Tier(6, Capacity.MEDIUM, Risk.MODERATE),
                Tier(8, Capacity.FULL, Risk.LOW),
            ),
            standards=(*standards[:-1], last),
        )
    )


def with_words(framework: Framework) -> Framework:
    """Return the framework with English words for all it has."""
    return replace(
        framework,
        texts={
            "en": FrameworkText(
                language="en",
                title="Title",
                short_title="Short",
                notice="Notice",
                options={o.id: o.id for s in framework.standards for o in s.options},
                standards={s.id: _words_of(s) for s in framework.standards},
                evidence={kind.id: kind.id for kind in framework.evidence_types},
            )
        },
    )


def _words_of(standard: Standard) -> StandardText:
    return StandardText(
        title=standard.id,
        short_title=standard.id,
        requirement="Requirement",
        guide={option.id: "Guide" for option in standard.options},
        action="Action",
        never_evidence="Never",
        indicators={
            i.id: IndicatorText("Text", "" if i.answer_only else "Action")
            for i in standard.indicators
        },
    )


def ratings(framework: Framework, every: str, **others: str) -> dict[str, str]:
    """Return the same rating for every standard, but for those named."""
    return {**{standard.id: every for standard in framework.standards}, **others}


def evidence(*proves: str, kind: str = "document", title: str = "Title") -> EvidenceItem:
    """Return a piece of evidence that proves these indicators."""
    return EvidenceItem(kind, title, date(2026, 1, 1), frozenset(proves))


def proven_answers(standard: Standard, rating: str = "adequate") -> StandardAnswers:
    """Return answers in which everything is met and proven."""
    ids = [indicator.id for indicator in standard.indicators]
    return StandardAnswers(rating, dict.fromkeys(ids, Met.MET), (evidence(*ids),), comment="Seen.")


def a_framework(*standards: Standard) -> Framework:
    """Return an instrument of these standards, by default the shape of the six."""
    return with_words(replace(six(), standards=standards)) if standards else six()


def an_answer_sheet(framework: Framework, **others: StandardAnswers) -> AnswerSheet:
    """Return answers in which everything is met and proven, but for the standards named."""
    proven = {standard.id: proven_answers(standard) for standard in framework.standards}
    return AnswerSheet({**proven, **others})


def a_policy(
    *,
    clock_start: ClockStart = ClockStart.FINAL,
    on_deadline: OnDeadline = OnDeadline.SUSPEND,
    plans: tuple[PlanLength, ...] = (),
) -> Policy:
    """Return the numbers of the default policy; `plans` stand before its own."""
    any_, eight_ = "*", "un-harmonized-eight-2020"
    return Policy(
        name="default",
        clock_start=clock_start,
        on_deadline=on_deadline,
        validity_months=60,
        approval_days=30,
        approval_reminder_days=7,
        decision_escalation_days=14,
        reminders=(90, 60, 30, 14, 7, 1, 0),
        reassessment_notice_days=180,
        at_risk_days=90,
        at_risk_share_percent=50,
        checkpoint_months=(3, 6, 9, 12),
        exception_review_months=3,
        lives_at_risk_confirm_months=12,
        emergency_months=3,
        acknowledgement_days=14,
        plan_agree_days=30,
        reservations_after_months=24,
        copy_forward_days=365,
        plans=(*plans, a_plan_length(any_), a_plan_length(eight_, 6, 6, 12, 3, 1)),
    )


def a_plan_length(
    framework: str = "*",
    high_months: int = 12,
    moderate_months: int = 12,
    suspension_months: int = 12,
    extension_months: int = 0,
    extensions: int = 0,
) -> PlanLength:
    """Return lengths of a plan: twelve months without an extension, unless said otherwise."""
    return PlanLength(
        framework, high_months, moderate_months, suspension_months, extension_months, extensions
    )


def the_policy_file() -> dict[str, Any]:
    """Return the default policy as a parsed file states it."""
    policy = a_policy()
    numbers = {
        field.name: _set_to(getattr(policy, field.name))
        for field in fields(policy)
        if field.name not in {"name", "plans", "settings"}
    }
    plans = [
        {
            "framework": plan.framework,
            **{
                field.name: _set_to(getattr(plan, field.name))
                for field in fields(plan)
                if field.name != "framework"
            },
        }
        for plan in policy.plans
    ]
    return {"schema": 1, "name": "default", **numbers, "plan": plans}


def _set_to(value: object) -> dict[str, object]:
    plain = list(value) if isinstance(value, tuple) else value
    return {"value": plain, "source": "SA 55", "verified": True}

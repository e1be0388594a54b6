"""This package holds what is done with action plans: `plans.agree(…)`, `plans.verify(…)`."""

from partner_assess.usecases.plans.actions import (
    ActionTerms,
    PlanNotAgreed,
    PlanNotOpen,
    add_action,
    edit_action,
    report_done,
    send_back,
    verify,
)
from partner_assess.usecases.plans.opening import agree, close_of, follow_result, start_clock

__all__ = [
    "ActionTerms",
    "PlanNotAgreed",
    "PlanNotOpen",
    "add_action",
    "agree",
    "close_of",
    "edit_action",
    "follow_result",
    "report_done",
    "send_back",
    "start_clock",
    "verify",
]

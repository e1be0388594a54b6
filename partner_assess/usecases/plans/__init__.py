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
from partner_assess.usecases.plans.opening import (
    agree,
    carry_over,
    follow_result,
    follow_withdrawal,
    start_clock,
)

__all__ = [
    "ActionTerms",
    "PlanNotAgreed",
    "PlanNotOpen",
    "add_action",
    "agree",
    "carry_over",
    "edit_action",
    "follow_result",
    "follow_withdrawal",
    "report_done",
    "send_back",
    "start_clock",
    "verify",
]

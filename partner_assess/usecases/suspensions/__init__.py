"""This package holds suspension: what the clock does, and what the head of office decides."""

from partner_assess.usecases.suspensions.cases import open_case
from partner_assess.usecases.suspensions.clock import (
    Due,
    act_on_deadlines,
    close_settled_questions,
    due,
    lives_at_risk,
)
from partner_assess.usecases.suspensions.deciding import (
    NothingToExcept,
    grant_exception,
    lift,
    suspend,
)

__all__ = [
    "Due",
    "NothingToExcept",
    "act_on_deadlines",
    "close_settled_questions",
    "due",
    "grant_exception",
    "lift",
    "lives_at_risk",
    "open_case",
    "suspend",
]

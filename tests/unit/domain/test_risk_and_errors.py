from __future__ import annotations

import pytest

from partner_assess.domain.errors import ChangedMeanwhile, NotReady, RuleError
from partner_assess.domain.risk import Capacity, Risk


class TooLate(RuleError):
    code = "too_late"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuleError(), "refused"),
        (RuleError("closed"), "closed"),
        (TooLate(), "too_late"),
        (TooLate("far_too_late"), "far_too_late"),
        (ChangedMeanwhile(), "changed_meanwhile"),
        (NotReady(()), "not_ready"),
        (NotReady(("reason",), "reason_missing"), "reason_missing"),
    ],
)
def test_a_refusal_has_the_code_it_was_given_else_that_of_its_kind(
    error: RuleError, code: str
) -> None:
    assert error.code == code


def test_a_refusal_carries_the_values_its_sentence_needs() -> None:
    assert TooLate(days=3).params == {"days": 3}
    assert str(TooLate(days=3)) == "('too_late', {'days': 3})"


def test_what_is_not_ready_says_what_is_missing() -> None:
    assert NotReady(("reason", "review_on")).problems == ("reason", "review_on")


def test_capacity_and_risk_are_two_scales_that_cannot_be_mixed() -> None:
    assert [one.value for one in Capacity] == ["low", "medium", "full"]
    assert [one.value for one in Risk] == ["high", "moderate", "low"]
    assert type(Capacity.LOW) is not type(Risk.LOW)

"""This file holds what a verdict comes to."""

from __future__ import annotations

import pytest

from partner_assess.domain.report.verdict import Refusal, Verdict


def test_a_document_without_a_problem_is_trusted() -> None:
    assert Verdict((), file_sha256="0" * 64).trusted


@pytest.mark.parametrize("problem", list(Refusal))
def test_any_problem_takes_the_trust_away(problem: Refusal) -> None:
    assert not Verdict((problem,), file_sha256="0" * 64).trusted

"""This file holds that what the gate found is said in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from partner_assess.app import create_app
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from partner_assess.web import verdicts

SIGNED = Verdict((), "0" * 64, issuer="UNB", signed_at=datetime(2026, 5, 3, tzinfo=UTC))


@pytest.fixture(autouse=True)
def english(settings: Settings, ports: Ports) -> Iterator[None]:
    with create_app(settings, ports=ports).test_request_context():
        yield


@pytest.mark.parametrize("refusal", Refusal)
def test_each_refusal_has_a_sentence_that_says_what_to_do(refusal: Refusal) -> None:
    said = str(verdicts.PROBLEMS[refusal])
    assert said.endswith(".")
    asks = ("Ask", "ask", "Choose", "Fetch", "fetch", "tell", "Tell")
    assert any(f"{word} " in said for word in asks)


def test_no_sentence_is_said_of_two_refusals() -> None:
    assert set(verdicts.PROBLEMS) == set(Refusal)
    assert len({str(said) for said in verdicts.PROBLEMS.values()}) == len(Refusal)


def test_one_sentence_says_it_all() -> None:
    assert (
        verdicts.headline(SIGNED, agency="Agency B")
        == "Signed by Agency B, 3 May 2026; unchanged; trusted."
    )
    ended = Verdict((), "0" * 64, issuer="UNB", signed_at=SIGNED.signed_at, seal_ended=True)
    assert "has ended since" in verdicts.headline(ended, agency="Agency B")
    refused = Verdict((Refusal.REVOKED, Refusal.NOT_FINAL), "0" * 64)
    assert verdicts.headline(refused, agency="").startswith("Not trusted")
    assert len(verdicts.problems(refused)) == 2

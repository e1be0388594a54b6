from __future__ import annotations

from datetime import date

import pytest

from partner_assess.domain.assessment import State
from partner_assess.domain.report.status import Status, status_of

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 23)
WAS_FINAL = {
    State.SUPERSEDED: Status.SUPERSEDED,
    State.WITHDRAWN: Status.WITHDRAWN,
    State.EXPIRED: Status.EXPIRED,
}


@pytest.mark.parametrize(
    ("expires_on", "status"),
    [
        (TOMORROW, Status.CURRENT),
        (TODAY, Status.CURRENT),
        (YESTERDAY, Status.EXPIRED),
        (None, Status.CURRENT),
    ],
)
def test_a_final_document_is_current_to_its_last_valid_day(
    expires_on: date | None, status: Status
) -> None:
    assert status_of(State.FINAL, expires_on=expires_on, today=TODAY) is status


@pytest.mark.parametrize("expires_on", [YESTERDAY, TOMORROW, None])
def test_what_ended_says_how_and_what_was_never_final_cannot_be_shared(
    expires_on: date | None,
) -> None:
    for state in set(State) - {State.FINAL}:
        status = status_of(state, expires_on=expires_on, today=TODAY)
        assert status is WAS_FINAL.get(state)

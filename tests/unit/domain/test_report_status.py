from __future__ import annotations

from datetime import date

import pytest

from partner_assess.domain.assessment import State
from partner_assess.domain.report.status import Status, status_of

LAST = date(2031, 11, 22)
AFTER = date(2031, 11, 23)


@pytest.mark.parametrize(
    ("state", "today", "status"),
    [
        (State.FINAL, LAST, Status.CURRENT),
        (State.FINAL, AFTER, Status.EXPIRED),
        (State.EXPIRED, AFTER, Status.EXPIRED),
        (State.SUPERSEDED, LAST, Status.SUPERSEDED),
        (State.SUPERSEDED, AFTER, Status.SUPERSEDED),
        (State.WITHDRAWN, LAST, Status.WITHDRAWN),
        (State.PRELIMINARY, LAST, None),
        (State.SUBMITTED, LAST, None),
        (State.DRAFT, LAST, None),
        (State.CANCELLED, LAST, None),
    ],
)
def test_only_what_was_final_has_a_status_and_the_last_day_counts(
    state: State, today: date, status: Status | None
) -> None:
    assert status_of(state, expires_on=LAST, today=today) is status

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from partner_assess.domain.sharing import (
    LINK_DAYS,
    MOST_LINK_DAYS,
    LinkDaysOutOfRange,
    LinkEnded,
    RecipientIncomplete,
    link_ends,
    require_open,
    require_recipient,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(("name", "purpose"), [("", ""), ("Demo: B", " "), (" ", "Review")])
def test_who_and_what_for_belong_together(name: str, purpose: str) -> None:
    with pytest.raises(RecipientIncomplete):
        require_recipient(name, purpose)
    require_recipient("Demo: B", "Review")


@pytest.mark.parametrize("days", [1, LINK_DAYS, MOST_LINK_DAYS])
def test_a_link_lives_its_days(days: int) -> None:
    assert link_ends(NOW, days) == NOW + timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 0, MOST_LINK_DAYS + 1])
def test_a_link_never_lives_for_longer_or_not_at_all(days: int) -> None:
    with pytest.raises(LinkDaysOutOfRange):
        link_ends(NOW, days)


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "is_open"),
    [
        (NOW + INSTANT, None, True),
        (NOW, None, False),
        (NOW + INSTANT, NOW, False),
        (None, None, False),
    ],
)
def test_a_link_is_open_until_it_expires_or_is_taken_back(
    expires_at: datetime | None, revoked_at: datetime | None, is_open: bool
) -> None:
    if is_open:
        require_open(expires_at, revoked_at, now=NOW)
    else:
        with pytest.raises(LinkEnded):
            require_open(expires_at, revoked_at, now=NOW)

from __future__ import annotations

from enum import StrEnum

import pytest

from partner_assess.domain.machine import ActionNotAllowed, Machine, Move


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    GONE = "gone"


class Deed(StrEnum):
    PULL = "pull"
    PUSH = "push"
    BURN = "burn"


LIFE = Machine(
    (
        Move(Door.OPEN, Deed.PULL, Door.SHUT),
        Move(Door.OPEN, Deed.BURN, Door.GONE),
        Move(Door.SHUT, Deed.PUSH, Door.OPEN),
    )
)


def test_a_listed_move_leads_where_it_says() -> None:
    assert LIFE.next(Door.OPEN, Deed.PULL) is Door.SHUT
    assert LIFE.allows(Door.OPEN, Deed.PULL)


def test_what_is_not_listed_is_refused_with_state_and_action() -> None:
    with pytest.raises(ActionNotAllowed) as refusal:
        LIFE.next(Door.SHUT, Deed.BURN)
    assert refusal.value.code == "action_not_allowed"
    assert refusal.value.params == {"state": "shut", "action": "burn"}
    assert not LIFE.allows(Door.SHUT, Deed.BURN)


def test_actions_come_in_the_order_listed_and_an_end_has_none() -> None:
    assert LIFE.actions(Door.OPEN) == (Deed.PULL, Deed.BURN)
    assert LIFE.actions(Door.GONE) == ()


def test_a_state_and_an_action_lead_to_one_state_only() -> None:
    with pytest.raises(ValueError, match="one state only"):
        Machine((*LIFE.moves, Move(Door.OPEN, Deed.PULL, Door.GONE)))

"""This file holds the one kind of state machine: what is not listed is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from partner_assess.domain.errors import RuleError

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class ActionNotAllowed(RuleError):
    """There is no such move from this state."""

    code = "action_not_allowed"


@dataclass(frozen=True, slots=True)
class Move(Generic[S, A]):
    """In `state`, `action` leads `to`."""

    state: S
    action: A
    to: S


class Machine(Generic[S, A]):
    """The life of one noun: a tuple of moves, which is also its diagram."""

    def __init__(self, moves: Iterable[Move[S, A]]) -> None:
        self.moves = tuple(moves)
        self._next = {(move.state, move.action): move.to for move in self.moves}
        if len(self._next) != len(self.moves):
            raise ValueError("a state and an action lead to one state only")

    def next(self, state: S, action: A) -> S:
        """Return the state that `action` leads to.

        Raises:
            ActionNotAllowed: no such move is listed.
        """
        try:
            return self._next[state, action]
        except KeyError:
            raise ActionNotAllowed(state=state.value, action=action.value) from None

    def allows(self, state: S, action: A) -> bool:
        """Return whether the move is listed."""
        return (state, action) in self._next

    def actions(self, state: S) -> tuple[A, ...]:
        """Return what can be done in `state`, in the order listed."""
        return tuple(move.action for move in self.moves if move.state == state)

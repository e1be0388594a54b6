from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_assess import domain
from partner_assess.domain import (
    acceptance,
    approval,
    assessment,
    partnership,
    plan,
    suspension,
    trust,
)
from partner_assess.domain.machine import ActionNotAllowed, Machine


@dataclass(frozen=True)
class Life:
    """A machine as the manual has it: where it begins, where it ends, what leads where."""

    machine: Machine[Any, Any]
    states: type[StrEnum]
    actions: type[StrEnum]
    begins: frozenset[StrEnum]
    ends: frozenset[StrEnum]
    leads: Mapping[str, str]  # state to the states it leaves to, domain.md 3.2 to 3.5


LIVES = {
    "assessment": Life(
        assessment.LIFE,
        assessment.State,
        assessment.Action,
        begins=frozenset({assessment.State.DRAFT}),
        ends=frozenset(
            {
                assessment.State.SUPERSEDED,
                assessment.State.EXPIRED,
                assessment.State.WITHDRAWN,
                assessment.State.CANCELLED,
            }
        ),
        leads={
            "draft": "assigned self_assessment in_progress cancelled",
            "assigned": "draft self_assessment in_progress cancelled",
            "self_assessment": "in_progress cancelled",
            "in_progress": "submitted cancelled",
            "submitted": "returned final preliminary cancelled",
            "returned": "in_progress cancelled",
            "preliminary": "final cancelled",
            "final": "superseded expired withdrawn",
            "superseded": "",
            "expired": "",
            "withdrawn": "",
            "cancelled": "",
        },
    ),
    "partnership": Life(
        partnership.LIFE,
        partnership.State,
        partnership.Action,
        begins=frozenset({partnership.State.PROPOSED}),
        ends=frozenset({partnership.State.ENDED}),
        leads={
            "proposed": "active ended",
            "active": "suspended ended",
            "suspended": "active ended",
            "ended": "",
        },
    ),
    "approval": Life(
        approval.LIFE,
        approval.State,
        approval.Action,
        begins=frozenset({approval.State.REQUIRED}),
        ends=frozenset({approval.State.DECLINED, approval.State.LAPSED}),
        leads={
            "required": "approved declined lapsed",
            "approved": "lapsed",
            "declined": "",
            "lapsed": "",
        },
    ),
    "plan": Life(
        plan.LIFE,
        plan.State,
        plan.Action,
        begins=frozenset({plan.State.DRAFTING}),
        ends=frozenset({plan.State.COMPLETED, plan.State.CLOSED}),
        leads={
            "drafting": "agreed closed",
            "agreed": "in_progress closed",
            "in_progress": "completed closed",
            "completed": "",
            "closed": "",
        },
    ),
    "action": Life(
        plan.ACTION_LIFE,
        plan.ActionState,
        plan.ActionMove,
        begins=frozenset({plan.ActionState.OPEN}),
        ends=frozenset({plan.ActionState.VERIFIED}),
        leads={"open": "done", "done": "verified returned", "returned": "done", "verified": ""},
    ),
    "suspension": Life(
        suspension.LIFE,
        suspension.State,
        suspension.Action,
        begins=frozenset(
            {
                suspension.State.SUSPENDED,
                suspension.State.DECISION_DUE,
                suspension.State.CONTINUES,
            }
        ),
        ends=frozenset({suspension.State.LIFTED, suspension.State.CLOSED}),
        leads={
            "suspended": "lifted continues closed",
            "decision_due": "suspended continues closed",
            "continues": "suspended decision_due closed",
            "lifted": "",
            "closed": "",
        },
    ),
    "received report": Life(
        acceptance.LIFE,
        acceptance.State,
        acceptance.Action,
        begins=frozenset({acceptance.State.RECEIVED}),
        ends=frozenset(
            {acceptance.State.REASSESS, acceptance.State.SET_ASIDE, acceptance.State.ENDED}
        ),
        leads={
            "received": "proposed set_aside",
            "proposed": "received accepted reassess set_aside",
            "accepted": "ended",
            "reassess": "",
            "set_aside": "",
            "ended": "",
        },
    ),
    "trusted root": Life(
        trust.LIFE,
        trust.State,
        trust.Action,
        begins=frozenset({trust.State.PENDING}),
        ends=frozenset({trust.State.REMOVED}),
        leads={"pending": "trusted removed", "trusted": "removed", "removed": ""},
    ),
}

every_life = pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)


@every_life
def test_a_machine_leads_where_the_manual_says(life: Life) -> None:
    led = {
        state.value: {move.to.value for move in life.machine.moves if move.state is state}
        for state in life.states
    }
    assert led == {state: set(there.split()) for state, there in life.leads.items()}


@every_life
def test_every_pair_that_is_not_listed_is_refused(life: Life) -> None:
    listed = {(move.state, move.action) for move in life.machine.moves}
    unlisted = set(product(life.states, life.actions)) - listed
    assert unlisted
    for state, action in unlisted:
        assert not life.machine.allows(state, action)
        with pytest.raises(ActionNotAllowed):
            life.machine.next(state, action)


@every_life
def test_every_state_can_be_reached(life: Life) -> None:
    reached = set(life.begins)
    for _ in life.states:
        reached |= {move.to for move in life.machine.moves if move.state in reached}
    assert reached == set(life.states)


@every_life
def test_every_state_that_is_not_an_end_has_a_way_on_and_an_end_has_none(life: Life) -> None:
    assert {state for state in life.states if not life.machine.actions(state)} == life.ends


@every_life
def test_an_end_can_be_reached_from_every_state(life: Life) -> None:
    ending = set(life.ends)
    for _ in life.states:
        ending |= {move.state for move in life.machine.moves if move.to in ending}
    assert ending == set(life.states)


@every_life
def test_every_action_is_used(life: Life) -> None:
    assert {move.action for move in life.machine.moves} == set(life.actions)


def test_no_machine_of_the_domain_is_left_out() -> None:
    modules = [
        importlib.import_module(f"{domain.__name__}.{found.name}")
        for found in pkgutil.iter_modules(domain.__path__)
    ]
    machines = {
        id(value)
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Machine)
    }
    assert machines == {id(life.machine) for life in LIVES.values()}


@given(st.data())
def test_no_sequence_of_actions_leaves_a_state_without_a_way_on(data: st.DataObject) -> None:
    life = data.draw(st.sampled_from(list(LIVES.values())))
    state = data.draw(st.sampled_from(sorted(life.begins)))
    for action in data.draw(st.lists(st.sampled_from(list(life.actions)), max_size=12)):
        if life.machine.allows(state, action):
            state = life.machine.next(state, action)
        assert state in life.ends or life.machine.actions(state)


def test_a_final_assessment_is_never_opened_again() -> None:
    for state in assessment.FROZEN - {assessment.State.PRELIMINARY}:
        after = {move.to for move in assessment.LIFE.moves if move.state is state}
        assert after.isdisjoint(assessment.OPEN | assessment.WRITABLE)


def test_every_assessment_is_open_or_frozen_or_cancelled() -> None:
    cancelled = {assessment.State.CANCELLED}
    assert assessment.OPEN | assessment.FROZEN | cancelled == set(assessment.State)
    assert assessment.OPEN.isdisjoint(assessment.FROZEN)
    assert assessment.WRITABLE < assessment.OPEN
    assert assessment.IN_FORCE < assessment.FROZEN


def test_a_plan_and_a_case_are_open_until_their_end() -> None:
    assert set(plan.State) - LIVES["plan"].ends == plan.OPEN
    assert set(suspension.State) - LIVES["suspension"].ends == suspension.OPEN

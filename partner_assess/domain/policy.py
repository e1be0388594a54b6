"""This file holds what an agency may set: lengths, the start of the clock, reminders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, cast

from partner_assess.domain.errors import RuleError
from partner_assess.domain.risk import Risk

E = TypeVar("E", bound=StrEnum)


class BadPolicy(RuleError):
    """A policy has a setting that is missing, unknown or out of bounds.

    Attributes:
        problems: Pairs of setting and what is wrong, in plain English for its author.
    """

    code = "bad_policy"

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.problems = problems


class ClockStart(StrEnum):
    """The day a plan's months are counted from. Source: SA 55; ours, docs/decisions/0007."""

    FINAL = "final"
    APPROVED = "approved"
    AGREED = "agreed"


class OnDeadline(StrEnum):
    """What the clock does the day after the 12-month date.

    Source: SA 55; ours, docs/decisions/0007
    """

    SUSPEND = "suspend"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class PlanLength:
    """Lengths of a plan under one framework, in whole calendar months."""

    framework: str
    high_months: int
    moderate_months: int
    suspension_months: int
    extension_months: int
    extensions: int

    def months(self, risk: Risk) -> int | None:
        """Return the plan's length, None where a result has no plan date (Low).

        Source: SA 55; unverified; domain.md 1.4 for Moderate
        """
        return {Risk.HIGH: self.high_months, Risk.MODERATE: self.moderate_months}.get(risk)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a number comes from, and whether a text was seen for it."""

    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """One agency's settings. Units are in the names; every number has its source in the file.

    Attributes:
        settings: Where each number comes from, by its place in the file: "approval_days",
            "plan[2].high_months" (counted from 1, as `plans` stands).
    """

    name: str
    clock_start: ClockStart
    on_deadline: OnDeadline
    validity_months: int
    approval_days: int
    approval_reminder_days: int
    decision_escalation_days: int
    reminders: tuple[int, ...]
    reassessment_notice_days: int
    at_risk_days: int
    at_risk_share_percent: int
    checkpoint_months: tuple[int, ...]
    exception_review_months: int
    lives_at_risk_confirm_months: int
    emergency_months: int
    acknowledgement_days: int
    plan_agree_days: int
    reservations_after_months: int
    copy_forward_days: int
    plans: tuple[PlanLength, ...]
    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])

    def plan_length(self, framework_id: str) -> PlanLength:
        """Return the lengths for a framework, else those for any ("*")."""
        by_framework = {plan.framework: plan for plan in self.plans}
        return by_framework.get(framework_id) or by_framework[_ANY]

    @classmethod
    def from_mapping(cls, name: str, mapping: Mapping[str, Any]) -> Policy:
        """Return the policy that a parsed file states.

        Raises:
            BadPolicy: with every problem found.
        """
        return _Reader(name, mapping).policy()


# The bounds an agency may set a number within: wide enough for practice, narrow enough that a
# slip of the pen (1200 months) is caught.
_BOUNDS: dict[str, tuple[int, int]] = {
    "validity_months": (1, 120),
    "approval_days": (1, 365),
    "approval_reminder_days": (1, 90),
    "decision_escalation_days": (1, 90),
    "reassessment_notice_days": (1, 730),
    "at_risk_days": (1, 365),
    "at_risk_share_percent": (1, 100),
    "exception_review_months": (1, 12),
    "lives_at_risk_confirm_months": (1, 24),
    "emergency_months": (1, 12),
    "acknowledgement_days": (1, 180),
    "plan_agree_days": (1, 180),
    "reservations_after_months": (1, 120),
    "copy_forward_days": (1, 1825),
}
_PLAN_BOUNDS: dict[str, tuple[int, int]] = {
    "high_months": (1, 24),
    "moderate_months": (1, 36),
    "suspension_months": (1, 24),
    "extension_months": (0, 12),
    "extensions": (0, 1),
}
_LISTS: dict[str, tuple[int, int]] = {
    "reminders": (0, 365),
    "checkpoint_months": (1, 24),
}
_PLAIN = {"schema", "name", "plan"}
_ANY = "*"
_EMPTY: Mapping[str, Any] = {}


class _Reader:
    """Reads a mapping once, collecting every problem."""

    def __init__(self, name: str, mapping: Mapping[str, Any]) -> None:
        self.name = name
        self.mapping = mapping
        self.problems: list[tuple[str, str]] = []
        self.settings: dict[str, Setting] = {}

    def policy(self) -> Policy:
        settings: dict[str, Any] = {
            key: self._number(self.mapping, key, *bounds) for key, bounds in _BOUNDS.items()
        }
        settings |= {key: self._list(key, *bounds) for key, bounds in _LISTS.items()}
        clock_start = self._choice("clock_start", ClockStart)
        on_deadline = self._choice("on_deadline", OnDeadline)
        plans = self._plans()
        known = _PLAIN | set(_BOUNDS) | set(_LISTS) | {"clock_start", "on_deadline"}
        for key in sorted(self.mapping.keys() - known):
            self._wrong(key, "is not a setting of a policy")
        if self.problems:
            raise BadPolicy(tuple(self.problems))
        return Policy(
            name=self.name,
            clock_start=clock_start,
            on_deadline=on_deadline,
            plans=plans,
            settings=self.settings,
            **settings,
        )

    def _wrong(self, key: str, reason: str) -> None:
        self.problems.append((key, reason))

    def _value(self, table: Mapping[str, Any], key: str, at: str = "") -> object:
        """Return what a setting is set to, None (a problem is noted) where it is not."""
        entry = cast("object", table.get(key))
        if not isinstance(entry, Mapping) or "value" not in entry:
            self._wrong(at + key, "needs { value = ..., source = ..., verified = ... }")
            return None
        said = cast("Mapping[str, object]", entry)
        source = said.get("source")
        if not isinstance(source, str) or not source:
            self._wrong(at + key, "names no source")
        else:
            self.settings[at + key] = Setting(source, said.get("verified") is True)
        return said["value"]

    def _within(self, key: str, value: object, low: int, high: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._wrong(key, f"is a whole number from {low} to {high}")
            return low
        return value

    def _number(self, table: Mapping[str, Any], key: str, low: int, high: int, at: str = "") -> int:
        value = self._value(table, key, at)
        return low if value is None else self._within(at + key, value, low, high)

    def _list(self, key: str, low: int, high: int) -> tuple[int, ...]:
        value = self._value(self.mapping, key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong(key, "is a list of whole numbers")
            return ()
        numbers = [self._within(key, one, low, high) for one in cast("list[object]", value)]
        if len(set(numbers)) != len(numbers):
            self._wrong(key, "says a number twice")
        return tuple(numbers)

    def _choice(self, key: str, kind: type[E]) -> E:
        value = self._value(self.mapping, key)
        for member in kind:
            if member.value == value:
                return member
        if value is not None:
            self._wrong(key, "is one of " + ", ".join(member.value for member in kind))
        return next(iter(kind))

    def _plans(self) -> tuple[PlanLength, ...]:
        tables = cast("object", self.mapping.get("plan"))
        rows = cast("list[object]", tables) if isinstance(tables, list) else []
        plans = [self._plan(row, f"plan[{place}].") for place, row in enumerate(rows, start=1)]
        frameworks = [plan.framework for plan in plans]
        if _ANY not in frameworks:
            self._wrong("plan", f'has one for any framework: framework = "{_ANY}"')
        if len(set(frameworks)) != len(frameworks):
            self._wrong("plan", "has two for one framework")
        return tuple(plans)

    def _plan(self, row: object, at: str) -> PlanLength:
        """Read one plan; its settings are named "plan[2].high_months", counted from 1."""
        table = cast("Mapping[str, Any]", row if isinstance(row, Mapping) else _EMPTY)
        framework = cast("object", table.get("framework"))
        if not isinstance(framework, str) or not framework:
            self._wrong(f"{at}framework", "names no framework")
        plan = PlanLength(
            framework=str(framework),
            **{key: self._number(table, key, *b, at=at) for key, b in _PLAN_BOUNDS.items()},
        )
        for key in sorted(table.keys() - {"framework", *_PLAN_BOUNDS}):
            self._wrong(at + key, "is not a setting of a plan")
        if plan.suspension_months < plan.high_months:
            self._wrong(f"{at}suspension_months", "is not shorter than high_months")
        return plan

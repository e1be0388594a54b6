"""This file holds the kinds of single values that are shared: one class each.

A kind says how a value is written as JSON, how it is read strictly, and what the schema says of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol

Schema = dict[str, object]

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT = DAY + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a value: a stable code, and where (`results[2].rating`)."""

    code: str
    where: str = ""


class Kind(Protocol):
    """How values of one kind are written, read and described."""

    def encode(self, value: Any) -> object:
        """Return the JSON value."""
        ...

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Return what the JSON value stands for, or add problems."""
        ...

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Return the JSON Schema; records add themselves to `definitions`."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string; written in a field's type as `Annotated[str, Text(...)]`."""

    longest: int
    pattern: str = ""
    shortest: int = 0

    def encode(self, value: str) -> object:
        """Return the string itself."""
        return value

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take a string of the right length and shape, without control characters."""
        if not isinstance(value, str):
            problems.append(Problem("wrong_type", where))
        elif not self._fits(value):
            problems.append(Problem("wrong_value", where))
        return value

    def _fits(self, value: str) -> bool:
        shaped = not self.pattern or re.fullmatch(self.pattern, value) is not None
        return shaped and self.shortest <= len(value) <= self.longest and not CONTROLS.search(value)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe length and shape."""
        told: Schema = {"type": "string", "maxLength": self.longest}
        if self.shortest:
            told["minLength"] = self.shortest
        if self.pattern:
            told["pattern"] = f"^(?:{self.pattern})$"
        return told


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; written in a field's type as `Annotated[int, Whole(...)]`."""

    lowest: int
    highest: int

    def encode(self, value: int) -> object:
        """Return the number itself."""
        return value

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take a whole number within the bounds; true is not 1."""
        if not isinstance(value, int) or isinstance(value, bool):
            problems.append(Problem("wrong_type", where))
        elif not self.lowest <= value <= self.highest:
            problems.append(Problem("wrong_value", where))
        return value

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe the bounds."""
        return {"type": "integer", "minimum": self.lowest, "maximum": self.highest}


class Flag:
    """True or false."""

    def encode(self, value: bool) -> object:  # noqa: FBT001 (a value, not a switch)
        """Return the truth value itself."""
        return value

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take true or false, nothing that is merely like it."""
        if not isinstance(value, bool):
            problems.append(Problem("wrong_type", where))
        return value

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe a truth value."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day as `2026-11-22`, or a moment in UTC to the second as `2026-11-22T20:35:00Z`."""

    form: str
    format: str
    read: Callable[[str], date]

    def encode(self, value: date) -> object:
        """Write ISO form, moments in UTC."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        return value.isoformat()

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take what exists in the calendar, in exactly that form."""
        if not isinstance(value, str):
            problems.append(Problem("wrong_type", where))
            return value
        try:
            if re.fullmatch(self.form, value):
                return self.read(value)
        except ValueError:
            pass  # the right form, but no such day: the same answer as for the wrong form
        problems.append(Problem("wrong_value", where))
        return value

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe the form."""
        return {"type": "string", "format": self.format, "pattern": f"^{self.form}$"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of an enumeration."""

    options: type[StrEnum]

    def encode(self, value: StrEnum) -> object:
        """Write the value's own word."""
        return value.value

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take one of the words."""
        if not isinstance(value, str):
            problems.append(Problem("wrong_type", where))
        elif value not in set(self.options):
            problems.append(Problem("wrong_value", where))
        else:
            return self.options(value)
        return value

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """List the words."""
        return {"enum": [option.value for option in self.options]}

"""This file holds how frozen records become JSON values and back, and the schema of both.

A record's kind follows from its dataclass fields, so that the three can never drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Union, cast, get_args, get_origin, get_type_hints

from partner_assess.domain.report.kinds import (
    DAY,
    INSTANT,
    Choice,
    Flag,
    Kind,
    Moment,
    Problem,
    Schema,
    Text,
    Whole,
)

LONGEST_LIST = 500


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value, or null where there is none."""

    item: Kind

    def encode(self, value: object) -> object:
        """Write null or the value."""
        return None if value is None else self.item.encode(value)

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take null or the value."""
        return None if value is None else self.item.decode(value, where, problems)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe both."""
        return {"anyOf": [self.item.schema(definitions), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values of one kind, in a given order."""

    item: Kind

    def encode(self, value: tuple[object, ...]) -> object:
        """Write each."""
        return [self.item.encode(one) for one in value]

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take each."""
        if not isinstance(value, list):
            problems.append(Problem("wrong_type", where))
            return None
        items = cast("list[object]", value)
        if len(items) > LONGEST_LIST:
            problems.append(Problem("wrong_value", where))
            return None
        return tuple(
            self.item.decode(one, f"{where}[{place}]", problems) for place, one in enumerate(items)
        )

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe the items."""
        return {
            "type": "array",
            "items": self.item.schema(definitions),
            "maxItems": LONGEST_LIST,
        }


@dataclass(frozen=True, slots=True)
class Record:
    """A frozen dataclass: an object with exactly its fields, all of them present."""

    made: type

    @property
    def fields(self) -> Mapping[str, Kind]:
        """Return the kind of each field, in the order of the class."""
        return _fields(self.made)

    def encode(self, value: object) -> object:
        """Write every field, null included."""
        return {name: kind.encode(getattr(value, name)) for name, kind in self.fields.items()}

    def decode(self, value: object, where: str, problems: list[Problem]) -> object:
        """Take an object with these keys and no other."""
        if not isinstance(value, dict):
            problems.append(Problem("wrong_type", where))
            return None
        given = cast("dict[str, object]", value)
        before = len(problems)
        inside = f"{where}." if where else ""
        for key in sorted(given.keys() - self.fields.keys()):
            problems.append(Problem("unknown_key", f"{inside}{key[:60]}"))
        read: dict[str, object] = {}
        for name, kind in self.fields.items():
            if name in given:
                read[name] = kind.decode(given[name], f"{inside}{name}", problems)
            else:
                problems.append(Problem("missing_key", f"{inside}{name}"))
        return None if len(problems) > before else self.made(**read)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Describe the object among the definitions, and point to it."""
        name = self.made.__name__
        definitions[name] = {
            "type": "object",
            "description": (self.made.__doc__ or "").split("\n")[0],
            "properties": {key: kind.schema(definitions) for key, kind in self.fields.items()},
            "required": list(self.fields),
            "additionalProperties": False,
        }
        return {"$ref": f"#/$defs/{name}"}


@cache
def _fields(made: type) -> Mapping[str, Kind]:
    return {name: kind_of(hint) for name, hint in get_type_hints(made, include_extras=True).items()}


PLAIN: Mapping[type[object], Kind] = {
    bool: Flag(),
    date: Moment(DAY, "date", date.fromisoformat),
    datetime: Moment(INSTANT, "date-time", datetime.fromisoformat),
}


def kind_of(hint: object) -> Kind:
    """Return the kind that a field's type stands for.

    Raises:
        TypeError: For a type that has no place in a shared record, a float for one.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated and isinstance(inner[1], Text | Whole):
        return inner[1]
    if origin in {Union, UnionType} and inner[-1] is NoneType:
        return Maybe(kind_of(Union[inner[:-1]]))  # noqa: UP007 (built from a tuple)
    if origin is tuple and inner[1:] == (...,):
        return Sequence(kind_of(inner[0]))
    if isinstance(hint, type):
        return _plain(cast("type[object]", hint))
    raise TypeError(f"no place in a shared record: {hint}")


def _plain(made: type[object]) -> Kind:
    if made in PLAIN:
        return PLAIN[made]
    if issubclass(made, StrEnum):
        return Choice(made)
    if is_dataclass(made):
        return Record(made)
    raise TypeError(f"no place in a shared record: {made}")

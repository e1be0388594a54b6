"""This file holds the reading of one TOML file, field by field, noting every problem on the way."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

from partner_assess.adapters.criteria_files.toml_lines import Key, line_of, lines_of

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_SCHEMA = 1


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """Something wrong in a file of criteria: where, and what, in English for its author."""

    file: str
    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        """Return it as one line, "file:line: key: reason"."""
        return ": ".join(
            part for part in (f"{self.file}:{self.line}", self.key, self.reason) if part
        )


class BadCriteria(Exception):
    """Files of criteria cannot be used.

    Attributes:
        problems: All that is wrong with them, by file and line.
    """

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Source:
    """A TOML file with its values, and where each of them stands."""

    def __init__(self, path: Path, *, name: str) -> None:
        self.name = name
        self.problems: list[FileProblem] = []
        self.values: dict[str, Any] = {}
        self._lines: dict[Key, int] = {}
        try:
            text = path.read_bytes().decode("utf-8")
            self.values = tomllib.loads(text, parse_float=Decimal)
        except UnicodeDecodeError:
            self._refuse(1, "is not UTF-8")
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            self._refuse(int(found[1]) if found else 1, f"is not TOML: {error}")
        else:
            self._lines = lines_of(text)

    @property
    def is_read(self) -> bool:
        """Return whether there is anything to look at."""
        return bool(self.values)

    def fields(self) -> Fields:
        """Return the file's outermost fields, its schema number checked."""
        fields = Fields(self, (), self.values)
        if self.is_read and fields.number("schema") != _SCHEMA:
            self.wrong(("schema",), f"is {_SCHEMA}; no other schema is known")
        return fields

    def wrong(self, key: Key, reason: str) -> None:
        """Note a problem at a key."""
        line = line_of(self._lines, key)
        self.problems.append(FileProblem(self.name, line, written(key), reason))

    def _refuse(self, line: int, reason: str) -> None:
        self.problems.append(FileProblem(self.name, line, "", reason))


class Fields:
    """One table of a file. Each field is asked for by name; `finish` reports the others.

    A field that is missing or of another type is noted, and something harmless is returned, so
    that one reading finds every problem.
    """

    def __init__(self, source: Source, key: Key, values: Mapping[str, Any]) -> None:
        self.source = source
        self.key = key
        self.values = values
        self._asked: set[str] = set()

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for name in self.values:
            if name not in self._asked:
                self.wrong(name, "is not a known key here")

    def skip(self, *names: str) -> None:
        """Leave fields to someone else to read."""
        self._asked.update(names)

    def wrong(self, name: str, reason: str) -> None:
        """Note a problem with one field."""
        self.source.wrong((*self.key, name), reason)

    def word(self, name: str, *, optional: bool = False) -> str:
        """Return a text; empty when it is optional and not there."""
        value = self._take(name, str, "", "a text in quotes", optional=optional)
        if not value.strip() and name in self.values and isinstance(self.values[name], str):
            self.wrong(name, "is empty")
        return value

    def number(self, name: str, *, default: int | None = None) -> int:
        """Return a whole number."""
        return self._take(name, int, default or 0, "a whole number", optional=default is not None)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        return self._take(name, bool, default, "true or false", optional=True)

    def day(self, name: str) -> date:
        """Return a date without a time."""
        value = self._take(name, date, date.min, "a date like 2020-09-01")
        if isinstance(value, datetime):
            self.wrong(name, "is a date without a time")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty when it is not there."""
        values = self._take(name, list[Any], [], "a list", optional=True)
        for place, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                self.source.wrong((*self.key, name, place), "is a text in quotes")
        return tuple(value for value in values if isinstance(value, str))

    def one_of(self, name: str, kind: type[E], *, optional: bool = False) -> E | None:
        """Return a member of an enum, None when it is not there or not a member."""
        value = self.word(name, optional=optional)
        return self._member((*self.key, name), value, kind) if value else None

    def some_of(self, name: str, kind: type[E]) -> tuple[E, ...]:
        """Return a list of members of an enum; empty when it is not there."""
        found = (
            self._member((*self.key, name, place), value, kind)
            for place, value in enumerate(self.words(name))
        )
        return tuple(member for member in found if member is not None)

    def table(self, name: str, *, optional: bool = False) -> Fields:
        """Return a table within this one."""
        values = self._take(name, dict[str, Any], {}, "a table", optional=optional)
        return Fields(self.source, (*self.key, name), values)

    def tables(self, name: str, *, optional: bool = False) -> tuple[Fields, ...]:
        """Return a list of tables within this one."""
        values = self._take(name, list[Any], [], "a list of tables", optional=optional)
        return tuple(
            Fields(self.source, key, self._table_at(key, value))
            for place, value in enumerate(values)
            for key in [(*self.key, name, place)]
        )

    def by_name(self, *, optional: bool = False, name: str) -> dict[str, Fields]:
        """Return the tables within a table, by their names."""
        outer = self._take(name, dict[str, Any], {}, "a table", optional=optional)
        return {
            inner: Fields(self.source, key, self._table_at(key, value))
            for inner, value in outer.items()
            for key in [(*self.key, name, inner)]
        }

    def all_words(self) -> dict[str, str]:
        """Return this whole table as texts by name."""
        return {name: self.word(name) for name in self.values}

    def _take(
        self, name: str, kind: type[T], fallback: T, said: str, *, optional: bool = False
    ) -> T:
        self._asked.add(name)
        if name not in self.values:
            if not optional:
                self.wrong(name, "is missing")
            return fallback
        value: object = self.values[name]
        plain = cast("type[T]", getattr(kind, "__origin__", kind))
        if (isinstance(value, bool) and plain is not bool) or not isinstance(value, plain):
            self.wrong(name, f"is {said}")
            return fallback
        return cast("T", value)

    def _member(self, key: Key, value: str, kind: type[E]) -> E | None:
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            self.source.wrong(key, f"{value!r} is none of: {known}")
            return None

    def _table_at(self, key: Key, value: object) -> dict[str, Any]:
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
        self.source.wrong(key, "is a table")
        return {}


def written(key: Key) -> str:
    """Return a key as people write it: standard[2].options[0].points, counted from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key)
    return "".join(parts).removeprefix(".")

"""This file holds where in a TOML text each key stands, which `tomllib` does not tell."""

from __future__ import annotations

import re
from collections import Counter

Key = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_PART = re.compile(r"[ \t]*(?:([A-Za-z0-9_-]+)|\"((?:[^\"\\\n]|\\.)*)\"|'([^'\n]*)')[ \t]*")


def lines_of(text: str) -> dict[Key, int]:
    """Return the line of every key, table and list element of a text that `tomllib` has read."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.lines


def line_of(lines: dict[Key, int], key: Key) -> int:
    """Return the line of a key, or of the nearest thing around it that exists."""
    for length in range(len(key), 0, -1):
        if key[:length] in lines:
            return lines[key[:length]]
    return 1


class _Scanner:
    """Walks once through valid TOML; what is not valid, `tomllib` has refused before."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Key, int] = {}
        self.tables: Counter[Key] = Counter()

    def run(self) -> None:
        table: Key = ()
        self._skip()
        while self.at < len(self.text):
            start = self.at
            if self.text.startswith("[[", start):
                self.at += 2
                table = self._one_more(self._name())
                self.at += 2
            elif self.text[start] == "[":
                self.at += 1
                table = self._within(self._name())
                self.at += 1
            else:
                self._pair(table)
            self.lines.setdefault(table, self._line(start))
            self._skip()

    def _one_more(self, name: Key) -> Key:
        """Return the key of the next table in a list of tables."""
        whole = (*self._within(name[:-1]), name[-1])
        self.tables[whole] += 1
        return (*whole, self.tables[whole] - 1)

    def _within(self, name: Key) -> Key:
        """Return a name with the place of the last table wherever it goes through a list."""
        found: Key = ()
        for part in name:
            found = (*found, part)
            if found in self.tables:
                found = (*found, self.tables[found] - 1)
        return found

    def _pair(self, table: Key) -> None:
        start = self.at
        key = (*table, *self._name())
        self.lines[key] = self._line(start)
        self.at += 1
        self._value(key)

    def _value(self, key: Key) -> None:
        self._skip()
        self.lines.setdefault(key, self._line(self.at))
        if self.text[self.at] in "[{":
            self._collection(key, closes="]" if self.text[self.at] == "[" else "}")
            return
        found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
        self.at = found.end() if found else self.at + 1

    def _collection(self, key: Key, *, closes: str) -> None:
        self.at += 1
        place = 0
        self._skip()
        while self.text[self.at] != closes:
            if self.text[self.at] == ",":
                self.at += 1
                place += 1
            elif closes == "]":
                self._value((*key, place))
            else:
                self._pair(key)
            self._skip()
        self.at += 1

    def _name(self) -> Key:
        parts: list[str] = []
        while found := _PART.match(self.text, self.at):
            parts.append(next(part for part in found.groups() if part is not None))
            self.at = found.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return tuple(parts)

    def _skip(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

"""This file holds how commands read and write JSON: strictly, and all of it or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn, cast

import click

_LONGEST = 80


class BadInput(click.ClickException):
    """What was given cannot be used; said in one line, nothing done and nothing printed."""

    exit_code = 2


def write(rows: Iterable[Mapping[str, object]]) -> None:
    """Print one object a line, once all of them are known."""
    for line in [json.dumps(row) for row in rows]:
        click.echo(line)


def read_answers(file: str) -> list[tuple[int, dict[str, str]]]:
    """Return each set of ratings in a JSON or JSON Lines file ("-": standard input), and its line.

    Raises:
        BadInput: the file, or any line of it, is not an object with `answers`.
    """
    text = _text(file)
    try:
        return [(1, _answers(_parsed(text), 1))]
    except json.JSONDecodeError as error:
        if not text.strip():
            raise BadInput("There is nothing to read: expected JSON objects.") from None
        if len(text.splitlines()) == 1:
            raise BadInput(f"line 1: is not JSON: {error.msg}.") from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    return [(number, _line(line, number)) for number, line in lines if line.strip()]


def quoted(value: object) -> str:
    """Return a value as it is shown in a message: on one line, in ASCII, not too long."""
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in cast("tuple[object, ...]", value))
    said = json.dumps(value if isinstance(value, str) else str(value))
    return said if len(said) <= _LONGEST else said[:_LONGEST] + '..."'


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{quoted(file)} is not UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a name of a file"
        raise BadInput(f"{quoted(file)} cannot be read: {reason}.") from None


def _line(line: str, number: int) -> dict[str, str]:
    try:
        return _answers(_parsed(line, number), number)
    except json.JSONDecodeError as error:
        raise BadInput(f"line {number}: is not JSON: {error.msg}.") from None


def _parsed(text: str, number: int = 1) -> object:
    """Return what JSON says. A key that comes twice, NaN and a bottomless nest are refused."""

    def once_only(pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in read if keys.count(key) > 1)
            raise BadInput(f"line {number}: the key {quoted(twice)} comes twice.")
        return read

    def no_constant(name: str) -> NoReturn:
        raise BadInput(f"line {number}: {name} is not JSON.")

    try:
        return json.loads(text, object_pairs_hook=once_only, parse_constant=no_constant)
    except RecursionError:
        raise BadInput(f"line {number}: is nested too deeply.") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise BadInput(f"line {number}: holds a number that is too long.") from None


def _answers(value: object, number: int) -> dict[str, str]:
    answers = cast("dict[str, object]", value).get("answers") if isinstance(value, dict) else None
    if not isinstance(answers, dict):
        raise BadInput(f'line {number}: is not an object with "answers".')
    ratings = cast("dict[str, object]", answers)
    for standard, rating in ratings.items():
        if not isinstance(rating, str):
            said = f"the rating of {quoted(standard)} is not a text; leave out what is not rated"
            raise BadInput(f"line {number}: {said}.")
    return cast("dict[str, str]", answers)

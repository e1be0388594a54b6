"""This file holds what differs between two versions of an instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import cast

from partner_assess.domain.framework import Framework

_NOT_CONTENT = {"version", "digest"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two versions say differently; None where a version does not have it."""

    key: str
    before: str | None
    after: str | None


def changes(before: Framework, after: Framework) -> tuple[Change, ...]:
    """Return what differs, by key; things are matched by their ids, not by their place.

    Source: ours; docs/decisions/0005 (ids are for ever)
    """
    old, new = dict(_flat("", before)), dict(_flat("", after))
    return tuple(
        Change(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def _flat(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every single value of an instrument with the way to it."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in _NOT_CONTENT:
                yield from _flat(f"{key}.{field.name}".lstrip("."), getattr(value, field.name))
    elif isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, object]", value).items():
            yield from _flat(f"{key}.{name}", inner)
    elif isinstance(value, tuple):
        for place, item in enumerate(cast("tuple[object, ...]", value)):
            yield from _flat(f"{key}[{_name(item, place)}]", item)
    else:
        yield key, str(value)


def _name(item: object, place: int) -> str:
    """Return what an item of a list is known by: its id, itself, or its place from 1."""
    if isinstance(item, str):
        return item
    return str(getattr(item, "id", place + 1))

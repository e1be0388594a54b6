"""This file holds the reading of a crosswalk: what one instrument can mean in another."""

from __future__ import annotations

from pathlib import Path

from partner_assess.adapters.criteria_files.fields import Fields, FileProblem, Source
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.crosswalk import Crosswalk, Group, Row, problems
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework


def read_crosswalk(
    root: Path, path: Path, catalogue: Catalogue | None
) -> tuple[Crosswalk, list[FileProblem]]:
    """Return the crosswalk of a file, and every problem of it.

    Without a catalogue (its files have problems of their own) only the form is looked at.
    """
    source = Source(path, name=path.relative_to(root).as_posix())
    if not source.is_read:
        return Crosswalk("", "", ()), source.problems
    fields = source.fields()
    crosswalk = Crosswalk(
        source_id=fields.word("from"),
        target_id=fields.word("to"),
        groups=tuple(_group(group) for group in fields.tables("group")),
        sources=fields.words("sources"),
    )
    fields.finish()
    if catalogue:
        _check_meaning(crosswalk, fields, catalogue)
    return crosswalk, source.problems


def _check_meaning(crosswalk: Crosswalk, fields: Fields, catalogue: Catalogue) -> None:
    start, end = (_framework(catalogue, fields, name) for name in ("from", "to"))
    if start and end:
        for place, reason in problems(crosswalk, start, end):
            fields.source.wrong(("group",) if place is None else ("group", place), reason)


def _framework(catalogue: Catalogue, fields: Fields, name: str) -> Framework | None:
    """Return the newest version of the instrument that a field names."""
    try:
        return catalogue.get(str(fields.values.get(name, "")))
    except RuleError:
        fields.wrong(name, "is no published instrument")
        return None


def _group(fields: Fields) -> Group:
    group = Group(
        source=fields.words("from"),
        target=fields.words("to"),
        rows=tuple(_row(row) for row in fields.tables("rows")),
    )
    fields.finish()
    return group


def _row(fields: Fields) -> Row:
    given = fields.table("given")
    row = Row(
        given={name: frozenset(given.words(name)) for name in given.values},
        readings=tuple(reading.all_words() for reading in fields.tables("readings")),
    )
    fields.finish()
    return row

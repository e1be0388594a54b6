"""This file holds how Hypothesis makes reports: any that the schema allows and that are not absurd.

Built from the kinds of the fields, so that a new field is covered without a word here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from partner_assess.domain.report import Report
from partner_assess.domain.report.codec import Maybe, Record, Sequence
from partner_assess.domain.report.kinds import CONTROLS, Choice, Flag, Kind, Moment, Text, Whole
from tests.signed_pdf import sealed_report

_LETTERS = st.characters(exclude_categories=("Cs", "Cc"))


def reports(agency_code: str = "UNA") -> st.SearchStrategy[Report]:
    """Return final reports of this agency whose parts are each as free as they may be."""
    base = sealed_report()
    return st.builds(
        lambda partner, dates, limits, previous, approvals, comment: replace(
            base,
            owner=replace(base.owner, agency_code=agency_code),
            partner=partner,
            dates=replace(dates, final_on=dates.final_on or date(2026, 1, 1)),
            limits=limits,
            previous=previous,
            approvals=approvals,
            results=(replace(base.results[0], comment=comment), *base.results[1:]),
        ),
        partner=_of(Record(type(base.partner))),
        dates=_of(Record(type(base.dates))),
        limits=_of(Record(type(base.limits))),
        previous=st.none() | _of(Record(type(base.previous))),
        approvals=st.lists(_of(Record(type(base.approvals[0]))), max_size=3).map(tuple),
        comment=_text(Text(20_000)),
    )


def _of(kind: Kind) -> st.SearchStrategy[Any]:
    if isinstance(kind, Record):
        made = {name: _of(one) for name, one in kind.fields.items()}
        return st.builds(kind.made, **made)
    if isinstance(kind, Maybe):
        return st.none() | _of(kind.item)
    if isinstance(kind, Sequence):
        return st.lists(_of(kind.item), max_size=3).map(tuple)
    if isinstance(kind, Text):
        return _text(kind)
    return _single(kind)


def _single(kind: Kind) -> st.SearchStrategy[Any]:
    if isinstance(kind, Whole):
        return st.integers(kind.lowest, kind.highest)
    if isinstance(kind, Flag):
        return st.booleans()
    if isinstance(kind, Choice):
        return st.sampled_from(list(kind.options))
    assert isinstance(kind, Moment)
    if kind.format == "date":
        return st.dates(date(1, 1, 1), date(9999, 12, 31))
    moments = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (Hypothesis adds the zone)
    return moments.map(lambda moment: moment.replace(microsecond=0))


def _text(kind: Text) -> st.SearchStrategy[str]:
    if kind.pattern and kind.shortest == 0:
        shaped = st.from_regex(rf"\A(?:{kind.pattern})\Z")
        return shaped.filter(lambda text: len(text) <= kind.longest and not CONTROLS.search(text))
    made = st.text(_LETTERS, min_size=kind.shortest, max_size=min(kind.longest, 60))
    return made.filter(str.strip) if kind.pattern else made

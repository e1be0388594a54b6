"""This file holds the deadline strip of a plan: its days as shares of the time it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import flask_babel
from babel import dates

from partner_assess.domain import deadlines
from partner_assess.web import i18n
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import ngettext

if TYPE_CHECKING:
    from partner_assess.db.models.plan import Plan
    from partner_assess.domain.policy import Policy

_MOST_TICK_WORDS = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """One day on the strip; `at` runs from 0 to 100."""

    kind: str
    on: date
    at: float
    done: bool
    label: str
    day: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """What `deadline_strip` draws."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    legend: tuple[tuple[str, bool, str], ...]
    description: str

    @classmethod
    def of(cls, plan: Plan, policy: Policy, *, is_open: bool, today: date) -> Strip | None:
        """Return the strip of a plan, None for one without a last day."""
        if plan.started_on is None or plan.due_on is None:
            return None
        days = _Days(
            first=plan.started_on,
            due_on=plan.due_on,
            limit_on=plan.limit_on,
            suspends_on=plan.suspends_on,
            policy=policy,
            is_open=is_open,
            today=today,
        )
        marks = days.marks()
        return cls(
            marks=marks,
            ticks=days.ticks(),
            legend=_legend(marks),
            description=_(
                "From %(first)s to %(last)s. The table of actions below says what is due when.",
                first=i18n.day(days.first),
                last=i18n.day(days.last),
            ),
        )


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of one plan, and where they lie."""

    first: date
    due_on: date
    limit_on: date | None
    suspends_on: date | None
    policy: Policy
    is_open: bool
    today: date

    @property
    def last(self) -> date:
        """Return the last day that matters: the plan's, or the 12-month date after it."""
        return max(self.due_on, self.limit_on or self.due_on)

    @property
    def end(self) -> date:
        """Return where the strip ends: today, once an open plan is late."""
        return max(self.last, self.today) if self.is_open else self.last

    def at(self, day: date) -> float:
        """Return the share of the time that is over on a day."""
        whole = (self.end - self.first).days or 1
        return round(min(max((day - self.first).days / whole, 0), 1) * 100, 2)

    def mark(self, kind: str, on: date, label: str, note: str = "") -> Mark:
        """Return a day as it is drawn."""
        return Mark(kind, on, self.at(on), on <= self.today, label, i18n.day(on), note)

    def marks(self) -> tuple[Mark, ...]:
        """Return all of them, in the order of time; what falls on the last day is said there."""
        found = [self.mark("start", self.first, _("Start")), *self.checkpoints(), *self.reminders()]
        if self.is_open:
            found.append(self.mark("today", self.today, self.today_words()))
        found += self.ends()
        order = ("start", "checkpoint", "reminder", "today", "last_day")
        return tuple(sorted(found, key=lambda mark: (mark.on, order.index(mark.kind))))

    def today_words(self) -> str:
        """Return how many days are left for the plan."""
        left = deadlines.days_left(self.due_on, today=self.today)
        if left < 0:
            return ngettext("Today, %(num)s day late", "Today, %(num)s days late", -left)
        return ngettext("Today, %(num)s day left", "Today, %(num)s days left", left)

    def checkpoints(self) -> list[Mark]:
        """Return the checkpoints of the policy before the last day."""
        return [
            self.mark("checkpoint", on, _("Check %(number)s", number=number))
            for number, on in self.checkpoint_days()
            if on < self.last and on != self.due_on
        ]

    def checkpoint_days(self) -> list[tuple[int, date]]:
        """Return all checkpoints of the policy with their number."""
        months = enumerate(sorted(self.policy.checkpoint_months), start=1)
        return [(number, deadlines.add_months(self.first, each)) for number, each in months]

    def reminders(self) -> list[Mark]:
        """Return the reminders before each last day, without those on it."""
        lasts = {self.due_on, self.last}
        days = {
            on
            for last in lasts
            for on in deadlines.reminders(last, days_before=self.policy.reminders)
        }
        return [
            self.mark("reminder", on, _("Reminder"))
            for on in sorted(days - lasts)
            if on > self.first
        ]

    def ends(self) -> list[Mark]:
        """Return the plan's last day, and the 12-month date where it is another one."""
        if self.limit_on is None or self.limit_on == self.due_on:
            return [self.mark("last_day", self.due_on, _("Last day"), self.note(self.due_on))]
        return [
            self.mark("last_day", self.due_on, _("Last day of the plan"), self.note(self.due_on)),
            self.mark("last_day", self.limit_on, _("12-month date"), self.note(self.limit_on)),
        ]

    def note(self, on: date) -> str:
        """Return what else is on a last day: a checkpoint, and the suspension the day after."""
        parts = [
            _("check %(number)s", number=number)
            for number, day in self.checkpoint_days()
            if day == on
        ]
        if self.suspends_on is not None and on == self.limit_on:
            parts.append(_("suspension from %(day)s", day=i18n.day(self.suspends_on)))
        return " · ".join(parts)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return the first day of each month, every other one with its name where they are many."""
        found: list[date] = []
        day = (self.first.replace(day=1) + timedelta(days=32)).replace(day=1)
        while day < self.end:
            found.append(day)
            day = (day + timedelta(days=32)).replace(day=1)
        each = max(1, -(-len(found) // _MOST_TICK_WORDS))
        return tuple(
            (self.at(day), _month(day) if index % each == 0 else "")
            for index, day in enumerate(found)
        )


def _month(day: date) -> str:
    return dates.format_date(day, "LLL", locale=flask_babel.get_locale())


def _legend(marks: tuple[Mark, ...]) -> tuple[tuple[str, bool, str], ...]:
    words = (
        ("checkpoint", True, _("Checkpoint passed")),
        ("checkpoint", False, _("Checkpoint to come")),
        ("reminder", True, _("Reminder day passed")),
        ("reminder", False, _("Reminder to come")),
    )
    there = {(mark.kind, mark.done) for mark in marks}
    return tuple(one for one in words if (one[0], one[1]) in there)

"""This file holds what the pages about plans show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from partner_assess.domain import deadlines
from partner_assess.domain import plan as rules
from partner_assess.domain.plan import OPEN, ActionState, Health, Progress, State
from partner_assess.domain.policy import ClockStart
from partner_assess.web import action_words, i18n, words
from partner_assess.web.frame import Place
from partner_assess.web.i18n import gettext as _
from partner_assess.web.plans.strip import Strip

if TYPE_CHECKING:
    from partner_assess.db.models.plan import Plan, PlanAction
    from partner_assess.domain.framework import Framework
    from partner_assess.domain.policy import Policy
    from partner_assess.web.plans.fates import Fate


def health_of(plan: Plan, policy: Policy, *, today: date) -> Health | None:
    """Return how an open plan stands, None for a finished one or one without a last day."""
    if plan.state not in OPEN or plan.due_on is None:
        return None
    return rules.health(
        plan.progress(),
        due_on=plan.due_on,
        today=today,
        at_risk_days=policy.at_risk_days,
        share_percent=policy.at_risk_share_percent,
    )


def cells(done: Progress) -> tuple[str, ...]:
    """Return one state for each mandatory action, as the progress gauge draws them."""
    return ("done",) * done.verified + ("waits",) * done.waiting + ("open",) * done.open


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as it is listed and headed."""

    action: PlanAction
    standard: str
    words: str
    model: str
    owner: str
    days_left: int | None
    is_late: bool

    @classmethod
    def of(cls, action: PlanAction, framework: Framework, *, today: date) -> ActionRow:
        """Return an action in the reader's language."""
        text = framework.text(i18n.language())
        number = framework.standard(action.standard_id).number
        title = text.standards[action.standard_id].short_title
        model = action_words.of(text, action.standard_id, action.indicator_id, "")
        is_open = action.state is not ActionState.VERIFIED
        left = deadlines.days_left(action.due_on, today=today) if action.due_on else None
        side = words.of(action.owner_side)
        return cls(
            action=action,
            standard=_("%(number)s %(title)s", number=number, title=title),
            words=action.words or model,
            model=model,
            owner=_("%(side)s, %(role)s", side=side, role=action.owner) if action.owner else side,
            days_left=left if is_open else None,
            is_late=is_open and left is not None and left < 0,
        )


_RANK = (ActionState.RETURNED, ActionState.DONE, ActionState.OPEN, ActionState.VERIFIED)


def _order(row: ActionRow) -> tuple[bool, bool, bool, int, date, int]:
    """Required first; within them what is late or returned, and verified last."""
    action = row.action
    return (
        not action.mandatory,
        action.state is ActionState.VERIFIED,
        not row.is_late,
        _RANK.index(action.state),
        action.due_on or date.max,
        action.position,
    )


def _shows(row: ActionRow, show: str) -> bool:
    return {
        "required": row.action.mandatory,
        "waiting": row.action.state is ActionState.DONE,
        "overdue": row.is_late,
    }.get(show, True)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan with its days and its actions.

    Attributes:
        clock: Which policy, and which day started its clock.
        rows: The actions of the chosen filter; `hidden` counts the others.
        closed: Why it was closed.
    """

    plan: Plan
    health: Health | None
    days_left: int | None
    progress: Progress
    cells: tuple[str, ...]
    fates: tuple[Fate, ...]
    strip: Strip | None
    clock: str
    closed: str
    filters: tuple[Place, ...]
    rows: tuple[ActionRow, ...]
    hidden: int

    @property
    def is_open(self) -> bool:
        """Return whether the plan can still be worked on."""
        return self.plan.state in OPEN

    @classmethod
    def of(
        cls,
        plan: Plan,
        framework: Framework,
        policy: Policy,
        *,
        fates: tuple[Fate, ...],
        show: str,
        today: date,
    ) -> PlanPage:
        """Return the page of a plan on a day."""
        rows = sorted((ActionRow.of(a, framework, today=today) for a in plan.actions), key=_order)
        chosen = show if show in _FILTERS else "required"
        if chosen == "required" and not any(row.action.mandatory for row in rows):
            chosen = "all"
        shown = tuple(row for row in rows if _shows(row, chosen))
        is_open = plan.state in OPEN
        return cls(
            plan=plan,
            health=health_of(plan, policy, today=today),
            days_left=_left(plan, today) if is_open else None,
            progress=plan.progress(),
            cells=cells(plan.progress()),
            fates=fates,
            strip=Strip.of(plan, policy, is_open=is_open, today=today),
            clock=_clock(plan, policy),
            closed=_closed(plan),
            filters=_filters(plan, rows, chosen),
            rows=shown,
            hidden=len(rows) - len(shown),
        )


_FILTERS = ("required", "all", "waiting", "overdue")


def _left(plan: Plan, today: date) -> int | None:
    return deadlines.days_left(plan.due_on, today=today) if plan.due_on else None


def _filters(plan: Plan, rows: Sequence[ActionRow], chosen: str) -> tuple[Place, ...]:
    labels = {
        "required": _("Required %(count)s", count=_count(rows, "required")),
        "all": _("All %(count)s", count=_count(rows, "all")),
        "waiting": _("Wait for a check %(count)s", count=_count(rows, "waiting")),
        "overdue": _("Overdue %(count)s", count=_count(rows, "overdue")),
    }
    return tuple(
        Place(labels[name], url_for("plans.show", plan_id=plan.id, show=name), name == chosen)
        for name in _FILTERS
    )


def _count(rows: Sequence[ActionRow], show: str) -> str:
    return i18n.number(sum(_shows(row, show) for row in rows))


def _clock(plan: Plan, policy: Policy) -> str:
    """Return which policy the plan follows, and which day started its clock."""
    if plan.started_on is None:
        return {
            ClockStart.FINAL: _("Policy “%(policy)s”. This result gives the plan no last day."),
            ClockStart.APPROVED: _(
                "Policy “%(policy)s”: the clock starts on the day the partnership is approved."
            ),
            ClockStart.AGREED: _(
                "Policy “%(policy)s”: the clock starts on the day the plan is agreed."
            ),
        }[policy.clock_start] % {"policy": policy.name}
    effective_on = plan.rests_on.effective_on
    if effective_on is not None and plan.started_on < effective_on:
        sentence = _(
            "Policy “%(policy)s”. The clock started on %(day)s with an earlier high-risk result,"
            " and keeps that start."
        )
    elif plan.started_on == effective_on:
        sentence = _(
            "Policy “%(policy)s”. The clock started on %(day)s, the day the result took effect."
        )
    elif policy.clock_start is ClockStart.AGREED:
        sentence = _(
            "Policy “%(policy)s”. The clock started on %(day)s, the day the plan was agreed."
        )
    else:
        sentence = _("Policy “%(policy)s”. The clock started on %(day)s, the day of the approval.")
    return sentence % {"policy": policy.name, "day": i18n.day(plan.started_on)}


def _closed(plan: Plan) -> str:
    if plan.state is not State.CLOSED:
        return ""
    return {
        "superseded": _("A newer result has taken the place of the one it belongs to."),
        "withdrawn": _("The result it belongs to was withdrawn."),
    }.get(plan.closed_because, _("It no longer applies."))


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as it is listed."""

    plan: Plan
    health: Health | None
    days_left: int | None
    progress: Progress
    cells: tuple[str, ...]

    @property
    def group(self) -> str:
        """Return which filter it belongs to."""
        return self.health.value if self.health else "undated"


@dataclass(frozen=True, slots=True)
class PlansPage:
    """The open plans that the reader may see, soonest due first."""

    rows: tuple[PlanRow, ...]
    filters: tuple[Place, ...]
    chosen: str
    is_cut: bool

    @classmethod
    def of(
        cls,
        plans: Iterable[Plan],
        policies: Mapping[UUID, Policy],
        todays: Mapping[UUID, date],
        *,
        chosen: str,
        is_cut: bool,
    ) -> PlansPage:
        """Return the list; `policies` and `todays` are by plan."""
        rows = [_plan_row(plan, policies[plan.id], todays[plan.id]) for plan in plans]
        groups = [row.group for row in rows]
        labels = {
            "": _("All %(count)s", count=i18n.number(len(rows))),
            "overdue": _("Overdue %(count)s", count=i18n.number(groups.count("overdue"))),
            "at_risk": _("At risk %(count)s", count=i18n.number(groups.count("at_risk"))),
            "on_track": _("On track %(count)s", count=i18n.number(groups.count("on_track"))),
            "undated": _("No last day %(count)s", count=i18n.number(groups.count("undated"))),
        }
        chosen = chosen if chosen in labels else ""
        return cls(
            rows=tuple(row for row in rows if chosen in {"", row.group}),
            filters=tuple(
                Place(label, url_for("plans.index", state=name or None), name == chosen)
                for name, label in labels.items()
            ),
            chosen=chosen,
            is_cut=is_cut,
        )


def _plan_row(plan: Plan, policy: Policy, today: date) -> PlanRow:
    done = plan.progress()
    return PlanRow(
        plan, health_of(plan, policy, today=today), _left(plan, today), done, cells(done)
    )

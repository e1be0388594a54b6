"""This file holds what the pages about approvals show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partner_assess.domain import approval as rules
from partner_assess.domain import permissions, scoring
from partner_assess.domain.approval import State
from partner_assess.domain.partnership import NO_RESULT
from partner_assess.domain.permissions import NotPermitted, Permission
from partner_assess.usecases import suspensions
from partner_assess.web import action_words, context, i18n, messages
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partner_assess.db.models.approval import Approval
    from partner_assess.db.models.assessment import Assessment
    from partner_assess.db.models.plan import Plan
    from partner_assess.db.models.received_report import ReceivedReport
    from partner_assess.domain.framework import Framework, Option, Standard
    from partner_assess.domain.partnership import Result
    from partner_assess.domain.policy import Policy
    from partner_assess.domain.risk import Capacity, Risk


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One standard, now and last time."""

    number: int
    name: str
    position: int
    word: str
    last_position: int | None
    change: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The picture of all standards. `last_on` is None where there is no earlier result."""

    options: tuple[str, ...]
    rows: tuple[ProfileRow, ...]
    now_on: date | None
    last_on: date | None

    @classmethod
    def of(
        cls, framework: Framework, now: Assessment | ReceivedReport, last: Assessment | None
    ) -> Profile:
        """Return the picture of a frozen result beside the one before it."""
        before = last.ratings() if last else {}
        text = framework.text(i18n.language())
        ratings = now.ratings()
        return cls(
            options=tuple(text.options[option.id] for option in _scale(framework)),
            rows=tuple(
                _row(framework, standard, ratings[standard.id], before.get(standard.id))
                for standard in framework.standards
            ),
            now_on=now.effective_on,
            last_on=last.effective_on if last else None,
        )


def _scale(framework: Framework) -> tuple[Option, ...]:
    """Return the ratings of most standards, lowest first: the heads of the picture."""
    options = min((standard.options for standard in framework.standards), key=len)
    return tuple(sorted(options, key=lambda option: option.points))


def _row(framework: Framework, standard: Standard, rating: str, before: str | None) -> ProfileRow:
    text = framework.text(i18n.language())
    now = _position(framework, standard, rating)
    last = _position(framework, standard, before) if before else None
    was = {"rating": text.options[before]} if before else {}
    if last is None:
        change = ""
    elif last == now:
        change = _("no change")
    else:
        change = _("↑ was %(rating)s", **was) if now > last else _("↓ was %(rating)s", **was)
    return ProfileRow(
        number=standard.number,
        name=text.standards[standard.id].short_title,
        position=now,
        word=text.options[rating],
        last_position=last,
        change=change,
    )


def _position(framework: Framework, standard: Standard, rating: str) -> int:
    points = [option.points for option in _scale(framework)]
    return points.index(standard.option(rating).points) + 1


@dataclass(frozen=True, slots=True)
class Gap:
    """A standard with its lowest rating, and what closes it by when."""

    name: str
    actions: tuple[str, ...]
    by: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the assessment found, where the request rests on one."""

    framework: str
    score: int
    lowest: int
    highest: int
    standards: int
    gaps: tuple[Gap, ...]
    profile: Profile

    @classmethod
    def of(
        cls,
        framework: Framework,
        now: Assessment | ReceivedReport,
        last: Assessment | None,
        plan: Plan | None,
    ) -> Found:
        """Return what a frozen result says."""
        text = framework.text(i18n.language())
        gaps = scoring.score(framework, now.ratings()).critical_gaps
        return cls(
            framework=text.short_title,
            score=now.score or 0,
            lowest=scoring.lowest_score(framework),
            highest=scoring.highest_score(framework),
            standards=len(framework.standards),
            gaps=tuple(_gap(framework, standard_id, plan) for standard_id in gaps),
            profile=Profile.of(framework, now, last),
        )


def _gap(framework: Framework, standard_id: str, plan: Plan | None) -> Gap:
    text = framework.text(i18n.language())
    actions = [one for one in (plan.actions if plan else ()) if one.standard_id == standard_id]
    mandatory = [one for one in actions if one.mandatory]
    return Gap(
        name=text.standards[standard_id].short_title,
        actions=tuple(
            action_words.of(text, standard_id, one.indicator_id, one.words) for one in mandatory
        ),
        by=max((one.due_on for one in mandatory if one.due_on), default=None),
    )


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Everything a head of office needs to decide, and the decision once it is there.

    Attributes:
        found: None where the request rests on an emergency's record.
        refusal: Why the reader may not decide; empty where it may.
        is_outdated: The partner has another result by now, so it cannot be approved any more.
        is_past_limit: The plan's 12-month date has passed unfinished.
        carries: The approval carries the partnership today.
        asked_by: Who asked; `decided_by` who decided: names of accounts, in the demo roles.
    """

    approval: Approval
    result: Result
    capacity: Capacity | None
    risk: Risk | None
    found: Found | None
    plan: Plan | None
    policy: Policy
    asked_by: str
    decided_by: str
    refusal: str
    is_outdated: bool
    is_past_limit: bool
    carries: bool
    sees_plan: bool
    lives_to_confirm: bool

    @property
    def is_open(self) -> bool:
        """Return whether it waits for a decision."""
        return self.approval.state is State.REQUIRED

    @classmethod
    def of(
        cls,
        approval: Approval,
        found: Found | None,
        *,
        plan: Plan | None,
        policy: Policy,
        names: tuple[str, str],
        today: date,
    ) -> DecisionPage:
        """Return the page of a request as its reader may see it."""
        partnership = approval.partnership
        result = partnership.partner.result()
        record = approval.special_record
        own = approval.assessment or approval.received
        rests_on = own or (record.result() if record else NO_RESULT)
        return cls(
            approval=approval,
            result=result,
            capacity=rests_on.capacity,
            risk=rests_on.risk,
            found=found,
            plan=plan,
            policy=policy,
            asked_by=names[0],
            decided_by=names[1],
            refusal=_refusal(approval),
            is_outdated=not result.is_valid(today) or result.digest != approval.result_digest,
            is_past_limit=plan is not None
            and plan.suspends_on is not None
            and plan.suspends_on <= today
            and not plan.progress().is_complete,
            carries=rules.is_valid(
                approval.state,
                digest=approval.result_digest,
                valid_until=approval.valid_until,
                result=result,
                today=today,
            ),
            sees_plan=plan is not None and context.may(Permission.PLAN_READ, plan.standing()),
            lives_to_confirm=partnership.lives_at_risk
            and not suspensions.lives_at_risk(policy, partnership, today=today),
        )


def _refusal(approval: Approval) -> str:
    """Return why the reader may not decide, empty where it may."""
    if not context.may(Permission.APPROVAL_DECIDE):
        return _("The head of office decides.")
    try:
        permissions.require(context.actor(), Permission.APPROVAL_DECIDE, approval.standing())
    except NotPermitted as error:
        return messages.sentence(error)
    return ""


def newest_declined(approvals: Sequence[Approval]) -> Approval | None:
    """Return the last request if it was declined: its words are where a new one begins."""
    return approvals[0] if approvals and approvals[0].state is State.DECLINED else None

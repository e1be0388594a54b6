"""This file holds what waits for a person about reports of other agencies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import url_for

from partner_assess.db import queries
from partner_assess.domain.acceptance import REVIEW_NOTICE_DAYS, Ending, State
from partner_assess.domain.partnership import Basis
from partner_assess.web import context
from partner_assess.web.home.duties import Desk, Duty
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    from datetime import date

    from partner_assess.db.models.received_report import ReceivedReport


def received_to_propose(desk: Desk) -> Iterator[Duty]:
    """Yield reports on which nobody has proposed a decision."""
    for one in _in(desk, State.RECEIVED):
        title = _("Propose whether to rely on a shared assessment")
        if one.partner_id is None:
            title = _("Say which partner a shared assessment is about")
        elif one.comment:
            title = _("Propose anew: the PSEA focal point has sent it back")
        yield _duty(one, title)


def proposals_to_countersign(desk: Desk) -> Iterator[Duty]:
    """Yield proposals that wait for another person's signature."""
    for one in _in(desk, State.PROPOSED):
        if one.proposed_by != context.actor().user_id:
            yield _duty(one, _("Countersign a decision on a shared assessment"))


def proposals_elsewhere(desk: Desk) -> Iterator[Duty]:
    """Yield the same, as who waits for the signature sees it."""
    for one in _in(desk, State.PROPOSED):
        yield _duty(one, _("The PSEA focal point countersigns"))


def accepted_to_review(desk: Desk) -> Iterator[Duty]:
    """Yield accepted reports whose last day comes, and those that their agency has ended."""
    notice = context.ports().policy(context.policy_name()).reassessment_notice_days
    found = queries.received_reports.listed(
        context.session(),
        **desk.own(),
        states=frozenset({State.ACCEPTED}),
        counts_until=desk.today + timedelta(days=notice),
    )
    soon = desk.today + timedelta(days=REVIEW_NOTICE_DAYS)
    for one in found:
        if one.review_on is not None and one.review_on > soon:
            continue
        title = _("Review: a shared assessment counts no longer than this")
        yield _duty(one, title, due_on=one.counts_until)
    for one in _in(desk, State.ENDED):
        if one.ended_because is Ending.NEWER_IMPORT or _has_result(one, desk.today):
            continue
        yield _duty(one, _("A shared assessment counts no more: its agency has ended it"))


def _has_result(one: ReceivedReport, today: date) -> bool:
    """Return whether something newer stands in its place."""
    result = one.partner.result() if one.partner else None
    return result is not None and result.basis is not Basis.NONE and result.is_valid(today)


def _in(desk: Desk, state: State) -> list[ReceivedReport]:
    found = queries.received_reports.listed(
        context.session(), **desk.own(), states=frozenset({state})
    )
    return list(found)


def _duty(one: ReceivedReport, title: str, *, due_on: date | None = None) -> Duty:
    return Duty(
        title=title,
        url=url_for("received.show", received_id=one.id),
        partner=one.partner.name if one.partner else "",
        more=f"{one.issuer_code} · {one.reference}-{one.issue}",
        due_on=due_on,
        since=(one.ended_at or one.proposed_at or one.received_at).date(),
        capacity=one.capacity,
        risk=one.risk,
    )

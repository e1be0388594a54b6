"""This file holds what a received report says of itself, in rows of names and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partner_assess.domain.acceptance import Bar, Doubt
from partner_assess.domain.framework import Framework
from partner_assess.domain.report import Report
from partner_assess.domain.report.status import Status
from partner_assess.usecases.received import Judgement, Told
from partner_assess.web import context, i18n
from partner_assess.web.i18n import gettext as _
from partner_assess.web.i18n import lazy_gettext as _l
from partner_assess.web.i18n import ngettext
from partner_assess.web.ratings import Rating, rating_of

BARS = {
    Bar.EXPIRED: _l("It has expired."),
    Bar.SUPERSEDED: _l("Its agency has superseded it: ask for the newer assessment."),
    Bar.WITHDRAWN: _l("Its agency has withdrawn it."),
    Bar.OTHER_COUNTRY: _l("It is about another country than your office’s."),
    Bar.TIERS_UNCLEAR: _l(
        "Read in your instrument it gives no single tier: the standards named above must be rated"
        " here."
    ),
    Bar.NEWER_ISSUE_COUNTS: _l("A newer issue of the same document counts here already."),
}
DOUBTS = {
    Doubt.OLD: _l("It is older than two years."),
    Doubt.OTHER_SCOPE: _l("Another part of the partner was assessed (headquarters, country)."),
    Doubt.REPORTING: _l("Reporting is not rated best, and every work rests on it."),
    Doubt.ASSISTANCE: _l("Assistance is not rated best, and every work rests on it."),
    Doubt.PLAN_OVERDUE: _l("The plan at its agency is past its date unfinished."),
    Doubt.SUSPENDED: _l("Its agency has suspended a partnership with this partner."),
    Doubt.SUMMARY_ONLY: _l("It is a summary: reasons and evidence were left out."),
}
_STATUS = {
    Status.CURRENT: _l("Current"),
    Status.SUPERSEDED: _l("Superseded by a newer assessment"),
    Status.WITHDRAWN: _l("Withdrawn by its agency"),
    Status.EXPIRED: _l("Expired"),
    Status.UNKNOWN: _l("Nobody has told us anything since it was issued"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """What one standard was rated on: the comment, and the kinds of evidence seen."""

    number: int
    name: str
    rating: Rating | None
    comment: str
    evidence: tuple[tuple[str, date | None], ...]


def whys(said: Report, framework: Framework) -> tuple[Why, ...]:
    """Return standard by standard what its agency wrote for sharing."""
    text = framework.text(i18n.language())
    return tuple(
        Why(
            one.number,
            text.standards[one.id].title,
            rating_of(framework.standard(one.id), text, one.rating),
            one.comment,
            tuple(
                (text.evidence.get(seen.type, seen.type), seen.dated_on) for seen in one.evidence
            ),
        )
        for one in said.results
    )


def framework_of(said: Report) -> Framework:
    """Return the instrument, in the very version that the report names."""
    pinned = said.identity.instrument
    return context.ports().catalogue.get(pinned.id, pinned.version)


def status_words(told: Told) -> str:
    """Return what its agency says of it, and as of when."""
    said = str(_STATUS[told.status])
    if told.as_of is not None:
        said = _("%(status)s, as of %(day)s", status=said, day=i18n.day(told.as_of))
    if told.newer_issue is not None:
        number = told.newer_issue
        said = _("%(status)s; there is a newer issue: %(number)s", status=said, number=number)
    return said


def plan_words(said: Report) -> str:
    """Return how the plan at its agency stood when the document was issued."""
    plan = said.plan
    if plan is None:
        return _("None")
    if plan.mandatory_count == 0:
        return _("No action is required")
    last = plan.extended_to or plan.due_on
    progress = _(
        "%(verified)s of %(all)s required actions verified",
        verified=plan.verified_count,
        all=plan.mandatory_count,
    )
    return (
        _("%(progress)s; last day %(day)s", progress=progress, day=i18n.day(last))
        if last
        else (progress)
    )


def approval_words(said: Report) -> str:
    """Return whether its agency's head of office has approved a partnership on it."""
    if said.approvals:
        newest = max(said.approvals, key=lambda one: one.approved_on)
        return _("Approved %(day)s", day=i18n.day(newest.approved_on))
    return _("Needed, and not given yet") if said.approval_required else _("Not needed")


def clock_words(said: Report, *, suspended: bool) -> str:
    """Return whether its agency has suspended the partner."""
    if said.plan is not None and said.plan.suspended_since is not None:
        return _("By the clock since %(day)s", day=i18n.day(said.plan.suspended_since))
    if suspended:
        return _("Suspended for another cause")
    if said.plan is not None and said.plan.exception_in_force:
        return _("No: a life-saving exception is in force")
    return _("No")


def evidence_words(said: Report) -> str:
    """Return how many kinds of evidence were seen; the files stay where they are."""
    kinds = {seen.type for one in said.results for seen in one.evidence}
    return ngettext("%(num)s kind, files stay there", "%(num)s kinds, files stay there", len(kinds))


def reasons(judged: Judgement | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what bars accepting it, and what asks for reservations, in words."""
    if judged is None:
        return (), ()
    return (
        tuple(str(BARS[one]) for one in judged.bars),
        tuple(str(DOUBTS[one]) for one in judged.doubts),
    )

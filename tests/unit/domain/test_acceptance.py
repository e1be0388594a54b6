"""What a receiving agency may decide on another agency's result: boundaries first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from partner_assess.domain import acceptance
from partner_assess.domain.acceptance import (
    Bar,
    Decision,
    Doubt,
    Ending,
    Found,
    NotAcceptable,
    Place,
    Proposal,
)
from partner_assess.domain.errors import NotReady
from partner_assess.domain.report import Profile
from partner_assess.domain.report.status import Status
from partner_assess.domain.risk import Risk

TODAY = date(2026, 11, 22)
FOUND = Found(
    framework="unicef-six-2020",
    final_on=date(2026, 5, 3),
    expires_on=date(2031, 5, 3),
    status=Status.CURRENT,
    countries=frozenset({"KE"}),
    scope="headquarters",
    is_summary=False,
    weak=(),
    indicative_risk=Risk.LOW,
    is_overdue=False,
    is_suspended=False,
    higher_issue_counts=False,
)
HERE = Place(country="KE", scope="headquarters", own_framework=None)
EIGHT = "un-harmonized-eight-2020"


@pytest.mark.parametrize(
    ("changes", "place", "barred"),
    [
        ({}, {}, ()),
        ({"expires_on": TODAY}, {}, ()),
        ({"expires_on": date(2026, 11, 21)}, {}, (Bar.EXPIRED,)),
        ({"status": Status.EXPIRED}, {}, (Bar.EXPIRED,)),
        ({"status": Status.SUPERSEDED}, {}, (Bar.SUPERSEDED,)),
        ({"status": Status.WITHDRAWN}, {}, (Bar.WITHDRAWN,)),
        ({"status": Status.UNKNOWN}, {}, ()),
        ({"countries": frozenset()}, {}, ()),
        ({"countries": frozenset({"UG", "KE"})}, {}, ()),
        ({"countries": frozenset({"UG"})}, {}, (Bar.OTHER_COUNTRY,)),
        ({}, {"own_framework": EIGHT}, ()),
        ({"indicative_risk": None}, {}, ()),
        ({"indicative_risk": None}, {"own_framework": "unicef-six-2020"}, ()),
        ({"indicative_risk": None}, {"own_framework": EIGHT}, (Bar.TIERS_UNCLEAR,)),
        ({"higher_issue_counts": True}, {}, (Bar.NEWER_ISSUE_COUNTS,)),
        (
            {"status": Status.WITHDRAWN, "countries": frozenset({"UG"})},
            {},
            (Bar.WITHDRAWN, Bar.OTHER_COUNTRY),
        ),
    ],
)
def test_what_bars_accepting(
    changes: dict[str, Any], place: dict[str, Any], barred: tuple[Bar, ...]
) -> None:
    assert acceptance.bars(replace(FOUND, **changes), replace(HERE, **place), today=TODAY) == barred


@pytest.mark.parametrize(
    ("changes", "place", "doubted"),
    [
        ({}, {}, ()),
        ({"final_on": date(2024, 11, 22)}, {}, ()),
        ({"final_on": date(2024, 11, 21)}, {}, (Doubt.OLD,)),
        ({"scope": "country_office"}, {}, (Doubt.OTHER_SCOPE,)),
        ({}, {"scope": "country_office"}, (Doubt.OTHER_SCOPE,)),
        ({"weak": ("reporting",)}, {}, (Doubt.REPORTING,)),
        ({"weak": ("reporting", "assistance")}, {}, (Doubt.REPORTING, Doubt.ASSISTANCE)),
        ({"is_overdue": True}, {}, (Doubt.PLAN_OVERDUE,)),
        ({"is_suspended": True}, {}, (Doubt.SUSPENDED,)),
        ({"is_summary": True}, {}, (Doubt.SUMMARY_ONLY,)),
    ],
)
def test_what_asks_for_reservations(
    changes: dict[str, Any], place: dict[str, Any], doubted: tuple[Doubt, ...]
) -> None:
    found = replace(FOUND, **changes)
    assert acceptance.doubts(found, replace(HERE, **place), today=TODAY) == doubted


@pytest.mark.parametrize(
    ("ratings", "weak"),
    [
        ({"reporting": "adequate", "assistance": "adequate"}, ()),
        ({"reporting": "progressing", "assistance": "adequate"}, ("reporting",)),
        ({"reporting": "adequate", "assistance": "absent"}, ("assistance",)),
        ({"training": "absent"}, ("reporting", "assistance")),
    ],
)
def test_standards_on_which_every_work_rests(
    ratings: dict[str, str], weak: tuple[str, ...]
) -> None:
    best = {one: frozenset({"adequate"}) for one in ("reporting", "assistance", "training")}
    assert acceptance.weak_standards(ratings, best) == weak


RESERVED = Proposal(
    Decision.RESERVATIONS, conditions="A channel first.", review_on=date(2027, 5, 1)
)


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal(Decision.ACCEPT),
        RESERVED,
        replace(RESERVED, review_on=date(2026, 11, 23)),
        replace(RESERVED, review_on=date(2031, 5, 2)),
        Proposal(Decision.REASSESS, reasons="Another programme."),
    ],
)
def test_what_may_be_proposed(proposal: Proposal) -> None:
    acceptance.require_proposable(proposal, FOUND, HERE, today=TODAY)


@pytest.mark.parametrize(
    ("proposal", "code"),
    [
        (replace(RESERVED, conditions=" "), "conditions_missing"),
        (replace(RESERVED, review_on=None), "review_not_before_expiry"),
        (replace(RESERVED, review_on=TODAY), "review_not_before_expiry"),
        (replace(RESERVED, review_on=date(2031, 5, 3)), "review_not_before_expiry"),
        (Proposal(Decision.REASSESS, reasons=" "), "reassess_reasons_missing"),
    ],
)
def test_what_a_proposal_must_say(proposal: Proposal, code: str) -> None:
    with pytest.raises(NotReady) as refused:
        acceptance.require_proposable(proposal, FOUND, HERE, today=TODAY)
    assert refused.value.code == code


def test_a_bar_leaves_only_to_assess_again() -> None:
    barred = replace(FOUND, status=Status.WITHDRAWN)
    for proposal in (Proposal(Decision.ACCEPT), RESERVED):
        with pytest.raises(NotAcceptable) as refused:
            acceptance.require_proposable(proposal, barred, HERE, today=TODAY)
        assert (refused.value.code, refused.value.because) == ("not_acceptable", (Bar.WITHDRAWN,))
    again = Proposal(Decision.REASSESS, reasons="It is withdrawn.")
    acceptance.require_proposable(again, barred, HERE, today=TODAY)


def test_a_doubt_leaves_reservations() -> None:
    doubted = replace(FOUND, is_summary=True)
    with pytest.raises(NotAcceptable) as refused:
        acceptance.require_proposable(Proposal(Decision.ACCEPT), doubted, HERE, today=TODAY)
    assert refused.value.code == "only_with_reservations"
    acceptance.require_proposable(RESERVED, doubted, HERE, today=TODAY)


@pytest.mark.parametrize(
    ("proposal", "until"),
    [
        (Proposal(Decision.ACCEPT), date(2031, 5, 3)),
        (RESERVED, date(2027, 5, 1)),
        (Proposal(Decision.REASSESS, reasons="Why."), None),
    ],
)
def test_until_when_it_counts(proposal: Proposal, until: date | None) -> None:
    assert acceptance.counts_until(proposal, expires_on=FOUND.expires_on) == until


@pytest.mark.parametrize(
    ("status", "because"),
    [
        (Status.CURRENT, None),
        (Status.UNKNOWN, None),
        (Status.EXPIRED, None),
        (Status.SUPERSEDED, Ending.SUPERSEDED_AT_SOURCE),
        (Status.WITHDRAWN, Ending.WITHDRAWN_AT_SOURCE),
    ],
)
def test_what_its_agencys_word_ends(status: Status, because: Ending | None) -> None:
    assert acceptance.ending(status) == because


@pytest.mark.parametrize(
    ("due_on", "extended_to", "verified", "overdue"),
    [
        (None, None, 0, False),
        (TODAY, None, 0, False),
        (date(2026, 11, 21), None, 0, True),
        (date(2026, 11, 21), None, 3, False),
        (date(2026, 11, 21), TODAY, 0, False),
        (date(2026, 1, 1), date(2026, 11, 21), 2, True),
    ],
)
def test_a_plan_past_its_date_at_its_agency(
    due_on: date | None, extended_to: date | None, verified: int, *, overdue: bool
) -> None:
    assert (
        acceptance.is_overdue(
            due_on, extended_to=extended_to, mandatory=3, verified=verified, today=TODAY
        )
        is overdue
    )


@pytest.mark.parametrize(
    ("issue", "profile", "known", "older"),
    [
        (2, Profile.FULL, [], False),
        (2, Profile.FULL, [(2, Profile.FULL)], False),
        (2, Profile.FULL, [(1, Profile.FULL)], False),
        (2, Profile.FULL, [(3, Profile.FULL)], True),
        (2, Profile.FULL, [(3, Profile.SUMMARY)], False),
        (2, Profile.SUMMARY, [(1, Profile.SUMMARY), (3, Profile.SUMMARY)], True),
    ],
)
def test_an_older_issue(
    issue: int, profile: Profile, known: list[tuple[int, Profile]], *, older: bool
) -> None:
    assert acceptance.is_older(issue, profile, known) is older

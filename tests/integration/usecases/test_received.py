"""Reports of other agencies: received, proposed, countersigned, and what they then do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.event import Event
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain.acceptance import Bar, Decision, Doubt, Ending, NotAcceptable, State
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.assessment import State as AssessmentState
from partner_assess.domain.errors import ChangedMeanwhile, NotReady
from partner_assess.domain.machine import ActionNotAllowed
from partner_assess.domain.partnership import Basis, Hindrance
from partner_assess.domain.permissions import Grant, NotPermitted, Role
from partner_assess.domain.plan import State as PlanState
from partner_assess.domain.report import Profile, Report
from partner_assess.domain.report.status import Status
from partner_assess.domain.risk import Risk
from partner_assess.usecases import assessments, partnerships, received
from partner_assess.usecases.ports import Ports
from tests.exchange import (
    VERIFIER,
    FakeGate,
    accept,
    countersign,
    propose,
    receive,
    reissued,
    report_of,
)
from tests.factories import (
    DAY,
    EIGHT,
    NOW,
    TODAY,
    House,
    make_active,
    make_approval,
    make_assessment,
    make_case,
    make_final,
    make_house,
    make_office,
    make_partner,
    make_partnership,
    make_user,
    see,
)


@pytest.fixture
def here(session: Session) -> House:
    return make_house(session, "UNA")


@pytest.fixture
def there(session: Session) -> House:
    return make_house(session, "UNB")


def told(
    session: Session,
    ports: Ports,
    there: House,
    *,
    every: str = "adequate",
    on: date = TODAY,
    **others: str,
) -> Report:
    """Return what agency B shares of a partner both know."""
    known = queries.partners.same_name(
        session, "Demo: Acacia Relief", agency_id=there.agency.id
    ) or make_partner(session, there, unpp_id="UNPP-7")
    made = make_final(session, ports, there, known, every=every, on=on, **others)
    return report_of(session, ports, made, on=on)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ReceivedReport)) or 0


class TestReceiving:
    def test_keeps_the_file_the_facts_and_the_receipt(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        partner = make_partner(session, here)
        made = receive(session, ports, here, told(session, ports, there), partner_id=partner.id)

        assert made.state is State.RECEIVED
        assert made.issuer_code == "UNB"
        assert made.partner_id == partner.id
        assert made.risk is Risk.LOW
        assert ports.store.path(made.pdf_sha256).read_bytes().startswith(b"%PDF-")
        assert made.receipt["verifier"] == VERIFIER
        assert made.receipt["root"] == "7" * 64
        assert made.report().identity.reference == made.reference
        assert partner.result().basis is Basis.NONE, "nothing counts before it is countersigned"

    def test_keeps_nothing_of_a_file_that_is_not_trusted(
        self, session: Session, ports: Ports, here: House
    ) -> None:
        gate = FakeGate()
        (verdict,) = gate.verify([b"%PDF-1.7 something"], (), at=NOW)
        with pytest.raises(received.NotTrusted):
            received.receive(
                session,
                ports,
                verdict=verdict,
                pdf=b"%PDF-1.7 something",
                about=received.About(here.office.id),
                verifier="tests",
                actor=here.officer,
                now=NOW,
                today=TODAY,
            )
        assert count(session) == 0
        assert list(ports.store.put_before(datetime(2100, 1, 1, tzinfo=UTC))) == []

    def test_recognises_the_same_file(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there)
        first = receive(session, ports, here, report, register=True)
        again = receive(session, ports, here, report)
        assert again.id == first.id
        assert count(session) == 1

    def test_refuses_an_older_issue_and_takes_a_newer_one_beside(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there)
        second = receive(session, ports, here, reissued(report, 2))
        with pytest.raises(received.OlderIssue) as refused:
            receive(session, ports, here, report)
        assert refused.value.params["issue"] == 2
        third = receive(session, ports, here, reissued(report, 3))
        assert third.id != second.id

    def test_refuses_what_the_agency_issued_itself(
        self, session: Session, ports: Ports, there: House
    ) -> None:
        with pytest.raises(received.OwnDocument):
            receive(session, ports, there, told(session, ports, there))

    def test_offers_the_partner_with_the_portal_id_before_the_one_of_the_name(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        of_name = make_partner(session, here)
        of_id = make_partner(session, here, name="Demo: Acacia", acronym="X", unpp_id="UNPP-7")
        make_partner(session, here, name="Demo: Another", acronym="DA", vendor_number="7")
        found = received.candidates(session, told(session, ports, there), agency_id=here.agency.id)
        assert [one.id for one in found] == [of_id.id, of_name.id]

    def test_registers_the_partner_from_the_report(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        made = receive(session, ports, here, told(session, ports, there), register=True)
        assert made.partner
        assert made.partner.name == "Demo: Acacia Relief"
        assert made.partner.unpp_id == "UNPP-7"
        assert made.partner.vendor_number is None

    def test_waits_for_its_partner(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        made = receive(session, ports, here, told(session, ports, there))
        with pytest.raises(received.PartnerUnconfirmed):
            propose(session, ports, here, made)
        partner = make_partner(session, here)
        received.confirm_partner(
            session,
            received_id=made.id,
            seen=made.version,
            about=received.About(here.office.id, partner.id),
            actor=here.officer,
            now=NOW,
        )
        session.flush()
        assert propose(session, ports, here, made).state is State.PROPOSED
        with pytest.raises(received.PartnerSettled):
            received.confirm_partner(
                session,
                received_id=made.id,
                seen=made.version,
                about=received.About(here.office.id, partner.id),
                actor=here.officer,
                now=NOW,
            )

    def test_leaves_the_partner_of_another_office_to_that_office(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        elsewhere = make_office(session, here.agency, name="Demo: country office 2", country="UG")
        partner = make_partner(session, here, office=elsewhere)
        with pytest.raises(NotPermitted) as refused:
            receive(session, ports, here, told(session, ports, there), partner_id=partner.id)
        assert refused.value.code == "partner_of_other_office"

    def test_is_done_in_an_office_where_one_may(self, session: Session, here: House) -> None:
        # Given: somebody who only reads in an office that comes first by name
        first = make_office(session, here.agency, name="Demo: an office")
        reads = Grant(Role.AUDITOR, first.id)
        both = replace(here.officer, grants=here.officer.grants | {reads})
        assert received.office_for(session, both) == here.office
        assert received.office_for(session, replace(both, grants=frozenset({reads}))) is None


class TestDeciding:
    def test_counts_from_the_day_of_the_countersignature(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = accept(session, ports, here, told(session, ports, there), decision=Decision.ACCEPT)
        assert found.partner
        result = found.partner.result()
        assert found.state is State.ACCEPTED
        assert (result.basis, result.risk) == (Basis.IMPORTED, Risk.LOW)
        assert result.took_effect_on == TODAY
        assert result.expires_on == found.expires_on
        assert result.record_id == found.id

    def test_with_reservations_counts_until_its_review(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = accept(session, ports, here, told(session, ports, there))
        assert found.counts_until == TODAY + 180 * DAY
        assert found.partner
        assert found.partner.result().expires_on == TODAY + 180 * DAY

    def test_nobody_countersigns_an_own_proposal(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        both = make_user(
            session, here.agency, Role.OFFICER, Role.FOCAL_POINT, office=here.office
        ).actor()
        found = receive(session, ports, here, told(session, ports, there), register=True)
        propose(session, ports, replace(here, officer=both), found)
        with pytest.raises(NotPermitted) as refused:
            countersign(session, ports, replace(here, focal_point=both), found)
        assert refused.value.code == "not_separate_received_countersign"
        with pytest.raises(NotPermitted):
            countersign(session, ports, replace(here, focal_point=here.officer), found)

    def test_doubts_ask_for_reservations(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there, reporting="progressing")
        found = receive(session, ports, here, report, register=True)
        with pytest.raises(NotAcceptable) as refused:
            propose(session, ports, here, found)
        assert refused.value.because == (Doubt.REPORTING,)
        assert refused.value.code == "only_with_reservations"
        assert propose(session, ports, here, found, Decision.RESERVATIONS).review_on

    def test_what_bars_it_leaves_only_to_assess_again(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there)
        elsewhere = replace(report, partner=replace(report.partner, countries=("UG",)))
        found = receive(session, ports, here, elsewhere, register=True)
        with pytest.raises(NotAcceptable) as refused:
            propose(session, ports, here, found, Decision.RESERVATIONS)
        assert refused.value.because == (Bar.OTHER_COUNTRY,)
        assert propose(session, ports, here, found, Decision.REASSESS).state is State.PROPOSED

    def test_a_tier_that_the_own_instrument_leaves_open_bars_it(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        partner = make_partner(session, here)
        make_final(session, ports, here, partner, framework_id=EIGHT, every="no")
        clear = told(session, ports, there, every="adequate")
        open_ = told(
            session, ports, there, management_hr="progressing", investigations="progressing"
        )
        assert _judged(session, ports, here, clear, partner).bars == ()
        assert _judged(session, ports, here, open_, partner).bars == (Bar.TIERS_UNCLEAR,)

    def test_sent_back_with_a_comment_it_can_be_proposed_anew(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = receive(session, ports, here, told(session, ports, there), register=True)
        propose(session, ports, here, found)
        back = {"received_id": found.id, "actor": here.focal_point, "now": NOW}
        with pytest.raises(NotReady):
            received.send_back(session, seen=found.version, comment=" ", **back)
        received.send_back(session, seen=found.version, comment="Which districts?", **back)
        session.flush()
        assert (found.state, found.comment) == (State.RECEIVED, "Which districts?")
        propose(session, ports, here, found)
        assert found.comment == ""

    def test_set_aside_it_stays_readable_and_is_decided_no_more(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = receive(session, ports, here, told(session, ports, there), register=True)
        received.set_aside(
            session,
            received_id=found.id,
            seen=found.version,
            reason="No work with this partner is planned.",
            actor=here.officer,
            now=NOW,
        )
        session.flush()
        with pytest.raises(ActionNotAllowed):
            propose(session, ports, here, found)

    def test_what_changed_since_it_was_seen_is_not_countersigned(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = receive(session, ports, here, told(session, ports, there), register=True)
        propose(session, ports, here, found)
        with pytest.raises(ChangedMeanwhile):
            received.countersign(
                session,
                ports,
                received_id=found.id,
                seen=found.version - 1,
                policy_name="default",
                actor=here.focal_point,
                now=NOW,
                today=TODAY,
            )

    def test_assess_again_opens_the_officers_own_assessment_beside_it(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = receive(session, ports, here, told(session, ports, there), register=True)
        propose(session, ports, here, found, Decision.REASSESS)
        opened = countersign(session, ports, here, found)
        assert opened
        assert found.state is State.REASSESS
        assert opened.state is AssessmentState.DRAFT
        assert opened.assessor_id == here.officer.user_id
        assert opened.starting_point_id == found.id
        assert see(session, opened).answers == [], "no answer is taken over unconfirmed"
        assert found.partner
        assert found.partner.result().basis is Basis.NONE

    def test_assess_again_leaves_an_open_assessment_as_it_is(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        partner = make_partner(session, here)
        begun = make_assessment(session, ports, here, partner, every=None)
        report = told(session, ports, there)
        found = receive(session, ports, here, report, partner_id=partner.id)
        propose(session, ports, here, found, Decision.REASSESS)
        assert countersign(session, ports, here, found) is begun
        assert begun.starting_point_id is None

    def test_everything_is_in_the_trail(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = accept(session, ports, here, told(session, ports, there))
        received.note_download(session, received_id=found.id, actor=here.head, now=NOW)
        session.flush()
        deeds = session.scalars(
            select(Event.action).where(Event.about_id == found.id).order_by(Event.id)
        ).all()
        assert deeds == [
            "received",
            "partner_confirmed",
            "proposed",
            "countersigned",
            "downloaded",
        ]


def _judged(
    session: Session, ports: Ports, here: House, report: Report, partner: object
) -> received.Judgement:
    known = received.Told(Status.CURRENT, suspended=False)
    return received.judge(session, ports, report, partner, known, today=TODAY)  # type: ignore[arg-type]


class TestEffects:
    def test_a_high_one_asks_what_high_asks(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = accept(session, ports, here, told(session, ports, there, every="absent"))
        assert found.partner
        plan = queries.plans.of_result(session, found.id)
        assert plan
        assert plan.started_on == TODAY
        assert [one.mandatory for one in plan.actions] == [True] * 6
        assert {one.indicator_id for one in plan.actions} == {None}
        proposed = make_partnership(session, here, found.partner)
        assert partnerships.hindrances_of(session, proposed, today=TODAY) == (
            Hindrance.APPROVAL_MISSING,
        )
        approved = make_approval(session, ports, here, proposed, state=ApprovalState.APPROVED)
        assert approved.received_id == found.id
        assert approved.result_digest == found.content_digest
        partnerships.activate(
            session,
            partnership_id=proposed.id,
            seen=proposed.version,
            actor=here.officer,
            now=NOW,
            today=TODAY,
        )

    def test_neither_who_proposed_nor_who_countersigned_approves(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        found = accept(session, ports, here, told(session, ports, there, every="absent"))
        assert found.partner
        asked = make_approval(session, ports, here, make_partnership(session, here, found.partner))
        assert asked.standing().raters == {here.officer.user_id}
        assert asked.standing().finalisers == {here.focal_point.user_id}

    def test_the_clock_suspends_for_it(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there, every="absent")
        partner = make_partner(session, here)
        active = make_active(session, here, partner)
        accept(session, ports, here, report, partner_id=partner.id)
        case = make_case(session, ports, here, active, on=TODAY + 366 * DAY)
        assert case.since == TODAY + 366 * DAY

    def test_high_after_an_own_high_keeps_the_clock_and_low_ends_it(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        partner = make_partner(session, here)
        began = TODAY - 100 * DAY
        make_final(session, ports, here, partner, on=began)
        high = accept(
            session,
            ports,
            here,
            told(session, ports, there, every="absent", on=TODAY - DAY),
            partner_id=partner.id,
            on=TODAY - DAY,
        )
        plan = queries.plans.of_result(session, high.id)
        assert plan
        assert plan.started_on == began
        low = accept(session, ports, here, told(session, ports, there), partner_id=partner.id)
        assert queries.plans.of_result(session, low.id) is None
        assert (high.state, high.ended_because) == (State.ENDED, Ending.NEWER_IMPORT)
        assert plan.state is PlanState.CLOSED
        assert partner.result().risk is Risk.LOW

    def test_a_newer_issue_with_the_same_result_takes_over_plan_and_approval(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there, every="absent")
        old = accept(session, ports, here, report, on=TODAY - 30 * DAY)
        assert old.partner
        partnership = make_partnership(session, here, old.partner)
        approved = make_approval(session, ports, here, partnership, state=ApprovalState.APPROVED)
        plan = queries.plans.of_result(session, old.id)
        new = accept(session, ports, here, reissued(report, 2), partner_id=old.partner_id)
        session.refresh(old)
        assert (old.state, old.ended_because) == (State.ENDED, Ending.NEWER_IMPORT)
        assert queries.plans.of_result(session, new.id) is plan
        assert plan
        assert plan.started_on == TODAY - 30 * DAY
        assert plan.state is PlanState.DRAFTING
        assert approved.state is ApprovalState.APPROVED

    def test_of_two_issues_the_older_is_not_accepted_after_the_newer(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        report = told(session, ports, there)
        older = receive(session, ports, here, report, register=True)
        accept(session, ports, here, reissued(report, 2), partner_id=older.partner_id)
        with pytest.raises(NotAcceptable) as refused:
            propose(session, ports, here, older)
        assert refused.value.because == (Bar.NEWER_ISSUE_COUNTS,)

    def test_what_says_itself_that_it_was_withdrawn_is_not_accepted(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        # Given: an agency of another installation, of which we have no list
        report = told(session, ports, there)
        owner = replace(report.owner, agency_code="UNX")
        over = replace(report.identity, status=Status.WITHDRAWN, ended_on=TODAY)
        found = receive(
            session, ports, here, replace(report, owner=owner, identity=over), register=True
        )
        assert found.source_status is Status.WITHDRAWN
        with pytest.raises(NotAcceptable) as refused:
            propose(session, ports, here, found)
        assert refused.value.because == (Bar.WITHDRAWN,)

    def test_what_its_agency_has_followed_by_another_result_is_not_accepted_after_it(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        # Given: two results of an agency of another installation, of which we have no list
        def elsewhere(report: Report) -> Report:
            return replace(report, owner=replace(report.owner, agency_code="UNX"))

        first = elsewhere(told(session, ports, there, on=TODAY - 30 * DAY))
        second = elsewhere(told(session, ports, there, every="absent"))
        counts = accept(session, ports, here, second)

        older = receive(session, ports, here, first, partner_id=counts.partner_id)
        with pytest.raises(NotAcceptable) as refused:
            propose(session, ports, here, older)
        assert refused.value.because == (Bar.SUPERSEDED,)

    def test_a_summary_is_accepted_with_reservations_only(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        partner = make_partner(session, there)
        final = make_final(session, ports, there, partner, every="adequate")
        found = receive(
            session,
            ports,
            here,
            report_of(session, ports, final, profile=Profile.SUMMARY),
            register=True,
        )
        with pytest.raises(NotAcceptable) as refused:
            propose(session, ports, here, found)
        assert refused.value.because == (Doubt.SUMMARY_ONLY,)


class TestWords:
    def test_what_its_agency_withdraws_counts_no_more(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        source, found = _accepted_high(session, ports, here, there)
        assert _told(session, ports) == 0
        assessments.withdraw(
            session,
            ports,
            assessment_id=source.id,
            seen=source.version,
            reason="Wrong partner.",
            actor=there.focal_point,
            now=NOW,
            today=TODAY,
        )
        session.flush()
        told_there = _told(session, ports, reader_id=there.agency.id)
        assert told_there == 0, "what one agency is told changes nothing of another's"
        assert _told(session, ports, reader_id=here.agency.id) == 1
        assert _told(session, ports) == 0
        assert (found.state, found.ended_because) == (State.ENDED, Ending.WITHDRAWN_AT_SOURCE)
        assert found.partner
        assert found.partner.result().basis is Basis.NONE
        plan = queries.plans.of_result(session, found.id)
        assert plan
        assert plan.state is PlanState.CLOSED

    def test_a_newer_issue_that_says_withdrawn_ends_what_counts(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        # Given: an agency of another installation, of which we have no list
        report = told(session, ports, there)
        report = replace(report, owner=replace(report.owner, agency_code="UNX"))
        found = accept(session, ports, here, report)
        over = replace(report.identity, issue=2, status=Status.WITHDRAWN, ended_on=TODAY)

        receive(session, ports, here, replace(report, identity=over), partner_id=found.partner_id)

        assert _told(session, ports) == 1
        assert (found.state, found.ended_because) == (State.ENDED, Ending.WITHDRAWN_AT_SOURCE)

    def test_what_its_agency_supersedes_counts_no_more_but_its_plan_goes_on(
        self, session: Session, ports: Ports, here: House, there: House
    ) -> None:
        source, found = _accepted_high(session, ports, here, there)
        make_final(session, ports, there, source.partner, every="adequate")
        assert _told(session, ports) == 1
        assert (found.state, found.ended_because) == (State.ENDED, Ending.SUPERSEDED_AT_SOURCE)
        plan = queries.plans.of_result(session, found.id)
        assert plan
        assert plan.state is PlanState.DRAFTING
        assert plan.suspends_on, "the clock does not wait for the next document"


def _accepted_high(
    session: Session, ports: Ports, here: House, there: House
) -> tuple[Assessment, ReceivedReport]:
    source = make_final(session, ports, there, make_partner(session, there))
    return source, accept(session, ports, here, report_of(session, ports, source))


def _told(session: Session, ports: Ports, *, reader_id: UUID | None = None) -> int:
    changed = received.apply_words(
        session, ports, reader_id=reader_id, now=NOW, today_of=lambda _zone: TODAY
    )
    session.flush()
    return changed

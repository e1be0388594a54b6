"""This file holds how a demo story is told: through the use cases, on the days it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.cli.demo import answering
from partner_assess.db import queries
from partner_assess.domain import approval
from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.domain.permissions import Actor
from partner_assess.usecases import (
    approvals,
    assessments,
    partners,
    partnerships,
    suspensions,
)
from partner_assess.usecases.ports import Ports

SIX = "unicef-six-2020"
RATINGS = {"A": "absent", "P": "progressing", "F": "adequate"}


@dataclass
class Teller:
    """Tells a story in one office: who acts, and when."""

    session: Session
    ports: Ports
    office_id: UUID
    officer: Actor
    focal: Actor
    head: Actor
    today: date

    def day(self, days_ago: int) -> date:
        """Return the day so many days ago."""
        return self.today - timedelta(days=days_ago)

    def at(self, day: date, hour: int = 9) -> datetime:
        """Return a moment on a day."""
        return datetime.combine(day, time(hour, 12), UTC)

    def partner(self, name: str, kind: PartnerType, *, days_ago: int, **said: Any) -> UUID:
        """Register a partner and return its id."""
        identity = partners.Identity(
            name=name,
            acronym=said.get("acronym", ""),
            partner_type=kind,
            scope=said.get("scope", Scope.NATIONAL),
            country=said.get("country", "XD"),
            vendor_number=said.get("vendor_number", ""),
            unpp_id=said.get("unpp_id", ""),
            meets_beneficiaries=said.get("meets_beneficiaries", True),
        )
        made = partners.register(
            self.session,
            office_id=self.office_id,
            identity=identity,
            actor=self.officer,
            now=self.at(self.day(days_ago)),
        )
        return made.id

    def known(self, name: str) -> UUID:
        """Return the partner of this name in the teller's agency."""
        code = queries.agencies.get(self.session, self.officer.agency_id).code
        return queries.partners.named(self.session, name, agency_code=code).id

    def draft(self, partner_id: UUID, ratings: str, *, days_ago: int) -> UUID:
        """Open an assessment and rate a standard for each letter; "-" leaves one out."""
        day = self.day(days_ago)
        opened = assessments.open_(
            self.session,
            self.ports,
            partner_id=partner_id,
            framework_id=SIX,
            actor=self.officer,
            now=self.at(day),
            today=day,
        )
        framework = assessments.framework_of(self.ports, opened)
        for standard, letter in zip(framework.standards, ratings, strict=False):
            if letter != "-":
                answering.rate(self, opened.id, standard, RATINGS[letter], day)
        return opened.id

    def submitted(self, partner_id: UUID, ratings: str, *, days_ago: int) -> UUID:
        """Rate everything and submit it."""
        assessment_id = self.draft(partner_id, ratings, days_ago=days_ago)
        day = self.day(days_ago)
        found = self._assessment(assessment_id)
        assessments.save_details(
            self.session,
            assessment_id=assessment_id,
            seen=found.version,
            assessed_on=day,
            assessed_where="Visit to the partner’s office",
            actor=self.officer,
            now=self.at(day, 10),
        )
        self.session.flush()
        assessments.submit(
            self.session,
            self.ports,
            assessment_id=assessment_id,
            seen=self._assessment(assessment_id).version,
            actor=self.officer,
            now=self.at(day, 11),
            today=day,
        )
        self.session.flush()
        return assessment_id

    def returned(self, partner_id: UUID, ratings: str, *, days_ago: int) -> UUID:
        """Submit, and have it sent back."""
        assessment_id = self.submitted(partner_id, ratings, days_ago=days_ago + 2)
        assessments.send_back(
            self.session,
            assessment_id=assessment_id,
            seen=self._assessment(assessment_id).version,
            comments={
                "training": "Which staff took part? Please name the share, not the people.",
                "reporting": "Was the channel tried? Say when.",
            },
            actor=self.focal,
            now=self.at(self.day(days_ago), 15),
        )
        return assessment_id

    def final(self, partner_id: UUID, ratings: str, *, days_ago: int) -> UUID:
        """Carry an assessment to its final result on that day."""
        assessment_id = self.submitted(partner_id, ratings, days_ago=days_ago)
        day = self.day(days_ago)
        assessments.finalise(
            self.session,
            self.ports,
            assessment_id=assessment_id,
            seen=self._assessment(assessment_id).version,
            policy_name="default",
            actor=self.focal,
            now=self.at(day, 14),
            today=day,
        )
        self.session.flush()
        return assessment_id

    def partnership(
        self, partner_id: UUID, reference: str, title: str, *, days_ago: int, usd: int, days: int
    ) -> UUID:
        """Propose a partnership that starts a week later, and return its id."""
        start = self.day(days_ago - 7)
        made = partnerships.propose(
            self.session,
            partner_id=partner_id,
            office_id=self.office_id,
            terms=partnerships.Terms(reference, title, start, start + timedelta(days=days), usd),
            actor=self.officer,
            now=self.at(self.day(days_ago)),
        )
        return made.id

    def active(self, partnership_id: UUID, *, days_ago: int) -> None:
        """Activate it."""
        day = self.day(days_ago)
        partnerships.activate(
            self.session,
            partnership_id=partnership_id,
            seen=self._partnership(partnership_id).version,
            actor=self.officer,
            now=self.at(day, 16),
            today=day,
        )

    def lives_at_risk(self, partnership_id: UUID, *, days_ago: int) -> None:
        """Mark it, and have the head confirm."""
        day = self.day(days_ago)
        partnerships.mark_lives_at_risk(
            self.session,
            partnership_id=partnership_id,
            seen=self._partnership(partnership_id).version,
            marked=True,
            reason="The only treatment centre in the district; stopping it would threaten lives.",
            actor=self.officer,
            now=self.at(day),
        )
        self.session.flush()
        partnerships.confirm_lives_at_risk(
            self.session,
            partnership_id=partnership_id,
            seen=self._partnership(partnership_id).version,
            actor=self.head,
            now=self.at(day, 12),
            today=day,
        )

    def asked(self, partnership_id: UUID, *, days_ago: int) -> UUID:
        """Ask for the approval of a partnership."""
        day = self.day(days_ago)
        request = approvals.ask(
            self.session,
            self.ports,
            partnership_id=partnership_id,
            justification=approval.Justification(
                why_this_partner="The only organization that reaches the two northern districts.",
                alternatives="Two others were asked; neither can begin before next year.",
                mitigation="The agency’s own reporting line on every poster; no home visit by one"
                " person alone.",
                assurance="Three programmatic visits and one spot check in the year.",
                monitored_by="Programme officer, with the PSEA focal point, every three months",
                review_on=day + timedelta(days=180),
            ),
            policy_name="default",
            actor=self.officer,
            now=self.at(day),
            today=day,
        )
        return request.id

    def approved(self, partnership_id: UUID, *, days_ago: int) -> None:
        """Ask for the approval, and have the head approve it two days later."""
        request_id = self.asked(partnership_id, days_ago=days_ago + 2)
        day = self.day(days_ago)
        approvals.approve(
            self.session,
            self.ports,
            approval_id=request_id,
            seen=1,
            terms=approvals.Terms(
                conditions="Reporting line working before the first payment.",
                review_on=day + timedelta(days=180),
                valid_until=None,
            ),
            actor=self.head,
            now=self.at(day, 13),
            today=day,
        )
        self.session.flush()

    def excepted(self, partnership_id: UUID, *, days_ago: int, ends_in: int) -> None:
        """Record a life-saving exception."""
        day = self.day(days_ago)
        suspensions.grant_exception(
            self.session,
            self.ports,
            partnership_id=partnership_id,
            seen=self._partnership(partnership_id).version,
            reason="Suspending the clinic now would threaten the lives of its patients.",
            ends_on=self.today + timedelta(days=ends_in),
            policy_name="default",
            actor=self.head,
            now=self.at(day),
            today=day,
        )

    def clock(self, assessment_id: UUID) -> None:
        """Let the clock do what it had to do on the day of suspension."""
        plan = queries.plans.of_result(self.session, assessment_id)
        if plan is None or plan.suspends_on is None or plan.suspends_on > self.today:
            return
        suspensions.act_on_deadlines(
            self.session,
            self.ports,
            plan_id=plan.id,
            agency_id=self.officer.agency_id,
            now=self.at(plan.suspends_on, 1),
            today=plan.suspends_on,
        )
        self.session.flush()

    def _assessment(self, assessment_id: UUID) -> Any:
        return queries.assessments.get(
            self.session, assessment_id, agency_id=self.officer.agency_id
        )

    def _partnership(self, partnership_id: UUID) -> Any:
        return queries.partnerships.get(
            self.session, partnership_id, agency_id=self.officer.agency_id
        )

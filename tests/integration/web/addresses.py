"""This file holds an address of every route, over the records of office 1 in the demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from partner_assess.db import queries
from partner_assess.db.models.approval import Approval
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.db.models.shared_report import ReportIssue
from partner_assess.db.models.suspension import SuspensionCase
from partner_assess.domain.evidence import CheckedFile, Piece
from partner_assess.domain.permissions import Permission, Standing
from partner_assess.domain.plan import ActionState
from partner_assess.domain.report import Profile
from partner_assess.usecases import evidence, sharing, trust
from partner_assess.usecases.ports import Ports
from partner_assess.usecases.sharing import Receiver
from tests import exchange
from tests.client import NOW
from tests.exchange import reissued, report_of
from tests.factories import make_final, make_house, make_partner
from tests.integration.web.houses import demo_house
from tests.sealing import MarkSeals
from tests.trusting import FakeGate, a_root

TODAY = NOW.date()

# What one needs in order to know that the record of an address exists.
KNOWN_BY = {
    "partner": Permission.PARTNER_READ,
    "partnership": Permission.PARTNERSHIP_READ,
    "assessment": Permission.ASSESSMENT_READ,
    "approval": Permission.APPROVAL_READ,
    "plan": Permission.PLAN_READ,
    "suspension": Permission.PARTNERSHIP_READ,
    "document": Permission.DOCUMENT_READ,
    "received": Permission.RECEIVED_READ,
    "bundle": Permission.TRUST_SHARE,
    "root": Permission.TRUST_READ,
}


@dataclass(frozen=True)
class Address:
    """A route with a method and a record.

    Attributes:
        about: Kind of the record, empty where there is none.
        standing: Whose record it is.
        needs: The permission that the view declares; None where it is public.
    """

    route: str
    method: str
    endpoint: str
    path: str
    about: str = ""
    standing: Standing | None = None
    needs: Permission | None = None


@dataclass
class Records:
    """Records of office 1 that fit each route."""

    session: Session
    ports: Ports
    by_endpoint: dict[str, tuple[str, Any, dict[str, object]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        harbour = self.partner("Demo: Harbour Aid Network")
        newcomers = self.partner("Demo: Newcomers’ Association")
        self._about_partners(harbour, newcomers)
        self._about_partnerships()
        self._about_drafts(self.assessment("Demo: Riverbend Women’s Association"))
        self._about_results(harbour)
        self._about_plans(harbour)
        self._about_suspensions()
        self._about_received()
        self._about_trust(harbour)

    def partner(self, name: str) -> Partner:
        return queries.partners.named(self.session, name, agency_code="UNA")

    def assessment(self, partner: str) -> Assessment:
        newest = (
            select(Assessment)
            .where(Assessment.partner_id == self.partner(partner).id)
            .options(selectinload(Assessment.answers), selectinload(Assessment.office))
            .order_by(Assessment.reference.desc())
        )
        return self.session.scalars(newest.limit(1)).one()

    def _put(self, endpoints: str, about: str, record: Any, **more: object) -> None:
        for endpoint in endpoints.split():
            values = {f"{about}_id": record.id, **more}
            self.by_endpoint[endpoint] = (about, record.standing(), values)

    def _about_partners(self, harbour: Partner, newcomers: Partner) -> None:
        self._put(
            "partners.show partners.edit partners.assessments partners.plans"
            " partners.partnerships partners.history",
            "partner",
            harbour,
        )
        # Any office may propose a partnership of its own with a partner of the agency.
        anywhere = replace(harbour.standing(), office_id=None)
        self.by_endpoint["partnerships.new"] = ("partner", anywhere, {"partner_id": harbour.id})
        self._put("partners.emergency partners.waive assessments.open_", "partner", newcomers)

    def _about_partnerships(self) -> None:
        proposed = self._partnership("A/XD/2026/031")
        self._put(
            "partnerships.show partnerships.edit partnerships.activate partnerships.end"
            " partnerships.lives_at_risk partnerships.confirm_lives_at_risk",
            "partnership",
            proposed,
        )
        self._put("approvals.ask", "partnership", self._partnership("A/XD/2025/009"))
        self._put("suspensions.exception", "partnership", self._partnership("A/XD/2025/011"))
        asked = self.session.scalars(
            select(Approval)
            .where(Approval.partnership_id == proposed.id)
            .options(
                selectinload(Approval.assessment).selectinload(Assessment.answers),
                selectinload(Approval.partnership),
            )
        ).one()
        self._put("approvals.show approvals.approve approvals.decline", "approval", asked)

    def _partnership(self, reference: str) -> Partnership:
        return self.session.scalars(
            select(Partnership).where(Partnership.reference == reference)
        ).one()

    def _about_drafts(self, draft: Assessment) -> None:
        self._put(
            "assessments.show assessments.check assessments.details assessments.cancel"
            " documents.draft",
            "assessment",
            draft,
        )
        self._put(
            "assessments.standard assessments.add_evidence",
            "assessment",
            draft,
            standard_id="training",
        )
        self._put(
            "assessments.download_evidence assessments.remove_evidence",
            "assessment",
            draft,
            evidence_id=self._evidence(draft),
        )
        submitted = self.assessment("Demo: Seaside Shelter Group")
        self._put(
            "assessments.review assessments.finalise assessments.submitted",
            "assessment",
            submitted,
        )

    def _evidence(self, draft: Assessment) -> UUID:
        officer = queries.users.get(self.session, draft.assessor_id).actor()
        piece = Piece(
            type_id="other",
            title="Demo: Agenda",
            dated_on=None,
            proves=(),
            boundary_confirmed=True,
            file=CheckedFile(b"%PDF-1.7", "application/pdf", "pdf", "agenda.pdf"),
        )
        added = evidence.add(
            self.session,
            self.ports,
            assessment_id=draft.id,
            standard_id="training",
            piece=piece,
            actor=officer,
            now=NOW,
            today=TODAY,
        )
        return added.id

    def _about_results(self, harbour: Partner) -> None:
        final = self.assessment(harbour.name)
        self._put(
            "assessments.result assessments.withdraw documents.of_assessment documents.make",
            "assessment",
            final,
        )
        issue = sharing.ask(
            self.session,
            self.ports,
            assessment_id=final.id,
            agency_id=final.agency_id,
            profile=Profile.FULL,
            language="en",
            receiver=Receiver(),
            actor=None,
            now=NOW,
            today=TODAY,
        )
        self.session.flush()
        sharing.make(lambda deed: deed(self.session), self.ports, issue_id=issue.id, now=NOW)
        self.by_endpoint["documents.file"] = (
            "document",
            final.standing(),
            {"issue_id": issue.id},
        )
        self.by_endpoint["check.show"] = ("", None, {"code": issue.check_code})
        self._about_recipients(final, issue)

    def _about_recipients(self, final: Assessment, issue: ReportIssue) -> None:
        officer = queries.users.get(self.session, final.assessor_id).actor()
        for issue_id, endpoints in (
            (issue.id, "documents.revoke documents.told"),
            (None, "links.revoke"),
        ):
            link, address = sharing.link(
                self.session,
                replace(self.ports, seals=MarkSeals()),
                issue_id=issue_id,
                receiver=Receiver("Demo: Agency B", "Joint review"),
                days=14,
                actor=officer,
                now=NOW,
            )
            standing = final.standing() if issue_id else Standing(final.agency_id)
            about = "document" if issue_id else "bundle"
            for endpoint in endpoints.split():
                self.by_endpoint[endpoint] = (about, standing, {"recipient_id": link.id})
        for endpoint in ("links.shared", "links.fetch"):
            self.by_endpoint[endpoint] = ("", None, {"token": address.rpartition("/")[2]})

    def _about_plans(self, harbour: Partner) -> None:
        plan = self.session.scalars(
            select(Plan).where(Plan.partner_id == harbour.id).options(selectinload(Plan.actions))
        ).one()
        self._put("plans.show plans.agree plans.new_action", "plan", plan)
        for state, endpoints in (
            (ActionState.OPEN, "plans.action plans.done"),
            (ActionState.DONE, "plans.verify plans.send_back"),
        ):
            action = next(one for one in plan.actions if one.state is state)
            self._put(endpoints, "plan", plan, action_id=action.id)

    def _about_received(self) -> None:
        there = make_house(self.session, "UNZ")
        partner = make_partner(self.session, there, name="Demo: Both know it", country="XD")
        final = make_final(self.session, self.ports, there, partner, every="adequate", on=TODAY)
        report = report_of(self.session, self.ports, final, on=TODAY)
        here = demo_house(self.session)
        waiting = exchange.receive(self.session, self.ports, here, report, register=True, on=TODAY)
        again = reissued(report, 2)
        proposed = exchange.receive(
            self.session, self.ports, here, again, partner_id=waiting.partner_id, on=TODAY
        )
        exchange.propose(self.session, self.ports, here, proposed, on=TODAY)
        self._put(
            "received.show received.file received.partner received.propose received.set_aside",
            "received",
            waiting,
        )
        self._put("received.countersign received.send_back", "received", proposed)
        self.by_endpoint["received.preview"] = ("", None, {"held_id": "nobody-has-signed-this"})

    def _about_suspensions(self) -> None:
        for reference, endpoints in (
            ("A/XD/2025/011", "suspensions.show suspensions.lift"),
            ("A/XD/2025/013", "suspensions.suspend"),
        ):
            case = self.session.scalars(
                select(SuspensionCase)
                .join(SuspensionCase.partnership)
                .where(Partnership.reference == reference)
                .options(selectinload(SuspensionCase.partnership))
            ).one()
            for endpoint in endpoints.split():
                self.by_endpoint[endpoint] = (
                    "suspension",
                    case.standing(),
                    {"case_id": case.id},
                )

    def _about_trust(self, harbour: Partner) -> None:
        # Added by the operator, so that the administrator may confirm it.
        root = trust.add(
            self.session,
            self.ports,
            certificate=FakeGate().read_root(a_root("UNX"), at=NOW),
            agency_code="UNX",
            list_of=harbour.agency_id,
            actor=None,
            now=NOW,
        )
        self._put("trust.confirm trust.remove", "root", root)


def addresses(app: Flask, records: Records) -> Iterator[Address]:
    """Yield every route with each of its methods, at a record that fits it."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "static":
            continue
        about, standing, values = records.by_endpoint.get(rule.endpoint, ("", None, {}))
        view: Any = app.view_functions[rule.endpoint]
        path = adapter.build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Address(rule.rule, method, rule.endpoint, path, about, standing, view.needs)

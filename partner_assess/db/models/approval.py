"""This file holds approvals of high-risk partnerships."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key, unique_where
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import SpecialRecord
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain.approval import Justification, State, over_from
from partner_assess.domain.permissions import Standing


class Approval(Versioned, Model):
    """A request for one partnership on one result, and its decision."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('approved', 'declined'))"
            " <= (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("state <> 'required' OR decided_at IS NULL", name="required_is_undecided"),
        CheckConstraint("state <> 'declined' OR reasons <> ''", name="declined_with_reasons"),
        CheckConstraint("state <> 'approved' OR review_on IS NOT NULL", name="approved_has_review"),
        CheckConstraint(
            "CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN special_record_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN received_id IS NULL THEN 0 ELSE 1 END = 1",
            name="rests_on_one_result",
        ),
        # One request at a time for a partnership, whatever two people do at once.
        unique_where("state = 'required'", "uq_approval_required", "partnership_id"),
        Index("ix_approval_partnership_id_state", "partnership_id", "state"),
    )

    id: Mapped[UUID] = key()
    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnership.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id"), index=True)
    special_record_id: Mapped[UUID | None] = mapped_column(ForeignKey("special_record.id"))
    received_id: Mapped[UUID | None] = mapped_column(ForeignKey("received_report.id"))
    result_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[State] = choice("state", State, default=State.REQUIRED)
    why_this_partner: Mapped[str] = mapped_column(Text)
    alternatives: Mapped[str] = mapped_column(Text)
    mitigation: Mapped[str] = mapped_column(Text)
    assurance: Mapped[str] = mapped_column(Text)
    monitored_by: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decide_by: Mapped[date]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_on: Mapped[date | None]
    conditions: Mapped[str] = mapped_column(Text, default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
    valid_until: Mapped[date | None]
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lapsed_because: Mapped[str] = mapped_column(String(40), default="")

    __mapper_args__ = {"version_id_col": Versioned.version}

    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql")
    assessment: Mapped[Assessment | None] = relationship(lazy="raise_on_sql")
    special_record: Mapped[SpecialRecord | None] = relationship(lazy="raise_on_sql")
    received: Mapped[ReceivedReport | None] = relationship(lazy="raise_on_sql")

    def justification(self) -> Justification:
        """Return what the request holds."""
        return Justification(
            why_this_partner=self.why_this_partner,
            alternatives=self.alternatives,
            mitigation=self.mitigation,
            assurance=self.assurance,
            monitored_by=self.monitored_by,
            review_on=self.review_on,
        )

    def standing(self) -> Standing:
        """Return what decides who may act; needs partnership and what it rests on."""
        # Recording an emergency is not rating: the same head may approve on it.
        # Source: domain.md 3.3
        found = self.assessment or self.received
        rated = found.standing() if found else None
        return Standing(
            agency_id=self.partnership.agency_id,
            office_id=self.partnership.office_id,
            partner_id=self.partnership.partner_id,
            raters=rated.raters if rated else frozenset(),
            finalisers=rated.finalisers if rated else frozenset(),
        )

    def decide(
        self,
        *,
        to: State,
        by: UUID,
        at: datetime,
        on: date,
        conditions: str = "",
        reasons: str = "",
        review_on: date | None = None,
        valid_until: date | None = None,
    ) -> None:
        """Keep the decision, whole."""
        self.state = to
        self.decided_by, self.decided_at, self.decided_on = by, at, on
        self.conditions, self.reasons = conditions, reasons
        self.review_on = review_on or self.review_on
        self.valid_until = valid_until

    def over_from(self, zone: ZoneInfo) -> date | None:
        """Return the first day, in its office's time zone, on which it carries nothing any more."""
        return over_from(
            self.state,
            decided_on=self.decided_on,
            valid_until=self.valid_until,
            lapsed_on=self.lapsed_at.astimezone(zone).date() if self.lapsed_at else None,
        )

    def touch(self) -> None:
        """Count as another version: what it is about has changed since somebody saw it."""
        flag_modified(self, "state")

    def lapse(self, *, at: datetime, because: str) -> None:
        """End it without a decision of a person."""
        self.state, self.lapsed_at, self.lapsed_because = State.LAPSED, at, because

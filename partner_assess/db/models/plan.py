"""This file holds action plans and their actions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key
from partner_assess.db.models.agency import Office
from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import Partner
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.domain.deadlines import PlanDates
from partner_assess.domain.permissions import Standing
from partner_assess.domain.plan import ActionState, Progress, State, progress
from partner_assess.domain.report import OwnerSide
from partner_assess.domain.risk import Risk


class Plan(Versioned, Model):
    """The plan that closes the gaps of one result.

    Attributes:
        policy_name: The policy it was made under, and keeps.
        started_on: First day of its clock; None while the policy waits for a day.
        due_on: Last day in time; None for a plan without a date (Low).
        limit_on: The 12-month date of a High result; the day after it suspends.
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("(limit_on IS NULL) = (suspends_on IS NULL)", name="limit_suspends"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_moment"),
        CheckConstraint(
            "(assessment_id IS NULL) <> (received_id IS NULL)", name="rests_on_one_result"
        ),
        Index("ix_plan_partner_id_state", "partner_id", "state"),
        Index("ix_plan_office_id_state", "office_id", "state"),
        Index("ix_plan_suspends_on", "suspends_on"),
    )

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    office_id: Mapped[UUID] = mapped_column(ForeignKey("office.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id"), unique=True)
    received_id: Mapped[UUID | None] = mapped_column(ForeignKey("received_report.id"), unique=True)
    risk: Mapped[Risk] = choice("risk", Risk)
    policy_name: Mapped[str] = mapped_column(String(60))
    state: Mapped[State] = choice("state", State, default=State.DRAFTING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_on: Mapped[date | None]
    due_on: Mapped[date | None]
    limit_on: Mapped[date | None]
    suspends_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    completed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_because: Mapped[str] = mapped_column(String(40), default="")

    __mapper_args__ = {"version_id_col": Versioned.version}

    partner: Mapped[Partner] = relationship(lazy="raise_on_sql")
    office: Mapped[Office] = relationship(lazy="raise_on_sql")
    assessment: Mapped[Assessment | None] = relationship(lazy="raise_on_sql")
    received: Mapped[ReceivedReport | None] = relationship(lazy="raise_on_sql")
    actions: Mapped[list[PlanAction]] = relationship(
        lazy="raise_on_sql", order_by="(PlanAction.position, PlanAction.id)"
    )

    @property
    def rests_on(self) -> Assessment | ReceivedReport:
        """Return the own assessment or the accepted report whose gaps it closes."""
        found = self.assessment or self.received
        if found is None:
            raise ValueError("a plan rests on one result")
        return found

    def standing(self) -> Standing:
        """Return what decides who may act on it."""
        return Standing(
            agency_id=self.agency_id,
            office_id=self.office_id,
            partner_id=self.partner_id,
        )

    def set_dates(self, dates: PlanDates) -> None:
        """Start, or restart, the clock."""
        self.started_on, self.due_on = dates.started_on, dates.plan_due_on
        self.limit_on, self.suspends_on = dates.limit_on, dates.suspends_on

    @property
    def clock_has_ended(self) -> bool:
        """Whether a Moderate or Low result took the 12-month date from a plan that stays open."""
        return self.risk is Risk.HIGH and self.started_on is not None and self.limit_on is None

    def end_clock(self) -> None:
        """Suspend nothing any more; the plan's own date stays."""
        self.limit_on = self.suspends_on = None

    def progress(self) -> Progress:
        """Return how far the mandatory actions are; needs `actions`."""
        return progress((action.mandatory, action.state) for action in self.actions)


class PlanAction(Versioned, Model):
    """One thing to do. `words` is empty while the instrument's model action stands."""

    __tablename__ = "plan_action"
    __table_args__ = (
        CheckConstraint("(state = 'verified') = (verified_on IS NOT NULL)", name="verified_day"),
        Index("ix_plan_action_plan_id_position", "plan_id", "position"),
    )

    id: Mapped[UUID] = key()
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    position: Mapped[int]
    standard_id: Mapped[str] = mapped_column(String(60))
    indicator_id: Mapped[str | None] = mapped_column(String(20))
    mandatory: Mapped[bool]
    words: Mapped[str] = mapped_column(Text, default="")
    owner_side: Mapped[OwnerSide] = choice("owner_side", OwnerSide, default=OwnerSide.PARTNER)
    owner: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    state: Mapped[ActionState] = choice("state", ActionState, default=ActionState.OPEN)
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(Text, default="")
    verified_on: Mapped[date | None]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    comment: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}

    def report_done(self, *, to: ActionState, on: date, note: str) -> None:
        """Keep that it is said to be done."""
        self.state, self.done_on, self.done_note = to, on, note

    def check(self, *, to: ActionState, by: UUID, on: date, comment: str) -> None:
        """Keep the officer's check: verified, or returned with a comment."""
        is_verified = to is ActionState.VERIFIED
        self.state, self.comment = to, comment
        self.verified_on = on if is_verified else None
        self.verified_by = by if is_verified else None

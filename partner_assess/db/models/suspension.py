"""This file holds suspension cases and life-saving exceptions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partner_assess.db.base import Model, UtcDateTime, Versioned, choice, key
from partner_assess.db.models.partnership import Partnership
from partner_assess.db.models.plan import Plan
from partner_assess.domain.permissions import Standing
from partner_assess.domain.suspension import Cause, State


class SuspensionCase(Versioned, Model):
    """One partnership past one 12-month date, or suspended for another cause.

    Attributes:
        deadline_on: The 12-month date it stands for, so that the clock acts once on it.
        since: First day of the present state.
    """

    __tablename__ = "suspension_case"
    __table_args__ = (
        UniqueConstraint("partnership_id", "deadline_on"),
        CheckConstraint("(cause = 'deadline') = (plan_id IS NOT NULL)", name="deadline_has_plan"),
        CheckConstraint("(cause = 'deadline') = (deadline_on IS NOT NULL)", name="deadline_day"),
        CheckConstraint("state <> 'lifted' OR review_on IS NOT NULL", name="lifted_has_review"),
        Index("ix_suspension_case_state", "state"),
    )

    id: Mapped[UUID] = key()
    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnership.id"), index=True)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"), index=True)
    cause: Mapped[Cause] = choice("cause", Cause)
    deadline_on: Mapped[date | None]
    state: Mapped[State] = choice("state", State)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[date]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}

    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql")
    plan: Mapped[Plan | None] = relationship(lazy="raise_on_sql")

    def standing(self) -> Standing:
        """Return what decides who may act on it; needs `partnership`."""
        return self.partnership.standing()

    def move(
        self,
        to: State,
        *,
        on: date,
        by: UUID | None = None,
        reason: str = "",
        review_on: date | None = None,
    ) -> None:
        """Set the state, its first day, and who decided why."""
        self.state, self.since = to, on
        self.decided_by, self.reason, self.review_on = by, reason, review_on


class LifeSavingException(Model):
    """Why a partnership goes on although its plan is overdue: stopping would threaten lives."""

    __tablename__ = "life_saving_exception"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("ends_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[UUID] = key()
    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnership.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    ends_on: Mapped[date]
    review_on: Mapped[date]
    granted_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql")

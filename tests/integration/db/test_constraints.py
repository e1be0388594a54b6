from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partner_assess.db.models.assessment import Assessment
from partner_assess.db.models.partner import SpecialRecord
from partner_assess.domain.approval import State as ApprovalState
from partner_assess.domain.assessment import State as AssessmentState
from partner_assess.domain.partnership import Basis
from partner_assess.usecases import approvals
from partner_assess.usecases.approvals import Running
from partner_assess.usecases.ports import Ports
from tests.factories import (
    DAY,
    NOW,
    TODAY,
    House,
    add_evidence,
    make_active,
    make_approval,
    make_assessment,
    make_case,
    make_exception,
    make_final,
    make_house,
    make_partner,
    make_partnership,
    make_plan,
    make_submitted,
)

LIMIT = TODAY.replace(year=2027)

# Every row is whole as it is made; `change` says half a thing, which the database must refuse.
REFUSED = [
    ("partner", "name = ''"),
    ("partner", "scope = 'galactic'"),
    ("partner", "current_risk = 'medium'"),
    ("special_record", "basis = 'assessed'"),
    ("special_record", "reason = ''"),
    ("partnership", "ends_on = '2000-01-01'"),
    ("partnership", "state = 'ended'"),
    ("partnership", "ended_on = '2026-11-22'"),
    ("partnership", "state = 'suspended'"),
    ("partnership", "suspended_on = '2026-11-22'"),
    ("partnership", "lives_confirmed_on = '2026-11-22'"),
    ("draft", "state = 'submitted'"),
    ("draft", "state = 'final'"),
    ("submitted", "submitted_by = NULL"),
    ("submitted", "assessed_on = NULL"),
    ("submitted", "state = 'preliminary'"),
    *[
        ("final", f"{column} = NULL")
        for column in (
            "effective_on",
            "score",
            "risk",
            "capacity",
            "content_digest",
            "finalised_by",
        )
    ],
    ("final", "state = 'in_progress'"),
    ("final", "state = 'finished'"),
    ("evidence", "filename = NULL"),
    ("evidence", "sha256 = NULL"),
    ("required", "state = 'approved'"),
    ("required", "state = 'declined', reasons = 'No.'"),
    ("required", "decided_at = '2026-11-22 09:00:00+00:00'"),
    ("required", "assessment_id = NULL"),
    ("approved", "decided_by = NULL"),
    ("approved", "decided_at = NULL"),
    ("approved", "review_on = NULL"),
    ("approved", "state = 'required'"),
    ("declined", "reasons = ''"),
    ("declined", "decided_by = NULL"),
    ("plan", "suspends_on = NULL"),
    ("plan", "limit_on = NULL"),
    ("plan", "state = 'closed'"),
    ("plan", "closed_at = '2026-11-22 09:00:00+00:00'"),
    ("plan_action", "state = 'verified'"),
    ("plan_action", "verified_on = '2026-11-22'"),
    ("suspension_case", "plan_id = NULL"),
    ("suspension_case", "deadline_on = NULL"),
    ("suspension_case", "cause = 'other'"),
    ("suspension_case", "state = 'lifted'"),
    ("life_saving_exception", "reason = ''"),
    ("life_saving_exception", "ends_on = '2000-01-01'"),
]


def _special(session: Session, _ports: Ports, house: House) -> Any:
    made = SpecialRecord(
        partner_id=make_partner(session, house).id,
        basis=Basis.EMERGENCY,
        reason="Flood.",
        recorded_by=house.head.user_id,
        recorded_at=NOW,
        from_on=TODAY,
        until=LIMIT,
    )
    session.add(made)
    return made


def _assessment(make: Callable[..., Assessment]) -> Callable[[Session, Ports, House], Any]:
    return lambda session, ports, house: make(session, ports, house, make_partner(session, house))


def _evidence(session: Session, ports: Ports, house: House) -> Any:
    made = make_assessment(session, ports, house, make_partner(session, house), every=None)
    return add_evidence(session, made, ports.catalogue.get(made.framework_id).standards[0])


def _approval(state: ApprovalState) -> Callable[[Session, Ports, House], Any]:
    def make(session: Session, ports: Ports, house: House) -> Any:
        partner = make_partner(session, house)
        make_final(session, ports, house, partner)
        proposed = make_partnership(session, house, partner)
        if state is not ApprovalState.DECLINED:
            return make_approval(session, ports, house, proposed, state=state)
        request = make_approval(session, ports, house, proposed)
        return approvals.decline(
            session,
            approval_id=request.id,
            seen=request.version,
            reasons="No.",
            running=Running.END,
            actor=house.head,
            now=NOW,
            today=TODAY,
        )

    return make


def _case(session: Session, ports: Ports, house: House) -> Any:
    partner = make_partner(session, house)
    make_final(session, ports, house, partner)
    return make_case(session, ports, house, make_active(session, house, partner), on=LIMIT + DAY)


def _exception(session: Session, ports: Ports, house: House) -> Any:
    partner = make_partner(session, house)
    make_final(session, ports, house, partner)
    running = make_active(session, house, partner)
    return make_exception(session, ports, house, running, ends_on=LIMIT)


MAKE: dict[str, Callable[[Session, Ports, House], Any]] = {
    "partner": lambda session, _ports, house: make_partner(session, house),
    "special_record": _special,
    "partnership": lambda s, _ports, h: make_partnership(s, h, make_partner(s, h)),
    "draft": _assessment(make_assessment),
    "submitted": _assessment(make_submitted),
    "final": _assessment(make_final),
    "evidence": _evidence,
    "required": _approval(ApprovalState.REQUIRED),
    "approved": _approval(ApprovalState.APPROVED),
    "declined": _approval(ApprovalState.DECLINED),
    "plan": lambda s, ports, h: make_plan(s, ports, h, make_partner(s, h)),
    "plan_action": lambda s, p, h: make_plan(s, p, h, make_partner(s, h)).actions[0],
    "suspension_case": _case,
    "life_saving_exception": _exception,
}


@pytest.mark.parametrize(("what", "change"), REFUSED)
def test_the_database_refuses_half_a_thing(
    session: Session, ports: Ports, what: str, change: str
) -> None:
    row = MAKE[what](session, ports, make_house(session))
    session.flush()

    with pytest.raises(IntegrityError, match=r"(?i)check|constraint"):
        _update(session, row.__tablename__, change, row.id)


def _update(session: Session, table: str, change: str, row_id: UUID) -> None:
    key = row_id.hex if session.get_bind().dialect.name == "sqlite" else row_id
    done = session.execute(
        text(f'UPDATE "{table}" SET {change} WHERE id = :id'),  # noqa: S608 - words of this file
        {"id": key},
    )
    assert done.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue]


def test_the_database_keeps_one_request_at_a_time(session: Session, ports: Ports) -> None:
    house = make_house(session)
    request = _approval(ApprovalState.REQUIRED)(session, ports, house)
    approved = make_approval_beside(session, ports, house, request.partnership_id)

    with pytest.raises(IntegrityError):
        _update(session, "approval", "state = 'required', decided_at = NULL", approved)


def make_approval_beside(
    session: Session, ports: Ports, house: House, partnership_id: UUID
) -> UUID:
    """Return an approval that is moved to another partnership, beside its request."""
    other = _approval(ApprovalState.APPROVED)(session, ports, house)
    other.partnership_id = partnership_id
    session.flush()
    return other.id


def test_the_database_keeps_one_open_assessment_at_a_time(session: Session, ports: Ports) -> None:
    house = make_house(session)
    partner = make_partner(session, house)
    first = make_assessment(session, ports, house, partner, every=None)
    first.state = AssessmentState.CANCELLED
    session.flush()
    make_assessment(session, ports, house, partner, every=None)

    with pytest.raises(IntegrityError):
        _update(session, "assessment", "state = 'draft'", first.id)


def test_the_database_keeps_one_case_for_a_partnership_and_date(
    session: Session, ports: Ports
) -> None:
    house = make_house(session)
    case = _case(session, ports, house)
    other = _case(session, ports, house)

    other.partnership_id = case.partnership_id

    with pytest.raises(IntegrityError):
        session.flush()

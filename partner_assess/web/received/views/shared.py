"""This file holds what the views of received reports share: gate, tokens, pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer

from partner_assess.db import queries
from partner_assess.domain.permissions import NotPermitted, Permission, require
from partner_assess.domain.report.verdict import Verdict
from partner_assess.usecases import received, trust, verifying
from partner_assess.web import context, messages, verdicts
from partner_assess.web.received.pages.show import Contents, ShowPage

if TYPE_CHECKING:
    from partner_assess.db.models.received_report import ReceivedReport

_A_DAY = 24 * 60 * 60


def verify(files: Sequence[bytes]) -> list[Verdict]:
    """Return what the gate says of files, holding up nobody's writing meanwhile."""
    agency_id = context.actor().agency_id
    trusted = trust.trust_of(context.session(), context.ports(), agency_id=agency_id)
    context.release()
    return verifying.verify(context.ports(), files, trusted=trusted, now=context.now())


def hold(content: bytes) -> str:
    """Let a file wait until a person has looked at it; return what it is found by, for a day."""
    sha256 = context.ports().store.put(content)
    return _tokens().dumps([sha256, str(context.actor().user_id)])


def held(held_id: str) -> bytes | None:
    """Return a file that the reader let wait; None for another's, and after a day."""
    try:
        sha256, user_id = _tokens().loads(held_id, max_age=_A_DAY)
        if user_id == str(context.actor().user_id):
            return context.ports().store.path(sha256).read_bytes()
    except (BadSignature, FileNotFoundError, ValueError):
        return None
    return None


def _tokens() -> URLSafeTimedSerializer:
    key = context.parts().settings.secret_key
    return URLSafeTimedSerializer(
        key, salt="received", signer_kwargs={"digest_method": hashlib.sha256}
    )


def office_id() -> UUID:
    """Return the office in which the reader receives. Raises NotPermitted without one."""
    found = received.office_for(context.session(), context.actor())
    if found is None:
        raise NotPermitted
    return found.id


def get(received_id: UUID) -> ReceivedReport:
    """Return a received report that the actor may see, else 404."""
    found = queries.received_reports.get(
        context.session(), received_id, agency_id=context.actor().agency_id
    )
    context.known(Permission.RECEIVED_READ, found.standing())
    return found


def today_of(found: ReceivedReport) -> date:
    """Return the calendar day of its office."""
    return context.today(found.office.timezone)


def page_of(found: ReceivedReport) -> ShowPage:
    """Return the page of a received report."""
    session, today = context.session(), today_of(found)
    said = found.report()
    judged = None
    told = received.told_now(session, context.ports(), said, agency_id=found.agency_id, today=today)
    if found.partner is not None:
        judged = received.judge(session, context.ports(), said, found.partner, told, today=today)
    contents = Contents.of(said, judged, told)
    plan = queries.plans.of_result(session, found.id)
    opened = queries.assessments.begun_from(session, found.id)
    return ShowPage.of(
        found,
        contents,
        headline=verdicts.headline(_as_checked(found), agency=said.owner.agency),
        refusal=_refusal(found),
        plan_id=plan.id if plan else None,
        assessment_id=opened.id if opened else None,
        today=today,
    )


def _as_checked(found: ReceivedReport) -> Verdict:
    """Return what the gate said when the file came."""
    return Verdict(
        (),
        file_sha256=found.pdf_sha256,
        issuer=found.issuer_code,
        signed_at=found.signed_at,
        timestamped=bool(found.receipt.get("timestamped")),
        seal_ended=bool(found.receipt.get("seal_ended")),
    )


def _refusal(found: ReceivedReport) -> str:
    """Return why the reader may not countersign, empty where it may."""
    try:
        require(context.actor(), Permission.RECEIVED_COUNTERSIGN, found.standing())
    except NotPermitted as error:
        return messages.sentence(error)
    return ""

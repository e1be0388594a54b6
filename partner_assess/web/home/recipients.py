"""This file holds whom somebody has to tell what became of a document that they got."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from partner_assess.domain import assessment
from partner_assess.usecases import sharing
from partner_assess.web import context
from partner_assess.web.home.duties import Desk, Duty
from partner_assess.web.i18n import ngettext


def recipients_to_tell(desk: Desk) -> Iterator[Duty]:
    """Yield what was superseded or withdrawn while others rely on it and do not know."""
    for one in sharing.relying(context.session(), **desk.own()):
        found = one.assessment
        if found.state is assessment.State.WITHDRAWN:
            title = ngettext(
                "%(num)s recipient of %(reference)s relies on a withdrawn document: tell them",
                "%(num)s recipients of %(reference)s rely on a withdrawn document: tell them",
                len(one.recipients),
                reference=found.document_number,
            )
        else:
            title = ngettext(
                "%(num)s recipient of %(reference)s relies on a superseded document: tell them",
                "%(num)s recipients of %(reference)s rely on a superseded document: tell them",
                len(one.recipients),
                reference=found.document_number,
            )
        yield Duty(
            title=title,
            url=url_for("documents.of_assessment", assessment_id=found.id),
            partner=found.partner.name,
            more="",
            due_on=None,
            since=found.touched_at.date(),
            state=found.state,
        )

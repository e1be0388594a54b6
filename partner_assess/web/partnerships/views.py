"""This file holds the pages about partnerships."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.errors import NotReady
from partner_assess.domain.permissions import Permission
from partner_assess.usecases import partnerships
from partner_assess.usecases.partnerships import AmendmentBarred, ReferenceTaken
from partner_assess.web import context, identity, messages
from partner_assess.web.forms import SeenForm, SelectChoice
from partner_assess.web.i18n import gettext as _
from partner_assess.web.partnerships.forms import EndForm, LivesForm, PartnershipForm
from partner_assess.web.partnerships.pages import PartnershipPage
from partner_assess.web.permit import needs

bp = Blueprint("partnerships", __name__)


@bp.route("/partners/<uuid:partner_id>/partnerships/new", methods=["GET", "POST"])
@needs(Permission.PARTNERSHIP_EDIT)
def new(partner_id: UUID) -> ResponseReturnValue:
    """Propose a partnership."""
    partner = context.partner(partner_id)
    form = _offered(PartnershipForm())
    if form.validate_on_submit():
        try:
            with unit_of_work(context.session()) as session:
                made = partnerships.propose(
                    session,
                    partner_id=partner_id,
                    office_id=UUID(form.office.data),
                    terms=form.terms(),
                    actor=context.actor(),
                    now=context.now(),
                )
                flash(_("Partnership proposed."), "success")
                return redirect(url_for(".show", partnership_id=made.id))
        except ReferenceTaken as error:
            form.add_problem("reference", messages.sentence(error))
            partner = context.partner(partner_id)
    return _edit_page(form, partner, None)


@bp.get("/partnerships/<uuid:partnership_id>")
@needs(Permission.PARTNERSHIP_READ)
def show(partnership_id: UUID) -> ResponseReturnValue:
    """Show how a partnership stands."""
    return _page(context.partnership(partnership_id), SeenForm())


@bp.route("/partnerships/<uuid:partnership_id>/edit", methods=["GET", "POST"])
@needs(Permission.PARTNERSHIP_EDIT)
def edit(partnership_id: UUID) -> ResponseReturnValue:
    """Change what the agreement says."""
    found = _mine(partnership_id, Permission.PARTNERSHIP_EDIT)
    form = _offered(_prefilled(found))
    if form.validate_on_submit():
        try:
            with unit_of_work(context.session()) as session:
                partnerships.edit(
                    session,
                    partnership_id=partnership_id,
                    seen=form.seen.data,
                    terms=form.terms(),
                    actor=context.actor(),
                    now=context.now(),
                    today=context.today(found.office.timezone),
                )
            flash(_("Partnership saved."), "success")
            return redirect(url_for(".show", partnership_id=partnership_id))
        except (ReferenceTaken, AmendmentBarred) as error:
            is_taken = isinstance(error, ReferenceTaken)
            form.add_problem("reference" if is_taken else "title", messages.sentence(error))
            found = context.partnership(partnership_id)
    return _edit_page(form, found.partner, found)


@bp.post("/partnerships/<uuid:partnership_id>/activate")
@needs(Permission.PARTNERSHIP_ACTIVATE)
def activate(partnership_id: UUID) -> ResponseReturnValue:
    """Let a proposed partnership run."""
    found = _mine(partnership_id, Permission.PARTNERSHIP_ACTIVATE)
    form = SeenForm()
    if form.validate_on_submit():
        try:
            with unit_of_work(context.session()) as session:
                partnerships.activate(
                    session,
                    partnership_id=partnership_id,
                    seen=form.seen.data,
                    actor=context.actor(),
                    now=context.now(),
                    today=context.today(found.office.timezone),
                )
            flash(_("The partnership is active."), "success")
            return redirect(url_for(".show", partnership_id=partnership_id))
        except NotReady as error:
            form.form_errors.append(messages.sentence(error))
    return _page(context.partnership(partnership_id), form)


@bp.route("/partnerships/<uuid:partnership_id>/end", methods=["GET", "POST"])
@needs(Permission.PARTNERSHIP_END)
def end(partnership_id: UUID) -> ResponseReturnValue:
    """End a partnership."""
    found = _mine(partnership_id, Permission.PARTNERSHIP_END)
    form = EndForm(seen=found.version)
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            partnerships.end(
                session,
                partnership_id=partnership_id,
                seen=form.seen.data,
                reason=form.reason.data or "",
                actor=context.actor(),
                now=context.now(),
                today=context.today(found.office.timezone),
            )
        flash(_("The partnership has ended."), "success")
        return redirect(url_for(".show", partnership_id=partnership_id))
    return _form_page("partnerships/end.html", form, found)


@bp.route("/partnerships/<uuid:partnership_id>/lives-at-risk", methods=["GET", "POST"])
@needs(Permission.LIVES_AT_RISK_MARK)
def lives_at_risk(partnership_id: UUID) -> ResponseReturnValue:
    """Mark that suspending would threaten lives."""
    found = _mine(partnership_id, Permission.LIVES_AT_RISK_MARK)
    form = LivesForm(seen=found.version, marked=found.lives_at_risk, reason=found.lives_reason)
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            partnerships.mark_lives_at_risk(
                session,
                partnership_id=partnership_id,
                seen=form.seen.data,
                marked=bool(form.marked.data),
                reason=(form.reason.data or "").strip(),
                actor=context.actor(),
                now=context.now(),
            )
        flash(_("Saved. A mark counts once the head of office has confirmed it."), "success")
        return redirect(url_for(".show", partnership_id=partnership_id))
    return _form_page("partnerships/lives_at_risk.html", form, found)


@bp.post("/partnerships/<uuid:partnership_id>/lives-at-risk/confirm")
@needs(Permission.LIVES_AT_RISK_CONFIRM)
def confirm_lives_at_risk(partnership_id: UUID) -> ResponseReturnValue:
    """Confirm the mark, for a year."""
    found = _mine(partnership_id, Permission.LIVES_AT_RISK_CONFIRM)
    form = SeenForm()
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            partnerships.confirm_lives_at_risk(
                session,
                partnership_id=partnership_id,
                seen=form.seen.data,
                actor=context.actor(),
                now=context.now(),
                today=context.today(found.office.timezone),
            )
        flash(_("Confirmed: lives at risk if suspended."), "success")
        return redirect(url_for(".show", partnership_id=partnership_id))
    return _page(found, form)


def _mine(partnership_id: UUID, permission: Permission) -> Any:
    found = context.partnership(partnership_id)
    permissions.require(context.actor(), permission, found.standing())
    return found


def _page(found: Any, form: SeenForm) -> ResponseReturnValue:
    page = PartnershipPage.of(found, today=context.today(found.office.timezone))
    form.seen.data = found.version
    status = 400 if form.errors else 200
    return render_template("partnerships/show.html", page=page, form=form), status


def _form_page(template: str, form: SeenForm, found: Any) -> ResponseReturnValue:
    today = context.today(found.office.timezone)
    bar = identity.of(found.partner, place="partnerships", today=today)
    return (
        render_template(
            template, form=form, partnership=found, identity=bar, agency=context.user().agency
        ),
        400 if form.errors else 200,
    )


def _edit_page(form: PartnershipForm, partner: Any, found: Any) -> ResponseReturnValue:
    today = context.today(partner.office.timezone)
    bar = identity.of(partner, place="partnerships", today=today)
    return (
        render_template(
            "partnerships/edit.html", form=form, partner=partner, partnership=found, identity=bar
        ),
        400 if form.errors else 200,
    )


def _prefilled(found: Any) -> PartnershipForm:
    return PartnershipForm(
        seen=found.version,
        title=found.title,
        reference=found.reference,
        office=str(found.office_id),
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        amount_usd=None if found.amount_usd is None else str(found.amount_usd),
    )


def _offered(form: PartnershipForm) -> PartnershipForm:
    mine = context.actor().offices
    offices = queries.agencies.offices(context.session(), agency_id=context.actor().agency_id)
    form.office.choices = [
        SelectChoice(str(one.id), one.name) for one in offices if mine is None or one.id in mine
    ]
    return form

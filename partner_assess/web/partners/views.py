"""This file holds the pages about partners."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.db.queries.partners import Filter
from partner_assess.db.session import unit_of_work
from partner_assess.domain import permissions
from partner_assess.domain.permissions import Permission, Standing
from partner_assess.usecases import partners
from partner_assess.usecases.partners import NumberTaken
from partner_assess.web import context, identity, messages
from partner_assess.web import history as histories
from partner_assess.web.i18n import gettext as _
from partner_assess.web.partners.forms import PartnerForm, ReasonForm
from partner_assess.web.partners.pages import ListPage, Overview, plans_of, standings_of
from partner_assess.web.permit import needs

bp = Blueprint("partners", __name__)

_MOST_EVENTS = 500


@bp.get("/partners")
@needs(Permission.PARTNER_READ)
def index() -> ResponseReturnValue:
    """List and find partners."""
    offices = queries.agencies.offices(context.session(), agency_id=context.actor().agency_id)
    chosen = request.args.get("office", "")
    asked = Filter(
        q=request.args.get("q", "").replace("\0", "").strip()[:200],
        office_id=next((one.id for one in offices if str(one.id) == chosen), None),
        tier=request.args.get("tier", ""),
    )
    today = context.today()
    found = queries.partners.page(
        context.session(),
        context.scope(),
        asked,
        today=today,
        after=request.args.get("after", ""),
    )
    page = ListPage.of(found, asked, office=chosen, today=today)
    return render_template("partners/index.html", page=page, offices=offices)


@bp.route("/partners/new", methods=["GET", "POST"])
@needs(Permission.PARTNER_EDIT)
def new() -> ResponseReturnValue:
    """Register a partner."""
    form = _offered(PartnerForm())
    twin = None
    if form.validate_on_submit():
        twin = queries.partners.same_name(
            context.session(), form.name.data or "", agency_id=context.actor().agency_id
        )
    if form.is_submitted() and not form.errors and (twin is None or form.is_another.data):
        try:
            with unit_of_work(context.session()) as session:
                made = partners.register(
                    session,
                    office_id=UUID(form.office.data),
                    identity=form.identity(),
                    actor=context.actor(),
                    now=context.now(),
                )
                flash(_("Partner registered."), "success")
                return redirect(url_for(".show", partner_id=made.id))
        except NumberTaken as error:
            form.form_errors.append(messages.sentence(error))
    elif twin is not None:
        _say_twin(form, twin)
    page = render_template("partners/edit.html", form=form, partner=None, twin=twin)
    return page, 400 if form.errors else 200


def _say_twin(form: PartnerForm, twin: Any) -> None:
    form.add_problem(
        "is_another",
        _(
            "%(number)s %(name)s is registered already by %(office)s: open it, or tick that this is"
            " another organization.",
            number=twin.number,
            name=twin.name,
            office=twin.office.name,
        ),
    )


@bp.get("/partners/<uuid:partner_id>")
@needs(Permission.PARTNER_READ)
def show(partner_id: UUID) -> ResponseReturnValue:
    """Show a partner."""
    partner = context.partner(partner_id)
    page = Overview.of(partner, today=context.today(partner.office.timezone))
    return render_template("partners/show.html", page=page)


@bp.route("/partners/<uuid:partner_id>/edit", methods=["GET", "POST"])
@needs(Permission.PARTNER_EDIT)
def edit(partner_id: UUID) -> ResponseReturnValue:
    """Change a partner's details."""
    partner = context.partner(partner_id)
    permissions.require(context.actor(), Permission.PARTNER_EDIT, partner.standing())
    form = _prefilled(partner)
    if form.validate_on_submit():
        try:
            with unit_of_work(context.session()) as session:
                partners.edit(
                    session,
                    partner_id=partner_id,
                    seen=form.seen.data,
                    identity=form.identity(),
                    actor=context.actor(),
                    now=context.now(),
                )
            flash(_("Partner’s details saved."), "success")
            return redirect(url_for(".show", partner_id=partner_id))
        except NumberTaken as error:
            form.form_errors.append(messages.sentence(error))
            partner = context.partner(partner_id)
    return (
        render_template("partners/edit.html", form=form, partner=partner, twin=None),
        400 if form.errors else 200,
    )


@bp.get("/partners/<uuid:partner_id>/assessments")
@needs(Permission.ASSESSMENT_READ)
def assessments(partner_id: UUID) -> ResponseReturnValue:
    """List a partner's assessments."""
    partner = _detailed(partner_id, Permission.ASSESSMENT_READ)
    page = Overview.of(partner, today=context.today(partner.office.timezone))
    return render_template(
        "partners/assessments.html", page=page, identity=_bar(partner, "assessments")
    )


@bp.get("/partners/<uuid:partner_id>/plans")
@needs(Permission.PLAN_READ)
def plans(partner_id: UUID) -> ResponseReturnValue:
    """List a partner's action plans."""
    partner = _detailed(partner_id, Permission.PLAN_READ)
    lines = plans_of(partner, today=context.today(partner.office.timezone), open_only=False)
    return render_template("partners/plans.html", lines=lines, identity=_bar(partner, "plans"))


@bp.get("/partners/<uuid:partner_id>/partnerships")
@needs(Permission.PARTNERSHIP_READ)
def partnerships(partner_id: UUID) -> ResponseReturnValue:
    """List a partner's partnerships."""
    partner = context.partner(partner_id)
    return render_template(
        "partners/partnerships.html",
        partner=partner,
        standings=standings_of(partner, today=context.today(partner.office.timezone)),
        identity=_bar(partner, "partnerships"),
        may_propose=context.may(
            Permission.PARTNERSHIP_EDIT, Standing(partner.agency_id, partner_id=partner.id)
        ),
    )


@bp.get("/partners/<uuid:partner_id>/history")
@needs(Permission.PARTNERSHIP_READ)
def history(partner_id: UUID) -> ResponseReturnValue:
    """Show everything that happened around a partner."""
    partner = _detailed(partner_id, Permission.PARTNERSHIP_READ)
    return render_template(
        "partners/history.html",
        entries=histories.of(partner, limit=_MOST_EVENTS),
        identity=_bar(partner, "history"),
        most=_MOST_EVENTS,
        is_cut=queries.events.count_of_partner(
            context.session(), partner.id, offices=context.actor().offices
        )
        > _MOST_EVENTS,
    )


@bp.route("/partners/<uuid:partner_id>/emergency", methods=["GET", "POST"])
@needs(Permission.EMERGENCY_RECORD)
def emergency(partner_id: UUID) -> ResponseReturnValue:
    """Record low capacity assumed: emergency."""
    partner = context.partner(partner_id)
    permissions.require(context.actor(), Permission.EMERGENCY_RECORD, partner.standing())
    form = ReasonForm()
    today = context.today(partner.office.timezone)
    if form.validate_on_submit():
        with unit_of_work(context.session()) as session:
            partners.record_emergency(
                session,
                context.ports(),
                partner_id=partner_id,
                reason=form.reason.data or "",
                policy_name=context.policy_name(),
                actor=context.actor(),
                now=context.now(),
                today=today,
            )
        flash(_("Emergency recorded. The partner must be assessed in time."), "success")
        return redirect(url_for(".show", partner_id=partner_id))
    return _special("emergency", partner, form)


@bp.route("/partners/<uuid:partner_id>/waive", methods=["GET", "POST"])
@needs(Permission.WAIVER_RECORD)
def waive(partner_id: UUID) -> ResponseReturnValue:
    """Record no contact with beneficiaries."""
    partner = context.partner(partner_id)
    permissions.require(context.actor(), Permission.WAIVER_RECORD, partner.standing())
    form = ReasonForm()
    today = context.today(partner.office.timezone)
    if form.validate_on_submit():
        try:
            with unit_of_work(context.session()) as session:
                partners.waive(
                    session,
                    partner_id=partner_id,
                    reason=form.reason.data or "",
                    actor=context.actor(),
                    now=context.now(),
                    today=today,
                )
            flash(_("Assessment waived."), "success")
            return redirect(url_for(".show", partner_id=partner_id))
        except partners.MeetsBeneficiaries as error:
            form.form_errors.append(messages.sentence(error))
            partner = context.partner(partner_id)
    return _special("waive", partner, form)


def _special(kind: str, partner: Any, form: ReasonForm) -> ResponseReturnValue:
    return (
        render_template(
            "partners/special.html",
            kind=kind,
            partner=partner,
            form=form,
            identity=_bar(partner, "overview"),
            agency=context.user().agency,
        ),
        400 if form.errors else 200,
    )


def _detailed(partner_id: UUID, permission: Permission) -> Any:
    partner = context.partner(partner_id)
    context.known(permission, partner.standing())
    return partner


def _bar(partner: Any, place: str) -> identity.Identity:
    return identity.of(partner, place=place, today=context.today(partner.office.timezone))


def _prefilled(partner: Any) -> PartnerForm:
    form = PartnerForm(
        seen=partner.version,
        name=partner.name,
        acronym=partner.acronym,
        partner_type=partner.partner_type.value,
        scope=partner.scope.value,
        country=partner.country,
        office=str(partner.office_id),
        vendor_number=partner.vendor_number,
        unpp_id=partner.unpp_id,
        meets_beneficiaries="yes" if partner.meets_beneficiaries else "no",
    )
    return _offered(form, own=partner.country)


def _offered(form: PartnerForm, own: str = "") -> PartnerForm:
    mine = context.actor().offices
    offices = queries.agencies.offices(context.session(), agency_id=context.actor().agency_id)
    shown = [one for one in offices if mine is None or one.id in mine]
    form.offer([(str(one.id), one.name) for one in shown], own=own or shown[0].country)
    return form

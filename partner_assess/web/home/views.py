"""This file holds the home page, and the pages that explain."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.domain.permissions import Permission, Role
from partner_assess.web import context
from partner_assess.web.home.pages import HomePage, PartnerHome
from partner_assess.web.permit import needs, public

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(Permission.HOME_READ)
def index() -> ResponseReturnValue:
    """Show what waits for this person."""
    role = context.main_role()
    if role is Role.PARTNER:
        return _partner()
    page = HomePage.of(role, today=context.today())
    return render_template("home/index.html", page=page)


def _partner() -> ResponseReturnValue:
    page = queries.partners.page(
        context.session(),
        context.scope(),
        queries.partners.Filter(),
        today=context.today(),
    )
    partner = page.rows[0] if page.rows else None
    found = PartnerHome.of(partner, today=context.today()) if partner else None
    return render_template("home/partner.html", page=found)


@bp.get("/help")
@public
def help_() -> ResponseReturnValue:
    """Explain how the work goes."""
    return render_template("home/help.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept, and what never is."""
    return render_template("home/privacy.html")


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say how accessible the app is, and what is not yet."""
    return render_template("home/accessibility.html")

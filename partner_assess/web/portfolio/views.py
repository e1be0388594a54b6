"""This file holds the portfolio: how many partners stand where."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from partner_assess.db import queries
from partner_assess.domain.permissions import Permission
from partner_assess.web import context
from partner_assess.web.permit import needs
from partner_assess.web.portfolio.pages import PortfolioPage

bp = Blueprint("portfolio", __name__)


@bp.get("/portfolio")
@needs(Permission.PORTFOLIO_READ)
def index() -> ResponseReturnValue:
    """Show the tiers by office."""
    offices = queries.agencies.offices(context.session(), agency_id=context.actor().agency_id)
    page = PortfolioPage.of(offices, today=context.today())
    return render_template("portfolio/index.html", page=page)

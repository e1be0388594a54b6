"""This file holds what the frame of every page shows: places, who, languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from babel import Locale
from flask import Flask, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from partner_assess.domain.permissions import Permission, Role
from partner_assess.web import context, i18n, words
from partner_assess.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """A link in a row of places."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Language:
    """A language to change to, in its own name."""

    code: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """Where an allegation is reported: outside this app."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Whoami:
    """Who is signed in: roles and offices, no name."""

    role: str
    office: str


def init(app: Flask) -> None:
    """Hand the frame to every template."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    signed_in = current_user.is_authenticated
    return {
        "locale_code": i18n.language(),
        "text_direction": i18n.direction(),
        "nav": _places() if signed_in else [],
        "whoami": _whoami() if signed_in else None,
        "languages": _languages(),
        "csrf_token": generate_csrf,
        "report_channel": _report_channel() if signed_in else None,
    }


def _report_channel() -> Channel:
    agency = context.user().agency
    return Channel(
        agency.report_channel_name or _("Your agency’s investigation office"),
        agency.report_channel_url or url_for("home.help_"),
    )


def _places() -> list[Place]:
    home = _("Decisions") if context.main_role() is Role.HEAD else _("My work")
    places = [("home", home, "/", Permission.HOME_READ)]
    places.append(("partners", _("Partners"), url_for("partners.index"), Permission.PARTNER_READ))
    places.append(("plans", _("Plans"), url_for("plans.index"), Permission.PLAN_READ))
    places.append(
        ("portfolio", _("Portfolio"), url_for("portfolio.index"), Permission.PORTFOLIO_READ)
    )
    places.append(
        (
            "received",
            _("Shared assessments"),
            url_for("received.index"),
            Permission.RECEIVED_READ,
        )
    )
    if context.main_role() in {Role.ADMINISTRATOR, Role.AUDITOR}:
        places.append(("trust", _("Trust"), url_for("trust.index"), Permission.TRUST_READ))
    here = _screen()
    return [
        Place(label, url, screen == here)
        for screen, label, url, permission in places
        if context.may(permission)
    ]


def _screen() -> str:
    name = request.blueprint or ""
    return {
        "partnerships": "partners",
        "assessments": "partners",
        "documents": "partners",
        "approvals": "home" if context.main_role() is Role.HEAD else "partners",
        "suspensions": "home" if context.main_role() is Role.HEAD else "partners",
    }.get(name, name)


def _whoami() -> Whoami:
    user = context.user()
    main = context.main_role()
    grant = next(grant for grant in user.grants if grant.role is main)
    return Whoami(
        role=words.of(main), office=grant.office.name if grant.office else user.agency.name
    )


def _languages() -> list[Language]:
    offered = i18n.available()
    rule = request.url_rule
    is_page = rule is None or "GET" in (rule.methods or ())
    if len(offered) < 2 or not is_page:
        return []
    here = i18n.language()
    return [
        Language(code, _name(code), f"{quote(request.path)}?lang={code}", code == here)
        for code in offered
    ]


def _name(code: str) -> str:
    if code in {i18n.PSEUDO_LONG, i18n.PSEUDO_RIGHT_TO_LEFT}:
        return code
    return (Locale.parse(code.replace("-", "_")).display_name or code).capitalize()

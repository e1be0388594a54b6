"""This file holds the few filters and globals of the templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from partner_assess.domain import deadlines
from partner_assess.domain.permissions import Permission
from partner_assess.web import context, i18n, words


def init(app: Flask) -> None:
    """Add filters and globals; a name that is not there is an error."""
    environment: Any = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    # Globals, so that an imported macro knows them too.
    environment.globals.update(may=context.may, Permission=Permission)
    environment.filters.update(
        day=day,
        isolated=isolated,
        short_day=lambda value: isolated(i18n.short_day(value)),
        moment=lambda value, zone: isolated(i18n.moment(value, zone)),
        days_left=days_left,
        word=words.of,
        tag_kind=words.tag,
        number=i18n.number,
        country=i18n.country,
    )


def isolated(text: str) -> Markup:
    """Return a text that keeps its direction among others."""
    return Markup("<bdi>{}</bdi>").format(text)


def day(value: date | datetime) -> Markup:
    """Return a day with its month in words, isolated."""
    return isolated(i18n.day(value))


def days_left(value: date) -> int:
    """Return the days until a day, negative when it has passed."""
    return deadlines.days_left(value, today=context.today())

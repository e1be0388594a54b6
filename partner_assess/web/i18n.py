"""This file holds the language of a request: which one, its words, its dates and numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import flask
import flask_babel
from babel import Locale, dates, numbers
from babel.support import NullTranslations
from flask import Flask, g, request
from flask_babel import LazyString
from flask_login import current_user

# Offered as soon as its catalogue is complete.
LANGUAGES = ("en",)

# Made up for tests: words of English, longer and accented, and the same from right to left.
PSEUDO_LONG, PSEUDO_RIGHT_TO_LEFT = "en-XA", "ar-XB"
_PSEUDO = (PSEUDO_LONG, PSEUDO_RIGHT_TO_LEFT)
_ACCENTS = str.maketrans("aeiouyAEIOUYcnsz", "àéîöûýÀÉÎÖÛÝçñšž")

COOKIE = "language"

# Codes that ISO 3166 leaves to its users: the invented countries of the demo.
_INVENTED = {"XD": "Demo: Country 1", "XE": "Demo: Country 2"}


def init(app: Flask, *, pseudo_languages: bool) -> None:
    """Teach the app its languages."""
    app.extensions["languages"] = LANGUAGES + (_PSEUDO if pseudo_languages else ())
    flask_babel.Babel(app, locale_selector=_babel_locale, default_timezone="UTC")
    environment: Any = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(_template_words, _template_plural, newstyle=True)
    app.after_request(_keep_choice)


def available() -> tuple[str, ...]:
    """Return the languages this installation offers."""
    return flask.current_app.extensions["languages"]


def language() -> str:
    """Return the language of this request: the user's setting, cookie, browser, English."""
    if "language" not in g:
        g.language = _chosen() or "en"
    return g.language


def _chosen() -> str | None:
    offered = available()
    asked = [
        request.args.get("lang", ""),
        getattr(current_user, "language", ""),
        request.cookies.get(COOKIE, ""),
    ]
    for code in asked:
        if code in offered:
            return code
    return request.accept_languages.best_match(offered)


def _keep_choice(response: flask.Response) -> flask.Response:
    chosen = request.args.get("lang", "")
    if chosen and chosen in available():
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=31_536_000,
            httponly=True,
            samesite="Lax",
            secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


def _babel_locale() -> str:
    code = language()
    return "en" if code in _PSEUDO else code.replace("-", "_")


def direction() -> str:
    """Return "rtl" or "ltr"."""
    code = language()
    if code == PSEUDO_RIGHT_TO_LEFT:
        return "rtl"
    return str(Locale.parse(_babel_locale()).text_direction)


def gettext(message: str, /, **values: object) -> str:
    """Return the words of this request's language. Placeholders are named: %(name)s."""
    return _filled(_template_words(message), values)


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the words for n things; %(num)s is the number."""
    return _filled(_template_plural(one, many, n), {"num": number(n), **values})


def _template_words(message: str, /) -> str:
    # Jinja fills the placeholders of a template itself, so that it can escape what goes in.
    return _catalogue().gettext(message)


def _template_plural(one: str, many: str, n: int, /) -> str:
    return _catalogue().ngettext(one, many, n)


def _catalogue() -> Any:
    # Looked up once a request: a list of fifty asks for five hundred words.
    if "catalogue" not in g:
        is_pseudo = language() in _PSEUDO
        g.catalogue = _Mangled() if is_pseudo else flask_babel.get_translations()
    return g.catalogue


class _Mangled(NullTranslations):
    """The words of a language made up for tests."""

    def gettext(self, message: str) -> str:
        return _mangled(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _mangled(msgid1 if n == 1 else msgid2)


def _filled(text: str, values: dict[str, object]) -> str:
    return text % values if values else text.replace("%%", "%")


def _mangled(text: str) -> str:
    # Placeholders keep their names; everything else gets accents and 40 % more length.
    parts = text.split("%(")
    head = parts[0].translate(_ACCENTS)
    rest = [p[: p.index(")") + 2] + p[p.index(")") + 2 :].translate(_ACCENTS) for p in parts[1:]]
    return f"[{'%('.join([head, *rest])}{'·' * (len(text) * 2 // 5)}]"


def lazy_gettext(message: str, /, **values: object) -> str:
    """Return words that are chosen when they are read, in the language of that request.

    It is a `LazyString`, which forms and templates take for the text it becomes.
    """
    return cast("str", LazyString(gettext, message, **values))


def day(value: date) -> str:
    """Return a day with its month in words: 16 November 2026."""
    return dates.format_date(value, "d MMMM y", locale=_babel_locale())


def short_day(value: date) -> str:
    """Return a day with a short month: 16 Nov 2026."""
    return dates.format_date(value, "d MMM y", locale=_babel_locale())


def moment(value: datetime, zone: str) -> str:
    """Return an instant in a place's time: 16 November 2026, 10:42."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {clock(value, zone)}"


def clock(value: datetime, zone: str) -> str:
    """Return the time of day in a place: 10:42."""
    return dates.format_time(value.astimezone(ZoneInfo(zone)), "HH:mm", locale=_babel_locale())


def number(value: int) -> str:
    """Return a number with the separators of the language."""
    return numbers.format_decimal(value, locale=_babel_locale())


def country(code: str) -> str:
    """Return the name of a country in this language, or its code."""
    return country_in(_babel_locale(), code)


def country_in(locale: str, code: str) -> str:
    """Return the name of a country in a language, or its code; needs no request."""
    return _INVENTED.get(code) or Locale.parse(locale).territories.get(code, code)


def countries() -> list[tuple[str, str]]:
    """Return all countries as (code, name), by name."""
    names = Locale.parse(_babel_locale()).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    left_out = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "DG", "EA", "IC", "TA"}
    return sorted(
        ((code, name) for code, name in found if code not in left_out), key=lambda pair: pair[1]
    )

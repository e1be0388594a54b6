"""This file holds what may be typed where a command asks for a name, an address or a code."""

from __future__ import annotations

import re

import click

from partner_assess.cli.json_lines import quoted

_SHORT_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_EMAIL = 254


class Text(click.ParamType):
    """One line of words, without the space around them."""

    name = "text"

    def __init__(self, longest: int = 200) -> None:
        self.longest = longest

    def convert(self, value: str, param: object, ctx: click.Context | None) -> str:
        """Return the words."""
        words = value.strip()
        if not words or not words.isprintable():
            self.fail(f"{quoted(value)} is not one line of words.", None, ctx)
        if len(words) > self.longest:
            self.fail(f"{quoted(value)} is longer than {self.longest} characters.", None, ctx)
        return words


class Email(Text):
    """An e-mail address, as far as its form tells."""

    name = "email"

    def __init__(self) -> None:
        super().__init__(_LONGEST_EMAIL)

    def convert(self, value: str, param: object, ctx: click.Context | None) -> str:
        """Return the address."""
        address = super().convert(value, param, ctx)
        if not _EMAIL.fullmatch(address):
            self.fail(f"{quoted(value)} is no e-mail address.", None, ctx)
        return address


class ShortCode(click.ParamType):
    """The short code of an agency, with which its references begin."""

    name = "code"

    def convert(self, value: str, param: object, ctx: click.Context | None) -> str:
        """Return the code."""
        if not _SHORT_CODE.fullmatch(value):
            self.fail(
                f"{quoted(value)} is no short code of 2 to 12, such as UNA or UN2.", None, ctx
            )
        return value


class Country(click.ParamType):
    """The code of a country in two letters."""

    name = "country"

    def convert(self, value: str, param: object, ctx: click.Context | None) -> str:
        """Return the code."""
        if not _COUNTRY.fullmatch(value):
            self.fail(f"{quoted(value)} is no code of a country, such as KE.", None, ctx)
        return value


class WebAddress(Text):
    """An address that a browser opens."""

    name = "url"

    def convert(self, value: str, param: object, ctx: click.Context | None) -> str:
        """Return the address."""
        address = super().convert(value, param, ctx)
        if not address.startswith(("https://", "http://")):
            self.fail(f"{quoted(value)} is no web address; it begins with https://.", None, ctx)
        return address

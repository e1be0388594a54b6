"""This file holds how often an address may be asked."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

_limiter = Limiter(
    get_remote_address, headers_enabled=True, storage_uri="memory://", default_limits=[]
)


def _account_and_address() -> str:
    # Never by address alone: a whole office sits behind one.
    return f"{request.form.get('email', '').strip().lower()[:254]}|{get_remote_address()}"


def init(app: Flask) -> None:
    """Begin counting, in the memory of this process."""
    _limiter.init_app(app)


# Only wrong attempts count: ten in five minutes for one account from one address.
sign_in = _limiter.limit(
    "10 per 5 minutes",
    key_func=_account_and_address,
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 400,
)

# By address: what anybody may open. A page costs little, so it is many; wrong codes are few.
open_pages = _limiter.limit("60 per minute")
wrong_codes = _limiter.limit(
    "20 per 5 minutes", deduct_when=lambda response: response.status_code == 404
)

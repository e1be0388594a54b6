"""This file holds the pages about suspensions."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("suspensions", __name__)

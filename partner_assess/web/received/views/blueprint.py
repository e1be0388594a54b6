"""This file holds the blueprint that the views of received reports belong to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("received", __name__)

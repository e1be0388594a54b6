"""This file holds the blueprint that all views of assessments belong to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("assessments", __name__)

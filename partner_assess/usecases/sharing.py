"""This file holds how an assessment's document is asked for and made."""

from __future__ import annotations

MAKE_REPORT = "make_report"

"""This folder holds the views of assessments, a file for each part of the journey."""

from __future__ import annotations

from partner_assess.web.assessments.views import (
    answering,
    ending,
    evidence,
    handing_in,
    opening,
    reviewing,
)
from partner_assess.web.assessments.views.blueprint import bp

PARTS = (opening, answering, evidence, handing_in, reviewing, ending)

__all__ = ["PARTS", "bp"]

"""This folder holds the views of other agencies' reports: how they arrive, how one decides."""

from __future__ import annotations

from partner_assess.web.received.views import arriving, deciding, reading
from partner_assess.web.received.views.blueprint import bp

__all__ = ["arriving", "bp", "deciding", "reading"]

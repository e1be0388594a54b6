"""This folder holds the views of plans: of a whole plan, and of one action."""

from __future__ import annotations

from partner_assess.web.plans.views import actions, plan
from partner_assess.web.plans.views.blueprint import bp

PARTS = (plan, actions)

__all__ = ["PARTS", "bp"]

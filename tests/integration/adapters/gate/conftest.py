"""This file holds the gate that its tests ask."""

from __future__ import annotations

import pytest

from partner_assess.adapters.gate import LimitedGate


@pytest.fixture(scope="session")
def gate(real_gate: LimitedGate) -> LimitedGate:
    """Return the one that all tests share: its processes start once."""
    return real_gate

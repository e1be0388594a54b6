"""This package holds the tables, one file an aggregate."""

from partner_assess.db.models import (
    agency,
    approval,
    assessment,
    event,
    job,
    partner,
    partnership,
    plan,
    received_report,
    shared_report,
    suspension,
    trust,
    user,
)

__all__ = [
    "agency",
    "approval",
    "assessment",
    "event",
    "job",
    "partner",
    "partnership",
    "plan",
    "received_report",
    "shared_report",
    "suspension",
    "trust",
    "user",
]

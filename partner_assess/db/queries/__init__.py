"""This package holds the only SELECTs, one file an aggregate: `queries.plans.get(…)`."""

from partner_assess.db.queries import (
    agencies,
    approvals,
    assessments,
    events,
    jobs,
    partners,
    partnerships,
    plans,
    recipients,
    shared_reports,
    statuses,
    suspensions,
    trust,
    users,
)

__all__ = [
    "agencies",
    "approvals",
    "assessments",
    "events",
    "jobs",
    "partners",
    "partnerships",
    "plans",
    "recipients",
    "shared_reports",
    "statuses",
    "suspensions",
    "trust",
    "users",
]

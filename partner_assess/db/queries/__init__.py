"""This package holds the only SELECTs, one file an aggregate: `queries.plans.get(…)`."""

from partner_assess.db.queries import (
    agencies,
    approvals,
    assessments,
    events,
    files,
    jobs,
    partners,
    partnerships,
    plans,
    received_reports,
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
    "files",
    "jobs",
    "partners",
    "partnerships",
    "plans",
    "received_reports",
    "recipients",
    "shared_reports",
    "statuses",
    "suspensions",
    "trust",
    "users",
]

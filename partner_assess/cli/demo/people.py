"""This file holds the demo's agencies, offices and accounts. They are roles, not people."""

from __future__ import annotations

from dataclasses import dataclass

from partner_assess.domain.permissions import Role

PASSWORD = "demo-partner-assess"  # noqa: S105  (the demo's, printed at its start)

A, B = "UNA", "UNB"
OFFICE_1, OFFICE_2, OFFICE_B = (
    "Demo: Country Office 1",
    "Demo: Country Office 2",
    "Demo: Agency B Country Office",
)


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account. Without an office the role holds in all offices of its agency."""

    email: str
    role: Role
    agency: str
    office: str | None
    said: str
    partner: str | None = None


ACCOUNTS = (
    Account("officer@demo.example", Role.OFFICER, A, OFFICE_1, "programme officer, office 1"),
    Account("focal@demo.example", Role.FOCAL_POINT, A, OFFICE_1, "PSEA focal point, office 1"),
    Account("head@demo.example", Role.HEAD, A, OFFICE_1, "head of office, office 1"),
    Account("officer2@demo.example", Role.OFFICER, A, OFFICE_2, "programme officer, office 2"),
    Account("focal2@demo.example", Role.FOCAL_POINT, A, OFFICE_2, "PSEA focal point, office 2"),
    Account("head2@demo.example", Role.HEAD, A, OFFICE_2, "head of office, office 2"),
    Account("assessor@demo.example", Role.ASSESSOR, A, None, "external assessor"),
    Account("admin@demo.example", Role.ADMINISTRATOR, A, None, "administrator, Agency A"),
    Account("auditor@demo.example", Role.AUDITOR, A, None, "auditor, Agency A"),
    Account("sister@demo.example", Role.OFFICER, B, OFFICE_B, "programme officer, Agency B"),
    Account(
        "sisterfocal@demo.example", Role.FOCAL_POINT, B, OFFICE_B, "PSEA focal point, Agency B"
    ),
    Account("sisterhead@demo.example", Role.HEAD, B, OFFICE_B, "head of office, Agency B"),
    Account(
        "partner@demo.example",
        Role.PARTNER,
        A,
        None,
        "a partner’s focal point",
        partner="Demo: Harbour Aid Network",
    ),
)

"""This file holds the matrix of permissions as people review it: who may do what, and where.

`tests/unit/domain/permissions.csv` keeps it, `make docs` writes it anew, a test compares.
"""

from __future__ import annotations

import csv
import io
from uuid import UUID

from partner_assess.domain.permissions import Actor, Grant, Permission, Role, Standing, may

ONE, OTHER = UUID(int=1), UUID(int=2)


def an_actor(
    *roles: Role,
    office: UUID | None = ONE,
    agency: UUID = ONE,
    user: UUID = ONE,
    partner: UUID | None = None,
) -> Actor:
    """Return a person with these roles in an office, by default in the first of the agency."""
    return Actor(user, agency, frozenset(Grant(role, office) for role in roles), partner)


def a_record(
    *,
    office: UUID | None = ONE,
    agency: UUID = ONE,
    partner: UUID | None = OTHER,
    assessor: UUID | None = OTHER,
    raters: tuple[UUID, ...] = (),
    finalisers: tuple[UUID, ...] = (),
) -> Standing:
    """Return the standing of a record, by default of the same office and of other people."""
    return Standing(agency, office, partner, assessor, frozenset(raters), frozenset(finalisers))


# The narrowest reach is asked last: the first word that holds is the cell.
_REACHES = {
    "agency": a_record(office=OTHER),
    "office": a_record(),
    "own": a_record(assessor=ONE, partner=ONE),
}


def reach(role: Role, permission: Permission) -> str:
    """Return how far a role's permission goes.

    "agency": in every office of its agency; "office": in its own; "own": only the assessment
    given to the person, only the partner the person belongs to; "no": not at all.
    """
    actor = an_actor(role, partner=ONE)
    return next((word for word, record in _REACHES.items() if may(actor, permission, record)), "no")


def matrix() -> str:
    """Return the whole matrix as CSV: a row a permission, a column a role."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["permission", *(role.value for role in Role)])
    for permission in Permission:
        table.writerow([permission.value, *(reach(role, permission) for role in Role)])
    return text.getvalue()

"""This package holds what is done with partnerships: `partnerships.propose(…)`."""

from partner_assess.usecases.partnerships.lives import (
    NotMarked,
    confirm_lives_at_risk,
    mark_lives_at_risk,
)
from partner_assess.usecases.partnerships.notes import (
    record,
)
from partner_assess.usecases.partnerships.running import (
    activate,
    end,
    hindrances_of,
    is_approved,
    stop,
)
from partner_assess.usecases.partnerships.terms import (
    AmendmentBarred,
    ReferenceTaken,
    Terms,
    edit,
    propose,
)

__all__ = [
    "AmendmentBarred",
    "NotMarked",
    "ReferenceTaken",
    "Terms",
    "activate",
    "confirm_lives_at_risk",
    "edit",
    "end",
    "hindrances_of",
    "is_approved",
    "mark_lives_at_risk",
    "propose",
    "record",
    "stop",
]

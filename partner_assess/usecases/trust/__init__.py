"""This package holds whose signatures count: roots added, confirmed, removed; lists taken in."""

from partner_assess.usecases.trust.lists import Handed, read, take
from partner_assess.usecases.trust.reading import fingerprint_of, own_root, trust_of
from partner_assess.usecases.trust.roots import add, confirm, remove

__all__ = [
    "Handed",
    "add",
    "confirm",
    "fingerprint_of",
    "own_root",
    "read",
    "remove",
    "take",
    "trust_of",
]

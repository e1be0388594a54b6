"""This package holds what is said of documents after they were made: by us, by other agencies."""

from partner_assess.usecases.statuses.lists import list_name, list_of, sign_bundle
from partner_assess.usecases.statuses.taking import bundle_in, take
from partner_assess.usecases.statuses.words import PublicWord, Word, public_word, word_on

__all__ = [
    "PublicWord",
    "Word",
    "bundle_in",
    "list_name",
    "list_of",
    "public_word",
    "sign_bundle",
    "take",
    "word_on",
]

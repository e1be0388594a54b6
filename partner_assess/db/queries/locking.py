"""This file holds how a row is taken for a change: locked, and as it was shown."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from partner_assess.domain.errors import ChangedMeanwhile


class HasVersion(Protocol):
    """A record that two people may edit."""

    @property
    def version(self) -> Any:
        """Return how often it was changed."""


R = TypeVar("R", bound=HasVersion)


def one_as_seen(session: Session, query: Select[R], *, of: type[R], seen: int | None) -> R:
    """Return the one row, locked until the transaction ends.

    `populate_existing` reads it anew, so that what another transaction wrote while we waited
    for the lock is what we see. `key_share`: a row that only refers to this one need not wait
    for it, or two who each hold what the other refers to would wait for ever.

    Raises:
        NoResultFound: there is none.
        ChangedMeanwhile: it is no longer version `seen` (None does not ask).
    """
    row = session.execute(
        query.with_for_update(of=of, key_share=True).execution_options(populate_existing=True)
    ).scalar_one()
    if seen is not None and row.version != seen:
        raise ChangedMeanwhile
    return row

"""This file holds what the page about trust shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from partner_assess.domain import deadlines, trust
from partner_assess.domain.permissions import Permission
from partner_assess.domain.trust import State
from partner_assess.usecases.trust import fingerprint_of
from partner_assess.web import context, history, i18n, words
from partner_assess.web.history import Entry
from partner_assess.web.i18n import gettext as _

if TYPE_CHECKING:
    from partner_assess.db.models.trust import RevocationList, StatusList, TrustedRoot
    from partner_assess.db.models.user import User

# As much of a fingerprint as tells two roots apart and does not help to confirm one.
_BEGINNING = 8


def grouped(fingerprint: str) -> str:
    """Return a fingerprint as people compare it: capitals, in groups of four."""
    return " ".join(fingerprint[at : at + 4].upper() for at in range(0, len(fingerprint), 4))


@dataclass(frozen=True, slots=True)
class Look:
    """Who had a look at a root, and when."""

    who: str
    at: datetime

    @classmethod
    def of(cls, who: User | None, at: datetime) -> Look:
        """Return the look of an administrator, or (None) of the operator."""
        return cls(who.name if who else _("The operator"), at)


@dataclass(frozen=True, slots=True)
class RootRow:
    """A root that counts or waits.

    Attributes:
        fingerprint: In groups of four; of one that waits only its beginning: who confirms it
            must have it from the other agency.
        tag: How the state is drawn.
        confirmed: None while it waits.
        is_everybodys: On the list of the whole installation.
        is_own_deed: The reader added it, so somebody else confirms.
    """

    id: UUID
    agency_code: str
    subject: str
    fingerprint: str
    valid_until: datetime
    days_left: int
    tag: str
    word: str
    added: Look
    confirmed: Look | None
    is_everybodys: bool
    is_own_deed: bool
    is_waiting: bool
    may_edit: bool

    @classmethod
    def of(cls, row: TrustedRoot) -> RootRow:
        """Return the row of a root."""
        is_waiting = row.state is State.PENDING
        tag, word = _state(row)
        standing = row.standing()
        return cls(
            id=row.id,
            agency_code=row.agency_code,
            subject=row.subject,
            fingerprint=grouped(row.fingerprint[: _BEGINNING if is_waiting else None]),
            valid_until=row.not_after,
            days_left=deadlines.days_left(row.not_after.date(), today=context.today()),
            tag=tag,
            word=word,
            added=Look.of(row.adder, row.added_at),
            confirmed=Look.of(row.confirmer, row.confirmed_at) if row.confirmed_at else None,
            is_everybodys=standing is None,
            is_own_deed=row.added_by == context.actor().user_id,
            is_waiting=is_waiting,
            may_edit=standing is not None and context.may(Permission.TRUST_EDIT, standing),
        )


def _state(row: TrustedRoot) -> tuple[str, str]:
    """Return how a root's state is drawn, and its word: also that its end is near."""
    if row.not_after < context.now():
        return "late", _("Has ended")
    if trust.ends_soon(row.not_after, now=context.now()):
        return "late", _("Ends soon")
    return words.tag(row.state), words.of(row.state)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list of what no longer counts, as far as we were told."""

    agency_code: str
    kind: str
    as_of: datetime
    next_update: datetime | None
    is_old: bool

    @classmethod
    def of(cls, agency_code: str, kind: str, told: RevocationList | StatusList) -> ListRow:
        """Return the row of a list."""
        old = trust.is_old(told.next_update, now=context.now())
        return cls(agency_code, kind, told.made_at, told.next_update, old)


@dataclass(frozen=True, slots=True)
class TrustPage:
    """Whose signatures count for an agency.

    Attributes:
        own: Fingerprint of the root of its own seal, empty where it has none here.
        renewed: Agencies of which two roots count.
    """

    agency_name: str
    agency_code: str
    own: str
    waiting: tuple[RootRow, ...]
    trusted: tuple[RootRow, ...]
    renewed: tuple[str, ...]
    lists: tuple[ListRow, ...]
    history: tuple[Entry, ...]
    zone: str
    may_edit: bool

    @classmethod
    def of(
        cls,
        roots: Sequence[TrustedRoot],
        own: bytes | None,
        revoked: dict[str, RevocationList],
        told: Sequence[StatusList],
    ) -> TrustPage:
        """Return the page of the reader's agency."""
        agency = context.user().agency
        rows = [RootRow.of(one) for one in roots if one.state is not State.REMOVED]
        trusted = tuple(one for one in rows if not one.is_waiting)
        codes = [one.agency_code for one in trusted]
        return cls(
            agency_name=agency.name,
            agency_code=agency.code,
            own=grouped(fingerprint_of(own)) if own else "",
            waiting=tuple(one for one in rows if one.is_waiting),
            trusted=trusted,
            renewed=tuple(sorted({one for one in codes if codes.count(one) > 1})),
            lists=tuple(_lists(roots, revoked, told)),
            history=tuple(sorted(_history(roots), key=lambda one: one.moment))[::-1],
            zone=context.zone(),
            may_edit=context.may(Permission.TRUST_EDIT),
        )


def _lists(
    roots: Sequence[TrustedRoot],
    revoked: dict[str, RevocationList],
    told: Sequence[StatusList],
) -> Iterator[ListRow]:
    for root in roots:
        if root.state is State.TRUSTED and root.fingerprint in revoked:
            kind = _("Revoked certificates")
            yield ListRow.of(root.agency_code, kind, revoked[root.fingerprint])
    for one in told:
        yield ListRow.of(one.agency_code, _("Status of documents"), one)


def _history(roots: Sequence[TrustedRoot]) -> Iterator[Entry]:
    for root in roots:
        yield _entry(root, "added", Look.of(root.adder, root.added_at))
        if root.confirmed_at:
            yield _entry(root, "confirmed", Look.of(root.confirmer, root.confirmed_at))
        if root.removed_at:
            yield _entry(root, "removed", Look.of(root.remover, root.removed_at))


def _entry(root: TrustedRoot, action: str, look: Look) -> Entry:
    said = [look.who, root.agency_code, grouped(root.fingerprint[:_BEGINNING]) + " …"]
    if action == "removed":
        said.append(root.removal_reason)
    return Entry(
        at=i18n.short_day(look.at.date()),
        title=history.title("trust", action),
        text=" · ".join(said),
        waits=action == "added" and root.state is State.PENDING,
        moment=look.at,
    )

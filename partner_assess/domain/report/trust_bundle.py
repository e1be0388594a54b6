"""This file holds what an agency hands to others in one signed file, for offices without a network.

Its roots, what they have revoked, and what it says of its documents. Roots in it are proposals:
nothing is trusted because it says so.
"""

from __future__ import annotations

import base64
import textwrap
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, cast

from partner_assess.domain.errors import RuleError
from partner_assess.domain.report import status_list
from partner_assess.domain.report.codec import Record
from partner_assess.domain.report.kinds import Text
from partner_assess.domain.report.scalars import Code
from partner_assess.domain.report.status_list import BadStatusList, StatusList
from partner_assess.domain.report.strict_json import canonical, parse
from partner_assess.domain.trust import Root

SCHEMA = "partner-assess/trust-bundle/1"

# More of a kind than any agency has. Source: ours; docs/decisions/0018
MOST_OF_A_KIND = 20

_PEM = r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n"


class BadTrustBundle(RuleError):
    """What was read is no trust bundle, or one that no agency of ours would have written."""

    code = "bad_trust_bundle"


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """What an agency hands out.

    Attributes:
        roots: Its root certificates, PEM.
        revocation_lists: DER.
    """

    agency: str
    made_at: datetime
    next_update: datetime
    roots: tuple[str, ...]
    revocation_lists: tuple[bytes, ...]
    status_lists: tuple[StatusList, ...]

    @classmethod
    def of(cls, root: Root, listed: StatusList) -> TrustBundle:
        """Return the bundle of an agency's root and status list; it is as old as that list."""
        return cls(
            agency=root.agency_code,
            made_at=listed.made_at,
            next_update=listed.next_update,
            roots=(_pem(root.certificate),),
            revocation_lists=root.revocation_lists,
            status_lists=(listed,),
        )


@dataclass(frozen=True, slots=True)
class _Written:
    schema: Annotated[str, Text(64, SCHEMA)]
    agency: Code
    made_at: datetime
    next_update: datetime
    roots: tuple[Annotated[str, Text(20_000, _PEM)], ...]
    revocation_lists: tuple[Annotated[str, Text(500_000, r"[A-Za-z0-9+/]+={0,2}")], ...]
    status_lists: tuple[status_list.Written, ...]


_RECORD = Record(_Written)


def to_json(made: TrustBundle) -> bytes:
    """Return the canonical bytes, which the agency signs."""
    told = _Written(
        schema=SCHEMA,
        agency=made.agency,
        made_at=made.made_at,
        next_update=made.next_update,
        roots=made.roots,
        revocation_lists=tuple(
            base64.b64encode(one).decode("ascii") for one in made.revocation_lists
        ),
        status_lists=tuple(status_list.written(one) for one in made.status_lists),
    )
    return canonical(_RECORD.encode(told))


def from_json(data: bytes) -> TrustBundle:
    """Return the bundle in these bytes.

    Raises:
        BadTrustBundle: they are no bundle, not canonical, speak of another agency's documents,
            or hold more than any agency has.

    Source: ours; docs/decisions/0018
    """
    value, problems = parse(data)
    told = cast("_Written", None if problems else _RECORD.decode(value, "", problems))
    if problems or canonical(value) != data:
        raise BadTrustBundle
    kinds = (told.roots, told.revocation_lists, told.status_lists)
    if max(map(len, kinds)) > MOST_OF_A_KIND:
        raise BadTrustBundle
    if any(one.issuer != told.agency for one in told.status_lists):
        raise BadTrustBundle
    fresh = told.next_update - told.made_at
    if not timedelta(0) < fresh <= timedelta(days=status_list.LONGEST_FRESH_DAYS):
        raise BadTrustBundle
    try:
        lists = tuple(status_list.read(one) for one in told.status_lists)
        revoked = tuple(base64.b64decode(one, validate=True) for one in told.revocation_lists)
    except (BadStatusList, ValueError):
        raise BadTrustBundle from None
    return TrustBundle(
        agency=told.agency,
        made_at=told.made_at,
        next_update=told.next_update,
        roots=told.roots,
        revocation_lists=revoked,
        status_lists=lists,
    )


def _pem(certificate: bytes) -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(certificate).decode("ascii"), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"

"""This file holds how the partner of a report is found among our own, or registered from it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.db.models.partner import Partner
from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.domain.report import Report
from partner_assess.usecases import partners
from partner_assess.usecases.received.judging import is_code

# As long as a partner's columns are.
_NAME, _ACRONYM = 200, 40


def candidates(session: Session, said: Report, *, agency_id: UUID) -> Sequence[Partner]:
    """Return partners that a report may be about, the likeliest first; a person confirms.

    Its vendor number is another agency's and says nothing here.
    """
    return queries.received_reports.partners_that_may_be(
        session,
        agency_id=agency_id,
        unpp_id=said.partner.un_partner_portal_id,
        name=said.partner.legal_name,
        acronym=said.partner.acronym,
    )


def identity_of(said: Report, *, country: str) -> partners.Identity:
    """Return how a partner is registered that only another agency knew so far.

    Its vendor number stays behind: that is the other agency's. Where the report names no code of
    a country, it is the office's.
    """
    told = said.partner
    named = next((one for one in told.countries if is_code(one)), country)
    types = {one.value: one for one in PartnerType}
    scopes = {one.value: one for one in Scope}
    return partners.Identity(
        name=told.legal_name[:_NAME],
        acronym=told.acronym[:_ACRONYM],
        partner_type=types.get(told.kind, PartnerType.OTHER),
        scope=scopes.get(told.reach, Scope.NATIONAL),
        country=named,
        vendor_number="",
        unpp_id=told.un_partner_portal_id[:_ACRONYM],
        meets_beneficiaries=True,
    )

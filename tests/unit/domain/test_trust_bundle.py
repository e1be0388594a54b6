from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from partner_assess.domain.report import trust_bundle
from partner_assess.domain.report.status_list import Entry, Mark, StatusList
from partner_assess.domain.report.strict_json import canonical
from partner_assess.domain.report.trust_bundle import (
    BadTrustBundle,
    TrustBundle,
    from_json,
    to_json,
)
from partner_assess.domain.trust import Root

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ROOT = Root("UNA", b"certificate " * 20, (b"revoked",))


def listed(issuer: str = "UNA") -> StatusList:
    told = [Entry(3, Mark.SUPERSEDED, 2)]
    name = f"https://app.example/status/{issuer}"
    return StatusList.of(told, issuer=issuer, name=name, made_at=MADE)


def changed(**changes: Any) -> bytes:
    return canonical(json.loads(to_json(TrustBundle.of(ROOT, listed()))) | changes)


def test_a_bundle_holds_roots_revocations_and_the_list_and_is_read_back() -> None:
    made = TrustBundle.of(ROOT, listed())

    assert from_json(to_json(made)) == made
    assert made.roots[0].startswith("-----BEGIN CERTIFICATE-----\n")
    assert made.status_lists[0].mark(3) is Mark.SUPERSEDED
    assert made.next_update == listed().next_update


LIST = json.loads(to_json(TrustBundle.of(ROOT, listed())))["status_lists"][0]
HOSTILE = {
    "no JSON": b"%PDF-1.7",
    "another schema": changed(schema="partner-assess/status-list/1"),
    "the list of another agency": to_json(TrustBundle.of(ROOT, listed("UNB"))),
    "a root that is none": changed(roots=["Trust me."]),
    "more lists than anybody has": changed(status_lists=[LIST] * 21),
    "a list that is damaged": changed(status_lists=[LIST | {"marks": "AAAA"}]),
    "a revocation list cut off": changed(revocation_lists=["AAAAA"]),
    "fresh for ever": changed(next_update="2126-11-22T09:30:00Z"),
    "not canonical": json.dumps(json.loads(to_json(TrustBundle.of(ROOT, listed())))).encode(),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_damaged_or_hostile_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(BadTrustBundle):
        from_json(data)


def test_more_of_a_kind_than_any_agency_has_is_refused() -> None:
    root = json.loads(to_json(TrustBundle.of(ROOT, listed())))["roots"][0]
    enough = changed(roots=[root] * trust_bundle.MOST_OF_A_KIND)
    assert len(from_json(enough).roots) == trust_bundle.MOST_OF_A_KIND
    with pytest.raises(BadTrustBundle):
        from_json(changed(roots=[root] * (trust_bundle.MOST_OF_A_KIND + 1)))

"""What is as it should be is let in: documents, signed content, roots, revocation lists."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.workshop import Workshop
from partner_assess.domain.report import Profile, summary, to_json
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import BadCertificate, BadSignedContent, Trust
from tests import pki, signed_pdf
from tests.hostile import strangers
from tests.pki import END, NOW, SIGNED
from tests.signed_pdf import How, document, sealed_report

ROOT, SEAL = pki.agency()
OURS = pki.trust(ROOT)


def verified(gate: LimitedGate, file: bytes, trust: Trust = OURS, at: object = NOW) -> Verdict:
    (verdict,) = gate.verify([file], trust, at=at)  # type: ignore[arg-type]
    return verdict


def test_a_document_is_trusted_and_says_by_whom_and_when(gate: LimitedGate) -> None:
    verdict = verified(gate, signed_pdf.good())
    assert verdict.problems == ()
    assert verdict.trusted
    assert (verdict.issuer, verdict.signed_at) == ("UNA", SIGNED)
    assert (verdict.timestamped, verdict.seal_ended) == (False, False)
    assert verdict.seal == hashlib.sha256(SEAL.der).hexdigest()
    assert verdict.root == hashlib.sha256(ROOT.der).hexdigest()
    assert verdict.file_sha256 == hashlib.sha256(signed_pdf.good()).hexdigest()
    assert verdict.payload == to_json(sealed_report())
    assert verdict.report == sealed_report()


def test_a_summary_is_trusted_like_the_whole(gate: LimitedGate) -> None:
    verdict = verified(gate, document(to_json(summary(sealed_report()))))
    assert verdict.report
    assert verdict.report.identity.profile is Profile.SUMMARY
    assert verdict.trusted


def test_the_lists_inside_are_enough_and_so_are_those_known_here(gate: LimitedGate) -> None:
    assert verified(gate, signed_pdf.good(), pki.without_lists(OURS)).trusted
    assert verified(gate, document(lists=()), OURS).trusted


def test_a_later_list_that_does_not_name_the_seal_speaks_for_it(gate: LimitedGate) -> None:
    later = ROOT.revocation_list(made_at=SIGNED + timedelta(days=9))
    trust = pki.trust(ROOT, lists=(later,))
    assert verified(gate, document(lists=()), trust, SIGNED + timedelta(days=10)).trusted


def test_an_ended_certificate_counts_for_what_was_signed_before(gate: LimitedGate) -> None:
    verdict = verified(gate, signed_pdf.good(), at=END + timedelta(days=400))
    assert verdict.trusted
    assert verdict.seal_ended


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)],
    ids=["P-384", "RSA"],
)
def test_other_good_keys_are_taken(gate: LimitedGate, key: object) -> None:
    seal = ROOT.issue("Demo: UNA seal", key=key)
    assert verified(gate, document(holder=(ROOT, seal))).trusted
    assert verified(gate, document(holder=(ROOT, seal), how=How(digest="sha512"))).trusted


def test_a_certificate_without_purposes_may_sign(gate: LimitedGate) -> None:
    seal = ROOT.issue("Demo: UNA seal", purposes=())
    assert verified(gate, document(holder=(ROOT, seal))).trusted


def test_an_office_may_stand_between_root_and_seal(gate: LimitedGate) -> None:
    office = ROOT.issue("Demo: UNA office", ca=True)
    seal = office.issue("Demo: UNA seal")
    lists = [ROOT.revocation_list(), office.revocation_list()]
    file = document(holder=(ROOT, seal), lists=lists)
    assert verified(gate, file).trusted
    alone = document(holder=(ROOT, seal), lists=lists[:1])
    assert verified(gate, alone).problems == (Refusal.REVOCATION_UNKNOWN,)


def test_a_new_seal_leaves_what_the_old_one_signed(gate: LimitedGate) -> None:
    old = ROOT.issue("Demo: UNA seal", end=SIGNED + timedelta(days=30))
    later = SIGNED + timedelta(days=60)
    new = ROOT.issue("Demo: UNA seal", begin=SIGNED + timedelta(days=20))
    assert verified(gate, document(holder=(ROOT, old)), at=later).seal_ended
    assert verified(gate, document(holder=(ROOT, new), how=How(at=later)), at=later).trusted


def test_an_authority_on_the_list_proves_the_time(gate: LimitedGate) -> None:
    authority = pki.a_root("Demo: clock root")
    proven = SIGNED + timedelta(minutes=2)
    trust = (*OURS, *pki.trust(authority, "CLOCK"))
    file, _ = strangers.stamped(authority, trust, at=proven)
    verdict = verified(gate, file, trust)
    assert verdict.problems == ()
    assert (verdict.timestamped, verdict.signed_at, verdict.issuer) == (True, proven, "UNA")


def test_a_proven_time_outlives_a_revocation(gate: LimitedGate) -> None:
    authority = pki.a_root("Demo: clock root")
    after = SIGNED + timedelta(days=1)
    known = ROOT.revocation_list([SEAL], made_at=after, revoked_at=after)
    trust = (*pki.trust(ROOT, lists=(known,)), *pki.trust(authority, "CLOCK"))
    file, _ = strangers.stamped(authority, trust)
    assert verified(gate, file, trust, after + timedelta(days=1)).trusted


def test_a_time_authority_never_speaks_for_an_agency(gate: LimitedGate) -> None:
    clock = pki.a_root("Demo: clock root")
    seal = clock.issue("Demo: UNA seal")
    trust = (*OURS, *pki.trust(clock, "CLOCK"))
    verdict = verified(gate, document(holder=(clock, seal)), trust)
    assert verdict.problems == (Refusal.ISSUER_MISMATCH,)
    assert verdict.issuer == "CLOCK"


def test_one_root_may_speak_for_two_agencies(gate: LimitedGate) -> None:
    both = (*pki.trust(ROOT, "UNB"), *pki.trust(ROOT, "UNA"))
    assert verified(gate, signed_pdf.good(), both).issuer == "UNA"


def test_what_is_not_trusted_may_be_looked_at(gate: LimitedGate) -> None:
    verdict = verified(gate, signed_pdf.good(), ())
    assert verdict.problems == (Refusal.UNTRUSTED,)
    assert verdict.report == sealed_report()
    assert verdict.issuer is None


def test_a_gate_whose_processes_are_broken_lets_nothing_in() -> None:
    broken = LimitedGate(Workshop("no_such_module"))
    try:
        verdict = verified(broken, signed_pdf.good())
        assert verdict.problems == (Refusal.DAMAGED,)
        with pytest.raises(BadSignedContent):
            broken.open_signed(b"x", OURS, at=NOW)
        with pytest.raises(BadCertificate):
            broken.read_root(ROOT.pem, at=NOW)
    finally:
        broken.close()


# --- content signed outside a document -----------------------------------------------------


def refused(gate: LimitedGate, data: bytes, trust: Trust = OURS) -> str:
    with pytest.raises(BadSignedContent) as told:
        gate.open_signed(data, trust, at=NOW)
    return told.value.code


def test_signed_content_is_opened(gate: LimitedGate) -> None:
    for lists in ([ROOT.revocation_list()], []):
        found = gate.open_signed(signed_pdf.signed_content(b"a list", SEAL, lists), OURS, at=NOW)
        assert (found.content, found.agency_code, found.signed_at) == (b"a list", "UNA", SIGNED)
        assert found.fingerprint == hashlib.sha256(SEAL.der).hexdigest()


def test_signed_content_is_refused_with_a_code(gate: LimitedGate) -> None:
    lists = [ROOT.revocation_list()]
    good = signed_pdf.signed_content(b"a list", SEAL, lists)
    stranger = pki.a_root("Demo: nobody").issue("Demo: nobody's seal")
    old = ROOT.issue("Demo: UNA seal", end=SIGNED - timedelta(days=1))
    assert refused(gate, b"") == "unreadable"
    assert refused(gate, b"\x30\x80" * 1000) == "unreadable"
    assert refused(gate, signed_pdf.good()) == "unreadable"
    assert refused(gate, bytes(21 * 1024 * 1024)) == "unreadable"
    assert refused(gate, good[:-1]) == "unreadable"
    assert refused(gate, good + b"\0") == "unreadable"
    assert refused(gate, good.replace(b"a list", b"a lisp")) == "tampered"
    assert refused(gate, good, ()) == "untrusted"
    assert refused(gate, signed_pdf.signed_content(b"", stranger)) == "untrusted"
    assert refused(gate, signed_pdf.signed_content(b"", old, lists)) == "expired_certificate"
    revoked = signed_pdf.signed_content(b"", SEAL, [ROOT.revocation_list([SEAL])])
    assert refused(gate, revoked) == "revoked"
    foreign = signed_pdf.signed_content(b"", SEAL, [pki.a_root("Demo: x").revocation_list()])
    assert refused(gate, foreign) == "tampered"
    bare = signed_pdf.signed_content(b"", SEAL)
    assert refused(gate, bare, pki.without_lists(OURS)) == "untrusted"
    ahead = signed_pdf.signed_content(b"", SEAL, lists, at=NOW + timedelta(days=1))
    assert refused(gate, ahead) == "untrusted"


# --- roots and lists ------------------------------------------------------------------------


def test_a_root_is_read_from_text_and_from_bytes(gate: LimitedGate) -> None:
    for file in (ROOT.pem, ROOT.der, b"Demo\n" + ROOT.pem, ROOT.pem.replace(b"\n", b"\r\n")):
        root = gate.read_root(file, at=NOW)
        assert root.der == ROOT.der
        assert root.fingerprint == hashlib.sha256(ROOT.der).hexdigest()
        assert root.subject == "CN=Demo: UNA root"
        assert (root.not_before, root.not_after) == (pki.BEGIN, pki.END)


def test_what_is_no_root_is_refused_with_a_code(gate: LimitedGate) -> None:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 (the attack)
    spoiled = ROOT.der[:-1] + bytes([ROOT.der[-1] ^ 1])
    cases = {
        "no_certificate": [
            b"",
            b"x",
            ROOT.der + b"\0",
            ROOT.pem[:-40],
            ROOT.pem.replace(b"CERTIFICATE", b"PRIVATE KEY"),
            b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----",
            bytes(70_000),
            ROOT.revocation_list(),
        ],
        "several_certificates": [ROOT.pem * 2, ROOT.pem + SEAL.pem],
        "not_a_root": [
            SEAL.der,
            spoiled,
            pki.a_root(key=short).der,
            ROOT.issue("Demo: UNA office", ca=True).der,
            replace(ROOT, certificate=pki._certificate("x", ROOT.key, None)).der,
        ],
        "certificate_expired": [pki.a_root(end=NOW - timedelta(days=1)).der],
    }
    for code, files in cases.items():
        for file in files:
            with pytest.raises(BadCertificate) as told:
                gate.read_root(file, at=NOW)
            assert told.value.code == code


def test_a_revocation_list_is_read_and_known_by_its_root(gate: LimitedGate) -> None:
    other, _ = pki.agency("UNB")
    made = other.revocation_list(made_at=SIGNED)
    found = gate.read_revocation_list(made, (*OURS, *pki.trust(other, "UNB")))
    assert (found.content, found.agency_code) == (made, "UNB")
    assert found.issuer_fingerprint == hashlib.sha256(other.der).hexdigest()
    assert (found.made_at, found.next_update) == (SIGNED, END)


def test_a_bad_revocation_list_is_refused_with_a_code(gate: LimitedGate) -> None:
    good = ROOT.revocation_list()
    other = pki.a_root("Demo: nobody")
    cases = [
        (b"", "unreadable"),
        (ROOT.der, "unreadable"),
        (good + b"\0", "unreadable"),
        (other.revocation_list(), "untrusted"),
        (ROOT.revocation_list(key=other.key), "tampered"),
    ]
    for file, code in cases:
        with pytest.raises(BadSignedContent) as told:
            gate.read_revocation_list(file, OURS)
        assert told.value.code == code

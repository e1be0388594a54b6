"""Documents are sealed so that others who know nothing of us can judge them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms

from partner_assess.adapters import pdf
from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.seals import FolderOfKeys
from partner_assess.domain.report import Report, summary
from partner_assess.domain.report.verdict import Refusal, Verdict
from partner_assess.domain.trust import Root, SealFailed
from tests.documents import inputs, page_of
from tests.judges import (
    judged,
    new_root,
    new_seal,
    pem,
    signature_of,
    time_stamp_authority,
    told,
    unsealed,
)
from tests.machine import needs
from tests.sample_report import a_report, signed
from tests.verapdf.validator import broken_rules

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def arabic_name() -> Report:
    report = signed(a_report())
    return replace(report, partner=replace(report.partner, legal_name="جمعية الأكاسيا للإغاثة"))


DOCUMENTS: dict[str, Callable[[], Report]] = {
    "full": lambda: signed(a_report()),
    "summary": lambda: summary(signed(a_report())),
    "arabic-name": arabic_name,
    "arabic": lambda: signed(a_report(language="ar")),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance") / "keys"


@pytest.fixture(scope="module")
def seals(folder: Path) -> Iterator[FolderOfKeys]:
    made = FolderOfKeys(folder, demo_clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def unsigned() -> dict[str, bytes]:
    return {name: unsealed(report()) for name, report in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def sealed(seals: FolderOfKeys, unsigned: dict[str, bytes]) -> dict[str, bytes]:
    return {
        name: seals.seal(content, agency_code="UNA", at=NOW).content
        for name, content in unsigned.items()
    }


# --- the judges -------------------------------------------------------------------------------


@needs("pango", "java")
def test_a_document_meets_both_norms_before_and_after(
    unsigned: dict[str, bytes], sealed: dict[str, bytes], tmp_path: Path
) -> None:
    both = {f"{name}-before": one for name, one in unsigned.items()}
    both |= {f"{name}-after": one for name, one in sealed.items()}
    assert broken_rules(both, tmp_path) == {name: [] for name in both}


@needs("pango")
def test_pyhanko_judges_it_with_nothing_but_the_root(
    seals: FolderOfKeys, sealed: dict[str, bytes]
) -> None:
    for content in sealed.values():
        found = judged(content, seals.root("UNA"))
        assert found.is_valid
        assert found.covers_all
        assert found.allows_nothing
        assert found.is_unchanged
        assert found.signed_at == NOW


@needs("pango", "pdf-tools")
def test_poppler_and_qpdf_find_it_whole(sealed: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in sealed.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        code, words = told("pdfsig", path)
        assert code == 0
        assert "Signature is Valid." in words
        assert "Total document signed" in words
        assert "ETSI.CAdES.detached" in words
        assert "Signing Time: Nov 25 2026 09:30:00" in words
        assert words.count("Signature #") == 1
        assert told("qpdf", "--check", path)[0] == 0


@needs("pango")
def test_a_changed_byte_is_seen(seals: FolderOfKeys, sealed: dict[str, bytes]) -> None:
    content = bytearray(sealed["summary"])
    content[len(content) // 3] ^= 1
    assert not judged(bytes(content), seals.root("UNA")).is_valid


# --- what the file is -------------------------------------------------------------------------


@needs("pango")
def test_the_sealed_file_begins_with_the_unsigned_one(
    unsigned: dict[str, bytes], sealed: dict[str, bytes]
) -> None:
    for name, content in sealed.items():
        assert content.startswith(unsigned[name])
        assert content.count(b"%%EOF") == 2  # chain, lists and seal are one addition


@needs("pango")
def test_the_signature_holds_the_chain_and_nothing_that_nobody_signed(
    sealed: dict[str, bytes], seals: FolderOfKeys
) -> None:
    inside, padding = signature_of(sealed["full"])
    assert set(padding) == {0}
    (signer,) = inside["signer_infos"]
    assert not signer["unsigned_attrs"]
    assert {one["type"].native for one in signer["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    assert len(inside["certificates"]) == 2
    assert seals.root("UNA").certificate in {one.chosen.dump() for one in inside["certificates"]}


@needs("pango")
def test_the_place_of_the_seal_is_in_the_tag_tree_with_words(unsigned: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(unsigned["full"])) as file:
        (field,) = file.Root.AcroForm.Fields
        assert (str(field.FT), str(field.T), str(field.TU)) == (
            "/Sig",
            "Seal",
            "Seal of Demo: Agency A",
        )
        last = file.Root.StructTreeRoot.K[0].K[-1]
        assert str(last.S) == "/Form"
        assert last.K.Obj.objgen == field.objgen


@needs("pango")
def test_the_same_facts_give_the_same_unsigned_bytes(unsigned: dict[str, bytes]) -> None:
    assert unsealed(DOCUMENTS["full"]()) == unsigned["full"]


@needs("pango")
def test_a_document_without_a_place_for_it_is_not_sealed(seals: FolderOfKeys) -> None:
    bare = pdf.render_in_process(page_of(a_report()), **inputs(a_report()))
    with pytest.raises(SealFailed):
        seals.seal(bare, agency_code="UNA", at=NOW)


def test_what_is_no_pdf_is_not_sealed_and_the_next_one_is_served(seals: FolderOfKeys) -> None:
    for bad in (b"", b"%PDF-1.7 and nothing"):
        with pytest.raises(SealFailed):
            seals.seal(bad, agency_code="UNA", at=NOW)
    assert seals.sign(b"{}", agency_code="UNA", at=NOW).content


# --- signed content ---------------------------------------------------------------------------


@needs("openssl")
def test_openssl_judges_signed_content_and_gives_it_back(
    seals: FolderOfKeys, tmp_path: Path
) -> None:
    content = b'{"list": "of statuses"}' * 1000
    made = seals.sign(content, agency_code="UNA", at=NOW)
    (tmp_path / "list.p7m").write_bytes(made.content)
    for code in ("UNA", "UNB"):
        (tmp_path / f"{code}.pem").write_bytes(pem(seals.root(code).certificate))

    verify = ("openssl", "cms", "-verify", "-inform", "der", "-in", tmp_path / "list.p7m")
    at = ("-attime", str(int(NOW.timestamp())), "-out", tmp_path / "content", "-CAfile")
    assert told(*verify, *at, tmp_path / "UNA.pem")[0] == 0
    assert (tmp_path / "content").read_bytes() == content
    assert told(*verify, *at, tmp_path / "UNB.pem")[0] != 0


def test_signed_content_carries_its_moment_its_chain_and_what_is_revoked(
    seals: FolderOfKeys,
) -> None:
    made = seals.sign(b"{}", agency_code="UNA", at=NOW)
    parsed = cms.ContentInfo.load(made.content, strict=True)
    assert parsed.dump(force=True) == made.content
    inside = parsed["content"]
    (signer,) = inside["signer_infos"]
    moments = [one for one in signer["signed_attrs"] if one["type"].native == "signing_time"]
    assert [one["values"][0].native for one in moments] == [NOW]
    assert not signer["unsigned_attrs"]
    assert len(inside["certificates"]) == 2
    assert [one.chosen.dump() for one in inside["crls"]] == [*seals.root("UNA").revocation_lists]


# --- time-stamp authority ---------------------------------------------------------------------


def stamped(folder: Path, page: bytes, *, at: datetime) -> tuple[bytes, Root]:
    """Return a sealed page whose moment an authority proves, and the authority's root."""
    with time_stamp_authority(at) as (address, root):
        stamping = FolderOfKeys(folder, tsa_url=address, demo_clock=lambda: NOW)
        content = stamping.seal(page, agency_code="UNA", at=NOW).content
        stamping.close()
    return content, root


@needs("pango", "java")
def test_a_time_stamp_authority_proves_the_moment_where_one_is_set(
    folder: Path, seals: FolderOfKeys, unsigned: dict[str, bytes], tmp_path: Path
) -> None:
    stamped_at = NOW + timedelta(seconds=2)
    content, _root = stamped(folder, unsigned["full"], at=stamped_at)
    inside, padding = signature_of(content)
    (signer,) = inside["signer_infos"]
    kinds = [one["type"].native for one in signer["unsigned_attrs"]]
    assert kinds == ["signature_time_stamp_token"]
    assert set(padding) == {0}
    found = judged(content, seals.root("UNA"))
    assert found.timestamped_at == stamped_at
    assert found.covers_all
    assert broken_rules({"stamped": content}, tmp_path) == {"stamped": []}


@needs("pango")
def test_our_gate_believes_the_authorities_it_was_told_of_and_no_others(
    folder: Path, seals: FolderOfKeys, unsigned: dict[str, bytes], real_gate: LimitedGate
) -> None:
    stamped_at = NOW + timedelta(seconds=2)
    content, witness = stamped(folder, unsigned["full"], at=stamped_at)
    ours = seals.root("UNA")

    def verified(*trust: Root) -> Verdict:
        return real_gate.verify([content], trust, at=NOW + DAY)[0]

    told = verified(ours, witness)
    assert told.problems == ()
    assert (told.issuer, told.signed_at, told.timestamped) == ("UNA", stamped_at, True)
    assert verified(ours).problems == (Refusal.TIME_STAMP,)
    assert verified(witness).problems == (Refusal.UNTRUSTED,)


@needs("pango")
def test_a_silent_authority_means_no_document(folder: Path, unsigned: dict[str, bytes]) -> None:
    stamping = FolderOfKeys(folder, tsa_url="http://127.0.0.1:9/", demo_clock=lambda: NOW)
    with pytest.raises(SealFailed):
        stamping.seal(unsigned["full"], agency_code="UNA", at=NOW)
    stamping.close()


# --- rotation ---------------------------------------------------------------------------------


@needs("pango")
def test_a_new_seal_or_root_leaves_old_documents_as_they_were(
    unsigned: dict[str, bytes], tmp_path: Path
) -> None:
    seals = FolderOfKeys(tmp_path / "keys", demo_clock=lambda: NOW)
    first_root = seals.root("UNA")
    first = seals.seal(unsigned["summary"], agency_code="UNA", at=NOW)

    new_seal(tmp_path / "keys", "UNA", at=NOW + DAY)
    second = seals.seal(unsigned["summary"], agency_code="UNA", at=NOW + DAY)
    assert seals.root("UNA").certificate == first_root.certificate
    assert second.seal != first.seal

    new_root(tmp_path / "keys", "UNA", at=NOW + 2 * DAY)
    third = seals.seal(unsigned["summary"], agency_code="UNA", at=NOW + 2 * DAY)
    last_root = seals.root("UNA")
    assert last_root.certificate != first_root.certificate

    assert judged(first.content, first_root).is_valid
    assert judged(second.content, first_root).is_valid
    assert judged(third.content, last_root).is_valid
    assert not judged(third.content, first_root).is_valid
    assert not judged(first.content, last_root).is_valid
    seals.close()

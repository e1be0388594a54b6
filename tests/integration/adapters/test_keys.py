"""Keys lie in a folder: the demo makes them, production brings its own, and each fault is named."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from partner_assess.adapters.seals import FolderOfKeys, NoSeals, demo_keys, judge
from partner_assess.adapters.seals.keys import problems
from partner_assess.domain.trust import NoSeal, Root, SealFailed
from tests.judges import new_root, pem

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "instance" / "keys"


@pytest.fixture
def demo(folder: Path) -> Iterator[FolderOfKeys]:
    made = FolderOfKeys(folder, demo_clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def keys_of_two(folder: Path) -> None:
    folder.mkdir(parents=True)
    for code in ("UNX", "UNY"):
        new_root(folder, code, at=NOW)


@pytest.fixture
def production(folder: Path, keys_of_two: None) -> Iterator[FolderOfKeys]:
    made = FolderOfKeys(folder)
    yield made
    made.close()


def test_the_demo_makes_what_only_its_owner_reads(demo: FolderOfKeys, folder: Path) -> None:
    assert demo.has("UNA")
    demo.root("UNA")
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {f"UNA.{kind}.pem": 0o600 for kind in ("key", "cert", "crl", "root-key")}


def test_the_demo_makes_each_once(demo: FolderOfKeys, folder: Path) -> None:
    first = demo.root("UNA")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = FolderOfKeys(folder, demo_clock=lambda: NOW + timedelta(days=100))
    assert again.root("UNA") == first
    again.sign(b"{}", agency_code="UNA", at=NOW + timedelta(days=100))
    again.close()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_two_processes_at_once_make_one(folder: Path) -> None:
    several = [FolderOfKeys(folder, demo_clock=lambda: NOW) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        seals = {
            one.seal
            for one in pool.map(lambda s: s.sign(b"{}", agency_code="UNA", at=NOW), several)
        }
    for one in several:
        one.close()
    assert len(seals) == 1


def test_the_seal_says_whose_it_is_and_what_for(demo: FolderOfKeys, folder: Path) -> None:
    demo.root("UNA")
    seal, root = x509.load_pem_x509_certificates((folder / "UNA.cert.pem").read_bytes())
    for one in (seal, root):
        (code,) = one.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
        assert code.value == "UNA"
    assert seal.not_valid_after_utc - seal.not_valid_before_utc == timedelta(days=730)
    assert (root.not_valid_after_utc - root.not_valid_before_utc).days == 3652
    usage = seal.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    purposes = seal.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(purposes) == {demo_keys.DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION}
    (revoked,) = demo.root("UNA").revocation_lists
    assert len(x509.load_der_x509_crl(revoked)) == 0
    assert x509.load_der_x509_crl(revoked).is_signature_valid(root.public_key())  # type: ignore[arg-type]


@pytest.mark.parametrize("years", [-3, 3, 8])
def test_the_demo_signs_at_whatever_its_clock_says(demo: FolderOfKeys, years: int) -> None:
    now = demo.sign(b"{}", agency_code="UNA", at=NOW)
    then = demo.sign(b"{}", agency_code="UNA", at=NOW + timedelta(days=365 * years))
    assert then.seal != now.seal


@pytest.mark.parametrize("code", ["", "../UNA", "UN/A", "UNA.key", "U" * 13, "."])
def test_a_code_that_is_no_file_name_has_no_seal(demo: FolderOfKeys, code: str) -> None:
    assert not demo.has(code)
    with pytest.raises(NoSeal):
        demo.root(code)


def test_production_makes_nothing(folder: Path, production: FolderOfKeys) -> None:
    before = sorted(path.name for path in folder.iterdir())
    assert production.has("UNX")
    assert not production.has("UNZ")
    with pytest.raises(NoSeal):
        production.sign(b"{}", agency_code="UNZ", at=NOW)
    assert sorted(path.name for path in folder.iterdir()) == before
    assert production.sign(b"{}", agency_code="UNX", at=NOW).content


def test_without_a_folder_nobody_has_a_seal() -> None:
    none = NoSeals()
    assert not none.has("UNA")
    for deed in (
        lambda: none.root("UNA"),
        lambda: none.seal(b"", agency_code="UNA", at=NOW),
        lambda: none.sign(b"", agency_code="UNA", at=NOW),
    ):
        with pytest.raises(NoSeal):
            deed()


def test_the_root_of_a_time_stamp_authority_speaks_for_no_agency(
    demo: FolderOfKeys, folder: Path
) -> None:
    root = demo.root("UNA")
    (folder / "time-stamp.pem").write_bytes(pem(root.certificate))
    assert demo.witnesses() == ()
    stamping = FolderOfKeys(folder, tsa_url="https://time.example/")
    assert stamping.witnesses() == (Root("", root.certificate),)
    (folder / "time-stamp.pem").unlink()
    assert stamping.witnesses() == ()


# --- what is wrong ----------------------------------------------------------------------------


def test_good_keys_are_found_good(folder: Path, keys_of_two: None) -> None:
    assert judge(folder, now=NOW) == ([], [])
    swap(folder)
    wrong, _ = judge(folder, now=NOW)
    assert len(wrong) == 1


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, []), (638, []), (640, ["ends on 2028-11-23"]), (-2, ["begins on 2026-11-24"])],
)
def test_the_end_of_a_seal_is_told_before(
    folder: Path, keys_of_two: None, days: int, told: list[str]
) -> None:
    name = "UNX.cert.pem: CN=Demo: UNX document seal,2.5.4.97=UNX,O=Demo: UNX"
    found = problems(folder, "UNX", now=NOW + timedelta(days=days))
    assert found == ([], [f"{name} {one}" for one in told])


def test_a_list_of_what_is_revoked_is_to_be_there_and_new(folder: Path, keys_of_two: None) -> None:
    _, told = problems(folder, "UNX", now=NOW + timedelta(days=725))
    assert told[-1] == "UNX.crl.pem is to be renewed by 2028-11-23"
    (folder / "UNX.crl.pem").unlink()
    _, told = problems(folder, "UNX", now=NOW)
    assert told == ["UNX.crl.pem is missing: no reader can tell what is revoked"]


def swap(folder: Path) -> None:
    (folder / "UNX.key.pem").write_bytes((folder / "UNY.key.pem").read_bytes())


def turn_round(folder: Path) -> None:
    chain = (folder / "UNX.cert.pem").read_text()
    seal, root = (f"-----BEGIN{part}" for part in chain.split("-----BEGIN")[1:])
    (folder / "UNX.cert.pem").write_text(root + seal)


def leave_out_root(folder: Path) -> None:
    chain = (folder / "UNX.cert.pem").read_text()
    (folder / "UNX.cert.pem").write_text("-----BEGIN" + chain.split("-----BEGIN")[1])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (swap, "UNX.key.pem is not the key of the first certificate in UNX.cert.pem"),
        (turn_round, "UNX.cert.pem is not in order"),
        (leave_out_root, "UNX.cert.pem is not in order"),
        (lambda folder: (folder / "UNX.cert.pem").unlink(), "UNX.cert.pem cannot be read"),
        (lambda folder: (folder / "UNX.key.pem").write_text("?"), "UNX.key.pem holds no private"),
        (lambda folder: (folder / "UNX.cert.pem").write_text("?"), "UNX.cert.pem holds no cert"),
        (
            lambda folder: (folder / "UNX.crl.pem").write_text("-----BEGIN X509 CRL-----?"),
            "UNX.crl.pem holds no revocation list",
        ),
    ],
)
def test_each_fault_is_named(folder: Path, keys_of_two: None, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    spoil(folder)
    wrong, _ = problems(folder, "UNX", now=NOW)
    assert len(wrong) == 1
    assert wrong[0].startswith(said)


def test_nothing_is_signed_with_a_key_of_another(folder: Path, production: FolderOfKeys) -> None:
    swap(folder)
    with pytest.raises(SealFailed):
        production.sign(b"{}", agency_code="UNX", at=NOW)
    assert production.sign(b"{}", agency_code="UNY", at=NOW).content


def test_a_chain_that_cannot_be_read_gives_no_root(folder: Path, production: FolderOfKeys) -> None:
    (folder / "UNX.cert.pem").write_text("?")
    with pytest.raises(SealFailed):
        production.root("UNX")

"""Production begins with keys that belong together and that nobody else can read, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import NOW
from tests.integration.cli.conftest import Shell
from tests.judges import new_root

PRODUCTION = {"MODE": "production", "BASE_URL": "https://psea.example", "NOW": ""}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "production-keys"
    folder.mkdir()
    for code in ("UNX", "UNY"):
        new_root(folder, code, at=NOW)
    return folder


def test_good_keys_are_taken(database: Shell, keys: Path) -> None:
    assert database("user", "list", **PRODUCTION, SIGNING_KEYS=str(keys)).rows == []


def test_without_keys_production_starts_all_the_same(database: Shell) -> None:
    assert database("user", "list", **PRODUCTION, SIGNING_KEYS="").rows == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda keys: (keys / "UNX.key.pem").chmod(0o604), "UNX.key.pem, which everybody can read"),
        (lambda keys: (keys / "UNX.cert.pem").unlink(), "has no UNX.cert.pem beside it"),
        (lambda keys: (keys / "UNZ.key.pem").mkdir(), "UNZ.key.pem, which cannot be read"),
        (
            lambda keys: [one.unlink() for one in keys.glob("*.key.pem")],
            "which holds no <agency>.key.pem",
        ),
        (lambda keys: keys.rename(keys.with_name("elsewhere")), "which is no folder"),
    ],
)
def test_what_is_unsafe_is_named(
    database: Shell, keys: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(keys)
    refusal = database("user", "list", **PRODUCTION, SIGNING_KEYS=str(keys)).refusal
    assert refusal.startswith("PARTNER_ASSESS_SIGNING_KEYS ")
    assert said in refusal


def test_the_address_of_a_time_stamp_authority_is_one(database: Shell) -> None:
    said = database("user", "list", TSA_URL="time.example").refusal
    assert said.startswith("PARTNER_ASSESS_TSA_URL is a web address")


def test_a_time_stamp_authority_is_known_by_its_root(database: Shell, keys: Path) -> None:
    stamping = PRODUCTION | {"SIGNING_KEYS": str(keys), "TSA_URL": "https://time.example/"}
    said = database("user", "list", **stamping).refusal
    assert said.startswith("PARTNER_ASSESS_TSA_URL needs time-stamp.pem")
    (keys / "time-stamp.pem").write_bytes((keys / "UNX.cert.pem").read_bytes())
    assert database("user", "list", **stamping).rows == []

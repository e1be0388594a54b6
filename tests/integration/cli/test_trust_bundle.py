from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from partner_assess.adapters.seals import NoSeals
from partner_assess.app import make_ports
from partner_assess.domain.report import trust_bundle
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests.integration.cli.conftest import Shell
from tests.sealing import MarkSeals, opened


def sealed(settings: Settings) -> Ports:
    return replace(make_ports(settings), seals=MarkSeals())


def unsealed(settings: Settings) -> Ports:
    return replace(make_ports(settings), seals=NoSeals())


@pytest.fixture
def shell(database: Shell) -> Shell:
    assert database("agency", "create", "UNX", "--name", "Demo: Agency X").code == 0
    return replace(database, make_ports=sealed)


def test_the_bundle_is_written_whole_and_signed(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "unx.p7m"

    (row,) = shell("trust", "bundle", "--agency", "UNX", "-o", str(file)).rows

    signed = opened(file.read_bytes())
    assert trust_bundle.from_json(signed.content).agency == signed.agency_code == "UNX"
    assert row == {
        "agency": "UNX",
        "made_at": "2026-11-22T09:00:00Z",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "bytes": file.stat().st_size,
        "file": str(file),
    }


def test_nothing_is_written_for_an_agency_that_is_not_there_or_cannot_sign(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "unx.p7m"
    asked = ("trust", "bundle", "-o", str(file), "--agency")
    assert 'There is no agency "UNY"' in shell(*asked, "UNY").refusal
    assert "No seal" in replace(shell, make_ports=unsealed)(*asked, "UNX").refusal
    assert list(tmp_path.glob("*.p7m")) == []

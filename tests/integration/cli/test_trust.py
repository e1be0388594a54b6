from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from partner_assess.app import make_ports
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests.gates import ClosedGate
from tests.trusting import FakeGate, FakeSeals, a_root, fingerprint, revoked_by, signed_by

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Said, Shell

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ROOT = a_root("UNX")
NAME = fingerprint(ROOT)
COLONS = ":".join(NAME[at : at + 2] for at in range(0, 64, 2)).upper()


@pytest.fixture
def shell(database: Shell) -> Shell:
    """Return a shell on a database without agencies; the gate reads what tests make."""

    def with_fakes(settings: Settings) -> Ports:
        return replace(make_ports(settings), gate=FakeGate(), seals=FakeSeals())

    return replace(database, make_ports=with_fakes)


@pytest.fixture
def agencies(shell: Shell) -> Shell:
    for code in ("UNA", "UNB"):
        assert shell("agency", "create", code, "--name", f"Demo: {code}").code == 0
    return shell


@pytest.fixture
def root(tmp_path: Path) -> str:
    return a_file(tmp_path, ROOT)


def a_file(folder: Path, content: bytes) -> str:
    path = folder / f"{fingerprint(content)[:8]}.pem"
    path.write_bytes(content)
    return str(path)


def state(state: str, agency: str = "UNX", name: str = NAME) -> dict[str, str]:
    return {"agency": agency, "fingerprint": name, "state": state}


def states(said: Said) -> list[tuple[str, str | None, str]]:
    return [(row["agency"], row["for"], row["state"]) for row in said.rows]


def test_a_root_waits_until_the_same_command_repeats_its_fingerprint(
    shell: Shell, root: str
) -> None:
    command = ("trust", "add", root, "--agency", "UNX")
    assert shell(*command).rows == [state("pending")]
    assert shell(*command).rows == [state("pending")]
    assert shell(*command, "--confirm", COLONS).rows == [state("trusted")]
    assert shell(*command).rows == [state("trusted")]
    assert shell(*command, "--confirm", NAME).rows == [state("trusted")]
    assert states(shell("trust", "list")) == [("UNX", None, "trusted")]


def test_whoever_has_the_fingerprint_already_adds_and_confirms_at_once(
    shell: Shell, root: str
) -> None:
    said = shell("trust", "add", root, "--agency", "UNX", "--confirm", NAME.upper())
    assert said.rows == [state("trusted")]


@pytest.mark.parametrize("before", [0, 1, 2], ids=["absent", "waiting", "trusted"])
def test_another_fingerprint_changes_nothing(shell: Shell, root: str, before: int) -> None:
    command = ("trust", "add", root, "--agency", "UNX")
    for more in ((), ("--confirm", NAME))[:before]:
        assert shell(*command, *more).code == 0
    listed = shell("trust", "list").out
    for typed in ("", NAME[:-1], NAME[::-1], "ja"):
        assert "Fingerprint differs" in shell(*command, "--confirm", typed).refusal
    assert shell("trust", "list").out == listed


def test_the_fingerprint_is_the_only_long_hex_string(shell: Shell, root: str) -> None:
    added = shell("trust", "add", root, "--agency", "UNX").out
    for out in (added, shell("trust", "list").out):
        assert re.findall(r"[0-9A-Fa-f]{32,}", out) == [NAME]


def test_a_list_is_of_one_agency_or_of_everybody(agencies: Shell, root: str) -> None:
    command = ("trust", "add", root, "--agency", "UNX", "--confirm", NAME)
    assert agencies(*command, "--for", "UNA").rows == [state("trusted")]
    assert states(agencies("trust", "list")) == [("UNX", "UNA", "trusted")]
    assert agencies("trust", "list", "--for", "UNB").rows == []
    assert agencies(*command).rows == [state("trusted")]
    assert states(agencies("trust", "list", "--for", "UNB")) == [("UNX", None, "trusted")]
    assert len(agencies("trust", "list", "--for", "UNA").rows) == 2


def test_an_agency_that_is_not_here_has_no_list(agencies: Shell, root: str) -> None:
    for command in (
        ("add", root, "--agency", "UNX"),
        ("list",),
        ("remove", NAME),
        ("update", root),
    ):
        said = agencies("trust", *command, "--for", "UNZ")
        assert "There is no agency" in said.refusal, command


def test_one_root_does_not_speak_for_two(shell: Shell, root: str) -> None:
    assert shell("trust", "add", root, "--agency", "UNX").code == 0
    said = shell("trust", "add", root, "--agency", "UNY", "--confirm", NAME)
    assert said.refusal == "Speaks for another (agency: UNX).\n"


def test_a_root_speaks_for_a_short_code(shell: Shell, root: str) -> None:
    for code in ("", "UN X", "Ü"):
        assert "Bad agency code" in shell("trust", "add", root, "--agency", code).refusal


def test_a_file_without_a_root_is_refused(shell: Shell, tmp_path: Path) -> None:
    for content in (b"", b"\x00" * 999, b"%PDF-1.7", b"[]"):
        file = a_file(tmp_path, content)
        assert shell("trust", "add", file, "--agency", "UNX").refusal == "No certificate.\n"
    assert shell("trust", "list").rows == []


def test_a_file_that_cannot_be_read_is_refused(shell: Shell, tmp_path: Path) -> None:
    large = a_file(tmp_path, b"0" * 10_000_001)
    for file in (str(tmp_path / "none.pem"), str(tmp_path), large, "/dev/zero", "\udcff"):
        for command in (("add", file, "--agency", "UNX"), ("update", file)):
            assert shell("trust", *command).code == 2, file


def test_a_removed_root_is_listed_only_when_asked_for(agencies: Shell, root: str) -> None:
    add = ("trust", "add", root, "--agency", "UNX", "--for", "UNA", "--confirm", NAME)
    assert agencies(*add).code == 0
    assert "it is on another: --for UNA" in agencies("trust", "remove", NAME).refusal
    remove = ("trust", "remove", COLONS, "--for", "UNA")
    assert "It speaks for" in agencies(*remove, "--agency", "UNY").refusal
    assert agencies(*remove, "--agency", "UNX", "--reason", "Lost.").rows == [state("removed")]
    assert agencies("trust", "list").rows == []
    assert states(agencies("trust", "list", "--removed")) == [("UNX", "UNA", "removed")]
    assert "see `trust list`" in agencies(*remove).refusal
    assert agencies(*add[:-2]).rows == [state("pending")]


def test_a_revocation_list_is_taken_in_once_and_never_an_older_one(
    shell: Shell, root: str, tmp_path: Path
) -> None:
    older, newer = (
        a_file(tmp_path, revoked_by(ROOT, made=NOW.replace(day=day))) for day in (20, 21)
    )
    assert "Untrusted" in shell("trust", "update", newer).refusal
    assert shell("trust", "add", root, "--agency", "UNX", "--confirm", NAME).code == 0
    taken = [{"agency": "UNX", "kind": "revocation_list"}]
    assert shell("trust", "update", newer).rows == taken
    assert shell("trust", "update", newer).rows == taken
    assert "Older" in shell("trust", "update", older).refusal


def test_a_list_is_signed_by_somebody_on_that_very_list(
    agencies: Shell, root: str, tmp_path: Path
) -> None:
    add = ("trust", "add", root, "--agency", "UNX", "--for", "UNA", "--confirm", NAME)
    assert agencies(*add).code == 0
    for file in (revoked_by(ROOT, made=NOW), signed_by(ROOT, "{}", at=NOW)):
        said = agencies("trust", "update", a_file(tmp_path, file), "--for", "UNB")
        assert "Untrusted" in said.refusal


def test_the_demos_agencies_trust_each_other_and_a_third_root_waits(shell: Shell) -> None:
    assert shell("demo", "load").rows == [{"loaded": True}]
    assert states(shell("trust", "list", "--for", "UNA")) == [
        ("UNB", "UNA", "trusted"),
        ("UNC", "UNA", "pending"),
    ]
    assert states(shell("trust", "list", "--for", "UNB")) == [("UNA", "UNB", "trusted")]


@pytest.mark.parametrize(
    "broken", [{"seals": FakeSeals(codes=())}, {"gate": ClosedGate()}], ids=["no seals", "no gate"]
)
def test_a_demo_without_seals_or_a_gate_trusts_nobody(
    database: Shell, broken: dict[str, Any]
) -> None:
    def without(settings: Settings) -> Ports:
        working = replace(make_ports(settings), gate=FakeGate(), seals=FakeSeals())
        return replace(working, **broken)

    shell = replace(database, make_ports=without)
    assert shell("demo", "load").rows == [{"loaded": True}]
    assert shell("trust", "list").rows == []

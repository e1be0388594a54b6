"""`report import`: a PDF of another agency becomes a received report, or nothing does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from partner_assess.app import make_ports
from partner_assess.cli.main import Parts
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.session import open_session
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.report import Report
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests.exchange import FakeGate, reissued
from tests.integration.cli.conftest import Shell
from tests.sample_report import a_report

OFFICER = "officer@demo.example"


@pytest.fixture
def gate() -> FakeGate:
    return FakeGate()


@pytest.fixture
def shell(demo: Shell, gate: FakeGate) -> Shell:
    def ports(settings: Settings) -> Ports:
        return replace(make_ports(settings), gate=gate)

    return replace(demo, make_ports=ports)


@pytest.fixture
def report(catalogue: Catalogue) -> Report:
    made = a_report()
    known = catalogue.get(made.identity.instrument.id)
    instrument = replace(made.identity.instrument, digest=known.digest)
    return replace(
        made,
        identity=replace(made.identity, instrument=instrument),
        owner=replace(made.owner, agency="Demo: Agency C", agency_code="UNC"),
    )


def written(gate: FakeGate, report: Report, folder: Path) -> str:
    file = folder / f"shared-{report.identity.issue}.pdf"
    file.write_bytes(gate.vouch(report))
    return str(file)


def kept(shell: Shell) -> int:
    parts = Parts(shell.env, make_ports=shell.make_ports, create_app=lambda **_more: None)  # type: ignore[arg-type,return-value]
    with open_session(parts.engine, reading=True) as session:
        count = session.scalar(select(func.count()).select_from(ReceivedReport)) or 0
    parts.engine.dispose()
    return count


def test_a_trusted_file_is_received_once(
    shell: Shell, gate: FakeGate, report: Report, tmp_path: Path
) -> None:
    file, before = written(gate, report, tmp_path), kept(shell)
    (first,) = shell("report", "import", file, "--as", OFFICER).rows
    assert first["reference"] == "UNA/2026/0042"
    assert first["issuer"] == "UNC"
    assert (first["state"], first["known"]) == ("received", False)
    assert first["partner_confirmed"] is False
    (again,) = shell("report", "import", file, "--as", OFFICER.upper()).rows
    assert again["known"] is True
    assert kept(shell) == before + 1


def test_a_file_that_is_not_trusted_leaves_nothing(shell: Shell, tmp_path: Path) -> None:
    file, before = tmp_path / "anything.pdf", kept(shell)
    file.write_bytes(b"%PDF-1.7 anything")
    said = shell("report", "import", str(file), "--as", OFFICER)
    assert said.code == 1
    assert said.out == '{"trusted": false, "problems": ["untrusted"]}\n'
    assert kept(shell) == before


def test_an_older_issue_is_answered_no(
    shell: Shell, gate: FakeGate, report: Report, tmp_path: Path
) -> None:
    newer = written(gate, reissued(report, 3), tmp_path)
    assert shell("report", "import", newer, "--as", OFFICER).code == 0
    older = shell("report", "import", written(gate, report, tmp_path), "--as", OFFICER)
    assert older.code == 1
    assert '"problems": ["older-issue"]' in older.out


def test_bad_input(shell: Shell, gate: FakeGate, report: Report, tmp_path: Path) -> None:
    file = written(gate, report, tmp_path)
    assert "cannot be read" in shell("report", "import", "nowhere.pdf", "--as", OFFICER).refusal
    assert "no account" in shell("report", "import", file, "--as", "x@demo.example").refusal
    assert shell("report", "import", file, "--as", "auditor@demo.example").refusal
    assert shell("report", "import", file, "--as", "head@demo.example").refusal
    assert shell("report", "import", file).refusal

"""This file holds that `report verify` says what interfaces.md promises, and exits as it says."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from partner_assess.cli import reports
from partner_assess.db.session import open_session
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.report import Report, to_json
from partner_assess.domain.trust import NoSeal, Root
from partner_assess.usecases.ports import Ports
from tests import pki, signed_pdf
from tests.factories import make_house
from tests.signed_pdf import document, sealed_report


@dataclass
class OneSeal:
    """The seals of an installation where one agency has one."""

    code: str = "UNA"

    def has(self, agency_code: str) -> bool:
        return agency_code == self.code

    def root(self, agency_code: str) -> Root:
        if agency_code != self.code:
            raise NoSeal(agency=agency_code)
        return pki.trust(pki.agency()[0])[0]


@dataclass
class App:
    """What the command is handed."""

    engine: Engine
    ports: Ports
    instant: datetime = pki.NOW

    def now(self) -> datetime:
        return self.instant


def by_known_instrument(catalogue: Catalogue) -> Report:
    told = sealed_report()
    digest = catalogue.get("unicef-six-2020", "1.0").digest
    instrument = replace(told.identity.instrument, digest=digest)
    return replace(told, identity=replace(told.identity, instrument=instrument))


@pytest.fixture
def app(committing_engine: Engine, ports: Ports) -> App:
    with open_session(committing_engine) as session:
        make_house(session)
        session.commit()
    return App(committing_engine, replace(ports, seals=OneSeal()))  # type: ignore[arg-type]


@pytest.fixture
def good(tmp_path: Path, catalogue: Catalogue) -> Path:
    file = tmp_path / "good.pdf"
    file.write_bytes(document(to_json(by_known_instrument(catalogue))))
    return file


def run(app: App, *args: str | Path) -> Result:
    group = click.Group("partner-assess", commands={c.name or "": c for c in reports.commands})
    arguments = ["report", "verify", *map(str, args)]
    return CliRunner().invoke(group, arguments, obj=app, standalone_mode=False)


def told(result: Result) -> dict[str, Any]:
    (line,) = result.stdout.splitlines()
    row: dict[str, Any] = json.loads(line)
    return row


def test_a_trusted_document_is_told_whole(app: App, good: Path, catalogue: Catalogue) -> None:
    result = run(app, good)
    assert result.return_value == 0
    row = told(result)
    assert list(row) == [
        "trusted",
        "problems",
        "issuer",
        "signed_at",
        "status",
        "newer_issue",
        "document",
    ]
    assert (row["trusted"], row["problems"], row["issuer"]) == (True, [], "UNA")
    assert row["signed_at"] == "2026-11-22T09:31:00Z"
    assert row["document"] == json.loads(to_json(by_known_instrument(catalogue)))


def test_a_document_that_is_not_trusted_is_told_and_exits_with_1(
    app: App, good: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(good.read_bytes() + b"junk")
    result = run(app, changed)
    assert result.return_value == 1
    row = told(result)
    assert (row["trusted"], row["problems"]) == (False, ["modified-after-signing"])
    assert (row["issuer"], row["signed_at"], row["document"]) == (None, None, None)
    assert result.stderr == "Not trusted: modified-after-signing.\n"


def test_an_instrument_of_other_words_is_not_known(app: App, tmp_path: Path) -> None:
    file = tmp_path / "other.pdf"
    file.write_bytes(signed_pdf.good())
    row = told(run(app, file))
    assert (row["trusted"], row["problems"]) == (False, ["unknown-framework"])
    assert row["document"]["owner"]["agency_code"] == "UNA"


def test_whose_list_counts_can_be_said(app: App, good: Path) -> None:
    assert run(app, good, "--for", "UNA").return_value == 0
    refused = run(app, good, "--for", "NOBODY")
    assert isinstance(refused.exception, click.ClickException)
    assert refused.exception.exit_code == 2
    assert "There is no agency" in refused.exception.format_message()


def test_its_dates_say_when_it_is_over(app: App, good: Path) -> None:
    app.instant = datetime.fromisoformat("2032-01-01T00:00:00Z")
    row = told(run(app, good))
    assert (row["trusted"], row["status"]) == (True, "expired")


def test_a_file_that_is_not_there_is_bad_input(app: App, tmp_path: Path) -> None:
    for missing in (tmp_path / "no.pdf", tmp_path):
        result = run(app, missing)
        assert isinstance(result.exception, click.ClickException)
        assert result.exception.exit_code == 2
        assert result.stdout == ""

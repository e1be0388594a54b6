from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from partner_assess.adapters.pdf import PdfFailed
from partner_assess.cli import reports
from partner_assess.db import queries
from partner_assess.db.session import open_session
from partner_assess.domain.report import SCHEMA, Profile, from_json
from partner_assess.usecases.ports import Ports
from tests.factories import (
    EIGHT,
    NOW,
    TODAY,
    make_final,
    make_house,
    make_partner,
    make_submitted,
)

NAME = "Demo: جمعية النهر"
REFERENCE = "UNA/2026/0001"


@dataclass
class App:
    """What the commands are handed."""

    engine: Engine
    ports: Ports
    pdf_is_off: str | None = None
    instant: datetime = NOW
    prints: list[bytes] = field(default_factory=list)

    def now(self) -> datetime:
        return self.instant

    def today(self, _zone: str) -> date:
        return TODAY


@pytest.fixture
def app(committing_engine: Engine, ports: Ports) -> App:
    """Return the parts of an installation with one document, and an assessment that has none."""
    with open_session(committing_engine) as session:
        house = make_house(session)
        make_final(session, ports, house, make_partner(session, house, name=NAME))
        make_submitted(session, ports, house, make_partner(session, house))
        make_final(
            session,
            ports,
            house,
            make_partner(session, house),
            framework_id=EIGHT,
            every="no",
        )
        session.commit()
    made = App(committing_engine, ports)

    def render(payload: bytes) -> bytes:
        made.prints.append(payload)
        return b"%PDF-" + payload

    made.ports = replace(ports, render_report=render)
    return made


def run(app: Any, *args: str | Path) -> Result:
    group = click.Group("partner-assess", commands={c.name or "": c for c in reports.commands})
    return CliRunner().invoke(group, ["report", *map(str, args)], obj=app)


def printed(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def rows(app: App, read: Callable[[Session], Any]) -> Any:
    with open_session(app.engine, reading=True) as session:
        return read(session)


def issues(app: App) -> list[Any]:
    def read(session: Session) -> list[Any]:
        found = queries.assessments.by_document_number(session, REFERENCE)
        assert found is not None
        return list(queries.shared_reports.of_assessment(session, found.id))

    return rows(app, read)


def test_what_can_be_shared_is_listed_before_its_first_issue(app: App) -> None:
    (row,) = printed(run(app, "list"))
    assert row == {
        "reference": REFERENCE,
        "assessment": "KE/2026PSEA1",
        "partner": NAME,
        "agency": "UNA",
        "framework": "unicef-six-2020",
        "status": "current",
    }


def test_an_export_makes_the_issue_and_the_next_one_fetches_it(app: App, tmp_path: Path) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"

    (told,) = printed(run(app, "export", REFERENCE, "-o", first))
    app.instant = datetime.fromisoformat("2026-11-22T23:00:00Z")
    printed(run(app, "export", REFERENCE, "-o", second))

    assert (told["reference"], told["issue"], told["signed"]) == (REFERENCE, 1, False)
    assert (told["language"], told["profile"]) == ("en", "full")
    assert told["as_of"] == "2026-11-22T09:00:00Z"
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes()) == told["bytes"]
    assert len(app.prints) == 1
    assert from_json(app.prints[0]).partner.legal_name == NAME
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".pdf"} == {
        "first.pdf",
        "second.pdf",
    }


def test_a_summary_is_an_issue_of_its_own(app: App, tmp_path: Path) -> None:
    file = tmp_path / "summary.pdf"
    (told,) = printed(run(app, "export", REFERENCE, "-o", file, "--profile", "summary"))

    assert told["profile"] == "summary"
    assert from_json(app.prints[0]).identity.profile is Profile.SUMMARY


def test_a_receiver_is_written_down(app: App, tmp_path: Path) -> None:
    file = tmp_path / "out.pdf"
    to = ("--to", "Demo: Agency B", "--purpose", "Joint review")
    printed(run(app, "export", REFERENCE, "-o", file, *to))

    def read(session: Session) -> Any:
        found = queries.assessments.by_document_number(session, REFERENCE)
        assert found is not None
        return queries.events.of_partner(session, found.partner_id, limit=1, offices=None)

    (known,) = rows(app, read)
    event = known.event
    assert (event.action, event.facts["recipient"]) == ("exported", "Demo: Agency B")
    assert event.facts["purpose"] == "Joint review"


@pytest.mark.parametrize(
    ("more", "consent"),
    [
        ((), "not_stated"),
        (("--consent", "given"), "given"),
        (("--consent", "agreement"), "agreement"),
    ],
)
def test_who_got_it_by_what_right_is_kept(
    app: App, tmp_path: Path, more: tuple[str, ...], consent: str
) -> None:
    to = ("--to", "Demo: Agency B", "--purpose", "Joint review")
    printed(run(app, "export", REFERENCE, "-o", tmp_path / "out.pdf", *to, *more))

    def read(session: Session) -> Any:
        found = queries.assessments.by_document_number(session, REFERENCE)
        assert found is not None
        return queries.recipients.of_assessment(session, found.id)

    (row,) = rows(app, read)
    assert (row.name, row.by, row.consent) == ("Demo: Agency B", None, consent)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("UNA/2026/9999", "-o", "out.pdf"), "There is no document"),
        (("UNA/2026/0002", "-o", "out.pdf"), "is not final"),
        ((REFERENCE, "-o", "out.pdf", "--language", "xx"), "known languages: en"),
        ((REFERENCE, "-o", "out.pdf", "--language", "../en"), "known languages: en"),
        ((REFERENCE, "-o", "out.pdf", "--profile", "none"), "--profile"),
        ((REFERENCE, "-o", "nowhere/out.pdf"), "cannot be written"),
        ((REFERENCE, "-o", "."), "is no file"),
        ((REFERENCE, "-o", "out.pdf", "--to", "Demo: B"), "belong together"),
        ((REFERENCE, "-o", "out.pdf", "--consent", "given"), "belong together"),
        ((REFERENCE, "-o", "out.pdf", "--consent", "not_stated"), "--consent"),
        ((REFERENCE, "-o", "out.pdf", "--to", " ", "--purpose", "x"), "belong together"),
        ((REFERENCE, "-o", "out.pdf", "--to", "x" * 201, "--purpose", "x"), "at most 200"),
        ((REFERENCE,), "--output"),
    ],
)
def test_bad_input_is_said_and_nothing_is_made(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())

    assert said in refused(run(app, "export", *args))
    assert issues(app) == []
    assert sorted(tmp_path.iterdir()) == before


def test_without_pdf_nothing_is_made_and_what_is_there_is_fetched(app: App, tmp_path: Path) -> None:
    app.pdf_is_off = "libpango-1.0-0"
    assert "libpango-1.0-0" in refused(run(app, "export", REFERENCE, "-o", tmp_path / "a.pdf"))
    assert issues(app) == []

    app.pdf_is_off = None
    printed(run(app, "export", REFERENCE, "-o", tmp_path / "a.pdf"))
    app.pdf_is_off = "libpango-1.0-0"
    printed(run(app, "export", REFERENCE, "-o", tmp_path / "b.pdf"))


def test_a_document_that_fails_leaves_no_file_and_can_be_tried_again(
    app: App, tmp_path: Path
) -> None:
    works = app.ports

    def render(_payload: bytes) -> bytes:
        raise PdfFailed("crashed", "out of memory")

    file = tmp_path / "out.pdf"
    file.write_bytes(b"older")
    app.ports = replace(works, render_report=render)
    assert "could not be made (crashed)" in refused(run(app, "export", REFERENCE, "-o", file))
    assert file.read_bytes() == b"older"

    app.ports = works
    printed(run(app, "export", REFERENCE, "-o", file))
    assert file.read_bytes().startswith(b"%PDF-")
    assert [issue.number for issue in issues(app)] == [1]


def test_a_file_that_is_gone_from_the_storage_is_said(app: App, tmp_path: Path) -> None:
    file = tmp_path / "out.pdf"
    printed(run(app, "export", REFERENCE, "-o", file))
    (issue,) = issues(app)
    app.ports.store.path(issue.pdf_sha256 or "").unlink()

    assert "gone from the storage" in refused(run(app, "export", REFERENCE, "-o", file))


def test_the_schema_needs_no_database(app: App) -> None:
    (schema,) = printed(run(None, "schema"))
    assert schema["properties"]["schema"] == {"const": SCHEMA}

"""Two agencies, each with its own database, files and keys, hand each other files by commands.

Agency A is the demo's; Agency X begins with nothing. What no command does, their people do
through the use cases. Seals and gate are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from partner_assess.app import create_app, make_ports
from partner_assess.cli import demo as story
from partner_assess.db import queries
from partner_assess.db.models.received_report import ReceivedReport
from partner_assess.db.session import make_engine, open_session, unit_of_work
from partner_assess.domain.acceptance import Decision, Ending, State
from partner_assess.domain.partnership import Basis
from partner_assess.settings import Settings
from partner_assess.usecases import received
from partner_assess.usecases.ports import Ports
from tests.client import Browser
from tests.exchange import countersign, propose
from tests.factories import DAY, TODAY, House, at, make_final
from tests.integration.cli.conftest import Said, Shell
from tests.integration.web.houses import house_at
from tests.machine import needs

pytestmark = needs("pango")

PARTNER = "Demo: Clearwater Health Initiative"
LATER = TODAY + 9 * DAY

T = TypeVar("T")


@dataclass
class Installation:
    """What one agency has: commands, people with accounts of a domain, a database."""

    shell: Shell
    domain: str
    today: date = TODAY

    def __call__(self, *arguments: str | Path) -> Said:
        """Call a command today."""
        return self.shell(*map(str, arguments), NOW=at(self.today).isoformat())

    def do(self, deed: Callable[[Session, Ports, House], T]) -> T:
        """Let the people do something today; return what came of it."""
        ports = make_ports(self._settings)
        with self._engine() as engine, open_session(engine) as opened, unit_of_work(opened) as unit:
            return deed(unit, ports, house_at(unit, self.domain))

    def home_of(self, name: str) -> str:
        """Return what somebody reads on coming in today."""
        with self._engine() as engine:
            browser = Browser(create_app(self._settings, engine=engine))
            browser.get("/login")
            who = {"email": f"{name}@{self.domain}", "password": story.PASSWORD}
            return browser.follow(browser.post("/login", who)).text

    @property
    def _settings(self) -> Settings:
        now = at(self.today).isoformat()
        return Settings.from_env(self.shell.env | {"PARTNER_ASSESS_NOW": now})

    @contextmanager
    def _engine(self) -> Iterator[Engine]:
        made = make_engine(self._settings.database_url)
        yield made
        made.dispose()


@pytest.fixture
def here(demo: Shell) -> Installation:
    """Return Agency A, which has assessed the partner."""
    return Installation(demo, "demo.example")


@pytest.fixture
def there(database: Shell, tmp_path: Path) -> Installation:
    """Return Agency X: an office, its people, and nothing else."""
    own = {
        "PARTNER_ASSESS_STORAGE_URL": (tmp_path / "unx" / "files").as_uri(),
        "PARTNER_ASSESS_SIGNING_KEYS": str(tmp_path / "unx" / "keys"),
        "PARTNER_ASSESS_BASE_URL": "https://unx.example",
    }
    shell = replace(database, env=database.env | own)
    office = "Demo: Agency X Country Office"
    assert shell("agency", "create", "UNX", "--name", "Demo: Agency X").code == 0
    where = ("--agency", "UNX", "--country", "XD", "--timezone", "UTC")
    assert shell("office", "create", "--name", office, *where).code == 0
    for name, role in (("officer", "officer"), ("focal", "focal_point"), ("head", "head")):
        about = ("--name", f"Demo: {role}", "--agency", "UNX", "--office", office, "--role", role)
        account = ("user", "create", f"{name}@unx.example", *about, "--password-stdin")
        assert shell(*account, stdin=story.PASSWORD).code == 0
    return Installation(shell, "unx.example")


@pytest.fixture
def document(here: Installation, tmp_path: Path) -> Path:
    """Return the file that A hands to X, signed."""
    shared = here("report", "list").rows
    (row,) = [one for one in shared if (one["agency"], one["partner"]) == ("UNA", PARTNER)]
    file = tmp_path / "shared.pdf"
    to = ("--to", "Demo: Agency X", "--purpose", "Joint review", "--consent", "given")
    (made,) = here("report", "export", row["reference"], "-o", file, *to).rows
    assert made["signed"] is True
    return file


def root_of(signer: Installation, file: Path) -> str:
    """Write Agency A's root into a file; return its fingerprint, which goes another way."""
    (own,) = signer("trust", "own", "--agency", "UNA", "-o", file).rows
    return str(own["fingerprint"])


def added(reader: Installation, root: Path, *more: str) -> str:
    """Put a root on the list; return whether it waits or counts."""
    (row,) = reader("trust", "add", root, "--agency", "UNA", *more).rows
    return str(row["state"])


def judged(reader: Installation, file: Path) -> tuple[bool, str]:
    """Return whether a file is trusted, and its status."""
    said = reader("report", "verify", file)
    (row,) = replace(said, code=0).rows
    assert said.code == (0 if row["trusted"] else 1)
    return row["trusted"], row["status"]


def bundle(signer: Installation, file: Path) -> Path:
    assert signer("trust", "bundle", "--agency", "UNA", "-o", file).code == 0
    return file


def imported(reader: Installation, file: Path) -> Said:
    return reader("report", "import", file, "--as", f"officer@{reader.domain}")


def only_one(session: Session, house: House) -> ReceivedReport:
    """Return the one report that the agency has received."""
    (found,) = queries.received_reports.listed(
        session, agency_id=house.agency.id, offices=None, states=frozenset(State)
    )
    return found


def rely_on(reader: Installation) -> None:
    """Say whom the report is about, propose with reservations, and countersign."""

    def register(session: Session, _ports: Ports, house: House) -> None:
        found = only_one(session, house)
        received.confirm_partner(
            session,
            received_id=found.id,
            seen=found.version,
            about=received.About(house.office.id, register=True),
            actor=house.officer,
            now=at(reader.today),
        )

    reader.do(register)
    reader.do(
        lambda session, ports, house: propose(
            session, ports, house, only_one(session, house), Decision.RESERVATIONS
        )
    )
    reader.do(
        lambda session, ports, house: countersign(session, ports, house, only_one(session, house))
    )


def standing(reader: Installation) -> tuple[State, Ending | None, Basis]:
    """Return where the received report is, why it ended, and on what the partner's result rests."""

    def read(session: Session, _ports: Ports, house: House) -> tuple[State, Ending | None, Basis]:
        found = only_one(session, house)
        partner = queries.partners.named(session, PARTNER, agency_code=house.agency.code)
        return found.state, found.ended_because, partner.result().basis

    return reader.do(read)


def assess_again(signer: Installation) -> None:
    """Let A finalise another assessment of the partner, which supersedes the first."""

    def deed(session: Session, ports: Ports, house: House) -> None:
        known = queries.partners.named(session, PARTNER, agency_code=house.agency.code)
        make_final(session, ports, house, known, on=signer.today)

    signer.do(deed)


def test_a_document_is_believed_once_its_agency_is(
    here: Installation, there: Installation, document: Path, tmp_path: Path
) -> None:
    # Given a document of an agency that nobody there knows
    assert judged(there, document) == (False, "unknown")
    assert imported(there, document).code == 1

    # When its root is on the list, nothing changes; when its fingerprint is repeated, it counts
    root = tmp_path / "root.pem"
    fingerprint = root_of(here, root)
    assert added(there, root) == "pending"
    assert judged(there, document) == (False, "unknown")
    assert added(there, root, "--confirm", fingerprint) == "trusted"

    # Then the document is trusted, received once, and recognised
    assert judged(there, document) == (True, "unknown")
    (first,), (again,) = imported(there, document).rows, imported(there, document).rows
    assert (first["issuer"], first["status"], first["known"]) == ("UNA", "unknown", False)
    assert again == first | {"known": True}

    # And with one byte changed it is refused, and nothing of it is kept
    content = bytearray(document.read_bytes())
    content[len(content) // 2] ^= 1
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content)
    assert judged(there, changed) == (False, "unknown")
    refused = imported(there, changed)
    assert (refused.code, '"trusted": false' in refused.out) == (1, True)
    assert there.do(lambda session, _ports, house: only_one(session, house)).state is State.RECEIVED


def test_what_was_relied_on_ends_when_its_agency_says_so(
    here: Installation, there: Installation, document: Path, tmp_path: Path
) -> None:
    # Given an assessment of A on which X relies, with reservations
    root = tmp_path / "root.pem"
    assert added(there, root, "--confirm", root_of(here, root)) == "trusted"
    assert imported(there, document).code == 0
    rely_on(there)
    assert standing(there) == (State.ACCEPTED, None, Basis.IMPORTED)
    early = bundle(here, tmp_path / "early.p7m")

    # When A has assessed the partner again, and its bundle is carried to X
    here.today = there.today = LATER
    assess_again(here)
    late = bundle(here, tmp_path / "late.p7m")
    assert judged(there, document) == (True, "unknown"), "nobody has told X"
    assert there("trust", "update", late).rows == [{"agency": "UNA", "kind": "signed"}]

    # Then the document is as genuine as before and counts no more, and its owners are told
    assert judged(there, document) == (True, "superseded")
    assert standing(there) == (State.ENDED, Ending.SUPERSEDED_AT_SOURCE, Basis.NONE)
    for name in ("officer", "focal"):
        home = there.home_of(name)
        assert "A shared assessment counts no more: its agency has ended it" in home
        assert PARTNER in home

    # And an older bundle brings nothing back
    assert there("trust", "update", early).refusal.startswith("Older")
    assert judged(there, document) == (True, "superseded")

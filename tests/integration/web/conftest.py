"""This file holds the app on a demo database, and a client that reads pages as a person does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from partner_assess.adapters import criteria_files, evidence_files
from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.seals import NoSeals
from partner_assess.adapters.trail_heads import HeadsInFolder
from partner_assess.app import create_app
from partner_assess.cli import demo
from partner_assess.db.base import Model
from partner_assess.db.session import make_engine
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.policy import Policy
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests import postgres
from tests.client import NOW, Browser
from tests.conftest import CRITERIA


def _joined(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Yield an engine on a database of these tests' own.

    The transaction that holds the demo stays open, and would block whoever else writes.
    """
    server_url: str | None = request.config.getoption("--database-url")
    with ExitStack() as stack:
        url = (
            stack.enter_context(postgres.throwaway_database(server_url))
            if server_url
            else "sqlite://"
        )
        made = make_engine(url)
        Model.metadata.create_all(made)
        yield made
        made.dispose()


@pytest.fixture(scope="session")
def web_ports(
    catalogue: Catalogue,
    policies: dict[str, Policy],
    real_gate: LimitedGate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Ports:
    """Return the outside world: real criteria, files in a folder, and a printer that marks."""
    folder = tmp_path_factory.mktemp("files")
    return Ports(
        catalogue=catalogue,
        policies=policies,
        store=evidence_files.make_store(folder.as_uri()),
        heads=HeadsInFolder(folder / "trail"),
        render_report=lambda payload: b"%PDF-1.7\n" + payload,
        seals=NoSeals(),
        gate=real_gate,
        base_url="https://app.example",
        crosswalks=criteria_files.load_crosswalks(CRITERIA, catalogue),
    )


@pytest.fixture(scope="session")
def demo_connection(engine: Engine, web_ports: Ports) -> Iterator[Connection]:
    """Yield a connection whose open transaction holds the demo, told once."""
    with engine.connect() as opened, opened.begin() as transaction:
        with _joined(opened) as session:
            demo.load(session, web_ports, now=NOW)
            session.commit()
        yield opened
        transaction.rollback()


@pytest.fixture
def session(demo_connection: Connection) -> Iterator[Session]:
    """Yield a session over the demo; whatever a test commits is undone after it."""
    savepoint = demo_connection.begin_nested()
    with _joined(demo_connection) as opened:
        yield opened
    savepoint.rollback()


@pytest.fixture
def app_ports(web_ports: Ports) -> Ports:
    """Return the outside world of this test's app; a test that needs another overrides it."""
    return web_ports


@pytest.fixture
def app(settings: Settings, session: Session, app_ports: Ports, engine: Engine) -> Flask:
    """Return the app on this test's database, at a fixed moment."""
    connection = session.get_bind()
    assert isinstance(connection, Connection)
    made = create_app(
        replace(settings, fixed_now=NOW, pseudo_languages=True),
        engine=engine,
        ports=app_ports,
        sessions_of=lambda _reading: _joined(connection),
    )
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> Browser:
    """Return a browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Browser]:
    """Return how a demo account signs in, through the form: `sign_in("officer@demo.example")`."""

    def signed_in(email: str) -> Browser:
        browser = Browser(app)
        browser.get("/login")
        answer = browser.post("/login", {"email": email, "password": demo.PASSWORD})
        assert answer.status_code == 302, answer.text
        return browser

    return signed_in

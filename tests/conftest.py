"""This file holds the fixtures that all tests share: databases, criteria, ports.

`session` is for almost every test: it belongs to a transaction that is rolled back, so that
nothing one test commits is seen by another. `committing_engine` is for tests with two writers
at once: what they commit is real, in a database that is gone when the test ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from partner_assess.adapters import criteria_files
from partner_assess.adapters.evidence_files import FileStore
from partner_assess.adapters.gate import LimitedGate
from partner_assess.adapters.seals import NoSeals
from partner_assess.adapters.trail_heads import HeadsInFolder
from partner_assess.db import models
from partner_assess.db.base import Model
from partner_assess.db.session import make_engine
from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.policy import Policy
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests import postgres

CRITERIA = Path(__file__).parents[1] / "criteria"
IN_MEMORY = "sqlite://"

assert models.__all__  # imported so that `Model.metadata` knows every table


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-url",
        help="PostgreSQL server on which throw-away databases are made (SQLite without it)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database-url"):
        return
    skip = pytest.mark.skip(reason="runs on PostgreSQL only: --database-url names no server")
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of an empty database of this worker's own; SQLite's is in memory."""
    server_url: str | None = request.config.getoption("--database-url")
    with ExitStack() as stack:
        yield (
            stack.enter_context(postgres.throwaway_database(server_url))
            if server_url
            else IN_MEMORY
        )


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """Yield an engine whose database has every table."""
    made = make_engine(database_url)
    Model.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that is rolled back."""
    with engine.connect() as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """Yield a session whose commits are savepoints."""
    joined = "create_savepoint"
    with Session(connection, join_transaction_mode=joined, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def committing_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Yield an engine for real commits, of many connections, on a database of its own."""
    # On the shared one the tests of pages keep a transaction open, which commits would wait for.
    server_url: str | None = request.config.getoption("--database-url")
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'test.db'}"
        if server_url:
            url = stack.enter_context(postgres.throwaway_database(server_url))
        own = make_engine(url)
        Model.metadata.create_all(own)
        yield own
        own.dispose()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the settings of the tests; where a test needs others: `dataclasses.replace`."""
    return Settings(database_url=IN_MEMORY, secret_key="k" * 32, storage_url="memory:")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return the shipped instruments."""
    return criteria_files.load_frameworks(CRITERIA)


@pytest.fixture(scope="session")
def policies() -> dict[str, Policy]:
    """Return the shipped policies by name."""
    return criteria_files.load_policies(CRITERIA)


@pytest.fixture(scope="session")
def real_gate() -> Iterator[LimitedGate]:
    """Yield the real gate; its processes start when a test first asks it, and serve all tests."""
    made = LimitedGate()
    yield made
    made.close()


@pytest.fixture
def ports(
    catalogue: Catalogue, policies: dict[str, Policy], real_gate: LimitedGate, tmp_path: Path
) -> Ports:
    """Return the outside world of the use cases: real criteria, store and gate, a fake printer."""
    return Ports(
        catalogue=catalogue,
        policies=policies,
        store=FileStore(tmp_path / "files"),
        heads=HeadsInFolder(tmp_path / "trail"),
        render_report=lambda payload: b"%PDF-" + payload,
        seals=NoSeals(),
        gate=real_gate,
        base_url="https://app.example",
        crosswalks=criteria_files.load_crosswalks(CRITERIA, catalogue),
    )

"""This file holds how tests call commands: settings, arguments, what came out of it.

`no_database`, `database` and `demo` are a shell each: on a database without tables, one
without rows, and one that holds the demo of `NOW`, of which every test has its own copy.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from partner_assess.app import create_app, make_ports
from partner_assess.cli.main import Parts, run
from partner_assess.settings import Settings
from partner_assess.usecases.ports import Ports
from tests import postgres

NOW = "2026-11-22T09:00:00+00:00"


@dataclass(frozen=True)
class Said:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return what it printed: one JSON object a line, and exit code 0."""
        assert self.code == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def refusal(self) -> str:
        """Return the one line of a refusal that printed nothing."""
        assert (self.code, self.out) == (2, ""), self
        assert len(self.err.splitlines()) == 1, self.err
        return self.err


@dataclass(frozen=True)
class Shell:
    """Calls commands with these settings, as one would type them."""

    env: dict[str, str]
    make_ports: Callable[[Settings], Ports] = make_ports

    def __call__(self, *arguments: str, stdin: str = "", **settings: str) -> Said:
        """Call a command; `settings` are those that differ: `MODE="production"`."""
        prefixed = {f"PARTNER_ASSESS_{name}": value for name, value in settings.items()}
        parts = Parts(self.env | prefixed, make_ports=self.make_ports, create_app=create_app)
        with CliRunner().isolation(stdin) as streams:
            code = run(list(arguments), parts)
            sys.stderr.flush()
            out, err = (stream.getvalue().decode() for stream in streams[:2])
        if "engine" in vars(parts):
            parts.engine.dispose()
        if "ports" in vars(parts):
            for part in (parts.ports.seals, parts.ports.gate):
                close: Callable[[], None] = getattr(part, "close", lambda: None)
                close()
        return Said(code, out, err)


def _shell(url: str, folder: Path, *, keys: str = "") -> Shell:
    return Shell(
        {
            "PARTNER_ASSESS_DATABASE_URL": url,
            "PARTNER_ASSESS_STORAGE_URL": (folder / "files").as_uri(),
            "PARTNER_ASSESS_SIGNING_KEYS": keys or str(folder / "keys"),
            "PARTNER_ASSESS_SECRET_KEY": "0123456789abcdef" * 2,
            "PARTNER_ASSESS_NOW": NOW,
        }
    )


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> str | None:
    """Return the URL of the PostgreSQL server, None on SQLite."""
    url: str | None = request.config.getoption("--database-url")
    return url


@pytest.fixture
def no_database(server_url: str | None, tmp_path: Path) -> Iterator[Shell]:
    with ExitStack() as stack:
        url = _new(stack, server_url, tmp_path)
        yield _shell(url, tmp_path)


@pytest.fixture
def database(no_database: Shell) -> Shell:
    assert no_database("db", "upgrade").code == 0
    return no_database


@pytest.fixture(scope="session")
def demo_original(
    server_url: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shell]:
    """Yield a shell on the demo; for tests that change nothing."""
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as stack:
        told = _shell(_new(stack, server_url, folder), folder)
        assert told("db", "upgrade").code == 0
        assert told("demo", "load").rows == [{"loaded": True}]
        yield told


@pytest.fixture
def demo(demo_original: Shell, server_url: str | None, tmp_path: Path) -> Iterator[Shell]:
    """Yield a shell on a copy of the demo."""
    original = demo_original.env["PARTNER_ASSESS_DATABASE_URL"]
    with ExitStack() as stack:
        if server_url is None:
            copy = shutil.copy(original.removeprefix("sqlite:///"), tmp_path / "copy.db")
            url = f"sqlite:///{copy}"
        else:
            name = original.rpartition("/")[2]
            url = stack.enter_context(postgres.throwaway_database(server_url, like=name))
        keys = demo_original.env["PARTNER_ASSESS_SIGNING_KEYS"]
        yield _shell(url, tmp_path, keys=keys)


def _new(stack: ExitStack, server_url: str | None, folder: Path) -> str:
    if server_url is None:
        return f"sqlite:///{folder / 'test.db'}"
    return stack.enter_context(postgres.throwaway_database(server_url))

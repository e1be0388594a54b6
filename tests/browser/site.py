"""This file holds the app, served for real: a process, a port, a database that is thrown away."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.client import NOW

ROOT = Path(__file__).parents[2]
COMMAND = (
    sys.executable,
    "-c",
    "import sys; from partner_assess.app import main; sys.exit(main())",
)


@dataclass(frozen=True)
class Site:
    """Where the app listens."""

    url: str


def make_demo(folder: Path) -> Path:
    """Fill a folder with the demo: database, files and keys. Each site gets a copy of it."""
    for arguments in (("db", "upgrade"), ("demo", "load")):
        subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env=_environment(folder),
        )
    return folder


@contextmanager
def served(demo: Path, folder: Path) -> Iterator[Site]:
    """Serve the app on a copy of the demo, until the `with` ends."""
    own = Path(shutil.copytree(demo, folder / "site"))
    port = _free_port()
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "serve"],
        cwd=ROOT,
        env={**_environment(own), "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            _wait_until_it_listens(process)
            yield Site(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("Listening on"):
            return
    raise AssertionError("the app ended before it listened; see above what it said")


def _environment(folder: Path) -> dict[str, str]:
    # Nothing of the machine's own settings: the same app everywhere.
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "PYTHONUNBUFFERED": "1",
        "PARTNER_ASSESS_DATABASE_URL": f"sqlite:///{folder / 'app.db'}",
        "PARTNER_ASSESS_STORAGE_URL": (folder / "files").as_uri(),
        "PARTNER_ASSESS_SIGNING_KEYS": str(folder / "keys"),
        "PARTNER_ASSESS_SECRET_KEY": "k" * 32,
        "PARTNER_ASSESS_NOW": NOW.isoformat(),
        "PARTNER_ASSESS_PSEUDO_LANGUAGES": "1",
    }


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])

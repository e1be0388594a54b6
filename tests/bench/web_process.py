"""This file holds the web process as `partner-assess serve` starts it, looked at from outside."""

from __future__ import annotations

import http.cookiejar
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from partner_assess.cli import demo

ROOT = Path(__file__).parents[2]
START_SECONDS = 60

_IMPORTS_ALONE = """
import flask, sqlalchemy, sqlalchemy.orm, wtforms
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS:")))
"""


@dataclass(frozen=True)
class Served:
    """A running server: its address, and the process that answers."""

    url: str
    worker: int

    def megabytes(self) -> float:
        """Return the memory its web process holds now."""
        return _resident(self.worker)


@contextmanager
def served(environment: Mapping[str, str], *, port: int) -> Iterator[Served]:
    """Serve the app, and stop it afterwards."""
    command = [
        sys.executable,
        "-c",
        "import sys; from partner_assess.app import main; sys.exit(main(['serve']))",
    ]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=dict(environment), stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(f"{url}/healthz")
        (worker,) = _children(process.pid)
        yield Served(url, worker)
    finally:
        process.terminate()
        process.wait(30)


def megabytes_of_the_imports_alone() -> float:
    """Return the memory of a process that only imported Flask, SQLAlchemy and WTForms."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", _IMPORTS_ALONE], capture_output=True, check=True
    )
    return int(done.stdout) / 1024


def visit(server: Served, paths: list[str], *, email: str) -> None:
    """Sign in and open pages, as a browser does."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    page = browser.open(f"{server.url}/login").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"csrf_token": token[1] if token else "", "email": email, "password": demo.PASSWORD}
    browser.open(f"{server.url}/login", urllib.parse.urlencode(form).encode()).read()
    for path in paths:
        answer = browser.open(server.url + path)
        if not answer.url.endswith(path):
            raise SystemExit(f"{path} was answered by {answer.url}")
        answer.read()


def _wait_until_up(url: str) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        try:
            urllib.request.urlopen(url).read()  # noqa: S310 - the server we have just started
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} did not answer")


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in text.split()]


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s*(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0

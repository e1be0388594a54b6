"""This file holds the PostgreSQL of the tests: the one that runs here, else a private one.

A server on 127.0.0.1:5432 is used where it lets us make databases. Otherwise `initdb` makes
one in a temporary folder, on a free port, that ends with the tests. Tests only ever touch
throw-away databases.
"""

from __future__ import annotations

import getpass
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

LOOPBACK = "127.0.0.1"
USUAL_PORT = 5432
START_SECONDS = 30
DRIVER = "postgresql+psycopg"  # SQLAlchemy's name for psycopg 3

# Safe for data that nobody will miss: twice as fast.
_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgres(Exception):
    """There is no PostgreSQL here, running or installed; the message says what was tried."""


def is_available() -> bool:
    """Tell whether `server` will find or start a PostgreSQL."""
    return running_server() is not None or _programs() is not None


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a database of a server in which databases may be made.

    Raises:
        NoPostgres: None runs here that lets us in, and none could be started.
    """
    running = running_server()
    if running is not None:
        yield running
        return
    with _private_server() as url:
        yield url


@contextmanager
def throwaway_database(server_url: str, *, like: str = "template1") -> Iterator[str]:
    """Yield the URL of a database on that server, and drop it afterwards.

    It is empty, or a copy of the one named by `like`, to which nobody may be connected.
    """
    name = f"partner_assess_test_{secrets.token_hex(6)}"
    with _connect(server_url) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
    try:
        yield server_url.rpartition("/")[0] + "/" + name
    finally:
        with _connect(server_url) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def version(server_url: str) -> str:
    """Return the server's version, such as "15.19"."""
    with _connect(server_url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]).split()[0] if row else "unknown"


def running_server() -> str | None:
    """Return the URL of the server on the usual port, where it lets us make databases."""
    for user in dict.fromkeys(("postgres", getpass.getuser())):
        url = f"{DRIVER}://{user}@{LOOPBACK}:{USUAL_PORT}/postgres"
        try:
            with _connect(url) as connection:
                row = connection.execute(
                    "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return url
    return None


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace(DRIVER, "postgresql", 1), autocommit=True, connect_timeout=3)


@contextmanager
def _private_server() -> Iterator[str]:
    programs = _programs()
    if programs is None:
        raise NoPostgres(f"no server on {LOOPBACK}:{USUAL_PORT} lets us in; no initdb is installed")
    owner = _owner()
    with tempfile.TemporaryDirectory(prefix="partner-assess-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data, port = folder / "data", _free_port()
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        _run(programs / "initdb", *options, "--locale=C.UTF-8", "-D", data, owner=owner)
        process = _start(programs / "postgres", data=data, port=port, owner=owner)
        try:
            yield _wait_until_up(process, port=port, log=folder / "log")
        finally:
            process.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown
            process.wait(START_SECONDS)


def _programs() -> Path | None:
    """Return the folder of initdb and postgres, which Debian keeps off the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    return found[-1].parent if found else None


def _owner() -> pwd.struct_passwd | None:
    """Return who runs the server where we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres", known["nobody"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _run(program: Path, *arguments: object, owner: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if done.returncode != 0:
        raise NoPostgres(f"{program.name} failed: {done.stderr.strip()}")


def _start(
    program: Path, *, data: Path, port: int, owner: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    settings = _SETTINGS | {"listen_addresses": LOOPBACK, "unix_socket_directories": ""}
    arguments = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    with (data.parent / "log").open("wb") as log:
        return subprocess.Popen(
            [program, "-D", data, "-p", str(port), *arguments],
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # Ctrl-C ends the tests first, then the server
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )


def _wait_until_up(process: subprocess.Popen[bytes], *, port: int, log: Path) -> str:
    url = f"{DRIVER}://postgres@{LOOPBACK}:{port}/postgres"
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            _connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return url
    raise NoPostgres(f"the private server did not start: {log.read_text(errors='replace')[-500:]}")

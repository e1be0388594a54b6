"""This file holds what unit tests do without: a database, a network, a wait."""

from __future__ import annotations

import socket
import sqlite3
import time
from typing import Any, NoReturn

import pytest


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError("a unit test takes plain values; this belongs in tests/integration/")


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse databases, the network and waiting."""
    monkeypatch.setattr(sqlite3, "connect", _refuse)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", _refuse)
    monkeypatch.setattr(socket.socket, "connect", _refuse)
    monkeypatch.setattr(socket, "create_connection", _refuse)
    monkeypatch.setattr(time, "sleep", _refuse)

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Callable

import pytest


def _connect() -> None:
    with socket.socket() as one:
        one.connect(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "reach_out",
    [
        lambda: sqlite3.connect(":memory:"),
        lambda: socket.create_connection(("127.0.0.1", 9)),
        _connect,
        lambda: time.sleep(0),
    ],
    ids=["database", "network", "socket", "wait"],
)
def test_a_unit_test_reaches_nothing_outside(reach_out: Callable[[], object]) -> None:
    with pytest.raises(PermissionError, match="a unit test takes plain values"):
        reach_out()

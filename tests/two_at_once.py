"""This file holds how tests let several people act at the same moment, each on a connection."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from partner_assess.db.session import open_session, unit_of_work

T = TypeVar("T")
_PATIENCE_SECONDS = 30


def at_once(engine: Engine, *deeds: Callable[[Session], T]) -> list[T | Exception]:
    """Return what came of each deed, or what it raised. Each has its own unit of work."""
    start = Barrier(len(deeds))
    came: list[T | Exception] = []

    def run(deed: Callable[[Session], T]) -> None:
        start.wait(_PATIENCE_SECONDS)
        try:
            with open_session(engine) as session, unit_of_work(session):
                done = deed(session)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            came.append(error)
        else:
            came.append(done)

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE_SECONDS)
    assert len(came) == len(deeds), "a deed still waits for another"
    return came

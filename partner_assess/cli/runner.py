"""This file holds the one thread that runs jobs and the daily sweep beside the web process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from partner_assess.adapters import pdf
from partner_assess.db.session import open_session, unit_of_work
from partner_assess.domain.trust import NoSeal, SealFailed
from partner_assess.usecases import jobs, sharing

if TYPE_CHECKING:
    from partner_assess.cli.main import Parts

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0


class Runner:
    """Claims what is due, does it, marks it done. A crash gives it back when its lease ends."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._stop = threading.Event()
        self._swept: dict[str, date] = {}

    def start(self) -> None:
        """Begin, in a thread that ends with the process."""
        threading.Thread(target=self._loop, name="jobs", daemon=True).start()

    def stop(self) -> None:
        """End after the present job."""
        self._stop.set()

    def _loop(self) -> None:
        self.begin()
        while not self._stop.is_set():
            try:
                self.sweep_once_a_day()
                while self.run_one() and not self._stop.is_set():
                    pass
            except Exception:
                log.exception("jobs: will try again")
            self._stop.wait(_PAUSE_SECONDS)

    def begin(self) -> None:
        """Take back what an earlier run held when it was killed: this is the only runner."""
        try:
            self.in_one_unit(jobs.release)
        except Exception:
            log.exception("jobs: leases of an earlier run stay until they end")

    def in_one_unit(self, deed: Callable[[Session], Any]) -> Any:
        """Run a deed in a transaction of its own."""
        with open_session(self.parts.engine) as opened, unit_of_work(opened) as session:
            return deed(session)

    def _or_told(self, deed: Callable[[Session], Any]) -> Any:
        """Run a deed of the sweep; one bad record is told, and does not stop the rest."""
        try:
            return self.in_one_unit(deed)
        except Exception:
            log.exception("sweep: one record failed")
            return None

    def sweep_once_a_day(self) -> None:
        """Do what is due at the start, and whenever a new day has begun anywhere we look."""
        day = self.parts.today("Pacific/Kiritimati")  # the first place where a day begins
        hour = f"{day} {self.parts.now().hour}"  # and again as it begins in each zone
        if hour in self._swept:
            return
        jobs.sweep(
            self.parts.ports,
            run=self._or_told,
            now=self.parts.now(),
            today_of=self.parts.today,
        )
        self._swept = {hour: day}

    def run_one(self) -> bool:
        """Run one due job; return whether there was one."""
        claimed: jobs.Claim | None = self.in_one_unit(
            lambda session: jobs.claim(session, now=self.parts.now())
        )
        if claimed is None:
            return False
        try:
            HANDLERS[claimed.name](self, claimed)
        except Exception as error:
            log.exception("job %s failed", claimed.name)
            self._note_failure(claimed, error)
        else:
            self.in_one_unit(lambda s: jobs.finish(s, claimed.id, now=self.parts.now()))
        return True

    def _note_failure(self, claimed: jobs.Claim, error: Exception) -> None:
        code = error.code if isinstance(error, pdf.PdfFailed | NoSeal | SealFailed) else "crashed"
        why = f"{type(error).__name__}: {error}"
        self.in_one_unit(
            lambda session: sharing.note_failure(
                session, claimed, code=code, why=why, now=self.parts.now()
            )
        )


def _make_report(runner: Runner, claimed: jobs.Claim) -> None:
    sharing.make(
        runner.in_one_unit,
        runner.parts.ports,
        issue_id=UUID(claimed.payload["issue_id"]),
        now=runner.parts.now(),
    )


HANDLERS: dict[str, Callable[[Runner, jobs.Claim], None]] = {sharing.MAKE_REPORT: _make_report}

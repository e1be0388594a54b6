"""This file holds processes that do one kind of heavy work, each piece in a limited child.

A worker is started when it is first needed: `python -m partner_assess.adapters.workshop MODULE`.
It imports the module once, then forks a child for each piece of work, with limits on time and
memory: what is hostile or breaks spoils no other, and what is heavy never loads into the web
process. A worker that has had nothing to do for a minute ends; so does one whose parent is gone.

A module that works here has `handle(request: bytes) -> bytes`. It may have `warm_up()`, which is
called once before the first request: what that loads, children need not.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from pathlib import Path

IDLE_SECONDS = 60.0
MEGABYTE = 1024 * 1024
_REQUEST = struct.Struct("!QII")  # bytes that follow, seconds, megabytes
_REPLY = struct.Struct("!BQ")  # outcome, bytes that follow


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may cost before it is given up; memory is that of its own child."""

    seconds: int
    megabytes: int


class Outcome(IntEnum):
    """How a piece of work ended."""

    DONE = 0
    CRASHED = 1
    TIMEOUT = 2


class WorkFailed(Exception):
    """No result came out.

    Attributes:
        outcome: CRASHED or TIMEOUT.
        detail: Last words of the child, for the log; never for a page.
    """

    def __init__(self, outcome: Outcome, detail: str) -> None:
        self.outcome, self.detail = outcome, detail
        super().__init__(f"{outcome.name.lower()}: {detail}")


class Workshop:
    """Workers of one kind. May be used by many threads; `at_once` of them get a worker."""

    def __init__(self, module: str, *, at_once: int = 2, env: dict[str, str] | None = None) -> None:
        self._module = module
        self._env = env or {}
        self._turn = threading.Semaphore(at_once)
        self._guard = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        weakref.finalize(self, _end_all, self._idle)  # who forgets a workshop leaves no process

    def do(self, request: bytes, limits: Limits) -> bytes:
        """Return what the module's `handle` makes of the request.

        Raises:
            WorkFailed: it took too long, too much memory, or broke.
        """
        with self._turn:
            worker = self._take()
            try:
                outcome, reply = _ask(worker, request, limits)
            except (OSError, EOFError):
                # It ended of idleness as we called: a new one does it, or says why not.
                _end(worker)
                worker = self._start()
                try:
                    outcome, reply = _ask(worker, request, limits)
                except (OSError, EOFError) as gone:
                    _end(worker)
                    raise WorkFailed(Outcome.CRASHED, "the worker ended") from gone
            except BaseException:
                _end(worker)  # half a reply may be on its way: nobody else gets this worker
                raise
            with self._guard:
                self._idle.append(worker)
        if outcome is not Outcome.DONE:
            raise WorkFailed(outcome, reply.decode("utf-8", "replace"))
        return reply

    def close(self) -> None:
        """End the workers that wait."""
        with self._guard:
            _end_all(self._idle)

    def _take(self) -> subprocess.Popen[bytes]:
        with self._guard:
            while self._idle:
                worker = self._idle.pop()
                if worker.poll() is None:
                    return worker
                _end(worker)
        return self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own module, no shell; work comes by pipe
            [sys.executable, "-P", "-m", "partner_assess.adapters.workshop", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8", **self._env},
        )


def _ask(worker: subprocess.Popen[bytes], request: bytes, limits: Limits) -> tuple[Outcome, bytes]:
    if worker.stdin is None or worker.stdout is None:
        raise EOFError
    worker.stdin.write(_REQUEST.pack(len(request), limits.seconds, limits.megabytes) + request)
    worker.stdin.flush()
    code, length = _REPLY.unpack(_exactly(worker.stdout.read, _REPLY.size))
    return Outcome(code), _exactly(worker.stdout.read, length)


def _exactly(read: Callable[[int], bytes], length: int) -> bytes:
    got = read(length)
    if len(got) != length:
        raise EOFError
    return got


def _end_all(workers: list[subprocess.Popen[bytes]]) -> None:
    while workers:
        _end(workers.pop())


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):  # what it did not read any more
                stream.close()


# --- in the worker ---------------------------------------------------------------------------


def main(module: str) -> int:
    """Serve requests on standard input until it ends, or until nobody asks any more."""
    worker = import_module(module)
    handle: Callable[[bytes], bytes] = worker.handle
    if hasattr(worker, "warm_up"):
        worker.warm_up()
    gc.collect()
    gc.freeze()  # children share what is loaded, and never walk it
    source, answers = sys.stdin.fileno(), sys.stdout.buffer
    with contextlib.suppress(EOFError, BrokenPipeError):  # the parent is gone
        while select.select([source], [], [], IDLE_SECONDS)[0]:
            length, seconds, megabytes = _REQUEST.unpack(_receive(source, _REQUEST.size))
            request = _receive(source, length)
            outcome, reply = _in_child(handle, request, Limits(seconds, megabytes))
            answers.write(_REPLY.pack(outcome, len(reply)) + reply)
            answers.flush()
    return 0


def _receive(source: int, length: int) -> bytes:
    got = bytearray()
    while len(got) < length:
        part = os.read(source, min(length - len(got), MEGABYTE))
        if not part:
            raise EOFError
        got += part
    return bytes(got)


def _in_child(
    handle: Callable[[bytes], bytes], request: bytes, limits: Limits
) -> tuple[Outcome, bytes]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(handle, request, limits, writing)
    os.close(writing)
    reply, in_time = _gather(reading, time.monotonic() + limits.seconds)
    os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not in_time or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return Outcome.TIMEOUT, f"more than {limits.seconds} s".encode()
    return (Outcome.DONE if status == 0 else Outcome.CRASHED), reply


def _work(handle: Callable[[bytes], bytes], request: bytes, limits: Limits, writing: int) -> None:
    """Do it, in the child; never returns."""
    code = 1
    try:
        _let_go_of_the_line()
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
        most = _own_size() + limits.megabytes * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        result = handle(request)
        code = 0
    except BaseException as error:  # noqa: BLE001 (whatever it is, the worker must hear of it)
        result = f"{type(error).__name__}: {error}".encode()[-2000:]
    try:
        with open(writing, "wb") as out:
            out.write(result)
    finally:
        os._exit(code)


def _let_go_of_the_line() -> None:
    """Leave the worker's line to its parent: whatever the work reads or prints is not on it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _own_size() -> int:
    """Return the bytes of address space that were there before the work."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _gather(reading: int, until: float) -> tuple[bytes, bool]:
    got = bytearray()
    while (left := until - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            break
        part = os.read(reading, MEGABYTE)
        if not part:
            return bytes(got), True
        got += part
    return bytes(got), False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

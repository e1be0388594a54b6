"""This file holds that heavy or hostile work is done in limited children, and spoils no other."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from partner_assess.adapters.workshop import Limits, Outcome, WorkFailed, Workshop

LIMITS = Limits(seconds=5, megabytes=64)

MODULE = """
import os

def handle(request):
    word, _, rest = request.partition(b" ")
    if word == b"pid":
        return str(os.getppid()).encode()
    if word == b"spin":
        while True:
            pass
    if word == b"eat":
        return bytes(int(rest))[:1]
    if word == b"die":
        os.kill(os.getpid(), 9)
    if word == b"end":
        os.kill(os.getppid(), 9)
    if word == b"print":
        os.write(1, rest)
    if word == b"environment":
        return repr(sorted(os.environ)).encode()
    if word == b"raise":
        raise ValueError("no such thing")
    return request[::-1]
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    (tmp_path / "made_for_a_test.py").write_text(MODULE)
    root = Path(__file__).parents[3]
    made = Workshop("made_for_a_test", env={"PYTHONPATH": f"{root}{os.pathsep}{tmp_path}"})
    yield made
    made.close()


def test_the_result_comes_back_whatever_its_size(workshop: Workshop) -> None:
    for size in (0, 1, 70_000, 5_000_000):
        request = os.urandom(size)
        assert workshop.do(b"x " + request, LIMITS) == (b"x " + request)[::-1]


def test_one_worker_does_one_piece_after_the_other(workshop: Workshop) -> None:
    assert workshop.do(b"pid", LIMITS) == workshop.do(b"pid", LIMITS)


@pytest.mark.parametrize(
    ("request_", "limits", "outcome", "detail"),
    [
        (b"spin", Limits(1, 64), Outcome.TIMEOUT, "more than 1 s"),
        (b"eat 200000000", LIMITS, Outcome.CRASHED, "MemoryError"),
        (b"die", LIMITS, Outcome.CRASHED, ""),
        (b"raise", LIMITS, Outcome.CRASHED, "ValueError: no such thing"),
    ],
)
def test_what_breaks_is_told_and_the_next_is_served(
    workshop: Workshop, request_: bytes, limits: Limits, outcome: Outcome, detail: str
) -> None:
    worker = workshop.do(b"pid", LIMITS)
    with pytest.raises(WorkFailed) as told:
        workshop.do(request_, limits)
    assert told.value.outcome is outcome
    assert told.value.detail.startswith(detail)
    assert workshop.do(b"pid", LIMITS) == worker
    assert workshop.do(b"abc", LIMITS) == b"cba"


def test_what_a_child_prints_is_not_taken_for_an_answer(workshop: Workshop) -> None:
    forged = b"\0" * 8 + b"\x04fine"
    assert workshop.do(b"print \0" + forged, LIMITS) == (b"print \0" + forged)[::-1]
    assert workshop.do(b"next", LIMITS) == b"txen"


def test_a_worker_that_is_gone_is_replaced(workshop: Workshop) -> None:
    first = int(workshop.do(b"pid", LIMITS))
    os.kill(first, signal.SIGKILL)
    assert workshop.do(b"abc", LIMITS) == b"cba"
    assert int(workshop.do(b"pid", LIMITS)) != first


def test_work_that_ends_its_worker_is_told_after_a_second_try(workshop: Workshop) -> None:
    with pytest.raises(WorkFailed) as told:
        workshop.do(b"end", LIMITS)
    assert told.value.outcome is Outcome.CRASHED
    assert workshop.do(b"abc", LIMITS) == b"cba"


def test_many_threads_share_few_workers(workshop: Workshop) -> None:
    with ThreadPoolExecutor(8) as threads:
        workers = set(threads.map(lambda _: workshop.do(b"pid", LIMITS), range(40)))
    assert 1 <= len(workers) <= 2


def test_a_worker_knows_nothing_of_the_environment(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNER_ASSESS_SECRET_KEY", "known to the web process alone")
    assert b"PARTNER_ASSESS" not in workshop.do(b"environment", LIMITS)


def test_a_worker_ends_with_whoever_started_it(workshop: Workshop) -> None:
    worker = workshop._take()
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(timeout=20) == 0
    assert worker.stdout is not None
    worker.stdout.close()

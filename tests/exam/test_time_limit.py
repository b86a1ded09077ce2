"""Work of our own that takes too long is stopped, in whichever thread it runs."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from notebooks.examined import examine

from autograder.exam import examiner
from autograder.exam.time_limit import TimeUp, within
from autograder.records import Master, MasterCell


@pytest.fixture(params=["main", "other"])
def run(request):
    """Run something in the main thread, or in another."""
    if request.param == "main":
        yield lambda work: work()
        return
    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(work).result()


def busy(limit: float) -> str:
    try:
        with within(limit):
            while True:
                pass
    except TimeUp:
        return "stopped"


def test_code_that_never_ends_is_stopped(run):
    assert run(lambda: busy(0.2)) == "stopped"


def test_only_the_processors_time_counts(run):
    def asleep() -> str:
        with within(0.05):
            time.sleep(0.3)
        return "done"

    assert run(asleep) == "done"


def test_another_threads_work_does_not_count():
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(busy, 0.4)

        def wait() -> str:
            with within(0.2):
                return other.result()

        assert pool.submit(wait).result() == "stopped"


def test_no_error_is_raised_after_the_block_has_ended(run):
    def many() -> int:
        for _ in range(300):
            try:
                with within(0.0005):
                    sum(range(10_000))
            except TimeUp:
                pass
        return sum(range(1_000_000))

    assert run(many) == 499_999_500_000
    assert not [thread for thread in threading.enumerate() if "watch" in thread.name]


def test_a_check_that_never_ends_costs_its_own_question_in_any_thread(run, monkeypatch):
    monkeypatch.setattr(examiner, "SECONDS", 0.2)
    cells = [MasterCell("t", "test", "code", "while True:\n    pass", 2.0)]
    endless = Master("tiny", "1_endless", tuple(cells))
    (mark,) = run(lambda: examine(endless, {}, "ada"))
    assert (mark.points, mark.flagged) == (0.0, True)
    assert mark.reasons == ("The check needed more than 0.2 seconds.",)

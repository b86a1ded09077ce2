"""Fork servers: one serves every process that holds its client, and losing it costs no marks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from programs import submission

from autograder.records import Unavailable
from autograder.running import ForkServers, Limits, Runner, sandbox_available

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
SLEEPER = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(78)'])"


def limits(mark: int) -> Limits:
    """Give limits that name the fork servers of one test where processes are listed."""
    return Limits(cell_seconds=60, total_seconds=240, home_size=64_000_000 + mark)


def ids(words: str) -> list[int]:
    """List the processes that have these words in their command."""
    done = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True)
    return [int(line.split()[0]) for line in done.stdout.splitlines() if words in line]


def kill(words: str) -> None:
    for pid in ids(words):
        with suppress(ProcessLookupError):  # it ended with another one
            os.kill(pid, signal.SIGKILL)


def comes_true(condition: Callable[[], bool]) -> bool:
    """Tell whether a condition holds within a minute; usually it does at once."""
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def ran(runner: Runner, source: str, names: str = "a"):
    with runner.answers(submission(source), frozenset(names)) as answers:
        return [answers[name] for name in names]


def test_a_lost_fork_server_is_started_again():
    with Runner(limits=limits(1)) as runner:
        assert ran(runner, "a = 1") == [1]
        kill("64000001")
        assert ran(runner, "a = 2") == [2]


@pytest.mark.slow
def test_a_fork_server_that_is_lost_under_a_notebook_costs_no_marks():
    source = f"import subprocess, sys, time\nx = {SLEEPER}\ntime.sleep(3)\na = 1"

    def lose_it(finished: threading.Event) -> bool:
        while not finished.wait(0.05):
            if ids("time.sleep(78)"):
                kill("64000002")
                return True
        return False

    with Runner(limits=limits(2)) as runner, ThreadPoolExecutor() as pool:
        ran(runner, "a = 0")
        for _ in range(5):  # a busy machine may look for the notebook's process too late
            finished = threading.Event()
            losing = pool.submit(lose_it, finished)
            assert ran(runner, source) == [1]
            finished.set()
            if losing.result():
                return
    pytest.fail("the fork server was never lost while the notebook ran")


def test_a_notebook_that_ends_itself_is_not_run_again(tmp_path):
    source = f"import os\nopen({str(tmp_path / 'runs')!r}, 'a').write('x')\nos._exit(0)"
    with Runner(limits=limits(3), sandbox=False) as runner:
        (answer,) = ran(runner, source)
    assert "ended its own process" in answer.reason
    assert (tmp_path / "runs").read_text() == "x"


def test_two_submissions_at_once_do_not_see_each_other():
    look = "b = sorted(os.listdir('/tmp'))\nc = [n for n in os.listdir('/proc') if n.isdigit()]"
    source = "import os, time\nopen('/tmp/{0}', 'w').close()\ntime.sleep(1)\na = '{0}'\n" + look
    with (
        ForkServers(limits=limits(4)) as servers,
        Runner(limits=limits(4), clients=servers.clients) as one,
        Runner(limits=limits(4), clients=servers.clients) as other,
        ThreadPoolExecutor() as pool,
    ):
        ada = pool.submit(ran, one, source.format("ada"), "abc")
        bob = pool.submit(ran, other, source.format("bob"), "abc")
        for name, found in (("ada", ada.result()), ("bob", bob.result())):
            assert found == [name, [name, "work"], []]


def ask(clients, connection) -> None:
    with Runner(limits=limits(5), clients=clients) as runner:
        connection.send(ran(runner, "import os\na = os.path.exists('/sources/inside')"))
        connection.recv()


def test_processes_that_hold_the_same_client_share_one_fork_server():
    fresh = multiprocessing.get_context("spawn")
    with ForkServers(limits=limits(5)) as servers:
        lines, workers = [], []
        for _ in range(2):
            ours, theirs = fresh.Pipe()
            workers.append(fresh.Process(target=ask, args=(servers.clients, theirs)))
            workers[-1].start()
            lines.append(ours)
        assert [line.recv() for line in lines] == [[True], [True]]
        # A fork that is just ending may have lost its parent already.
        assert comes_true(lambda: len(started_alone("64000005")) == 1)
        for line, worker in zip(lines, workers, strict=True):
            line.send("enough")
            worker.join()
    assert comes_true(lambda: not ids("64000005"))


def started_alone(mark: str) -> list[int]:
    """List the processes that bear a mark and were not started by another that does."""
    found = set(ids(mark))
    return [pid for pid in found if not parents_of(pid) & found]


def parents_of(pid: int) -> set[int]:
    listed = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return set(map(int, listed.stdout.split()))


def failing(*_args, **_options):
    return [sys.executable, "-c", "raise SystemExit('no room for it')"]


def missing(*_args, **_options):
    raise RuntimeError("no room for it")


@pytest.mark.parametrize("command", [failing, missing])
def test_why_a_fork_server_does_not_start_is_said(command, monkeypatch):
    monkeypatch.setattr("autograder.running.fork_server.command", command)
    with Runner(limits=limits(6)) as runner:
        for _ in range(2):
            (answer,) = ran(runner, "a = 1")
            assert isinstance(answer, Unavailable)
            assert answer.flagged
            assert "did not start: no room for it" in answer.reason


def test_nothing_is_started_before_it_is_needed():
    with ForkServers(limits=limits(7)):
        time.sleep(0.2)
        assert not ids("64000007")

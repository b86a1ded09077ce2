"""The supervisor's view of processes: which of them run, and how they are ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from autograder.running.inside import confine
from autograder.running.inside.processes import Processes

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
which = shutil.which
FIRST_THREAD_ENDS = """
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("ready", flush=True)
ctypes.CDLL(None).pthread_exit(None)
"""


@pytest.fixture
def processes():
    made = Processes()
    yield made
    os.close(made.descriptor)


def test_a_process_that_has_ended_is_not_below_even_before_its_parent_waits(processes):
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert child.pid not in processes.below(os.getpid())


def test_one_process_has_ended_when_end_one_returns(processes):
    with subprocess.Popen(SLEEPS) as child:
        assert child.pid in processes.children(os.getpid())
        processes.end_one(child.pid)
        assert child.pid not in processes.below(os.getpid())
    assert child.returncode == -signal.SIGKILL


def test_to_end_a_process_that_is_gone_is_no_error(processes):
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    processes.end_one(child.pid)


def test_a_process_runs_while_any_thread_of_it_does(processes):
    line = [sys.executable, "-c", FIRST_THREAD_ENDS]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        while f") Z {os.getpid()} " not in processes.read(f"{child.pid}/stat"):
            time.sleep(0.001)
        assert child.pid in processes.below(os.getpid())
        child.kill()


@pytest.mark.parametrize("program", ["cat", None])
def test_the_first_process_of_a_namespace_waits_until_its_descriptor_is_closed(
    monkeypatch, program
):
    monkeypatch.setattr(shutil, "which", lambda name: which(name) if program else None)
    first, alive = confine.start_first()
    assert os.waitpid(first, os.WNOHANG) == (0, 0)
    os.close(alive)
    assert os.waitpid(first, 0) == (first, 0)

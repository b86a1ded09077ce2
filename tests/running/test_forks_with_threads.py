"""A fork has no threads of libraries: which results of a test in it count nevertheless."""

from __future__ import annotations

import pytest
from programs import submission
from runner_fixtures import PATIENT

from autograder.records import BesideTest
from autograder.running import Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
OF_A_LIBRARY = (
    "import faulthandler\nfaulthandler.dump_traceback_later(600, file=open('out', 'w'))\na = 1"
)
OF_PYTHON = (
    "import threading, time\n"
    "kept = threading.Thread(target=time.sleep, args=(60,), daemon=True)\nkept.start()\na = 1"
)


class Counting(Runner):
    """Counts the runs of a notebook."""

    runs = 0

    def _client_for(self, submission):
        self._client = super()._client_for(submission)
        return self

    def fork(self, **options):
        self.runs += 1
        return self._client.fork(**options)


@pytest.fixture(scope="module")
def counting(fork_servers):
    return Counting(limits=PATIENT, clients=fork_servers.clients)


def ended(runner, cell, test):
    """Run a test after `cell`, with another cell and test after it; give its end and the runs."""
    runner.runs = 0
    tests = [BesideTest("first", 1, test), BesideTest("last", 3, "assert a == 2")]
    found = runner.tests(submission(cell, "", "a = 2", "", trusted=(1, 3)), tests)
    assert found["last"].ended == "passed"
    return found["first"].ended, runner.runs


def test_a_test_that_passes_needs_no_run_of_its_own(counting):
    assert ended(counting, OF_A_LIBRARY, "assert a == 1") == ("passed", 1)


def test_a_name_that_is_not_there_needs_none_either(counting):
    assert ended(counting, OF_A_LIBRARY, "assert b == 1") == ("raised", 1)


def test_a_test_that_fails_is_run_again_where_the_threads_are(counting):
    assert ended(counting, OF_A_LIBRARY, "assert a == 3") == ("raised", 2)


def test_a_test_that_waits_is_run_again_where_the_threads_are(counting):
    assert ended(counting, OF_A_LIBRARY, "import time\ntime.sleep(0.8)") == ("passed", 2)


def test_a_thread_of_the_notebook_is_there_when_its_test_comes(counting):
    assert ended(counting, OF_PYTHON, "assert kept.is_alive() and a == 1") == ("passed", 2)


def test_a_test_after_one_that_starts_a_thread_has_a_run_of_its_own(counting):
    starts = f"import threading, time\n{OF_PYTHON.splitlines()[1]}\nkept.start()"
    cells = submission("a = 1", "", "", "a = 2", "", trusted=(1, 2, 4))
    tests = [BesideTest("one", 1, starts), BesideTest("two", 2, "assert a == 1")]
    found = counting.tests(cells, [*tests, BesideTest("last", 4, "assert a == 2")])
    assert [(found[name].ended, found[name].flagged) for name in ("one", "two", "last")] == [
        ("passed", False)
    ] * 3

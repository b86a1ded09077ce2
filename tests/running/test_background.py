"""Tests beside processes that a notebook leaves running: pools, servers, programs."""

from __future__ import annotations

import pytest
from programs import submission

from autograder.records import BesideTest
from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
PROGRAM = """
import subprocess
cat = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
def echo(text):
    print(text, file=cat.stdin, flush=True)
    return cat.stdout.readline().strip()
"""
EXECUTOR = """
from concurrent.futures import ProcessPoolExecutor
executor = ProcessPoolExecutor(1)
executor.submit(abs, 1).result()
"""
SERVER = """
import subprocess, sys, urllib.request
serves = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
server = subprocess.Popen(serves, **quiet)
port = server.stdout.readline().split()[5]
"""
POOL = """
from multiprocessing import Pool
pool = Pool(1)
"""
ANSWERS = "http://127.0.0.1:{port}/"
NEEDS = {
    "program": (PROGRAM, "assert echo('a') == 'a'"),
    "executor": (EXECUTOR, "assert list(executor.map(abs, [-1, 2])) == [1, 2]"),
    "part-of-the-points": (PROGRAM, "float(cat.poll() is None) + 1"),
    "server": (SERVER, f"assert urllib.request.urlopen(f'{ANSWERS}').status == 200"),
    "pool": (POOL, "assert pool.apply_async(abs, (-1,)).get(timeout=2) == 1"),
}
"""Cells that leave a process running, and tests that need it."""


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)) as made:
        yield made


def results(runner, cell, *tests, again="changed"):
    """Run a cell with a test, and each further test after a cell of its own."""
    sources = [part for test in tests for part in ("b = 1", "")]
    cells = submission(cell, *sources[1:])
    made = [BesideTest(f"t{n}", 2 * n + 1, test, again=again) for n, test in enumerate(tests)]
    found = runner.tests(cells, made)
    return [found[test.grade_id] for test in made]


def told(result):
    return result.ended, result.text, result.flagged, result.second


@pytest.mark.slow
@pytest.mark.parametrize("kind", NEEDS)
def test_a_test_that_needs_a_process_in_the_background_passes_and_a_person_looks(runner, kind):
    cell, test = NEEDS[kind]
    first, later = results(runner, cell, test, "assert b == 1")
    text = "2.0" if kind == "part-of-the-points" else ""
    assert told(first) == ("passed", text, True, "depends")
    assert "depend on a process that the notebook started" in first.message
    assert told(later) == ("passed", "", False, "same")


@pytest.mark.parametrize("kind", ["program", "executor"])
def test_where_the_solution_needs_the_process_too_nobody_has_to_look(runner, kind):
    (found,) = results(runner, *NEEDS[kind], again="never")
    assert told(found) == ("passed", "", False, "same")


@pytest.mark.slow
def test_a_test_that_passes_after_the_process_was_ended_is_not_flagged(runner):
    (found,) = results(runner, f"{PROGRAM}\na = 1", "assert a == 1")
    assert told(found) == ("passed", "", False, "same")


@pytest.mark.slow
def test_a_test_that_fails_with_the_process_and_without_it_is_no_doubt(runner):
    (found,) = results(runner, PROGRAM, "assert 'b' in globals()")
    assert told(found) == ("raised", "", False, "same")
    assert found.error == "AssertionError"


@pytest.mark.slow
def test_a_file_that_a_process_changes_while_the_test_runs_earns_nothing_unseen(runner):
    late = "import time; time.sleep(0.5); open('data', 'w').write('1'); time.sleep(60)"
    cell = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {late!r}])"
    test = BesideTest(
        *("t", 1, "import time\ntime.sleep(1)\nassert open('data').read() == '1'"),
        released=frozenset(["data"]),
    )
    found = runner.tests(submission(cell, ""), [test], {"data": b"2"})["t"]
    assert found.flagged

"""A test meets what the notebook shares between processes as it was at the test's place."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from programs import submission

from autograder.records import BesideTest

pytestmark = needs_sandbox
IMPORTS = """
import fcntl, mmap, multiprocessing, os, sqlite3, subprocess, sys, tempfile, time
import numpy as np
from multiprocessing import shared_memory
"""
SLEEPS = "[sys.executable, '-c', 'import time; time.sleep({seconds})']"
LOCKS = """
def lock():
    file = open('a', 'w')
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file
"""
KINDS = {
    "value": (
        ("value = multiprocessing.Value('i', 1)", "assert value.value == 1"),
        ("value.value = 2", "assert value.value == 2"),
    ),
    "memory": (
        ("memory = mmap.mmap(-1, 8)\nmemory[0] = 1", "assert memory[0] == 1"),
        ("memory[0] = 2", "assert memory[0] == 2"),
    ),
    "much-memory": (
        ("memory = mmap.mmap(-1, 1_000_000)\nmemory[0] = 1", "assert memory[0] == 1"),
        ("memory[0] = 2", "assert memory[0] == 2"),
    ),
    "memory-with-a-name": (
        (
            "memory = shared_memory.SharedMemory(create=True, size=8)\nmemory.buf[0] = 1",
            "assert memory.buf[0] == 1",
        ),
        ("memory.buf[0] = 2", "assert memory.buf[0] == 2"),
        ("memory.close()\nmemory.unlink()", "assert memory.buf is None"),
    ),
    "array-in-a-file": (
        (
            "array = np.memmap('a', 'u1', 'w+', shape=(4,))\narray[:] = 1\narray.flush()",
            "assert np.fromfile('a', 'u1')[0] == array[0] == 1",
        ),
        ("array[:] = 2", "assert np.fromfile('a', 'u1')[0] == array[0] == 2"),
        ("del array\nos.remove('a')", "assert not os.path.exists('a')"),
    ),
    "lock": (
        (
            "lock = multiprocessing.Lock()\nheld = lock.acquire()",
            "assert not lock.acquire(block=False)",
        ),
        ("lock.release()", "assert lock.acquire(block=False)"),
    ),
    "pipe": (
        (
            "out, into = os.pipe()\nwritten = os.write(into, b'1')",
            "assert os.read(out, 1) == b'1'",
        ),
        ("os.write(into, b'2')\nos.read(out, 1)", "assert os.read(out, 1) == b'2'"),
    ),
    "file-without-a-path": (
        (
            "file = tempfile.TemporaryFile()\nfile.write(b'7')\nfile.flush()",
            "file.seek(0)\nassert file.read() == b'7'",
        ),
        (
            "file.seek(0)\nfile.truncate()\nfile.write(b'89')\nfile.flush()",
            "file.seek(0)\nassert file.read() == b'89'",
        ),
    ),
    "folder-that-is-open": (
        (
            "os.mkdir('a')\nopen('a/b', 'w').close()\nfolder = os.open('a', 0)",
            "assert os.listdir(folder) == ['b']",
        ),
        ("os.remove('a/b')\nos.rmdir('a')", "assert os.listdir(folder) == []"),
    ),
    "transaction": (
        (
            "base = sqlite3.connect('a')\nbase.execute('create table t (x)')\nbase.commit()",
            "base.execute('insert into t values (1)')\nbase.commit()",
        ),
        (
            "base.execute('insert into t values (2)')",
            "assert base.execute('select x from t').fetchall() == [(2,)]",
        ),
    ),
    "lock-of-a-file": (
        (
            LOCKS,
            "assert lock()",
        ),
        ("locked = lock()", "assert locked"),
        ("locked.close()\nlocked = lock()", "assert locked"),
    ),
    "child-that-has-ended": (
        ("child = subprocess.Popen([sys.executable, '-c', '1 / 0'])", "assert child.wait() == 1"),
        ("code = child.wait()", "assert code == 1"),
    ),
    "child-that-runs": (
        (f"child = subprocess.Popen({SLEEPS.format(seconds=1)})", "assert child.wait() == 0"),
        ("a = 1", "assert a == 1"),
    ),
}


def results(runner, *cells):
    """Run cells, each with its test; return the tests' results."""
    sources, tests = [IMPORTS], []
    for cell, test in cells:
        sources += [cell, ""]
        tests.append(BesideTest(f"t{len(tests) + 1}", len(sources) - 1, test))
    found = runner.tests(submission(*sources), tests)
    return [found[test.grade_id] for test in tests]


@pytest.mark.parametrize("kind", KINDS)
def test_what_processes_share_is_as_it_was_at_the_place_of_the_test(runner, kind):
    found = results(runner, *KINDS[kind])
    assert [(each.ended, each.flagged) for each in found] == [("passed", False)] * len(found)


def test_a_file_that_a_child_process_writes_after_the_cells_is_there(runner):
    code = "import time; time.sleep(1); open('a', 'w').write('7')"
    starts = f"child = subprocess.Popen([sys.executable, '-c', {code!r}])"
    reads = "assert child.wait() == 0 and open('a').read() == '7'"
    found = results(runner, (starts, reads), ("a = 1", "assert a == 1"))
    assert [each.ended for each in found] == ["passed"] * 2

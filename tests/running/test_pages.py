"""Large pages change nothing that a process holds."""

import subprocess
import sys

from autograder.running.inside import pages

PROGRAM = """
import mmap, sys
sys.path.insert(0, sys.argv[1])
from inside.pages import use_large_pages
held = [str(n) * 10 for n in range(200_000)]
file = mmap.mmap(-1, 8 * 2**20)  # shared memory is left as it is
file[:4] = b"data"
moved = use_large_pages()
assert held == [str(n) * 10 for n in range(200_000)] and file[:4] == b"data"
print(moved)
"""
TOGETHER = """
import sys
sys.path.insert(0, sys.argv[1])
from inside import pages
with pages.memory_together(8):
    taken = {id(each) >> 20 for each in pages._kept}
    held = [bytes(460) for _ in range(6 * 2_048)]
assert len(taken) >= 8
print(sum(id(each) >> 20 in taken for each in held) / len(held))
"""


def run(program):
    folder = pages.__file__.rpartition("/inside/")[0]
    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def test_objects_are_made_in_the_memory_that_was_taken_for_them():
    assert float(run(TOGETHER)) > 0.9


def test_moving_memory_into_large_pages_changes_no_value():
    assert int(run(PROGRAM)) >= 0

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


def test_moving_memory_into_large_pages_changes_no_value():
    folder = pages.__file__.rpartition("/inside/")[0]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert int(done.stdout) >= 0

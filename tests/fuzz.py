"""Search for examples that break a law, at random, for as long as asked: `make fuzz SECONDS=60`.

A round takes one seed and one test file that draws examples. The first failure ends the search and
says how to repeat it: what it found becomes a test.
"""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
ENVIRONMENT = os.environ | {"STRIDEWISE_EXAMPLES": "search"}


def rounds(seed: int) -> Iterator[list[str]]:
    """Give the arguments of one pytest run after another, without end."""
    files = [p for p in sorted(TESTS.rglob("test_*.py")) if "\n@given(" in p.read_text()]
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for each in itertools.count(seed):
        for path in chance.sample(files, len(files)):
            marked = ["-m", "hypothesis and not slow", "-p", "no:cacheprovider"]
            yield ["-q", "-x", *marked, f"--hypothesis-seed={each}", str(path)]


def search(seconds: float, seed: int) -> int:
    """Search until the time is over or something is found; return the exit status."""
    end = time.monotonic() + seconds
    for number, arguments in enumerate(rounds(seed)):
        command = [sys.executable, "-m", "pytest", *arguments]
        left = max(end - time.monotonic(), 0.1)
        try:
            done = subprocess.run(
                command, cwd=TESTS.parent, env=ENVIRONMENT, timeout=left, check=False, stdout=-1
            )
        except subprocess.TimeoutExpired:
            print(f"Nothing found in {seconds:g} seconds: {number} rounds.")
            return 0
        if done.returncode:
            print(done.stdout.decode())
            print("To repeat it: STRIDEWISE_EXAMPLES=search pytest", *arguments[-2:])
            return 1
    return 0


if __name__ == "__main__":
    first = int(sys.argv[2]) if sys.argv[2:] else random.randrange(10**9)  # noqa: S311 - as above
    print(f"seed {first}", flush=True)
    sys.exit(search(float(sys.argv[1]), first))

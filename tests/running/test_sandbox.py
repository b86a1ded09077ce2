import os
import subprocess
import sys
import time

import pytest
from needs import needs_sandbox
from programs import submission

from autograder.running import Limits, Runner, sandbox_available
from autograder.running.sandbox import _seen_at

MOVED = "/moved/tmp/course/.venv/bin/python"


@pytest.mark.skipif(not os.environ.get("CI"), reason="runs on CI alone")
def test_on_ci_there_is_a_sandbox():
    assert sandbox_available() is None


def test_an_environment_in_tmp_is_seen_elsewhere_inside():
    assert _seen_at(MOVED.removeprefix("/moved")) == MOVED
    assert _seen_at("/usr/bin/python3") == "/usr/bin/python3"


@pytest.mark.skipif(sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}")
def test_an_environment_in_tmp_can_confine_student_code(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    packages = next((tmp_path / "venv" / "lib").glob("*/site-packages"))
    (packages / "ours.pth").write_text("\n".join(path for path in sys.path if path))
    done = subprocess.run(
        [
            tmp_path / "venv" / "bin" / "python",
            "-c",
            "from autograder.running import *; print(sandbox_available())",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "None"


@pytest.mark.skipif(sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}")
def test_the_exchange_of_nbgrader_cannot_be_seen():
    look = "import os\na = [p for p in ('/opt', '/usr/local/share', '/srv') if os.path.exists(p)]"
    with Runner() as runner, runner.answers(submission(look), frozenset("a")) as answers:
        assert answers["a"] == []


@needs_sandbox
@pytest.mark.parametrize("zone", ["Asia/Tokyo", pytest.param(None, marks=pytest.mark.slow)])
def test_the_local_time_is_that_of_the_machine(zone, monkeypatch):
    if zone:
        monkeypatch.setenv("TZ", zone)
    time.tzset()
    look = "import time\na = time.tzname, time.localtime(10**9).tm_hour"
    with Runner() as runner, runner.answers(submission(look), frozenset("a")) as answers:
        found = answers["a"]
    assert found == (time.tzname, time.localtime(10**9).tm_hour)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.slow
@pytest.mark.skipif(sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}")
def test_memory_that_processes_share_counts():
    share = (
        "import mmap, os, time\nready, place, count = mmap.mmap(-1, 4), 0, 1\n"
        "{fork}m = mmap.mmap(-1, 300 * 2**20)\n"
        "for i in range(0, len(m), 4096):\n    m[i] = 1\n"
        "ready[place] = 1\nwhile sum(ready[:]) < count:\n    time.sleep(0.02)\n"
        "time.sleep(3)\na = 1"  # the memory in use is measured meanwhile
    )
    four = "for place in (1, 2, 3, 0):\n    if place == 0 or os.fork() == 0:\n        break\n"
    four += "count = 4\n"
    one, many = share.format(fork=""), share.format(fork=four)
    limits = Limits(cell_seconds=60, memory=1_000 * 2**20)
    with Runner(limits=limits) as runner:
        with runner.answers(submission(one), frozenset("a")) as answers:
            assert answers["a"] == 1
        with runner.answers(submission(many), frozenset("a")) as answers:
            assert answers["a"].flagged

import os
import subprocess
import sys

import pytest

from autograder.running import sandbox_available
from autograder.running.sandbox import _seen_at

MOVED = "/moved/tmp/course/.venv/bin/python"


@pytest.mark.skipif(not os.environ.get("CI"), reason="runs on CI alone")
def test_on_ci_there_is_a_sandbox():
    assert sandbox_available() is None


def test_an_environment_in_tmp_is_seen_elsewhere_inside():
    assert _seen_at(MOVED.removeprefix("/moved")) == MOVED
    assert _seen_at("/usr/bin/python3") == "/usr/bin/python3"


@pytest.mark.skipif(sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}")
def test_an_environment_that_lies_in_tmp_can_confine_student_code(tmp_path):
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

"""Names outside ASCII where the locale knows none."""

import os
import subprocess
import sys

from course_builder import ASSIGNMENT, RIGHT, hand_in

C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_a_folder_outside_ascii_is_marked_in_the_c_locale(course_root):
    hand_in(course_root, "åsa", RIGHT)
    line = [sys.executable, "-m", "autograder", "--course", str(course_root)]
    done = subprocess.run(
        [*line, "grade", ASSIGNMENT, "--processes", "1", "-v"],
        env={**os.environ, **C_LOCALE},
        capture_output=True,
        check=False,
    )
    assert "åsa: 6 points" in done.stdout.decode(), done.stderr

"""Names outside ASCII where the locale knows none."""

import json
import os
import subprocess
import sys

import pytest
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


@pytest.mark.slow
def test_a_title_outside_ascii_is_written_in_the_c_locale(course_root):
    line = [
        sys.executable,
        "-m",
        "autograder",
        "--course",
        str(course_root),
        "question",
        ASSIGNMENT,
    ]
    line += ["1_sizes", "pools", "--answer", "[3, 7]", "--text", "Wie groß?", "--title", "Größe"]
    environment = {**os.environ, **C_LOCALE}
    done = subprocess.run(line, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    source = course_root / "solutions" / ASSIGNMENT / "1_sizes.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(source.read_text("utf-8"))["cells"]]
    assert any("# Größe" in text for text in cells)
    assert any("Wie groß?" in text for text in cells)

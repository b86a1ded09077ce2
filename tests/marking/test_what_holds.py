"""What instructors do between two markings, and two of them at once: no mark is lost or doubled."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, WRONG, cell_of, hand_in, write
from gradebook_rows import is_whole, points, rows

from autograder.cli import main

pytestmark = pytest.mark.slow


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *arguments])


def test_two_runs_of_grade_at_once_give_the_marks_of_one(course_root, tmp_path):
    for number in range(12):
        hand_in(course_root, f"s{number:02}", RIGHT if number % 2 else WRONG)
    alone = shutil.copytree(course_root, tmp_path / "alone")
    assert run(alone, "grade", ASSIGNMENT, "--processes", "1").exit_code == 0
    line = [sys.executable, "-m", "autograder", "--course", str(course_root), "grade", ASSIGNMENT]
    both = [subprocess.Popen([*line, "--processes", "1", "--force"]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert is_whole(course_root)
    assert rows(course_root) == rows(alone)


def test_a_course_that_was_moved_goes_on(course_root, tmp_path):
    hand_in(course_root, "ada", RIGHT)
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    moved = course_root.rename(tmp_path / "elsewhere")
    assert "1 unchanged" in run(moved, "grade", ASSIGNMENT, "--processes", "1").output
    assert run(moved, "feedback", ASSIGNMENT).exit_code == 0
    assert run(moved, "marks", ASSIGNMENT).exit_code == 0


def test_a_corrected_test_marks_the_class_again(course_root):
    hand_in(course_root, "ada", RIGHT)
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    source = course_root / "solutions" / ASSIGNMENT / "2_total.ipynb"
    notebook = json.loads(source.read_bytes())
    mended = cell_of(notebook, "test_total")
    mended["source"] = mended["source"].replace("== 42", "in (41, 42)")
    write(source.parent, {"2_total": notebook})
    hand_in(course_root, "ben", RIGHT | {"total": "total = 41"})
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    assert points(course_root)["ben", "test_total"] == 0
    assert run(course_root, "generate", ASSIGNMENT).exit_code == 0
    done = run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    assert "2 of 2 submissions marked" in done.output
    assert points(course_root)["ben", "test_total"] == 1

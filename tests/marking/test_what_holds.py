"""What instructors do between two markings, and two of them at once: no mark is lost or doubled."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from course_builder import (
    ASSIGNMENT,
    RIGHT,
    WRONG,
    build_course,
    cell_of,
    given,
    hand_in,
    notebook,
    released,
    write,
)
from gradebook_rows import is_whole, points, rows
from nbgrader.api import Gradebook

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
    changed = json.loads(source.read_bytes())
    mended = cell_of(changed, "test_total")
    mended["source"] = mended["source"].replace("== 42", "in (41, 42)")
    write(source.parent, {"2_total": changed})
    hand_in(course_root, "ben", RIGHT | {"total": "total = 41"})
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    assert points(course_root)["ben", "test_total"] == 0
    assert run(course_root, "generate", ASSIGNMENT).exit_code == 0
    done = run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    assert "2 of 2 submissions marked" in done.output
    assert points(course_root)["ben", "test_total"] == 1


def test_a_header_of_nbgraders_is_no_finding(tmp_path):
    root = build_course(tmp_path / "course", 'c.IncludeHeaderFooter.header = "header.ipynb"\n')
    header = notebook([given("# Our course", "markdown"), given("import math")])
    for number, cell in enumerate(header["cells"]):
        cell["id"] = f"header-{number}"
    write(root, {"header": header})
    assert run(root, "generate", ASSIGNMENT).exit_code == 0
    assert released(root)["2_total"]["cells"][0]["source"] == ["# Our course"]
    hand_in(root, "ada", RIGHT)
    done = run(root, "grade", ASSIGNMENT, "--processes", "1", "--json")
    assert json.loads(done.stdout)["left"] == []
    assert {grade: given for (_, grade), given in points(root).items() if given} == {
        "test_sizes": 3,
        "test_total": 1,
        "test_half": 2,
    }


def test_the_report_names_a_hand_mark_whose_text_has_changed(course_root):
    def text(words):
        return lambda notebooks: cell_of(notebooks["1_sizes"], "why").update(source=words)

    hand_in(course_root, "ada", RIGHT, text("One."))
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    with Gradebook(f"sqlite:///{course_root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("why", "1_sizes", ASSIGNMENT, "ada")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    hand_in(course_root, "ada", RIGHT, text("Another."))
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    assert run(course_root, "report", ASSIGNMENT).exit_code == 1
    assert "Marks given before the answer changed" in (course_root / "report.html").read_text()

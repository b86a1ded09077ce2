"""Where an assignment and a student stand, and taking either out or giving it another name."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, hand_in
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course.course import open_course
from autograder.gradebook.people import gradebook_people
from autograder.gradebook.read_marks import class_marks_of
from autograder.marking.class_run import grade_class


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *map(str, arguments)])


@pytest.fixture
def root(marked_course, tmp_path):
    return shutil.copytree(marked_course, tmp_path / "course")


def test_one_screen_says_what_is_done_and_what_is_next(root):
    done = run(root, "status", ASSIGNMENT)
    lines = [line.strip() for line in done.output.splitlines()]
    assert "handed in: 1 of 2 (nothing from ben)" in lines
    assert "marked: 1 of 1" in lines
    assert "due: no due date (autograder due)" in lines
    assert "exported: no" in lines


def test_the_next_step_follows_the_work(root, generated_course, tmp_path):
    empty = shutil.copytree(generated_course, tmp_path / "empty")
    steps = [json.loads(run(empty, "status", ASSIGNMENT, "--json").output)["next"]]
    shutil.rmtree(empty / "lessons")
    steps.append(json.loads(run(empty, "status", ASSIGNMENT, "--json").output)["next"])
    hand_in(root, "ben", RIGHT)
    steps.append(json.loads(run(root, "status", ASSIGNMENT, "--json").output)["next"])
    assert steps == [
        "autograder roster FILE",
        f"autograder generate {ASSIGNMENT}",
        f"autograder grade {ASSIGNMENT}",
    ]


def test_an_export_is_noted(root):
    run(root, "export", ASSIGNMENT, "--canvas", root / "c.csv")
    assert "c.csv" in next(
        line for line in run(root, "status", ASSIGNMENT).output.splitlines() if "exported" in line
    )


def test_everything_about_a_student_by_her_address(root):
    lines = run(root, "student", "Adam@x.org").output.splitlines()
    assert lines[0] == "adam: Adam Ek"
    assert lines.count(f"{ASSIGNMENT}:") == 1
    assert "  1_sizes/test_sizes: 3" in lines
    assert "  handed in: 2026-02-01 12:00 UTC" in [line.replace("  UTC", " UTC") for line in lines]


def test_removing_says_first_what_would_go_and_changes_nothing(root):
    done = run(root, "remove", "--student", "adam")
    assert "submitted/adam would move to removed/" in done.output
    assert "To do it, repeat the command with --yes." in done.output
    assert {p.id for p in gradebook_people(open_course(root).db_url)} == {"adam", "ben"}


def test_a_removed_student_is_gone_and_her_files_are_put_away(root):
    assert run(root, "remove", "--student", "adam", "--yes").exit_code == 0
    assert {p.id for p in gradebook_people(open_course(root).db_url)} == {"ben"}
    assert not (root / "submitted" / "adam").exists()
    assert list((root / "removed").glob(f"*/submitted/adam/{ASSIGNMENT}/1_sizes.ipynb"))


def test_a_folder_that_is_left_does_not_bring_a_removed_student_back(root):
    run(root, "remove", "--student", "adam", "--yes")
    hand_in(root, "adam", RIGHT)
    hand_in(root, "ben", RIGHT)
    done = run(root, "grade", ASSIGNMENT, "--processes", "1")
    assert done.exit_code == 1
    assert "adam: was removed from the course" in done.output
    assert {p.id for p in gradebook_people(open_course(root).db_url)} == {"ben"}


def test_a_folder_that_only_looks_like_a_student_is_not_a_further_one(root):
    shutil.move(root / "submitted" / "adam", root / "submitted" / "ADAM ")
    done = run(root, "grade", ASSIGNMENT, "--processes", "1")
    assert done.exit_code == 1
    assert "looks like 'adam', who is on the roster; rename the folder" in done.output


def test_a_student_takes_marks_and_files_to_another_id(root):
    assert run(root, "rename", "--student", "adam", "adam.ek", "--yes").exit_code == 0
    assert (root / "submitted" / "adam.ek" / ASSIGNMENT / "1_sizes.ipynb").is_file()
    students_marks = {
        s.person.id: s for s in class_marks_of(open_course(root), ASSIGNMENT).students
    }
    assert students_marks["adam.ek"].submitted
    assert grade_class(open_course(root), ASSIGNMENT, processes=1).failed == {}


@pytest.mark.parametrize("new", ["BEN", "../x"])
def test_a_name_that_is_taken_or_unsafe_is_refused(root, new):
    assert run(root, "rename", "--student", "adam", new, "--yes").exit_code == 2
    assert (root / "submitted" / "adam").is_dir()


def test_an_assignment_takes_marks_and_folders_to_another_name(root):
    assert run(root, "rename", "--assignment", ASSIGNMENT, "small", "--yes").exit_code == 0
    for folder in ("solutions/small", "lessons/small", "submitted/adam/small"):
        assert (root / folder / "1_sizes.ipynb").is_file()
    assert class_marks_of(open_course(root), "small").students[0].submitted


def test_an_assignment_is_removed_with_its_marks(root):
    assert run(root, "remove", "--assignment", ASSIGNMENT, "--yes").exit_code == 0
    assert (root / "solutions" / ASSIGNMENT).is_dir()
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        assert gradebook.assignments == []


def test_an_assignment_that_was_never_generated_is_removed_too(root):
    shutil.copytree(root / "solutions" / ASSIGNMENT, root / "solutions" / "later")
    done = run(root, "remove", "--assignment", "later", "--yes")
    assert (done.exit_code, done.output) == (0, "later is not in the gradebook.\n")

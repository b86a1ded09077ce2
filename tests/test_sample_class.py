"""The class of twelve through the `autograder` command, held against marks worked out by hand.

A wrong rule loses the rows that it gets wrong given the rows before, and given the student's own
shapes where parameters are counted; a total is right that adds the student's own rows. See
`autograder.exam.checks`.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.authoring.sample_class import ASSIGNMENT
from autograder.cli import main

REPO = Path(__file__).parents[1]
NOTEBOOKS = ("1_padding", "2_stride", "3_compare", "4_your_network")
POSSIBLE = (40, 38, 8, 14)  # of which 4 and 5, in lessons 1 and 3, are given by hand
EXPECTED = {
    "ada": (36, 38, 3, 14),
    "ben": (36, 38, 3, 14),
    "cai": (0, 0, 0, 0),
    "dana": (30, 33, 3, 11),
    "eli": (36, 34, 3, 13),
    "fay": (36, 37, 3, 13),
    "gus": (33, 34, 3, 13),
    "hana": (26, 33, 3, 9),
    "ivo": (32, 36, 3, 12),
    "joy": (34, 36, 3, 13),
    "kim": (30, 35, 3, 11),
    "leo": (24, 38, 3, 14),
}


LEFT = 1  # the exit status where something is left for a person: two answers are marked by hand


def autograder(root, *arguments, status=0):
    """Run one command on the course at `root`."""
    done = CliRunner().invoke(main, ["--course", str(root), *arguments], catch_exceptions=False)
    assert done.exit_code == status, done.output
    return done.output


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course after `sample`, `generate` and `grade`."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("solutions", "lessons"):
        shutil.copytree(REPO / folder / ASSIGNMENT, root / folder / ASSIGNMENT)
    shutil.copy(REPO / "nbgrader_config.py", root)
    for command in ("sample", "generate"):
        autograder(root, command, ASSIGNMENT)
    autograder(root, "grade", ASSIGNMENT, status=LEFT)
    return root


@pytest.fixture(scope="module")
def class_marks(course):
    from autograder.course.course import open_course
    from autograder.gradebook.read_marks import read_class_marks

    opened = open_course(course)
    return read_class_marks(opened.db_url, ASSIGNMENT, opened.released(ASSIGNMENT))


@pytest.mark.parametrize("student", EXPECTED)
def test_each_student_has_the_marks_worked_out_by_hand(class_marks, student):
    student_marks = next(
        student_marks
        for student_marks in class_marks.students
        if student_marks.person.id == student
    )
    assert (
        tuple(student_marks.score(class_marks.of(name)) for name in NOTEBOOKS) == EXPECTED[student]
    )


def test_every_answer_of_the_class_is_read_and_none_run(course):
    from autograder.course.course import open_course
    from autograder.gradebook.gradebook import Gradebook
    from autograder.marking.engine import mark_notebook
    from autograder.notebooks.master import templates

    opened = open_course(course)
    with Gradebook(opened, ASSIGNMENT) as gradebook:
        masters = templates(opened.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())
    for student in EXPECTED:
        for name in NOTEBOOKS:
            data = (opened.submitted(student, ASSIGNMENT) / f"{name}.ipynb").read_bytes()
            marking = mark_notebook(masters[name], data, student, lambda: "not here")
            assert not marking.notebook.unmarked


def test_the_marks_possible_are_a_hundred(class_marks):
    assert tuple(sum(q.points for q in class_marks.of(n)) for n in NOTEBOOKS) == POSSIBLE


def test_the_table_of_marks_has_a_line_a_student(course):
    lines = autograder(course, "marks", ASSIGNMENT, status=LEFT).splitlines()
    students = [line.split()[0] for line in lines[2 : 2 + len(EXPECTED)]]
    assert students == sorted(EXPECTED)


def test_a_sample_class_is_never_mixed_with_real_submissions(course):
    assert "has submissions already" in autograder(course, "sample", ASSIGNMENT)


def test_a_sample_class_waits_for_the_lessons(tmp_path):
    shutil.copytree(REPO / "solutions" / ASSIGNMENT, tmp_path / "solutions" / ASSIGNMENT)
    shutil.copy(REPO / "nbgrader_config.py", tmp_path)
    done = CliRunner().invoke(main, ["--course", str(tmp_path), "sample", ASSIGNMENT])
    assert done.exit_code == 2
    assert "autograder generate" in done.output
    assert not (tmp_path / "submitted").exists()

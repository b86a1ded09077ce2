"""A course of 409 questions of every kind: each mark is stock nbgrader's, whatever way it took.

The marks of stock nbgrader stand in `notebooks/questions/stock_marks.json`, which
`python tests/notebooks/questions/stock.py` writes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec

import pytest
from notebooks.questions.course import (
    ASKED,
    ASKED_KERAS,
    ASKED_TABLES,
    COURSES,
    KERAS,
    LESS_COMMON,
    PANDAS,
    PLAIN,
    SUBMISSIONS,
)
from notebooks.questions.stock import ASSIGNMENT, MARKS, build, stock_marks

from autograder.course.course import open_course
from autograder.course.settings import Settings
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.engine import mark_notebook
from autograder.notebooks.master import templates
from autograder.running import Limits, Runner, sandbox_available

WRITTEN = json.loads(MARKS.read_text())
LIMITS = Limits(cell_seconds=200, total_seconds=500, call_seconds=100)
pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)

NEEDS_PANDAS = pytest.mark.skipif(find_spec("pandas") is None, reason="pandas is not installed")


class Course:
    """The course, its masters, and what runs its submissions."""

    def __init__(self, root, course, runner):
        opened = open_course(build(root, course))
        self._folder, self._runner = root / "submitted", runner
        with Gradebook(opened, ASSIGNMENT) as gradebook:
            self.templates = templates(opened.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())

    def marks(self, submission, notebook, **settings):
        data = (self._folder / submission / ASSIGNMENT / f"{notebook}.ipynb").read_bytes()
        template = self.templates[notebook]
        marking = mark_notebook(
            template, data, submission, lambda: self._runner, Settings(**settings)
        )
        return {mark.grade_id: mark for mark in marking.notebook.marks}


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=LIMITS) as made:
        yield made


@pytest.fixture(scope="module")
def plain(tmp_path_factory, runner):
    return Course(tmp_path_factory.mktemp("plain") / "course", PLAIN, runner)


def points(marks):
    return {name: mark.points for name, mark in marks.items()}


def stock(kind, submission, marks):
    return {name: WRITTEN[kind][submission][name] for name in marks}


@pytest.mark.parametrize("notebook", PLAIN)
@pytest.mark.parametrize("submission", ["other", pytest.param("wrong", marks=pytest.mark.slow)])
def test_right_and_wrong_answers_have_the_marks_of_stock(plain, submission, notebook):
    marks = plain.marks(submission, notebook)
    assert points(marks) == stock("plain", submission, marks)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", PLAIN)
@pytest.mark.parametrize("submission", ["right", "blank"])
def test_solutions_and_blanks_have_the_marks_of_stock(plain, submission, notebook):
    marks = plain.marks(submission, notebook)
    assert points(marks) == stock("plain", submission, marks)


@pytest.fixture(scope="module")
def frames(tmp_path_factory, runner):
    return Course(tmp_path_factory.mktemp("pandas") / "course", PANDAS, runner)


@NEEDS_PANDAS
@pytest.mark.slow
@pytest.mark.parametrize("submission", SUBMISSIONS)
def test_data_frames_have_the_marks_of_stock(frames, submission):
    marks = frames.marks(submission, "5_frames")
    assert points(marks) == stock("pandas", submission, marks)
    assert not any(mark.flagged for mark in marks.values())


@pytest.fixture(scope="module")
def less_common(tmp_path_factory, runner):
    """The course; its solution has shown which points hang on a setting that it changes, too."""
    course = Course(tmp_path_factory.mktemp("less") / "course", LESS_COMMON, runner)
    template = replace(course.templates["8_notebooks"], repeats=None)
    course.templates["8_notebooks"] = template
    marks = course.marks("right", "8_notebooks").items()
    repeats = {name: "never" for name, mark in marks if mark.second == "depends"}
    course.templates["8_notebooks"] = replace(template, repeats=repeats)
    return course


@pytest.mark.slow
@pytest.mark.parametrize("notebook", LESS_COMMON)
@pytest.mark.parametrize("submission", SUBMISSIONS)
def test_less_common_answers_and_tests_have_the_marks_of_stock(less_common, submission, notebook):
    marks = less_common.marks(submission, notebook)
    assert points(marks) == stock("less common", submission, marks)
    assert not any(mark.flagged for mark in marks.values() if mark.points)


@pytest.fixture(scope="module")
def asked(tmp_path_factory, runner):
    kinds = {"asked": ASKED, "asked of pandas": ASKED_TABLES, "asked of keras": ASKED_KERAS}
    folder = tmp_path_factory.mktemp("asked")
    made = {kind: Course(folder / kind, course, runner) for kind, course in kinds.items()}
    return {name: (kind, made[kind]) for kind, course in kinds.items() for name in course}


@pytest.mark.slow
@pytest.mark.parametrize(
    "notebook",
    [*ASKED, *ASKED_KERAS, *(pytest.param(name, marks=NEEDS_PANDAS) for name in ASKED_TABLES)],
)
@pytest.mark.parametrize("submission", SUBMISSIONS)
def test_questions_as_courses_ask_them_have_the_marks_of_stock(asked, submission, notebook):
    kind, course = asked[notebook]
    marks = course.marks(submission, notebook)
    assert points(marks) == stock(kind, submission, marks)
    assert not any(mark.flagged for mark in marks.values())


@pytest.mark.slow
@pytest.mark.parametrize("submission", WRITTEN["keras"])
def test_live_models_have_the_marks_of_stock(tmp_path_factory, runner, submission):
    course = Course(tmp_path_factory.mktemp("keras") / "course", KERAS, runner)
    marks = course.marks(submission, "4_models")
    assert points(marks) == stock("keras", submission, marks)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        *("plain", "keras", "less common", "asked", "asked of keras"),
        *(pytest.param(kind, marks=NEEDS_PANDAS) for kind in ("pandas", "asked of pandas")),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_the_marks_written_down_are_those_of_stock_nbgrader(tmp_path, kind):
    assert stock_marks(tmp_path / "course", COURSES[kind]) == WRITTEN[kind]


def test_every_question_is_worth_asking():
    for marks in WRITTEN.values():
        assert marks["right"] == marks["other"]
        assert all(marks["right"].values())
        assert sum(marks["wrong"].values()) < 0.03 * sum(marks["right"].values())
        assert sum(marks["blank"].values()) < 0.03 * sum(marks["right"].values())


def test_nothing_is_run_beside_student_code_where_the_setting_forbids_it(plain):
    marks = plain.marks("other", "3_surroundings", run_beside="never")
    mark = marks["test_s_magic"]
    assert (mark.points, mark.flagged, mark.way) == (0.0, True, "none")
    assert "run_beside" in mark.reasons[0]


def test_marks_made_beside_student_code_can_be_flagged(plain):
    marks = plain.marks("other", "3_surroundings", run_beside="flag")
    assert marks["test_s_magic"].points == 2.0
    assert all(mark.flagged == (mark.way == "beside") for mark in marks.values())

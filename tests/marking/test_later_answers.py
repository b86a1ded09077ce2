"""An answer may stand below its test in a cell of the student's own; no later question pays for it.

Two questions ask for the same name. The marks are stock nbgrader's where the first is not answered.
"""

import json

import pytest
from course_builder import cell_of, given, graded, notebook
from needs import needs_sandbox

from autograder.marking.engine import mark_notebook
from autograder.notebooks.master import SourceCell, template

ANSWERS = {
    "read": "size = 3",
    "apart": "import random\nsize = 3 + int(random.random())",
    "beside": "class Mine(int):\n    pass\nsize = Mine(3)",
}
NOT_ANSWERED = {
    "not-python": "if True print('x')\nsize = 3",
    "an-error": "raise ValueError('not yet')",
    "blank": "# YOUR CODE HERE\nraise NotImplementedError()",
    "another-name": "other = 1",
}
WAYS = ["read", *(pytest.param(way, marks=needs_sandbox) for way in ("apart", "beside"))]


def cells(first, second, given_below=""):
    tests = [graded(given(""), f"test_{n}", 1, grade=True, locked=True) for n in ("one", "two")]
    written = [
        graded(given(first), "one", solution=True),
        tests[0],
        graded(given(second), "two", solution=True),
        tests[1],
        given(given_below or "pass"),
    ]
    return notebook(written)["cells"]


def own(source):
    """A cell that the student has added."""
    return given(source) | {"id": "own"}


def marks(written, runner, given_below="", hidden="assert size == 3"):
    blank = notebook(cells("size = ...", "size = ...", given_below))
    sources = {name: SourceCell("size = ...", 0) for name in ("one", "two")}
    sources |= {f"test_{name}": SourceCell(hidden, 1) for name in ("one", "two")}
    master = template("course", "n", json.dumps(blank).encode(), sources)
    data = json.dumps(blank | {"cells": written}).encode()
    found = mark_notebook(master, data, "ada", lambda: runner).notebook
    return {mark.grade_id: mark for mark in found.marks}


def points(written, runner, **more):
    return [mark.points for mark in marks(written, runner, **more).values()]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", NOT_ANSWERED.values(), ids=NOT_ANSWERED)
def test_a_later_questions_answer_pays_for_no_earlier_one(runner, way, first):
    assert points(cells(first, ANSWERS[way]), runner) == [0, 1]


@needs_sandbox
def test_a_later_questions_generator_pays_for_no_earlier_one(runner):
    made = "def size(n):\n    yield n"
    hidden = "assert next(size(3)) == 3"
    assert points(cells(NOT_ANSWERED["an-error"], made), runner, hidden=hidden) == [0, 1]


def test_a_later_question_that_may_set_any_name_pays_for_no_earlier_one(runner):
    later = "exec('size = 3')"
    assert points(cells("other = 1", later), runner)[0] == 0


def test_a_given_cell_below_pays_for_no_question(runner):
    written = cells("other = 1", "other = 2", "size = 3")
    assert points(written, runner, given_below="size = 3") == [0, 0]


def test_a_given_cell_below_that_the_student_changed_pays_for_no_question(runner):
    written = cells("other = 1", "other = 2", "size = 3  # changed")
    assert points(written, runner, given_below="size = 3") == [0, 0]


def test_the_reason_says_that_no_cell_above_the_test_answers(runner):
    found = marks(cells("other = 1", ANSWERS["read"]), runner)["test_one"]
    assert found.reasons == ("size is not answered: no cell above its test assigns a value to it.",)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", [2, 5], ids=["after-its-test", "at-the-end"])
def test_an_answer_in_a_cell_of_the_students_own_below_its_test_counts(runner, way, place):
    written = cells("other = 1", "other = 2")
    written.insert(place, own(ANSWERS[way]))
    assert points(written, runner)[0] == 1


@pytest.mark.parametrize("way", WAYS)
def test_an_own_cell_counts_above_a_later_question_of_the_same_name(runner, way):
    written = cells("other = 1", "size = 4")
    written.insert(2, own(ANSWERS[way]))
    assert points(written, runner) == [1, 0]


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_cell_that_was_moved_below_its_test_counts(runner, way):
    written = cells(ANSWERS[way], "other = 2")
    moved = [*written[1:], cell_of({"cells": written}, "one")]
    assert points(moved, runner)[0] == 1

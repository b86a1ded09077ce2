"""Answers and variables that are named like Python's own functions: the marks are stock's."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.questions.question import Question
from notebooks.questions.stock import ASSIGNMENT, build

from autograder.course.course import open_course
from autograder.course.settings import Settings
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.engine import mark_notebook
from autograder.marking.evidence import with_evidence
from autograder.notebooks.master import templates
from autograder.running import Runner

pytestmark = [pytest.mark.slow, needs_sandbox]
NAMED_LIKE_PYTHONS = [
    Question(
        "asked",
        "def sum(xs):\n    return xs[0] + sum(xs[1:]) if xs else 0",
        "def sum(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total",
        "def sum(xs):\n    return 1",
        "assert sum([1, 2, 3]) == 6",
        stub="def sum(xs):\n    raise NotImplementedError",
    ),
    Question(
        "largest",
        "largest = [1, 5]",
        "def longest(words):\n    max = len(words)\n    return max\nlargest = [1, 5]",
        "largest = [1, 5]\nmax = 5",
        "assert max(largest) == 5",
    ),
    Question(
        "smallest",
        "smallest = [1, 5]",
        "smallest = (1, 5)",
        "%matplotlib inline\nsmallest = [1, 5]\nmin = 1",
        "assert min(smallest) == 1",
    ),
]


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    root = build(tmp_path_factory.mktemp("own") / "course", {"1": NAMED_LIKE_PYTHONS})
    opened = open_course(root)
    with Runner() as runner, Gradebook(opened, ASSIGNMENT) as gradebook:
        found = templates(opened.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())
        source = opened.source(ASSIGNMENT)
        found, _ = with_evidence(found, source, gradebook, lambda: runner, Settings())

        def marks(submission):
            data = (root / "submitted" / submission / ASSIGNMENT / "1.ipynb").read_bytes()
            marking = mark_notebook(found["1"], data, submission, lambda: runner, Settings())
            return {mark.grade_id.removeprefix("test_"): mark for mark in marking.notebook.marks}

        yield {submission: marks(submission) for submission in ("right", "other", "wrong", "blank")}


@pytest.mark.parametrize("submission", ["right", "other"])
def test_a_right_answer_named_like_pythons_own_is_paid(marked, submission):
    assert [mark.points for mark in marked[submission].values()] == [2, 2, 2]


@pytest.mark.parametrize("submission", ["wrong", "blank"])
def test_a_wrong_answer_named_like_pythons_own_is_not_marked_by_pythons(marked, submission):
    assert marked[submission]["asked"].points == 0


@pytest.mark.parametrize("question", ["largest", "smallest"])
def test_a_test_meets_the_students_value_of_a_name_of_pythons(marked, question):
    assert (marked["wrong"][question].points, marked["wrong"][question].way) == (0, "beside")


def test_a_local_name_hides_nothing_from_a_test(marked):
    assert marked["other"]["largest"].way == "read"


def test_nothing_is_flagged(marked):
    assert not [m for marks in marked.values() for m in marks.values() if m.flagged]

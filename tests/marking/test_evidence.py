"""The instructor's solution, marked before a class: which tests have to be run beside."""

from __future__ import annotations

import pytest
from notebooks.questions.question import Question
from notebooks.questions.stock import ASSIGNMENT, build

from autograder.course.course import open_course
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.class_run import grade_class
from autograder.marking.evidence import with_evidence
from autograder.notebooks.master import templates
from autograder.running import sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
# The same text has another hash in another process.
HASHED = Question(
    "hashed", "hashed = hash('a')", "hashed = hash('a')", "hashed = 3", "assert hashed == hash('a')"
)
PLAIN = Question("plain", "plain = 3", "plain = 1 + 2", "plain = 4", "assert plain == 3")
UNFAIR = Question("unfair", "unfair = 3", "unfair = 3", "unfair = 4", "assert unfair == 5")
COURSE = {"1_notebook": [HASHED, PLAIN, UNFAIR]}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """The course, marked: where it is, each mark's points and way, and the tally."""
    root = build(tmp_path_factory.mktemp("evidence") / "course", COURSE)
    given: dict[tuple[str, str], tuple[float, str]] = {}

    def keep(_, graded):
        if graded is not None:
            marks = graded.notebooks["1_notebook"].marks
            given.update({(graded.student, m.grade_id): (m.points, m.way) for m in marks})

    return root, given, grade_class(open_course(root), ASSIGNMENT, each=keep)


def test_a_test_that_takes_points_from_its_own_solution_is_run_beside_for_everybody(marked):
    _, given, tally = marked
    assert "1_notebook/test_unfair" in tally.flagged["other"]
    assert given["other", "test_hashed"] == (2.0, "beside")
    assert given["wrong", "test_hashed"] == (0.0, "beside")
    assert given["other", "test_plain"] == (2.0, "apart")
    assert set(tally.unsure) == {"1_notebook/test_unfair"}
    assert not tally.all_well


def test_evidence_is_kept_and_used_again(marked):
    course = open_course(marked[0])

    def nothing_here():
        raise AssertionError("the solution is marked again")

    with Gradebook(course, ASSIGNMENT) as gradebook:
        masters = templates(course.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())
        found, unsure = with_evidence(
            masters, course.source(ASSIGNMENT), gradebook, nothing_here, course.settings
        )
        assert set(found["1_notebook"].live) == {"test_hashed", "test_unfair"}
        assert found["1_notebook"].answers == {"hashed", "plain", "unfair"}
        assert set(unsure) == {"1_notebook/test_unfair"}

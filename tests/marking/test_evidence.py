"""The instructor's solution, marked before a class: which tests have to be run beside."""

from __future__ import annotations

from dataclasses import replace

import pytest
from notebooks.questions.question import Question
from notebooks.questions.stock import ASSIGNMENT, build

from autograder.course.course import open_course
from autograder.course.settings import DEFAULTS
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.class_run import grade_class
from autograder.marking.engine import mark_notebook
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
STREAM = Question(
    "stream",
    "stream = iter([3])",
    "stream = iter((3,))",
    "stream = iter([4])",
    "assert next(stream) == 3",
)
SCORED = Question(
    "scored",
    "def scored(n):\n    return 3 * n",
    "def scored(n):\n    return n + n + n",
    "import numpy as np\ndef scored(n):\n    return np.zeros(2)",
    "score = 0\nfor n in (3, 5):\n    score += scored(n) == 3 * n\nscore",
)
BEGUN = Question(
    "begun",
    "def begun(xs):\n    xs.append(1)",
    "def begun(xs):\n    xs += [1]",
    "def begun(xs):\n    return [1]",
    "shared = []\nbegun(shared)\nassert shared == [1]",
)
GOES_ON = Question(
    "goes_on",
    "def goes_on(xs):\n    xs.append(2)",
    "def goes_on(xs):\n    xs.insert(len(xs), 2)",
    "def goes_on(xs):\n    return 2",
    "goes_on(shared)\nassert shared[-1] == 2 and len(shared) > 1",
)
ENDS = Question("ends", "ends = 2", "ends = 1 + 1", "ends = 3", "assert len(shared) == ends")
SAVES = Question(
    "saves",
    "def saves(n):\n    open('a.txt', 'w').write(str(n))",
    "def saves(n):\n    with open('a.txt', 'w') as file:\n        print(n, end='', file=file)",
    "def saves(n):\n    pass",
    "import os\nsaves(3)\nassert os.path.exists('a.txt')",
)
LOADS = Question(
    "loads",
    "def loads():\n    return open('a.txt').read()",
    "def loads():\n    return next(open('a.txt'))",
    "def loads():\n    return 3",
    "assert loads() == '3'",
)
COUNTED = Question(
    "counted",
    "def counted(xs):\n    xs.append(1)",
    "def counted(xs):\n    xs += [1]",
    "def counted(xs):\n    return [1]",
    "held = []\ncounted(held)\nassert held == [1]",
)
HALF = Question(
    "half",
    "def half(xs):\n    xs.append(2)",
    "def half(xs):\n    xs += [2]",
    "def half(xs):\n    return [2]",
    "half(held)\nassert held == [1, 2]\n1.0",
)
AFTER = Question("after", "after = 2", "after = 1 + 1", "after = 3", "assert len(held) == after")
SHOWN = Question(
    "shown",
    "import numpy as np\nnp.set_printoptions(precision=1)\nshown = 1",
    "import numpy as np\nnp.set_printoptions(1)\nshown = 1.0",
    "shown = 1",
    "import numpy as np\nassert str(shown * np.array([2.25])) == '[2.2]'",
)
COURSE = {
    "1_notebook": [HASHED, PLAIN, STREAM, UNFAIR, SCORED, SHOWN],
    "2_notebook": [BEGUN, GOES_ON, ENDS],
    "3_notebook": [SAVES, LOADS],
    "4_notebook": [COUNTED, HALF, AFTER],
}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """The course, marked: where it is, each mark's points and way, and the tally."""
    root = build(tmp_path_factory.mktemp("evidence") / "course", COURSE)
    given: dict[tuple[str, str], tuple[float, str]] = {}

    def keep(_, graded):
        if graded is not None:
            marks = [mark for each in graded.notebooks.values() for mark in each.marks]
            given.update({(graded.student, m.grade_id): (m.points, m.way) for m in marks})

    return root, given, grade_class(open_course(root), ASSIGNMENT, each=keep)


def test_a_test_that_takes_points_from_its_own_solution_is_run_beside_for_everybody(marked):
    _, given, tally = marked
    assert "1_notebook/test_unfair" in tally.flagged["other"]
    assert given["other", "test_hashed"] == (2.0, "beside")
    assert given["wrong", "test_hashed"] == (0.0, "beside")
    assert given["other", "test_plain"] == (2.0, "apart")
    assert given["other", "test_stream"] == (2.0, "beside")
    assert given["wrong", "test_stream"] == (0.0, "beside")
    assert set(tally.unsure) == {"1_notebook/test_unfair", "4_notebook/test_half"}
    assert not tally.all_well


def test_full_points_for_what_is_no_number_are_looked_at_by_a_person(marked):
    _, given, tally = marked
    assert given["wrong", "test_scored"][0] == 2.0  # as stock gives for two numbers
    assert "1_notebook/test_scored" in tally.flagged["wrong"]
    assert "1_notebook/test_scored" not in tally.flagged["other"]


def test_a_setting_that_the_solution_needs_too_is_no_reason_to_look(marked):
    _, given, tally = marked
    assert given["other", "test_shown"] == (2.0, "beside")
    assert given["wrong", "test_shown"] == (0.0, "beside")
    assert "1_notebook/test_shown" not in tally.flagged["other"]


@pytest.mark.parametrize(
    ("student", "points"), [("right", 2.0), ("other", 2.0), ("wrong", 0.0), ("blank", 0.0)]
)
def test_a_test_finds_what_the_tests_before_it_have_changed(marked, student, points):
    _, given, tally = marked
    names = "begun", "goes_on", "ends", "saves", "loads"
    assert [given[student, f"test_{each}"][0] for each in names] == [points] * len(names)
    assert not any(name.startswith(("2_notebook", "3_notebook")) for name in tally.unsure)


@pytest.mark.parametrize(
    ("student", "points"), [("right", [2, 1, 2]), ("other", [2, 1, 2]), ("wrong", [0, 0, 0])]
)
def test_a_test_that_always_gives_a_part_has_changed_what_it_tests_for_later_ones(
    marked, student, points
):
    _, given, tally = marked
    assert [given[student, f"test_{name}"][0] for name in ("counted", "half", "after")] == points
    assert "4_notebook/test_half" in tally.unsure


@pytest.fixture
def template(marked):
    """The master with its stored evidence: marking the solution again is an error."""
    course = open_course(marked[0])

    def nothing_here():
        raise AssertionError("the solution is marked again")

    with Gradebook(course, ASSIGNMENT) as gradebook:
        masters = templates(course.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())
        found, unsure = with_evidence(
            masters, course.source(ASSIGNMENT), gradebook, nothing_here, course.settings
        )
    assert set(unsure) == {"1_notebook/test_unfair", "4_notebook/test_half"}
    return found["1_notebook"]


def test_evidence_is_kept_and_used_again(template):
    assert set(template.why_beside) == {"test_hashed", "test_unfair", "test_shown"}
    assert template.beside == {"test_stream"}
    assert template.numbers == {"test_scored"}
    assert template.repeats == {"test_stream": "once", "test_shown": "never"}
    assert template.answers == {"hashed", "plain", "stream", "unfair", "scored", "np", "shown"}


@pytest.mark.parametrize(
    ("run_beside", "runs_apart_for_it"), [("mark", False), ("flag", True), ("never", True)]
)
def test_no_run_apart_for_answers_whose_values_cannot_be_sent(
    marked, template, run_beside, runs_apart_for_it
):
    data = (marked[0] / "submitted" / "other" / ASSIGNMENT / "1_notebook.ipynb").read_bytes()
    settings = replace(DEFAULTS, run_beside=run_beside)
    nothing_runs = mark_notebook(template, data, "other", lambda: "nothing runs here", settings)
    assert ("stream" in nothing_runs.notebook.unmarked) == runs_apart_for_it
    assert "plain" in nothing_runs.notebook.unmarked


def test_an_answer_that_needs_no_run_gets_none(marked, template):
    data = (marked[0] / "submitted" / "blank" / ASSIGNMENT / "1_notebook.ipynb").read_bytes()
    blank = mark_notebook(template, data, "blank", lambda: "nothing runs here").notebook
    assert {m.grade_id: (m.points, m.way) for m in blank.marks}["test_stream"] == (0.0, "read")

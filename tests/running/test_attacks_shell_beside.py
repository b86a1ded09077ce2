"""Attacks through the submitted files, in a course whose tests all run beside the cells."""

from __future__ import annotations

import pytest
from course_builder import ASSIGNMENT, CONFIG, checked, source_notebooks, write
from running.test_attacks_shell import ATTACKS, FILES, attacked, codes, scores

from autograder.authoring.generate import generate
from autograder.course.course import open_course
from autograder.running import sandbox_available

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
    ),
]
TESTS = {
    "test_sizes": "vars()\nsum(map(int.__eq__, sizes, [26, 24, 22]))",
    "test_total": "vars()\nassert total == 42",
    "test_half": "vars()\nassert half(9) == 4 and half(4) == 2",
}
"""`vars()` is the notebook's own namespace, so these tests are run beside the cells."""


def build(root):
    notebooks = source_notebooks()
    for notebook in notebooks.values():
        for cell in notebook["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if (name := marks.get("grade_id")) in TESTS:
                cell["source"] = checked(name, marks["points"], TESTS[name])["source"]
    root.mkdir()
    (root / "nbgrader_config.py").write_text(CONFIG)
    write(root / "solutions" / ASSIGNMENT, notebooks)
    generate(open_course(root), ASSIGNMENT)


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """The class after marking: its root, the tally, and every result by student."""
    root = tmp_path_factory.mktemp("attacks") / "course"
    build(root)
    return attacked(root)


@pytest.mark.parametrize("name", ATTACKS)
def test_no_point_that_was_not_earned_and_a_word_about_what_was_changed(marked, name):
    root, _, results = marked
    _, _, earned, code = ATTACKS[name]
    assert scores(root, name) == earned
    assert codes(results[name]) == [] if code is None else code in codes(results[name])
    marks = [m for n in results[name].notebooks.values() if n for m in n.marks]
    assert all(mark.reasons for mark in marks if mark.points == 0)
    assert {mark.way for mark in marks if mark.points} <= {"beside"}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_ordinary_file_is_not_read(marked, name):
    root, _, results = marked
    assert scores(root, name) == 0
    assert "not_a_file" in codes(results[name])


def test_the_other_students_have_their_marks(marked):
    root, tally, _ = marked
    assert (scores(root, "adam"), scores(root, "zoe")) == (6, 6)
    assert tally.failed == {}
    assert not {"read", "apart"} & tally.ways.keys()

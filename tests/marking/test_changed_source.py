"""A test that was edited after `generate`: marks are by the old one, and that is said."""

import json

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, cell_of, graded, hand_in

from autograder.cli import main
from autograder.course.course import open_course
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.changed_source import changed_since
from autograder.marking.class_run import grade_class

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def changed(root):
    course = open_course(root)
    with Gradebook(course, ASSIGNMENT) as gradebook:
        return changed_since(course.source(ASSIGNMENT), gradebook.sources())


def edit(root, name, change):
    path = root / "solutions" / ASSIGNMENT / f"{name}.ipynb"
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))


def test_what_was_generated_and_not_touched_is_not_named(course_root):
    assert changed(course_root) == {}


def test_each_change_of_a_locked_cell_is_named(course_root):
    def some(notebook):
        cell_of(notebook, "test_total")["source"] = "assert total == 43"
        cell_of(notebook, "total")["source"] = "### BEGIN SOLUTION\ntotal = 43\n### END SOLUTION"
        cell_of(notebook, "test_half")["metadata"]["nbgrader"]["points"] = 4
        added = cell_of(notebook, "total") | {"id": "new"}
        notebook["cells"].append(graded(added, "more", 1, grade=True, locked=True))

    edit(course_root, "2_total", some)
    assert changed(course_root) == {
        "2_total/test_total": "was changed in the source",
        "2_total/test_half": "is worth 4 points in the source, not 2",
        "2_total/more": "is new in the source",
    }


def test_a_test_that_was_removed_is_named(course_root):
    def remove(notebook):
        notebook["cells"].remove(cell_of(notebook, "test_half"))

    edit(course_root, "2_total", remove)
    assert changed(course_root) == {"2_total/test_half": "is no longer in the source"}


def test_no_source_is_no_change(course_root):
    (course_root / "solutions" / ASSIGNMENT / "1_sizes.ipynb").unlink()
    assert changed(course_root) == {}


def graded_again(root):
    hand_in(root, "ada", RIGHT)
    return CliRunner().invoke(main, ["grade", ASSIGNMENT, "--course", str(root)])


def test_grade_says_what_changed_and_what_to_do(course_root):
    assert "generate" not in graded_again(course_root).output
    edit(course_root, "2_total", lambda nb: cell_of(nb, "test_total").update(source="total == 1"))
    again = graded_again(course_root)
    assert again.exit_code == 1
    assert "2_total/test_total: was changed in the source" in again.output
    assert f"run `autograder generate {ASSIGNMENT}`, then grade again" in again.output


def test_a_class_with_nothing_but_flags_ends_with_status_1(course_root):
    folder = hand_in(course_root, "ada", RIGHT)
    (folder / "1_sizes.ipynb").unlink()
    (folder / "2_total.ipynb").write_text("no notebook")
    tally = grade_class(open_course(course_root), ASSIGNMENT, processes=1)
    assert (tally.failed, tally.unmarked, tally.unsure) == ({}, {}, {})
    assert not tally.all_well
    result = CliRunner().invoke(main, ["grade", ASSIGNMENT, "--course", str(course_root)])
    assert result.exit_code == 1
    assert "The notebook could not be read: this is" in result.output

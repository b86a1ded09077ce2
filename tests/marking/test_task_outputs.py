"""What a grader sees of the work for a task, which stands in cells that the student added."""

from __future__ import annotations

import json

from course_builder import given, graded, notebook
from needs import needs_sandbox

from autograder.marking.engine import mark_notebook
from autograder.notebooks.master import SourceCell, template

TEST = "assert Mine.total == 42"
ANSWER = "class Mine:\n    total = 42"
CELLS = [
    graded(given("Mine = ..."), "mine", solution=True),
    graded(given(TEST), "test_mine", 2, grade=True, locked=True),
    graded(given("Print the total.", "markdown"), "task", 3, task=True),
]
SOURCES = {"mine": SourceCell(ANSWER, 0), "test_mine": SourceCell(TEST, 2)} | {
    "task": SourceCell("Print the total.", 3)
}


def shown(runner, cells):
    """Return what the cells of a submission show when they are run for a grader, by place."""
    master = template("ps", "mine", json.dumps(notebook(CELLS)).encode(), SOURCES)
    answered = [{**CELLS[0], "source": ANSWER}, *CELLS[1:], *cells]
    data = json.dumps(notebook(answered)).encode()
    return mark_notebook(master, data, "ada", lambda: runner).ran


@needs_sandbox
def test_a_grader_sees_what_the_cells_of_a_task_show_though_their_outputs_were_cleared(runner):
    (output,) = shown(runner, [given("print('the total is', Mine.total)")])[3]
    assert output["text"] == "the total is 42\n"


@needs_sandbox
def test_nothing_is_run_again_for_a_task_without_a_cell_of_the_students(runner):
    assert shown(runner, [given("It is 42.", "markdown")]) == {}

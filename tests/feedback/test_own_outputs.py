"""The outputs and the tasks of a notebook that is marked by hand, on the student's page."""

import json

import pytest
from course_builder import cell_of
from notebooks.marked_by_hand import SCHEME, master, released

from autograder.feedback.cells import SavedOutputs, notebook_part
from autograder.feedback.lesson import lesson
from autograder.feedback.student import NotebookPage
from autograder.notebooks.marked import marked_page
from autograder.notebooks.matching import take_in
from autograder.records import CellMark, MarkedNotebook

PNG = "iVBORw0KGgoAAAAN"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The notebook on the page of a student who saved a plot."""
    path = tmp_path_factory.mktemp("released") / "squares.ipynb"
    path.write_text(json.dumps(released()))
    handed = released()
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG}}
    cell_of(handed, "plot")["outputs"] = [picture]
    taken = take_in(json.dumps(handed).encode(), master(), "ada")
    marks = (CellMark("plot", None, 3), CellMark("task", None, 2))
    marked = MarkedNotebook("ada", "squares", marks, (), frozenset(), {}, {})
    cells = json.loads(marked_page(master(), marked, taken))
    assert SCHEME in cell_of(cells, "task")["source"]
    empty = NotebookPage("squares", "Squares", True, 0, 8, 0, (), {})
    return notebook_part(lesson(path), cells, SavedOutputs(), empty).markup


def test_a_plot_is_shown_and_said_to_be_her_own(page):
    assert f"data:image/png;base64,{PNG}" in page
    assert "As saved in your notebook, not from a run here" in page
    assert "by the student" not in page


def test_a_task_is_shown_without_its_mark_scheme(page):
    assert "Write it." in page
    assert "MARK SCHEME" not in page
    assert "for a reason" not in page

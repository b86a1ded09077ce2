"""A cell that stopped with an error: the reason for lost points says where and why."""

import json

import pytest
from course_builder import RIGHT, answered, given, graded, notebook, released
from needs import needs_sandbox

from autograder.marking.engine import mark_notebook
from autograder.notebooks.master import SourceCell, template

NAME = "NameError: name 'kears' is not defined (line 2)"
RUN = "class Mine:\n    '''What reading does not follow.'''\n"
LINE_4 = "NameError: name 'kears' is not defined (line 4)"


def reasons(masters, root, answers, runner):
    """Return the reasons for the mark of each test of the second notebook."""
    notebooks = answered(released(root), RIGHT | answers)
    data = json.dumps(notebooks["2_total"]).encode()
    marked = mark_notebook(masters["2_total"], data, "adam", lambda: runner).notebook
    return {mark.grade_id: " ".join(mark.reasons) for mark in marked.marks}


def test_a_first_value_is_not_taken_for_the_whole_answer(masters, generated_course):
    answers = {"total": "total = 5\ntotal = kears.total()"}
    found = reasons(masters, generated_course, answers, "nothing is run")
    assert f"Cell total stopped with {NAME}" in found["test_total"]
    assert found["test_half"] == ""


@needs_sandbox
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (f"{RUN}total = 5\ntotal = kears.total()", LINE_4),
        (f"{RUN}total = ...\nkears.total()\ntotal = 42", LINE_4),
        (f"{RUN}kears.total()\ntotal = 42", NAME.replace("line 2", "line 3")),
        (f"{RUN}total = 42 +", "SyntaxError: invalid syntax (line 3)"),
        (f"{RUN}def f():\n    return kears\ntotal = f()", "not defined (line 5)"),
    ],
    ids=["first-value", "blank", "no-value", "syntax", "in-a-function"],
)
def test_the_line_is_given_where_the_cells_were_run(
    masters, generated_course, runner, answer, error
):
    found = reasons(masters, generated_course, {"total": answer}, runner)["test_total"]
    assert "ell total stopped with" in found
    assert error in found
    assert found.count("stopped with") == 1


@needs_sandbox
def test_a_function_that_runs_beside_its_test_is_no_exception(masters, generated_course, runner):
    half = "def half(n):\n    print(n)\n    return 1\nraise ValueError('too early')"
    found = reasons(masters, generated_course, {"half": half}, runner)["test_half"]
    assert "Cell half stopped with ValueError: too early (line 4)" in found


def test_an_error_after_the_check_is_no_reason(masters, generated_course):
    answers = {"total": "total = 41", "half": "total = total + kears"}
    found = reasons(masters, generated_course, answers, "nothing is run")
    assert "stopped" not in found["test_total"]


@needs_sandbox
def test_a_given_cell_that_stopped_is_named_where_a_check_misses_its_name(runner):
    """An import of what is no longer there: the check alone says only that a name is missing."""
    imports = "%matplotlib inline\nfrom collections import Mapping\nfrom operator import add"
    test = "assert add(1, Mine.total) == 43"
    cells = [
        given(imports),
        graded(given("Mine = ..."), "mine", solution=True),
        graded(given(test), "test_total", 2, grade=True, locked=True),
    ]
    data = json.dumps(notebook(cells)).encode()
    sources = {
        "mine": SourceCell("class Mine:\n    total = 42", 0),
        "test_total": SourceCell(test, 2),
    }
    master = template("ps", "sums", data, sources)
    answer = data.replace(b"Mine = ...", rb"class Mine:\n    total = 42")
    (mark,) = mark_notebook(master, answer, "adam", lambda: runner).notebook.marks
    assert mark.reasons[0].startswith("Cell 1 stopped with ImportError: cannot import")
    assert (mark.points, len(mark.reasons)) == (0, 2)

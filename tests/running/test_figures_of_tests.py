"""Tests that draw: the figures of one are closed when the next begins, as in a kernel."""

from __future__ import annotations

import pytest
from programs import submission

from autograder.records import BesideTest
from autograder.running import sandbox_available
from autograder.running.inside.prepare import prepared

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
DRAWS = "import matplotlib.pyplot as plt\ndef draw():\n    plt.plot([1, 2])"
KEEPS = "%config InlineBackend.close_figures = False"
TEST = "draw()\nassert len(plt.gca().lines) == {}"


@pytest.mark.parametrize(("cell", "lines"), [(DRAWS, 1), (f"{KEEPS}\n{DRAWS}", 2)])
def test_the_figures_of_a_test_are_closed_unless_the_notebook_keeps_them(runner, cell, lines):
    cells = submission(cell, "", "", trusted=(1, 2))
    tests = [BesideTest("first", 1, TEST.format(1)), BesideTest("next", 2, TEST.format(lines))]
    found = runner.tests(cells, tests)
    assert [each.ended for each in found.values()] == ["passed"] * 2


def test_the_figures_of_lines_that_set_up_a_test_are_closed(runner):
    test = BesideTest("t", 1, "assert plt.get_fignums() == [] and ax.lines", ("ax = draw()",))
    cell = f"{DRAWS}\n    return plt.gca()"
    assert runner.tests(submission(cell, "", trusted=(1,)), [test])["t"].ended == "passed"


def test_a_line_that_sets_up_a_test_may_end_left_of_where_it_begins():
    assert prepared("1", ["def f():\n    '''Doc.\n'''", "x = [1,\n2]"], frozenset())[1]

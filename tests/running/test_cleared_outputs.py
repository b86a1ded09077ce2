"""Outputs that a test's code clears, or shows in a widget: the points are stock nbgrader's."""

from __future__ import annotations

import pytest
from programs import submission

from autograder.exam.beside import mark_of
from autograder.records import BesideTest, MasterCell
from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
IMPORTS = "import sys\nfrom IPython.display import clear_output, display\n"
COMPLAINS = "print('no', file=sys.stderr)"
FAILS = "get_ipython().run_cell('1/0')"
WIDGET = "import ipywidgets\nout = ipywidgets.Output()"


def function(*lines: str) -> str:
    """A student's function of these lines, which returns 1."""
    return "\n    ".join(["def f():", *lines, "return 1"])


CASES = {
    "complaint-cleared": (function(COMPLAINS, "clear_output()"), "assert f() == 1", 2),
    "complaint-after-it": (function("clear_output()", COMPLAINS), "assert f() == 1", 0),
    "complaint-of-the-test": (function("clear_output()"), f"{COMPLAINS}\nassert f() == 1", 2),
    "error-cleared": (function(FAILS, "clear_output()"), "assert f() == 1", 2),
    "warning-cleared": (
        function("import warnings", "warnings.warn('no')", "clear_output()"),
        "assert f() == 1",
        2,
    ),
    "log-cleared": (
        function("import logging", "logging.warning('no')", "clear_output()"),
        "assert f() == 1",
        2,
    ),
    "wait-then-print": (
        function(COMPLAINS, "clear_output(wait=True)", "print()"),
        "assert f() == 1",
        2,
    ),
    "wait-then-display": (
        function(COMPLAINS, "clear_output(wait=True)", "display(1)"),
        "assert f() == 1",
        2,
    ),
    "wait-then-nothing": (function(COMPLAINS, "clear_output(True)"), "assert f() == 1", 0),
    "wait-then-a-value": (function(COMPLAINS, "clear_output(True)"), "assert f() == 1\n1.5", 1.5),
    "wait-then-no-value": (function(COMPLAINS, "clear_output(True)"), "assert f() == 1\n1;", 0),
    "wait-in-the-last-line": (function(COMPLAINS, "clear_output(True)"), "f() == 1", 2),
    "wait-then-complaint": (
        function(FAILS, "clear_output(wait=True)", COMPLAINS),
        "assert f() == 1",
        0,
    ),
    "wait-then-clear": (
        function(COMPLAINS, "clear_output(True)", "clear_output()"),
        "assert f() == 1",
        2,
    ),
    "each-round": (
        function(
            "for n in range(3):", f"    {COMPLAINS}", "    clear_output(wait=True)", "print()"
        ),
        "assert f() == 1",
        2,
    ),
    "display-updated": (
        function(
            "shown = display(1, display_id=True)",
            COMPLAINS,
            "clear_output(True)",
            "shown.update(2)",
        ),
        "assert f() == 1",
        0,
    ),
    "captured-and-cleared": (
        function(
            "from IPython.utils.capture import capture_output",
            "with capture_output():",
            "    clear_output()",
            COMPLAINS,
        ),
        "assert f() == 1",
        0,
    ),
    "complaint-in-a-widget": (
        f"{WIDGET}\n{function('with out:', f'    {COMPLAINS}')}",
        "assert f() == 1",
        2,
    ),
    "error-in-a-widget": (f"{WIDGET}\n{function('with out:', '    1/0')}", "assert f() == 1", 2),
    "complaint-before-a-widget": (
        f"{WIDGET}\n{function(COMPLAINS, 'with out:', '    clear_output()')}",
        "assert f() == 1",
        0,
    ),
    "complaint-after-a-widget": (
        f"{WIDGET}\n{function('with out:', '    print()', COMPLAINS)}",
        "assert f() == 1",
        0,
    ),
    "decorated-by-a-widget": (
        f"{WIDGET}\n@out.capture(clear_output=True)\n{function(COMPLAINS)}",
        "assert f() == 1",
        2,
    ),
    "stderr-closed": (
        function("sys.stderr.close()", "clear_output(True)", "print()", "clear_output()"),
        "assert f() == 1",
        2,
    ),
}
"""A student's cell, a test of 2 points, and the points that stock nbgrader gives."""


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)) as made:
        yield made


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_of_the_outputs_counts(runner, case):
    cell, test, points = CASES[case]
    cells = submission(IMPORTS + cell, "", trusted=(1,))
    answers = frozenset({"f", "out"})
    result = runner.tests(cells, [BesideTest("t", 1, test, answers=answers)])["t"]
    mark = mark_of(MasterCell("t", "test", "code", test, 2.0), result)
    assert (mark.points, mark.flagged) == (points, False)

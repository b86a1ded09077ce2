"""Errors that IPython shows in a test and does not raise: the points are stock nbgrader's."""

from __future__ import annotations

import pytest
from programs import submission

from autograder.exam.beside import mark_of
from autograder.records import BesideTest, MasterCell
from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
PATIENT = Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)
SHOWS = "def f():\n    get_ipython().run_cell('1/0')\n    return 1"
HTML = "class A:\n    def _repr_html_(self):\n        raise KeyError('no')\na = A()"
STYLE = "import pandas\ns = pandas.DataFrame({'a': [1]}).style.format(lambda n: n / 0)"
TEXT = "class A:\n    def __repr__(self):\n        raise KeyError('no')\na = A()"


def file(name: str, text: str) -> str:
    return f"_ = open('{name}', 'w').write({text!r})"


CASES = {
    "file-that-raises": (file("a.py", "y = 7\nprint(z)"), "%run -i a.py\nassert y == 7", 0),
    "file-that-exits": (file("b.py", "y = 8\nexit(1)"), "%run b.py\nassert y == 8", 0),
    "file-that-exits-well": (
        file("c.py", "y = 9\nimport sys\nsys.exit(0)"),
        "%run -i c.py\nassert y == 9",
        1,
    ),
    "file-that-is-no-python": (file("d.py", "y = 7 +"), "%run d.py\n1", 0),
    "file-of-cells": (file("e.ipy", "1/0"), "get_ipython().safe_execfile_ipy('e.ipy')\n1", 0),
    "cell-in-the-answer": (SHOWS, "assert f() == 1", 0),
    "words-that-raise": (
        (
            "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n"
            "def f():\n    get_ipython().run_cell('raise Odd')\n    return 1"
        ),
        "assert f() == 1",
        0,
    ),
    "cell-before-a-value": (SHOWS, "f()\n0.5", 0),
    "cell-in-the-last-line": (SHOWS, "f()", 0),
    "cell-captured": (SHOWS, "%%capture\nf()", 0),
    "cell-silent": ("", "get_ipython().run_cell('1/0', silent=True)\nassert True", 0),
    "cell-that-is-no-python": ("", "get_ipython().run_cell('1 +')\nassert True", 0),
    "cell-in-a-thread": (
        f"import threading\n{SHOWS}",
        "t = threading.Thread(target=f)\nt.start()\nt.join()",
        0,
    ),
    "traceback": ("", "try:\n    1/0\nexcept Exception:\n    get_ipython().showtraceback()", 0),
    "earlier-cell": ("get_ipython().run_cell('1/0')", "assert True", 1),
    "usage": ("", "%nonsense\n1", 0),
    "failing-command": ("", "!nonsense_command\nassert _exit_code == 127", 1),
    "failing-script": ("", "%%bash\nfalse", 0),
    "form-displayed": (HTML, "display(a)\nassert True", 0),
    "form-of-the-value": (HTML, "a", 0),
    "form-of-a-quiet-value": (HTML, "a;", 1),
    "form-of-a-library": (STYLE, "display(s)\nassert True", 0),
    "text-displayed": (TEXT, "display(a)\nassert True", 0),
    "text-of-the-value": (TEXT, "a", 0),
    "text-of-a-quiet-value": (TEXT, "a;", 1),
    "good-form": ("class A:\n    def _repr_html_(self):\n        return '<b>'\na = A()", "a", 1),
    "warning": ("import warnings", "warnings.warn('x')\nassert True", 0),
}
"""An answer, the test after it, and stock's points of one."""


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=PATIENT) as made:
        yield made


@pytest.fixture(scope="module")
def found(runner):
    """The result of each case: all are in one notebook."""
    cells = submission(
        *[text for answer, _, _ in CASES.values() for text in (answer, "")],
        trusted=range(1, 2 * len(CASES), 2),
    )
    tests = [
        BesideTest(name, 2 * at + 1, test, answers=frozenset())
        for at, (name, (_, test, _)) in enumerate(CASES.items())
    ]
    return runner.tests(cells, tests)


def points(result):
    return mark_of(MasterCell(result.grade_id, "test", "code", "", 1.0), result).points


@pytest.mark.parametrize("name", CASES)
def test_an_error_that_is_shown_in_a_test_gives_the_points_of_stock(found, name):
    assert (points(found[name]), found[name].flagged) == (CASES[name][2], False)


@pytest.mark.slow
def test_the_points_are_those_of_a_kernel(tmp_path):
    from nbformat.v4 import new_code_cell, new_notebook
    from nbgrader.preprocessors import Execute
    from nbgrader.utils import determine_grade

    graded = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "points": 1}
    cells = []
    for name, (answer, test, _) in CASES.items():
        meta = {"nbgrader": {**graded, "task": False, "grade_id": name}}
        cells += [new_code_cell(answer), new_code_cell(test, metadata=meta)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    Execute().preprocess(notebook, {"metadata": {"path": str(tmp_path)}, "nbgrader": {}})
    given = [determine_grade(cell)[0] for cell in notebook.cells[1::2]]
    assert dict(zip(CASES, given, strict=True)) == {name: case[2] for name, case in CASES.items()}


def test_the_name_and_the_words_of_the_error_are_told(found):
    shown = found["file-that-raises"]
    assert (shown.ended, shown.error, shown.message) == (
        *("raised", "NameError"),
        "name 'z' is not defined",
    )


def test_an_error_that_an_earlier_test_shows_when_it_is_set_up_does_not_count(runner):
    test = BesideTest("t", 1, "assert b == 1", ("b = f()",))
    assert runner.tests(submission(SHOWS, "", trusted=(1,)), [test])["t"].ended == "passed"


def test_what_follows_a_shown_error_is_run_as_in_a_kernel(runner):
    cells = submission(f"{SHOWS}\nitems = []", "", "", trusted=(1, 2))
    tests = [
        BesideTest("first", 1, "f()\nitems.append(1)"),
        BesideTest("next", 2, "assert items == [1]"),
    ]
    ended = [each.ended for each in runner.tests(cells, tests).values()]
    assert ended == ["raised", "passed"]


def test_a_function_that_shows_an_error_is_not_called_apart_from_the_test(runner):
    with runner.answers(submission(SHOWS), frozenset("f")) as answers:
        function = answers["f"]
        assert function.call() == 1
        assert function.doubts == ["it prints"]


NOTHING = "lambda *_, **__: None"
SHELL = "shell = get_ipython()\n"
HIDES = {
    "in-the-shell": f"{SHELL}shell.showtraceback = {NOTHING}",
    "in-the-shell-below": f"{SHELL}shell._showtraceback = {NOTHING}",
    "in-its-class": f"{SHELL}type(shell)._showtraceback = {NOTHING}",
    "in-its-class-above": f"{SHELL}type(shell).showtraceback = {NOTHING}",
    "as-a-property": f"{SHELL}type(shell).showtraceback = property(lambda _: {NOTHING})",
    "in-a-class-below": (
        f"{SHELL}class Own(type(shell)):\n    def showtraceback(*_, **__):\n        pass\n"
        "shell.__class__ = Own"
    ),
    "in-another-dict": f"{SHELL}shell.__dict__ = {{**vars(shell), 'showtraceback': {NOTHING}}}",
    "by-a-name-of-its-own-class": (
        f"{SHELL}class Own(str):\n    __hash__ = str.__hash__\n    def __eq__(self, other):\n"
        f"        return str(self) == other\nvars(shell)[Own('showtraceback')] = {NOTHING}"
    ),
    "by-emptying-the-list": (
        "import gc\nfor each in gc.get_objects():\n"
        "    if type(each).__name__ == 'Notebook':\n        each._shown.clear()\n"
        "def f():\n    get_ipython()._showtraceback.__func__.__code__.co_consts[1].clear()"
    ),
}


@pytest.mark.parametrize("hides", HIDES)
def test_a_notebook_cannot_hide_the_errors_that_are_shown(runner, hides):
    source = "get_ipython().run_cell('assert 1 == 2')\nassert f() is None"
    cells = submission("def f():\n    pass", HIDES[hides], "", trusted=(2,))
    result = runner.tests(cells, [BesideTest("t", 2, source, answers=frozenset("f"))])["t"]
    assert points(result) == 0 if result.ended == "raised" else result.ended == "not_run"

"""What a test finds of the notebook's inputs, and the warnings that it shows, as in a kernel."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from programs import submission

from autograder.records import BesideTest
from autograder.running import Limits, Runner

pytestmark = [needs_sandbox]
DIVIDES = "import numpy as np\ndef f(n):\n    return np.int64(n) / 0\nf(1)"
WARNS = "import warnings\ndef f(n):\n    warnings.warn('old')\n    return n\nf(1)"


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)) as made:
        yield made


def results(runner, cells, *tests):
    """Run cells, then the tests, which stand one after the other."""
    sources = submission(*cells, *("" for _ in tests))
    made = [
        BesideTest(f"t{n}", len(cells) + n, test, answers=frozenset({"a", "f"}))
        for n, test in enumerate(tests)
    ]
    found = runner.tests(sources, made)
    return [found[test.grade_id] for test in made]


@pytest.mark.parametrize(
    "test",
    [
        "assert _i == 'a = 0b11'",
        "assert _ii == 'x = 1'",
        "assert _iii == ''",
        "assert In[-2] == _ih[-2] == 'a = 0b11'",
        "assert _i2 == 'a = 0b11'",
        "text = get_ipython().history_manager.input_hist_raw[-2]\nassert text == 'a = 0b11'",
    ],
)
def test_a_test_finds_the_inputs_above_it(runner, test):
    (found,) = results(runner, ["x = 1", "a = 0b11"], test)
    assert (found.ended, found.flagged) == ("passed", False)


def test_the_second_test_finds_the_first_one_between(runner):
    tests = "assert _i == 'a = 3'", "assert _ii == In[-3] == 'a = 3'", "assert _iii == 'a = 3'"
    found = results(runner, ["a = 3"], *tests)
    assert [each.ended for each in found] == ["passed"] * 3


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("%rerun", 3),
        ("%rerun -l 1", 3),
        ("%rerun -g 1", 3),
        ("%rerun 2", 3),
        ("%rerun -g nothing", 2),
        ("%rerun -l 2", 2),  # the first of the two makes `a` anew
        ("%recall 2", 2),  # a kernel offers it as the next input
    ],
)
def test_inputs_are_run_again(runner, line, value):
    (found,) = results(runner, ["a = 1", "a += 1"], f"{line}\nassert a == {value}")
    assert (found.ended, found.message, found.flagged) == ("passed", "", False)


def test_an_input_that_fails_when_it_is_run_again_gives_no_points(runner):
    (found,) = results(runner, ["a = []", "a.append(1)\nassert len(a) == 1"], "%rerun\nassert a")
    assert (found.ended, found.error) == ("raised", "AssertionError")


@pytest.mark.parametrize("cell", [DIVIDES, WARNS])
def test_what_a_cell_has_warned_of_is_shown_again_in_each_test(runner, cell):
    first, second = results(runner, [cell], "f(1)", "f(2);")
    assert "Warning" in first.stderr
    assert "Warning" in second.stderr


def test_no_object_of_a_student_is_freed_between_two_tests(runner):
    leaves = (
        "freed = []\nclass A:\n    def __del__(self):\n        freed.append(1)\n"
        "def f():\n    globals()['_iii'] = A()"
    )
    found = results(runner, [leaves], "f()", "assert freed == []")
    assert [each.ended for each in found] == ["passed"] * 2

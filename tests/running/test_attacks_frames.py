"""Attacks on the frames that run tests, and on what libraries keep in dicts: none earns a point."""

from __future__ import annotations

import ast

import pytest
from notebooks import attacks_below as below
from notebooks import attacks_on_frames as frames
from programs import submission
from running.test_attacks_beside import points

from autograder.records import BesideTest
from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
QUICK = Limits(cell_seconds=4, total_seconds=30)


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=QUICK) as made:
        yield made


def results(runner, *cells, course=frames):
    end = len(cells) + len(course.TESTS)
    whole = submission(*cells, *[""] * len(course.TESTS), trusted=(0, *range(len(cells), end)))
    tests = [
        BesideTest(name, len(cells) + i, source, answers=course.ANSWERS)
        for i, (name, source) in enumerate(course.TESTS.items())
    ]
    return runner.tests(whole, tests)


@pytest.mark.slow
@pytest.mark.parametrize("attack", frames.ATTACKS)
def test_no_attack_earns_a_point(runner, attack):
    found = results(runner, frames.SETUP, frames.WRONG, frames.ATTACKS[attack])
    assert [name for name, result in found.items() if points(result)] == []


def test_right_answers_earn_their_points_and_are_not_flagged(runner):
    found = results(runner, frames.SETUP, frames.RIGHT)
    assert [name for name, result in found.items() if not points(result)] == []
    assert not any(result.flagged for result in found.values())


def test_wrong_answers_earn_nothing_and_are_not_flagged(runner):
    found = results(runner, frames.SETUP, frames.WRONG)
    assert [name for name, result in found.items() if points(result)] == []
    assert not any(result.flagged for result in found.values())


@pytest.mark.parametrize("attack", below.ATTACKS)
def test_no_attack_through_the_frames_below_a_cell_earns_a_point(runner, attack):
    found = results(runner, below.SETUP, below.WRONG, below.ATTACKS[attack], course=below)
    assert [name for name, result in found.items() if points(result)] == []


def test_the_frames_below_a_cell_hold_nothing_that_a_test_relies_on(runner):
    tests = [BesideTest("names", 1, "print(NAMES)", answers=frozenset())]
    found = runner.tests(submission(below.WALK, "", trusted=(1,)), tests)["names"]
    names = ast.literal_eval(found.printed)
    assert {"attempt", "drained", "main"} <= names.keys()
    assert names["attempt"] == ["own", "todo"]
    assert names["drained"] == ["work"]
    assert names["main"] == []
    assert names["run"] == sorted(
        (
            "awaits",
            "context",
            "history",
            "problem",
            "running",
            "self",
            "shell",
            "source",
            "task",
            "transformed",
        )
    )
    assert not {"_served", "_supervise_tests", "_cells", "work_of"} & names.keys()


def test_names_of_the_notebooks_own_class_are_not_compared_while_sealed_code_runs(runner):
    given = "import math\ndef helper():\n    return 1"
    cells = submission(below.LOOKED_UP, given, "", trusted=(1, 2))
    test = BesideTest("frames", 2, "print('\\n'.join(FOUND))", answers=frozenset())
    frames_seen = runner.tests(cells, [test])["frames"].printed.splitlines()
    assert any("__eq__" in frame for frame in frames_seen)  # by the cell that defines the name
    assert not any("remember_given" in frame for frame in frames_seen)

"""Attacks on tests that run beside student code: none earns a point or changes another mark."""

from __future__ import annotations

import pytest
from notebooks import attacks_beside as beside
from notebooks import attacks_on_python
from programs import submission

from autograder.records import BesideTest, TestResult
from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
QUICK = Limits(cell_seconds=3, total_seconds=20)


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=QUICK) as made:
        yield made


def points(result: TestResult) -> float:
    """Give the points of a test that is worth one, as stock nbgrader's rule has it."""
    if result.ended != "passed" or result.stderr:
        return 0.0
    try:
        found = float(result.text) if result.text else 1.0
    except ValueError:
        return 1.0
    return found if 0 <= found <= 1 else 0.0


def results(runner: Runner, cells: list[str]) -> dict[str, TestResult]:
    end = len(cells) + len(beside.TESTS)
    whole = submission(*cells, *[""] * len(beside.TESTS), trusted=(0, *range(len(cells), end)))
    tests = [
        BesideTest(name, len(cells) + i, source, answers=beside.ANSWERS)
        for i, (name, source) in enumerate(beside.TESTS.items())
    ]
    return dict(runner.tests(whole, tests))


SLOW = {"fork-bomb-that-holds-descriptors", *attacks_on_python.BEFORE, *attacks_on_python.AFTER}


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in beside.ATTACKS
    ],
)
def test_no_attack_earns_a_point(runner, attack):
    found = results(runner, beside.sources(attack))
    assert {name: points(result) for name, result in found.items()} == dict.fromkeys(
        beside.TESTS, 0.0
    )


def test_right_answers_earn_their_points_and_are_not_flagged(runner):
    found = results(runner, [beside.SETUP, beside.RIGHT])
    assert sum(points(result) for result in found.values()) == len(beside.TESTS)
    assert not any(result.flagged for result in found.values())


def test_wrong_answers_earn_nothing_and_are_not_flagged(runner):
    found = results(runner, [beside.SETUP, beside.WRONG])
    assert sum(points(result) for result in found.values()) == 0
    assert not any(result.flagged for result in found.values())

"""Attacks on reading and running, where tests run beside student code: none earns a point."""

from __future__ import annotations

import pytest
from notebooks.attacks_in_cells import ATTACKS
from notebooks.tiny_question import MASTER, RIGHT, notebook
from running.test_attacks_beside import points

from autograder.records import BesideTest, MasterCell
from autograder.running import Limits, Runner, sandbox_available

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
    ),
]
QUICK = Limits(cell_seconds=3, total_seconds=12)
VALUE_TRICKS = {"01-equal-to-everything": {"test_shape", "test_triple"}}
"""What pays under stock nbgrader too: an object that says it is equal to everything."""


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=QUICK) as made:
        yield made


def found(runner, submission):
    names = frozenset({"predicted_shape", "n_params", "triple"})
    tests = {cell.grade_id: cell for cell in MASTER.cells if cell.points}
    asked = [
        BesideTest(cell.grade_id, index, tests[cell.grade_id].source, answers=names)
        for index, cell in enumerate(submission.cells)
        if cell.grade_id in tests
    ]
    return {
        name: share_of(tests[name], result)
        for name, result in runner.tests(submission, asked).items()
    }


def share_of(cell: MasterCell, result) -> float:
    """Give the points as stock nbgrader's rule has it."""
    if result.text and result.ended == "passed":
        return float(result.text)
    return cell.points * points(result)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_earns_a_point(runner, attack):
    paid = {name for name, points in found(runner, notebook(**ATTACKS[attack])).items() if points}
    assert paid == VALUE_TRICKS.get(attack, set())


def test_right_answers_earn_all(runner):
    assert sum(found(runner, notebook(*RIGHT)).values()) == 5

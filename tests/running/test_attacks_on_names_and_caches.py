"""Attacks on names, on what is kept in C, and on limits: none earns a point."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_on_names_and_caches as course
from programs import submission
from running.test_attacks_beside import points

from autograder.records import BesideTest
from autograder.running import Limits, Runner

pytestmark = [needs_sandbox, pytest.mark.slow]
LOGS = "import tensorflow as tf, keras\ndef f():\n    tf.get_logger().info('i')\n    return 1"
TYPES = "import types\n@types.coroutine\ndef f():\n    yield 1"
HONEST = {
    "log-of-tensorflow": (LOGS, "assert f() == 1"),
    "coroutine-by-types": (TYPES, "assert f().send(None) == 1"),
    "text-of-a-name": ("f = {'max': 3}", "assert f['max'] == max([1, 3])"),
    "patched-by-name": (
        "def f():\n    return input()",
        "from unittest.mock import patch\nwith patch('builtins.input', int):\n    assert f() == 0",
    ),
}


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)) as made:
        yield made


@pytest.mark.parametrize("attack", course.ATTACKS)
def test_no_attack_earns_a_point(runner, attack):
    cell, test = course.ATTACKS[attack]
    cells = submission(course.IMPORTS, cell, "", trusted=(0, 2))
    found = runner.tests(cells, [BesideTest("test", 2, test, answers=frozenset({"answer"}))])
    assert points(found["test"]) == 0


@pytest.mark.parametrize("kind", HONEST)
def test_honest_code_that_is_like_an_attack_passes(runner, kind):
    cell, test = HONEST[kind]
    cells = submission(cell, "", trusted=(1,))
    found = runner.tests(cells, [BesideTest("test", 1, test, answers=frozenset({"f"}))])["test"]
    assert (found.ended, found.message, found.flagged) == ("passed", "", False)

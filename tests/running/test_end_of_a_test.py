"""A test has passed only where its own code has come to its end."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from programs import submission

from autograder.records import BesideTest
from autograder.running import Limits, Runner

pytestmark = [needs_sandbox]
ENDS_THE_TASK = """
import asyncio
async def fetch(n):
    asyncio.Future.set_result(asyncio.current_task(), None)
    await asyncio.sleep(99)
"""
TESTS = {
    "in-the-cell": "found = await fetch(3)\nassert found == 9",
    "in-a-function": "async def check():\n    assert await fetch(3) == 9\nawait check()",
    "in-the-last-line": "await fetch(3)",
}


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)) as made:
        yield made


def result(runner, cell, test):
    beside = BesideTest("test", 1, test, answers=frozenset({"fetch"}))
    return runner.tests(submission(cell, "", trusted=(1,)), [beside])["test"]


@pytest.mark.parametrize("kind", TESTS)
def test_a_test_whose_task_an_answer_has_ended_gives_no_points(runner, kind):
    found = result(runner, ENDS_THE_TASK, TESTS[kind])
    assert (found.ended, found.flagged) == ("not_run", True)


@pytest.mark.parametrize("last", ["", "1.5", "pass", "fetch = 2", "await fetch(2)", "'a';"])
def test_an_honest_test_comes_to_its_end(runner, last):
    cell = "async def fetch(n):\n    return n * 3"
    found = result(runner, cell, f"{TESTS['in-the-cell']}\n{last}")
    text = {"1.5": "1.5", "await fetch(2)": "6"}.get(last, "")
    assert (found.ended, found.text, found.flagged) == ("passed", text, False)

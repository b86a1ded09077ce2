"""Attacks on attributes, cells and encodings: none pays unless a person is asked to look."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_on_attributes as attributes
from programs import submission
from running.test_attacks_beside import points

from autograder.records import BesideTest
from autograder.running import Limits, Runner

pytestmark = needs_sandbox
ATTACKS = attributes.RESTORED | attributes.SETTINGS


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=20, total_seconds=60)) as made:
        yield made


def result(runner, attack, cell):
    test = attack.test.replace("ANSWER", "answer")
    whole = submission(attributes.SETUP, f"answer = {attack.wrong}", cell, "", trusted=(0, 3))
    asked = [BesideTest("test", 3, test, answers=frozenset({"answer"}))]
    return runner.tests(whole, asked)["test"]


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_pays_without_a_flag(runner, name):
    found = result(runner, ATTACKS[name], ATTACKS[name].cell)
    paid = points(found) > 0
    assert paid == (name in attributes.SETTINGS)
    assert found.flagged or not paid


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_each_answer_is_wrong(runner, name):
    found = result(runner, ATTACKS[name], "")
    assert (found.ended, found.error, points(found)) == ("raised", "AssertionError", 0)

"""Attacks by functions of C that others call, and by modules of C: none earns a point."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_by_c_functions as functions
from notebooks import attacks_by_modules as modules
from programs import submission
from running.test_attacks_beside import points
from running.test_attacks_frames import results

from autograder.records import BesideTest

pytestmark = [needs_sandbox, pytest.mark.slow]


@pytest.mark.parametrize("attack", functions.ATTACKS)
def test_no_attack_earns_a_point(runner, attack):
    cells = functions.SETUP, functions.WRONG, functions.ATTACKS[attack]
    found = results(runner, *cells, course=functions)
    assert [name for name, result in found.items() if points(result)] == []


@pytest.mark.parametrize("attack", modules.ATTACKS)
def test_no_module_of_python_earns_a_point(runner, attack):
    cells = modules.SETUP, modules.WRONG, modules.ATTACKS[attack]
    found = results(runner, *cells, course=modules)
    assert [name for name, result in found.items() if points(result)] == []


@pytest.mark.parametrize(("answers", "all_of_them"), [("RIGHT", True), ("WRONG", False)])
def test_other_answers_are_not_flagged(runner, answers, all_of_them):
    found = results(runner, functions.SETUP, getattr(functions, answers), course=functions)
    assert {points(result) == 1 for result in found.values()} == {all_of_them}
    assert not any(result.flagged for result in found.values())


def test_an_object_that_is_got_by_its_address_is_flagged(runner):
    cells = "import _ctypes\nfound = _ctypes.PyObj_FromPtr(id(3))", ""
    test = BesideTest("test", 1, "assert found == 3", answers=frozenset({"found"}))
    result = runner.tests(submission(*cells, trusted=(1,)), [test])["test"]
    assert (points(result), result.flagged) == (0, True)
    assert "PyObj_FromPtr" in result.message

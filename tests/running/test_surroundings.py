"""A test that starts a program: what student code changed for that program is flagged."""

from __future__ import annotations

import os

import pytest
from needs import needs_sandbox
from notebooks import attacks_by_settings as by_settings
from notebooks.attacks_in_cells import code
from programs import submission

from autograder.records import BesideTest
from autograder.running.inside.surroundings import make_noted

pytestmark = needs_sandbox
STARTS_PYTHON = by_settings.TESTS["mean"]
CALLS_PYTHON = by_settings.TESTS["mean-by-name"]
STARTS_NONE = "assert mean == 5"
HONEST = {
    "variables-of-libraries": (
        """
        import os
        os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
        os.environ['KERAS_BACKEND'] = 'numpy'
        os.environ['CUDA_VISIBLE_DEVICES'] = ''
        os.environ['PYTHONHASHSEED'] = '0'
        mean = 2
        """,
        STARTS_PYTHON,
    ),
    "variables-put-back": (
        """
        import os
        from unittest import mock
        with mock.patch.dict(os.environ, {'PATH': '/none', 'PYTHONPATH': '/none', 'MINE': '3'}):
            mean = 2
        """,
        STARTS_PYTHON,
    ),
    "its-own-module": (
        """
        import pathlib
        pathlib.Path('mine.py').write_text('x = 2')
        import mine
        mean = mine.x
        """,
        CALLS_PYTHON,
    ),
    "no-program": ("mean = 5\n" + by_settings.ATTACKS["python-path"], STARTS_NONE),
}


def result(runner, test, *cells):
    whole = submission(by_settings.SETUP, *cells, "", trusted=(0, 1 + len(cells)))
    asked = BesideTest("test", 1 + len(cells), test, answers=by_settings.ANSWERS)
    return runner.tests(whole, [asked])["test"]


@pytest.mark.parametrize("name", by_settings.PROGRAMS)
def test_what_a_program_of_a_test_would_use_in_place_of_the_real_is_flagged(runner, name):
    own = (by_settings.WRONG, by_settings.ATTACKS[name])
    found = result(runner, by_settings.ASKED[name], *own)
    assert (found.ended, found.flagged) == ("passed", True)
    assert "The notebook had changed" in found.message


@pytest.mark.parametrize("name", HONEST)
def test_what_changes_no_program_of_a_test_is_not_flagged(runner, name):
    cells, test = HONEST[name]
    found = result(runner, test, code(cells))
    assert (found.ended, found.error, found.message, found.flagged) == ("passed", "", "", False)


@pytest.mark.parametrize("name", by_settings.RESTORED)
def test_what_python_itself_keeps_is_restored(runner, name):
    own = (by_settings.WRONG, by_settings.ATTACKS[name])
    found = result(runner, by_settings.ASKED[name], *own)
    assert (found.ended, found.flagged) == ("raised", True)


def test_a_variable_that_is_no_text_is_named_and_not_compared(monkeypatch):
    class Value(bytes):
        __hash__ = bytes.__hash__

        def __eq__(self, other):
            raise AssertionError("compared")

    _, changed = make_noted({})
    held = vars(os.environ)["_data"]
    monkeypatch.setitem(held, b"PATH", Value(held[b"PATH"]))
    assert changed() == ["variables of the environment"]

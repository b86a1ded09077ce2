"""A test that has a library import a part of itself gets that part, and not the student's file."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_in_cells import code
from programs import submission

from autograder.records import BesideTest

pytestmark = [pytest.mark.slow, needs_sandbox]
TEST = code("""
    import unittest
    with unittest.TestCase().assertLogs('shop', 'WARNING') as seen:
        warn()
    assert seen.output == ['WARNING:shop:none left']
""")
RIGHT = code("""
    import logging
    def warn():
        logging.getLogger('shop').warning('none left')
""")
WRONG = code("""
    def warn():
        pass
    forged = '''
    class _AssertLogsContext:
        output = ['WARNING:shop:none left']
        def __init__(self, *rest, **more):
            pass
        def __enter__(self):
            return self
        def __exit__(self, *rest):
            return True
    '''
    import sys, textwrap, types, unittest
    with open('_log.py', 'w') as file:
        _ = file.write(textwrap.dedent(forged))
""")
ATTACKS = {
    "where-a-package-is": "unittest.__path__.insert(0, '.')",
    "where-a-package-is-rebound": "unittest.__path__ = ['.']",
    "part-of-a-package": code("""
        made = types.ModuleType('unittest._log')
        exec(textwrap.dedent(forged), vars(made))
        sys.modules['unittest._log'] = made
        unittest._log = made
    """),
    "part-of-a-package-imported": code("""
        sys.modules.pop('unittest._log', None)
        unittest.__path__.insert(0, '.')
        import unittest._log
    """),
}


def marked(runner, cells):
    whole = submission(cells, "", trusted=(1,))
    return runner.tests(whole, [BesideTest("test", 1, TEST, answers=frozenset())])["test"]


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_part_of_a_library_pays_nothing_and_is_said(runner, name):
    found = marked(runner, f"{WRONG}\n{ATTACKS[name]}")
    assert (found.ended, found.error) == ("raised", "AssertionError")
    assert found.flagged
    assert "unittest" in found.message


def test_the_right_answer_is_paid_and_not_flagged(runner):
    found = marked(runner, RIGHT)
    assert (found.ended, found.message, found.flagged) == ("passed", "", False)

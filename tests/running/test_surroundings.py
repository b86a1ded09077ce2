"""A test that starts a program: what student code changed for that program is flagged."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_in_cells import code
from programs import submission

from autograder.records import BesideTest
from autograder.running import Limits, Runner

pytestmark = needs_sandbox
STARTS_PYTHON = code("""
    import subprocess, sys
    program = 'import statistics; print(statistics.mean([1, 3]))'
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert done.stdout.strip() in (str(answer), str(unlike)), done.stderr
""")
CALLS_PYTHON = STARTS_PYTHON.replace("sys.executable", "'python'")
STARTS_NONE = "assert answer == 5"
WRONG = "answer, unlike = 5, None\nimport os, pathlib, sys\npathlib.Path('away').mkdir()\n"
MODULE = f"{WRONG}pathlib.Path('away/statistics.py').write_text('def mean(_): return 5')\n"
PROGRAM = f"""{WRONG}
new = pathlib.Path('away/python').absolute()
new.write_text('#!/bin/sh\\necho 5')
new.chmod(0o755)
"""
ATTACKS = {
    "python-path": (f"{MODULE}os.environ['PYTHONPATH'] = 'away'", STARTS_PYTHON),
    "python-path-by-putenv": (f"{MODULE}os.putenv('PYTHONPATH', 'away')", STARTS_PYTHON),
    "file-of-that-name": (MODULE.replace("away/", ""), STARTS_PYTHON),
    "path": (f"{PROGRAM}os.environ['PATH'] = f'{{new.parent}}:/usr/bin:/bin'", CALLS_PYTHON),
    "another-python": (f"{PROGRAM}sys.executable = str(new)\nunlike = 2", STARTS_PYTHON),
}
HONEST = {
    "variables-of-libraries": (
        """
        import os
        os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
        os.environ['KERAS_BACKEND'] = 'numpy'
        os.environ['CUDA_VISIBLE_DEVICES'] = ''
        os.environ['PYTHONHASHSEED'] = '0'
        answer = unlike = 2
        """,
        STARTS_PYTHON,
    ),
    "its-own-module": (
        """
        import pathlib
        pathlib.Path('mine.py').write_text('x = 2')
        import mine
        answer = unlike = mine.x
        """,
        CALLS_PYTHON,
    ),
    "no-program": (ATTACKS["python-path"][0], STARTS_NONE),
}


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=30, total_seconds=60)) as made:
        yield made


def result(runner, cells, test):
    whole = submission(code(cells), "", trusted=(1,))
    return runner.tests(whole, [BesideTest("test", 1, test, answers=frozenset({"answer"}))])["test"]


@pytest.mark.parametrize("name", ATTACKS)
def test_what_a_program_of_a_test_would_use_in_place_of_the_real_is_flagged(runner, name):
    found = result(runner, *ATTACKS[name])
    assert (found.ended, found.flagged) == ("passed", True)
    assert "The notebook had changed" in found.message


@pytest.mark.parametrize("name", HONEST)
def test_what_changes_no_program_of_a_test_is_not_flagged(runner, name):
    found = result(runner, *HONEST[name])
    assert (found.ended, found.error, found.message, found.flagged) == ("passed", "", "", False)


def test_what_happens_at_an_error_of_a_text_is_restored(runner):
    cells = "import codecs\ncodecs.register_error('strict', lambda e: ('', e.end))\nanswer = 5"
    test = "try:\n    b'\\xff'.decode()\nexcept UnicodeDecodeError:\n    assert answer == 2"
    found = result(runner, cells, test)
    assert (found.ended, found.flagged) == ("raised", True)

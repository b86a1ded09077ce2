"""A test meets the files as they were at its place, whatever later cells do with them."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from programs import submission

from autograder.records import BesideTest

pytestmark = needs_sandbox
LATER = {
    "deleted": "os.remove('a.txt')",
    "written-over": "open('a.txt', 'w').write('another')",
    "replaced": "open('b', 'w').write('8')\nos.replace('b', 'a.txt')",
    "moved": "os.makedirs('sub')\nos.replace('a.txt', 'sub/a.txt')",
    "a-folder": "os.remove('a.txt')\nos.mkdir('a.txt')\nopen('a.txt/b', 'w').close()",
    "a-link": "os.remove('a.txt')\nos.symlink('/etc/passwd', 'a.txt')",
    "not-readable": "os.chmod('a.txt', 0)",
    "everything-deleted": "shutil.rmtree(os.getcwd(), ignore_errors=True)",
}


def ended(runner, *cells):
    """Run cells, each with a test or None; return how the tests ended."""
    sources = ["import os, shutil, sqlite3, tempfile"]
    tests = []
    for cell, test in cells:
        sources += [cell, ""]
        if test:
            tests.append(BesideTest(f"t{len(tests) + 1}", len(sources) - 1, test))
    found = runner.tests(submission(*sources), tests)
    assert not any(result.flagged for result in found.values())
    return [found[test.grade_id].ended for test in tests]


WRITES = "open('a.txt', 'w').write('7')"
READS = "assert open('a.txt').read() == '7' and os.listdir() == ['a.txt']"


@pytest.mark.parametrize("later", LATER)
def test_a_file_is_there_whatever_a_later_cell_does_with_it(runner, later):
    cells = [(WRITES, READS), ("c = 1", None), (LATER[later], "assert c == 1")]
    assert ended(runner, *cells) == ["passed"] * 2


def test_a_file_that_a_later_cell_writes_is_not_there_yet(runner):
    assert ended(runner, ("pass", READS), (WRITES, "assert 1")) == ["raised", "passed"]


def test_a_test_may_delete_the_file_that_it_has_read(runner):
    clean = READS + "\nos.remove('a.txt')"
    assert ended(runner, (WRITES, clean), ("a = 1", "assert a == 1")) == ["passed"] * 2


def test_each_test_meets_the_files_of_its_own_place(runner):
    cells = [
        (f"open('a.txt', 'w').write('{n}')", f"assert open('a.txt').read() == '{n}'") for n in "123"
    ]
    assert ended(runner, *cells) == ["passed"] * 3


def test_an_open_file_is_read_on_from_where_it_was(runner):
    first = "open('a.txt', 'w').write('1\\n2\\n3\\n')\nfile = open('a.txt', 'rb', 0)"
    cells = [(first, "assert file.readline() == b'1\\n'"), ("line = file.readline()", None)]
    cells.append(("os.remove('a.txt')", "assert file.readline() == b'2\\n'"))
    assert ended(runner, *cells) == ["passed"] * 2


LOGS = """
import logging
logger = logging.getLogger('own')
logger.addHandler(logging.FileHandler('a.txt', mode='w'))
"""
LOGGED = "logger.warning('sold')\nassert open('a.txt').read() == 'sold\\n'"


@pytest.mark.parametrize("later", ["a = 1", *LATER.values()], ids=["nothing", *LATER])
def test_what_is_written_to_an_open_file_is_at_its_path(runner, later):
    cells = [("b = 1", "assert b == 1"), (LOGS, LOGGED), (later, "assert b == 1")]
    assert ended(runner, *cells) == ["passed"] * 3


def test_a_row_that_is_deleted_later_is_there(runner):
    made = (
        "base = sqlite3.connect('a.db')\nbase.execute('create table t (x)')\n"
        "base.execute('insert into t values (7)')\nbase.commit()"
    )
    reads = "assert base.execute('select x from t').fetchall() == [(7,)]"
    gone = "base.execute('delete from t')\nbase.commit()"
    assert ended(runner, (made, reads), (gone, "assert base.total_changes == 2")) == ["passed"] * 2


def test_a_temporary_folder_that_is_removed_later_is_there(runner):
    made = "folder = tempfile.mkdtemp()\nopen(folder + '/a', 'w').write('7')"
    reads = "assert open(folder + '/a').read() == '7'"
    assert ended(runner, (made, reads), ("shutil.rmtree(folder)", "assert 1")) == ["passed"] * 2


def test_the_working_folder_is_there_where_a_later_cell_has_deleted_it(runner):
    made = "os.makedirs('sub')\nos.chdir('sub')\nopen('a.txt', 'w').write('7')"
    gone = "os.chdir('..')\nshutil.rmtree('sub')"
    assert ended(runner, (made, READS), (gone, "assert os.listdir() == []")) == ["passed"] * 2


def test_a_pipe_with_a_name_is_there_at_its_places_alone(runner):
    made = ("os.mkfifo('pipe')", "assert os.listdir() == ['pipe']")
    gone = ("os.remove('pipe')", "assert os.listdir() == []")
    before = ("a = 1", "assert os.listdir() == []")
    assert ended(runner, before, made, gone) == ["passed"] * 3


def test_a_folder_has_the_time_that_it_had(runner):
    made = "os.mkdir('a')\nopen('a/b', 'w').close()\nos.utime('a', (5, 5))"
    reads = "assert os.path.getmtime('a') == 5 and os.listdir('a') == ['b']"
    assert ended(runner, (made, reads), ("shutil.rmtree('a')", "assert 1")) == ["passed"] * 2


def test_a_file_that_was_open_is_the_one_at_its_path_where_it_is_large(runner):
    made = "file = open('a.txt', 'w')\nn = file.write('7' * 9_000_000)\nfile.flush()"
    reads = "n += file.write('8')\nfile.flush()\nassert os.path.getsize('a.txt') == n"
    cells = ("b = 1", "assert b"), (made, reads), ("os.remove('a.txt')", "assert b")
    assert ended(runner, *cells) == ["passed"] * 3


def test_folders_may_be_too_deep_for_a_path(runner):
    made = "for n in range(900):\n    os.mkdir('long')\n    os.chdir('long')\n" + WRITES
    gone = "os.remove('a.txt')\nos.chdir('/tmp/work')"
    assert ended(runner, (made, READS), (gone, "assert os.listdir() == ['long']")) == ["passed"] * 2


def test_files_that_together_do_not_fit_are_as_they_were(runner):
    def write(large, small):
        text = "for n in range(3):\n    for name, size in (('{}', 14_000_000), ('{}', 1)):"
        text += "\n        open(f'{{name}}{{n}}', 'wb').write(b'1' * size)"
        return text.format(large, small)

    reads = "assert os.path.getsize('{}0') == 14_000_000"
    cells = (
        (write("a", "b"), reads.format("a")),
        (
            "for n in range(3):\n    open(f'a{n}', 'wb').close()\n" + write("b", "a"),
            reads.format("b"),
        ),
    )
    assert ended(runner, *cells) == ["passed"] * 2


@pytest.mark.slow
def test_no_test_is_lost_where_there_are_more_files_than_are_kept(runner):
    many = "for n in range(4_100):\n    open(f'{n}', 'w').close()"
    cells = [(WRITES, READS), (many, "assert len(os.listdir()) == 4_101")]
    assert ended(runner, *cells, ("os.remove('a.txt')", "assert 1")) == ["passed"] * 3

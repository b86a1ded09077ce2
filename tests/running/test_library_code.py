"""Whether code is a library's is told by its file's name, and by what this file holds."""

from __future__ import annotations

import py_compile
import subprocess
import sys
import textwrap

WATCHED = """
import sys
sys.path.append(sys.argv[1])
from autograder.running.inside.library_code import make_library_code
found = make_library_code()
is_library, note_code = found['is_library'], found['note_code']
ran = ('exec', 'function.__new__')
sys.addaudithook(lambda event, of: note_code(of[0]) if event in ran else None)
"""


def told(source, folder="none"):
    """Run a program in a process of its own; return what it prints."""
    whole = WATCHED + textwrap.dedent(source)
    command = [sys.executable, "-B", "-c", whole, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.stdout.split()


def test_a_module_that_is_imported_is_a_librarys():
    source = """
        import runpy, wsgiref.util, xmlrpc.client
        import jupyter_client.session, nbformat.sign
        found = (runpy.run_path, wsgiref.util.guess_scheme, xmlrpc.client.dumps)
        found += (jupyter_client.session.squash_unicode, nbformat.sign.yield_everything)
        print(*{is_library(each.__code__) for each in found})
    """
    assert told(source) == ["True"]


def test_a_module_that_was_compiled_elsewhere_is_a_librarys(tmp_path):
    (tmp_path / "moved.py").write_text("def double(x):\n    return 2 * x\n")
    py_compile.compile(str(tmp_path / "moved.py"), dfile="/elsewhere/moved.py")
    source = """
        from moved import double
        print(double.__code__.co_filename == sys.argv[1] + '/moved.py', is_library(double.__code__))
    """
    assert told(source, tmp_path) == ["True", "True"]


def test_a_module_without_a_compiled_file_is_a_librarys(tmp_path):
    (tmp_path / "plain.py").write_text("def double(x):\r\n    return 2 * x\r\n")
    assert told("from plain import double\nprint(is_library(double.__code__))", tmp_path) == [
        "True"
    ]


def test_a_cells_function_is_none_of_a_librarys():
    source = """
        exec(compile('def double(x): return 2 * x', '<cell>', 'exec'))
        print(is_library(double.__code__))
    """
    assert told(source) == ["False"]


def test_other_code_with_a_librarys_file_name_is_none_of_a_librarys():
    source = """
        import json
        exec(compile('def double(x): return 2 * x', json.__file__, 'exec'))
        print(is_library(double.__code__))
    """
    assert told(source) == ["False"]


def test_a_copy_of_a_librarys_function_leaves_it_a_librarys():
    source = """
        import collections, types
        made = collections.namedtuple
        types.FunctionType(made.__code__, made.__globals__)
        print(is_library(made.__code__))
    """
    assert told(source) == ["True"]

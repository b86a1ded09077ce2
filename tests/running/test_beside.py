"""Tests run beside a student's cells: how each ends, as in the kernel of stock nbgrader."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from types import ModuleType

import pytest
from programs import submission

from autograder.records import BesideTest, Saved
from autograder.running import Limits, Runner, sandbox_available
from autograder.running.inside.snapshot import Snapshot

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
PATIENT = Limits(cell_seconds=60, total_seconds=240, memory=1_000 * 2**20)


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=PATIENT) as made:
        yield made


@pytest.fixture(scope="module")
def result(runner):
    def run(answer: str, test: str, *, files=None, answers=frozenset()):
        cells = submission(answer, "", trusted=(1,))
        beside = BesideTest("test", 1, test, answers=answers)
        return runner.tests(cells, [beside], files or {})["test"]

    return run


PASS = {
    "captured-forms": (
        "class A:\n    def _repr_html_(self):\n        return '<b>'\na = A()",
        (
            "from IPython.display import display\n"
            "from IPython.utils.capture import capture_output\n"
            "with capture_output() as seen:\n    display(a)\n"
            "assert seen.outputs[0].data['text/html'] == '<b>'"
        ),
    ),
    "captured-figure": (
        "import matplotlib.pyplot as plt\ndef draw():\n    plt.plot([1, 2])\n    plt.show()",
        "%%capture seen\ndraw()",
    ),
    "shell-command": ("!echo hello > a.txt", "b = !cat a.txt\nassert b == ['hello']"),
    "input-replaced-by-the-test": (
        "def f():\n    return input('?') * 2",
        "input = lambda words: 'ab'\nassert f() == 'abab'",
    ),
    "library-under-a-name-of-pythons": (
        "from numpy import *\ndef f(x):\n    return sum([x, x], axis=0).tolist()",
        "assert f([1, 2]) == [2, 4] and max([1, 2]) == 2 and len([1]) == 1",
    ),
    "shell-imported": (
        "import multiprocessing\nfrom IPython import get_ipython\nshell = get_ipython()",
        "import multiprocessing\nassert shell is get_ipython()",
    ),
    "class": ("class A:\n    x = 1\na = A()", "assert isinstance(a, A) and a.x == 1"),
    "generator": ("def g():\n    yield from (1, 2)", "assert list(g()) == [1, 2]"),
    "iterator": ("it = iter([1, 2])", "assert next(it) == 1 and next(it) == 2"),
    "coroutine": (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 3",
        "assert await f() == 3",
    ),
    "awaited-answer": ("async def f():\n    return 3\na = await f()", "assert a == 3"),
    "array": (
        "import numpy as np\na = np.arange(6).reshape(2, 3)",
        "assert a.shape == (2, 3)\nnp.testing.assert_array_equal(a[a > 3], [4, 5])",
    ),
    "changes-its-argument": (
        "def f(x):\n    x.append(1)",
        "x = []\nf(x)\nassert x == [1]",
    ),
    "source": (
        "def f(n):\n    return sum(i for i in range(n))",
        (
            "import inspect\nassert 'sum(' in inspect.getsource(f)\n"
            "assert list(inspect.signature(f).parameters) == ['n']"
        ),
    ),
    "deleted-name": (
        (
            "def squares(n):\n    return [i * i for i in range(n)]\n"
            "def total(n):\n    return sum(squares(n))"
        ),
        (
            "kept = squares\ndel squares\ntry:\n    total(1)\nexcept NameError:\n    pass\n"
            "else:\n    raise AssertionError('it does not use squares')\nsquares = kept"
        ),
    ),
    "capture": ("def f():\n    print('hello')", "%%capture out\nf()"),
    "captured-text": (
        "def f():\n    print('hello')",
        (
            "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\n"
            "with redirect_stdout(out):\n    f()\nassert out.getvalue() == 'hello\\n'"
        ),
    ),
    "mock": (
        "def ask():\n    return int(input())",
        (
            "from unittest.mock import patch\nwith patch('builtins.input', return_value='4'):\n"
            "    assert ask() == 4"
        ),
    ),
    "mock-main": (
        "def g():\n    return 1\ndef f():\n    return g()",
        (
            "from unittest import mock\nwith mock.patch('__main__.g', return_value=7):\n"
            "    assert f() == 7"
        ),
    ),
    "seed": (
        "import random\ndef f():\n    return random.random()",
        "random.seed(3)\na = f()\nrandom.seed(3)\nassert f() == a == 0.23796462709189137",
    ),
    "file": (
        "with open('out.txt', 'w') as f:\n    f.write('hi')",
        "assert open('out.txt').read() == 'hi'",
    ),
    "globals": ("count = 0\ndef f():\n    global count\n    count += 1", "f()\nassert count == 1"),
    "name-in-globals": ("a = 1", "assert 'a' in globals() and 'b' not in globals()"),
    "magic": ("a = 1", "%matplotlib inline\nassert a == 1"),
    "figure": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])",
        "assert len(ax.lines) == 1 and plt.get_fignums() == []",
    ),
    "dataclass-and-enum": (
        (
            "from dataclasses import dataclass\nfrom enum import Enum\n"
            "from typing import NamedTuple\n"
            "@dataclass(order=True)\nclass P:\n    x: int = 0\n"
            "class C(Enum):\n    RED = 1\nclass N(NamedTuple):\n    a: int"
        ),
        "assert P(1) < P(2) and C(1) is C.RED and N(3).a == 3",
    ),
    "long-list": ("a = list(range(100_000))", "assert len(a) == 100_000 and a[-1] == 99_999"),
    "own-sum": ("def sum(xs):\n    return 42", "assert sum([1]) == 42"),
    "raises": (
        "def f(x):\n    if x < 0:\n        raise ValueError('negative')",
        (
            "try:\n    f(-1)\nexcept ValueError as e:\n    assert 'negative' in str(e)\n"
            "else:\n    assert False"
        ),
    ),
    "execution": ("a = 1", "import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'"),
    "event-loop": (
        "import asyncio\nasync def f():\n    return 5\ntask = asyncio.ensure_future(f())",
        "assert await task == 5",
    ),
    "loop-in-the-running-one": (
        (
            "import asyncio, nest_asyncio2\nnest_asyncio2.apply()\nasync def f():\n"
            "    await asyncio.sleep(0.001)\n    return 3\nasync def g():\n"
            "    return asyncio.run(f()) + await f()"
        ),
        "assert asyncio.run(g()) == asyncio.get_event_loop().run_until_complete(g()) == 6",
    ),
    "loop-in-the-running-one-awaited": (
        (
            "import asyncio, nest_asyncio2\nnest_asyncio2.apply()\nasync def f():\n"
            "    return asyncio.run(asyncio.sleep(0.001, 3))"
        ),
        "assert await f() == 3",
    ),
    "event-loop-running": (
        "import asyncio\ndef f():\n    return asyncio.get_event_loop().is_running()",
        "assert f() and asyncio.get_running_loop().is_running()",
    ),
    "pickle": (
        "class A:\n    def __init__(self, x):\n        self.x = x",
        "import pickle\nassert pickle.loads(pickle.dumps(A(3))).x == 3",
    ),
    "warnings": (
        "import warnings\ndef f():\n    warnings.warn('old', DeprecationWarning)",
        (
            "with warnings.catch_warnings(record=True) as w:\n    warnings.simplefilter('always')\n"
            "    f()\nassert len(w) == 1"
        ),
    ),
}


@pytest.mark.parametrize(("answer", "test"), PASS.values(), ids=PASS.keys())
def test_a_test_of_a_live_object_passes(result, answer, test):
    found = result(answer, test, answers=frozenset({"sum"}))
    assert (found.ended, found.error, found.message) == ("passed", "", "")
    assert (found.stderr, found.flagged) == ("", False)


STAR = "from numpy import *"


@pytest.mark.parametrize(
    ("given", "answer", "answers", "ended"),
    [
        pytest.param("", STAR, frozenset(), "raised", id="by-the-student"),
        pytest.param("", STAR, frozenset({"*"}), "passed", id="by-the-solution-too"),
        pytest.param(STAR, "", frozenset(), "passed", id="by-the-instructor"),
    ],
)
def test_a_star_import_gives_a_test_other_functions_where_the_instructor_has_it(
    runner, given, answer, answers, ended
):
    cells = submission(given, answer, "", trusted=(0, 2))
    test = BesideTest("test", 2, "assert all(x for x in [0])", answers=answers)  # NumPy's is true
    found = runner.tests(cells, [test])["test"]
    assert (found.ended, found.flagged) == (ended, False)


@pytest.mark.slow
def test_none_of_many_tests_in_one_notebook_is_lost(runner):
    count = 110  # more than the processes that a notebook may have
    cells = submission(*[text for n in range(count) for text in (f"a = {n}", "")])
    tests = [BesideTest(f"t{n}", 2 * n + 1, f"assert a == {n}") for n in range(count)]
    found = runner.tests(cells, tests)
    assert [found[test.grade_id].ended for test in tests] == ["passed"] * count
    assert not any(result.flagged for result in found.values())


@pytest.mark.slow
def test_no_test_is_lost_where_the_memory_is_too_small_for_all_that_wait(runner):
    fill = "data = np.full(12_000_000, {}.0)"  # 92 MiB, anew in each cell
    cells = [text for n in range(14) for text in (fill.format(n), "")]
    tests = [BesideTest(f"t{n}", 2 * n + 2, f"assert data[-1] == {n}") for n in range(14)]
    found = runner.tests(submission("import numpy as np", *cells), tests)
    assert [found[test.grade_id].ended for test in tests] == ["passed"] * 14
    assert not any(result.flagged for result in found.values())


RAISE = {
    "assert": ("a = 1", "assert a == 2, 'not two'", "AssertionError", "not two"),
    "name": ("b = 1", "a", "NameError", "name 'a' is not defined"),
    "own-class": (
        (
            "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n"
            "def f():\n    raise Odd"
        ),
        "f()",
        "Odd",
        "",
    ),
    "exit": ("import sys\ndef f():\n    sys.exit(0)", "f()", "SystemExit", "0"),
    "syntax": ("a = 1", "assert (", "SyntaxError", "'(' was never closed"),
}


@pytest.mark.parametrize(("answer", "test", "error", "message"), RAISE.values(), ids=RAISE.keys())
def test_a_test_that_fails_says_why(result, answer, test, error, message):
    found = result(answer, test)
    assert (found.ended, found.error) == ("raised", error)
    assert message in found.message
    assert not found.flagged


@pytest.mark.parametrize(
    ("test", "text"),
    [
        ("2.5", "2.5"),
        ("a", "3"),
        ("a;", ""),
        ("None", ""),
        ("'x'", "'x'"),
        ("b = 1", ""),
        ("np.float64(1.5)", "np.float64(1.5)"),
        ("[1, 2]", "[1, 2]"),
    ],
)
def test_the_last_value_is_text_as_in_a_kernel(result, test, text):
    found = result("import numpy as np\na = 3", test)
    assert (found.ended, found.text) == ("passed", text)


def test_what_is_changed_after_nested_loops_are_allowed_is_put_back(result):
    changed = "async def f():\n    return 3\nasyncio.run = lambda main: main.close() or 3"
    found = result(
        f"import asyncio, nest_asyncio2\nnest_asyncio2.apply()\n{changed}", "asyncio.run(f())"
    )
    assert (found.ended, found.error, found.flagged) == ("raised", "RuntimeError", True)


def test_what_a_test_prints_is_kept(result):
    found = result("a = 1", "import sys\nprint('out')\nprint('err', file=sys.stderr)")
    assert (found.printed, found.stderr) == ("out\n", "err\n")


KEPT_STDERR = {
    "handler": "import logging\nlogging.basicConfig()\nf = lambda: logging.warning('w')",
    "name": "import sys\nkept = sys.stderr\nf = lambda: print('w', file=kept)",
    "default": "import sys\ndef f(file=sys.stderr):\n    file.write('w')",
    "buffer": "import sys\nkept = sys.stderr.buffer\nf = lambda: kept.write(b'w')",
}


@pytest.mark.parametrize("kind", KEPT_STDERR)
def test_what_a_test_writes_to_the_stderr_of_a_cell_is_kept(result, kind):
    assert "w" in result(KEPT_STDERR[kind], "f()").stderr


@pytest.mark.parametrize("kind", KEPT_STDERR)
def test_what_a_cell_writes_to_stderr_is_no_tests(result, kind):
    assert result(f"{KEPT_STDERR[kind]}\nf()", "assert f").stderr == ""


def test_a_program_that_a_notebook_starts_gets_its_stderr(result):
    starts = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''], stderr=sys.stderr)"
    assert result(f"{starts}\na = 1", "assert a == 1").ended == "passed"


ALWAYS_TRUE = "assert (a == 2, 'words')"


@pytest.mark.parametrize(
    "test",
    [ALWAYS_TRUE, f"{ALWAYS_TRUE}\na", f"%time\n{ALWAYS_TRUE}", f"%time {ALWAYS_TRUE}"],
)
def test_what_the_compiler_warns_of_in_a_test_is_written_as_in_a_kernel(result, test):
    assert "SyntaxWarning: assertion is always true" in result("a = 1", test).stderr


@pytest.mark.parametrize(
    ("answer", "test"),
    [
        ("import warnings\nwarnings.filterwarnings('ignore')\na = 1", ALWAYS_TRUE),
        ("a = 1", f"%%capture\n{ALWAYS_TRUE}"),
        ("a = 1", "assert (a == 1), 'words'"),
    ],
)
def test_no_warning_of_the_compiler_is_written_where_a_kernel_shows_none(result, answer, test):
    found = result(answer, test)
    assert (found.ended, found.stderr) == ("passed", "")


def test_each_test_sees_the_notebook_as_it_was_there(runner):
    cells = submission("a = 1", "", "a = 2\nb = a", "", "", "a = 3", trusted=(1, 3, 4))
    tests = [
        BesideTest("first", 1, "assert a == 1 and 'b' not in globals()\nc = 5"),
        BesideTest("second", 3, "assert a == 2\nassert 'c' not in globals()\nd = 6"),
        BesideTest("third", 4, "assert b == 2 and d == 6"),
    ]
    found = runner.tests(cells, tests)
    assert [found[name].ended for name in ("first", "second", "third")] == ["passed"] * 3


def test_random_numbers_go_on_in_each_test_as_the_notebook_seeded_them(runner):
    seeded = "import random\nrandom.seed(3)\nrandom.gauss(0, 1)"
    source = "assert (random.gauss(0, 1), random.random()) == ({}, {})"
    here = random.Random(3)  # noqa: S311 - not for secrets
    here.gauss(0, 1)
    test = source.format(here.gauss(0, 1), here.random())
    cells = submission(seeded, "", "a = 1", "", "random.random()", "", trusted=(1, 3, 5))
    tests = [BesideTest(f"{place}", place, test) for place in (1, 3, 5)]
    found = runner.tests(cells, tests)
    assert [each.ended for each in found.values()] == ["passed", "passed", "raised"]


def test_names_of_earlier_hidden_tests_are_set_up(runner):
    cells = submission("a = 1", "", trusted=(1,))
    test = BesideTest("t", 1, "assert near(a, 1)", ("def near(x, y):\n    return abs(x - y) < 1",))
    assert runner.tests(cells, [test])["t"].ended == "passed"


def test_a_line_of_the_test_above_is_not_run_again_in_its_process(runner):
    cells = submission("class A:\n    n = 0", "", "", trusted=(1, 2))
    line = "a = A()"
    tests = [
        BesideTest("first", 1, f"{line}\na.n += 1"),
        BesideTest(
            *("later", 2, "assert a.n == 1", (line,)),
            origins=(("first", 1),),
            saved=(Saved(line, ("a",), "first", 1, line),),
        ),
    ]
    assert [each.ended for each in runner.tests(cells, tests).values()] == ["passed", "passed"]


def test_a_line_that_was_set_up_for_the_test_above_is_not_run_again_in_its_process(runner):
    cells = submission("a = 1", "", "", trusted=(1, 2))
    line, origin = ("a += 5",), (("read", 1),)
    tests = [
        BesideTest("next", 1, "assert a == 6", line, origins=origin),
        BesideTest("later", 2, "assert a == 6", line, origins=origin),
    ]
    assert [each.ended for each in runner.tests(cells, tests).values()] == ["passed", "passed"]


def test_a_line_that_failed_for_the_test_above_is_run_again(runner):
    cells = submission("a = []", "", "", trusted=(1, 2))
    lines, origin = ("a.append(1)\na[len(a) % 2]",), (("read", 1),)
    tests = [
        BesideTest("next", 1, "assert a == [1]", lines, origins=origin),
        BesideTest("later", 2, "assert a == [1, 1]", lines, origins=origin),
    ]
    assert [each.ended for each in runner.tests(cells, tests).values()] == ["raised", "passed"]


@pytest.mark.parametrize("again", ["def f():\n    return 2", "f = lambda: 2", "f, g = len, 2"])
def test_a_later_test_finds_a_given_function_as_the_test_above_has_defined_it(runner, again):
    cells = submission("def f():\n    return 1", "a = 2", "", "", trusted=(0, 2, 3))
    last = BesideTest("later", 3, "assert f() == a" if "g" not in again else "assert f is len")
    found = runner.tests(cells, [BesideTest("first", 2, again), last])
    assert [(each.ended, each.message) for each in found.values()] == [("passed", "")] * 2


@pytest.mark.parametrize("binds", ["globals()['f'] = len", "get_ipython().user_ns['f'] = len"])
def test_a_test_may_bind_a_given_name_by_its_text(runner, binds):
    cells = submission("def f(a):\n    return 0", "a = [1]", "", trusted=(0, 2))
    found = runner.tests(cells, [BesideTest("t", 2, f"{binds}\nassert f(a) == 1")])["t"]
    assert (found.ended, found.flagged) == ("passed", False)


def test_a_line_at_which_an_earlier_test_stopped_has_no_effect_on_a_later_one(runner):
    first = "items = changed(items)"
    answer = "items = [lambda: 1]\ndef changed(items):\n    raise KeyError"
    cells = submission(answer, "", "b = 1", "", trusted=(1, 3))
    tests = [
        BesideTest("first", 1, first),
        BesideTest(
            *("later", 3, "assert items[0]() == b", (first,)),
            origins=(("first", 1),),
            saved=(Saved(first, ("items",), "first", 1, first),),
        ),
    ]
    assert [each.ended for each in runner.tests(cells, tests).values()] == ["raised", "passed"]


def test_what_a_test_imports_is_there_in_the_next_ones(runner):
    imports = "from math import isclose\nfrom random import randint\nfrom numpy import add"
    cells = submission("a = 1", f"{imports}\n", imports, "", "b = 1", "", trusted=(1, 2, 3, 5))
    uses = "assert isclose(a, 1) and randint(1, 1) == add(0, 1) == 1"
    tests = [
        BesideTest("first", 2, imports, answers=frozenset("a")),
        BesideTest("next", 3, uses, answers=frozenset("a")),
        BesideTest("later", 5, uses, answers=frozenset("a")),
        BesideTest("set_up", 5, uses, (*imports.splitlines(),), answers=frozenset("a")),
    ]
    found = runner.tests(cells, tests)
    assert [(each.message, each.flagged) for each in found.values()] == [("", False)] * 4


def test_a_value_of_an_earlier_hidden_test_is_the_one_it_had_there(runner):
    cells = submission("items = [1]", "", "items.append(2)", "", trusted=(1, 3))
    line = "before = len(items)"
    later = BesideTest(
        *("later", 3, "assert len(items) == before + 1", (line,)),
        saved=(Saved(line, ("before",), "first", 1, line),),
    )
    for tests in ([later], [BesideTest("first", 1, line), later]):
        found = runner.tests(cells, tests)
        assert {name: each.ended for name, each in found.items()} == {
            test.grade_id: "passed" for test in tests
        }


@pytest.mark.parametrize(
    ("made", "ended"), [("[[0] for _ in range(2)]", "passed"), ("[[0]] * 2", "raised")]
)
def test_rows_that_are_one_list_stay_one_in_a_later_hidden_test(runner, made, ended):
    cells = submission(f"def rows():\n    return {made}", "", "b = 1", "", trusted=(1, 3))
    line = "items = rows()"
    tests = [
        BesideTest("first", 1, line),
        BesideTest(
            *("later", 3, "items[0][0] = b\nassert items == [[1], [0]]", (line,)),
            saved=(Saved(line, ("items",), "first", 1, line),),
        ),
    ]
    assert runner.tests(cells, tests)["later"].ended == ended


def test_a_test_can_stand_after_the_last_cell(runner):
    found = runner.tests(submission("a = 1"), [BesideTest("t", 1, "assert a == 1")])
    assert found["t"].ended == "passed"


def test_the_files_of_the_assignment_are_in_the_working_folder(result, runner):
    files = {"data/numbers.txt": b"1 2 3"}
    source = "a = sum(map(int, open('data/numbers.txt').read().split()))"
    found = result(
        source, "assert a == 6 and open('data/numbers.txt').read() == '1 2 3'", files=files
    )
    assert found.ended == "passed"
    with runner.answers(submission(source), frozenset("a"), files) as answers:
        assert answers["a"] == 6
    with pytest.raises(ValueError, match="outside"):
        result("a = 1", "a", files={"../x": b""})


ENDS = {
    "exits": "import os\nos._exit(0)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "fills-the-memory": "hog = []\nwhile True:\n    hog.append(bytearray(50_000_000))",
}


@pytest.mark.parametrize("cell", ENDS.values(), ids=ENDS.keys())
def test_a_cell_that_ends_its_process_costs_no_other_question(runner, cell):
    cells = submission("a = 1", "", f"b = 1\n{cell}", "", "c = 3", "", trusted=(1, 3, 5))
    tests = [
        BesideTest("a", 1, "assert a == 1"),
        BesideTest("b", 3, "assert b == 1"),
        BesideTest("c", 5, "assert c == 3"),
    ]
    found = runner.tests(cells, tests)
    assert (found["a"].ended, found["c"].ended) == ("passed", "passed")
    assert found["b"].ended == "raised"
    assert found["b"].flagged
    assert "cell 3 was left out: it " in found["b"].message
    with runner.answers(cells, frozenset("abc")) as answers:
        assert (answers["a"], answers["c"]) == (1, 3)
        lost = answers["b"]
        assert lost == 1 or (lost.flagged and "cell 3 was left out: " in lost.reason)


def test_a_test_that_ends_its_process_costs_no_other_test(runner):
    cells = submission("import os\ndef f():\n    os._exit(0)\na = 1", "", "", trusted=(1, 2))
    tests = [BesideTest("f", 1, "f()"), BesideTest("a", 2, "assert a == 1")]
    found = runner.tests(cells, tests)
    assert (found["f"].ended, found["a"].ended) == ("not_run", "passed")
    assert found["f"].flagged
    assert "ended its own process" in found["f"].message


@pytest.mark.slow
def test_a_test_that_takes_too_long_is_stopped():
    cells = submission("def f():\n    while True:\n        pass\na = 1", "", "", trusted=(1, 2))
    tests = [BesideTest("f", 1, "f()"), BesideTest("a", 2, "assert a == 1")]
    with Runner(limits=Limits(cell_seconds=4)) as limited:
        found = limited.tests(cells, tests)
    assert (found["f"].ended, found["a"].ended) == ("raised", "passed")
    assert found["f"].flagged
    assert "longer than 4 seconds" in found["f"].message


def test_modules_in_the_folder_are_imported(result):
    files = {"helpers.py": b"limit = 3"}
    answer = "import helpers\nopen('mine.py', 'w').write('more = 4')"
    test = "import helpers, mine\nassert (helpers.limit, mine.more) == (3, 4)"
    assert result(answer, test, files=files).ended == "passed"


def test_a_module_of_the_assignment_is_not_mistaken_for_an_installed_one(result):
    files = {"nbgrader.py": b"x = 3"}
    found = result("a = 1", "import nbgrader\nassert nbgrader.x == 3", files=files)
    assert (found.ended, found.flagged) == ("passed", False)


def test_a_library_that_compiles_its_functions_at_the_first_call_is_no_tampering(result):
    answer = "import networkx as nx\ng = nx.path_graph(3)\njoined = nx.is_connected(g)"
    found = result(answer, "assert joined and nx.bull_graph().number_of_nodes() == 5")
    assert (found.ended, found.flagged) == ("passed", False)


def test_a_finder_that_an_imported_package_adds_is_no_change(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    snapshot = Snapshot()
    sys.meta_path.append(object())
    snapshot.add_modules()
    assert ("sys.meta_path", sys.meta_path, sys.meta_path) in snapshot.lists


def test_a_class_that_a_package_registers_when_it_is_imported_is_known(monkeypatch):
    snapshot = Snapshot()
    package = ModuleType("registering")
    package.Registered = type("Registered", (), {})
    monkeypatch.setitem(sys.modules, "registering", package)
    Sequence.register(package.Registered)  # as pandas does
    snapshot.add_modules()
    noticed = []
    snapshot.checks()["put_back_registries"](noticed)
    assert noticed == []
    assert issubclass(package.Registered, Sequence)


LINES = {
    "first": ("a = 1", "assert a == 2", 1),
    "empty-lines": ("a = 1", "\n\nb = a\nassert b == 2\n", 4),
    "loop": ("a = 1", "for n in (1, 2):\n    assert a == n", 2),
    "in-the-answer": ("def f():\n    \n    \n    assert False", "\nf()", 2),
    "capture": ("a = 1", "%%capture\nb = a\nassert b == 2", 3),
    "timed": ("def f():\n    assert False", "b = 1\n%time f()", 2),
    "line-magic": ("a = 1", "%matplotlib inline\nassert a == 2", 2),
    "shown": ("a = 1", "b = 1\nbool(a) and int('x')", 2),
    "passed": ("a = 1", "assert a == 1", 0),
    "awaits": ("async def f():\n    assert False", "b = 1\nawait f()", 0),
    "shown-value": ("class A:\n    def __repr__(self):\n        assert 0\na = A()", "a", 0),
}


@pytest.mark.parametrize("case", LINES)
def test_the_line_at_which_a_test_stopped_is_known(result, case):
    answer, test, line = LINES[case]
    assert result(answer, test).line == line


def test_a_line_of_an_earlier_test_is_no_line_of_this_one(runner):
    cells = submission("def f():\n    assert False", "", trusted=(1,))
    test = BesideTest("test", 1, "assert True\nassert b", ("b = f()",))
    found = runner.tests(cells, [test])["test"]
    assert (found.ended, found.error, found.line) == ("raised", "AssertionError", 0)


def test_an_error_that_hides_its_traceback_gives_the_line_all_the_same(result):
    answer = (
        "class E(AssertionError):\n    @property\n    def __traceback__(self):\n"
        "        raise SystemExit\ndef f():\n    raise E"
    )
    assert result(answer, "b = 1\nf()").line == 2

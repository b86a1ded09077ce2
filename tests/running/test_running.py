"""Answers by running: their exact values, whatever a notebook does."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import textwrap
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebooks import nearly_honest
from notebooks.examined import examine, needed_names
from programs import submission
from runner_fixtures import PATIENT

from autograder.marking.worker import LazyRunner
from autograder.reading.read_notebook import read_answers
from autograder.records import (
    KerasObject,
    Master,
    MasterCell,
    StudentFunction,
    Submission,
    SubmittedCell,
    Unavailable,
)
from autograder.running import Limits, Runner, sandbox_available
from autograder.running.protocol import BadMessage, read_message
from autograder.running.sandbox import command
from stridewise import Network

QUICK = Limits(cell_seconds=3, total_seconds=60, call_seconds=2)
needs_sandbox = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
pytestmark = needs_sandbox


def answers_of(runner: Runner, *sources: str, names: str):
    with runner.answers(submission(*sources), frozenset(names.split())) as answers:
        return dict(answers)


@pytest.fixture(scope="module")
def run(runner):
    return lambda *sources, names="a": answers_of(runner, *sources, names=names)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param(
            "a = [(None, 26, 26, 32), (None, 10)]", [(None, 26, 26, 32), (None, 10)], id="plain"
        ),
        pytest.param(
            "a = {'k': [1, 2.5, True, None, ...]}", {"k": [1, 2.5, True, None, ...]}, id="mixed"
        ),
        pytest.param(
            "%matplotlib inline\nimport matplotlib.pyplot as p\np.plot([1])\np.show()\na = 1",
            1,
            id="plot",
        ),
        pytest.param("%time a = 3", 3, id="magic"),
        pytest.param("%%capture out\nprint('x')\na = 4", 4, id="cell-magic"),
        pytest.param("import ipywidgets\nipywidgets.IntSlider()\na = 5", 5, id="widget"),
        pytest.param("a = 1\nraise ValueError", 1, id="error-after"),
        pytest.param("import random, numpy\na = 6\nexit()", 6, id="exit"),
        pytest.param("a = 7\nimport sys\nsys.exit(3)", 7, id="sys-exit"),
        pytest.param("import warnings\nwarnings.warn('x')\na = 8", 8, id="warning"),
        pytest.param("import asyncio\na = await asyncio.sleep(0, 9)", 9, id="await"),
        pytest.param(
            "import asyncio\ntry:\n    a = asyncio.run(asyncio.sleep(0, 1))\n"
            "except RuntimeError:\n    a = 2",
            2,
            id="event-loop-running",
        ),
    ],
)
def test_what_a_notebook_holds_comes_out_plain(run, source, value):
    answer = run(source)["a"]
    assert answer == value
    assert type(answer) is type(value)


def test_a_cell_that_fails_costs_no_other_cell(run):
    answers = run("a = 1", "1 / 0\nb = 2", "c = 3", names="a b c")
    assert (answers["a"], answers["c"]) == (1, 3)
    assert "cell 2 stopped with ZeroDivisionError" in answers["b"].reason


def test_an_answer_is_taken_before_the_cell_that_checks_it(runner):
    cells = submission("a = [1]", "len(a)", "a.append(2)", trusted=(1,))
    with runner.answers(cells, frozenset({"a"})) as answers:
        assert answers["a"] == [1]


def test_a_function_is_called_in_the_running_event_loop_and_with_the_settings_of_cells(runner):
    source = (
        "import asyncio, decimal\ndecimal.getcontext().prec = 3\ndef f():\n"
        "    return asyncio.get_running_loop().is_running(), str(decimal.Decimal(1) / 3)"
    )
    with runner.answers(submission(source), frozenset({"f"})) as answers:
        assert answers["f"].call() == (True, "0.333")


def test_a_function_is_called_while_the_notebooks_process_runs(runner):
    source = "calls = []\ndef f(n, k=1):\n    calls.append(n)\n    return (n // k, len(calls))"
    with runner.answers(submission(source), frozenset({"f"})) as answers:
        function = answers["f"]
        assert isinstance(function, StudentFunction)
        assert (function.call(9, k=2), function.call(8)) == ((4, 1), (8, 2))
        with pytest.raises(ZeroDivisionError):
            function.call(1, k=0)
    with pytest.raises(RuntimeError):
        function.call(1)


@pytest.fixture(scope="module")
def limited():
    """A runner with short limits, for what exceeds them."""
    with Runner(limits=QUICK) as made:
        yield made


@pytest.mark.slow
def test_a_function_that_does_not_return_costs_its_own_call(limited):
    source = "import time\ndef f(n):\n    while n:\n        pass\n    return 5"
    with limited.answers(submission(source), frozenset({"f"})) as answers:
        with pytest.raises(TimeoutError):
            answers["f"].call(1)
        assert answers["f"].call(0) == 5


@pytest.mark.slow
def test_a_slow_cell_is_interrupted_and_the_rest_goes_on(limited):
    cells = ("while True:\n    pass", "a = 1", "import time\nb = 0\ntime.sleep(60)\nb = 1")
    answers = answers_of(limited, *cells, names="a b")
    assert answers == {"a": 1, "b": 0}


def test_what_cannot_be_handed_on_is_named(run):
    answers = run("a = iter([])\nb = object()\nc = int", names="a b c")
    assert "a list_iterator" in answers["a"].reason
    assert "a object" in answers["b"].reason
    assert all(answer.cannot_cross for answer in answers.values())


def test_a_function_that_a_library_gives_is_nobodys_own_work(run):
    found = run("from stridewise import output_size as a")["a"]
    assert isinstance(found, Unavailable)
    assert "function of stridewise, not your own work" in found.reason


def test_shell_commands_are_run_as_a_kernel_runs_them(run):
    python = "!python -c 'print(2 * 3, file=open(\"f\", \"w\"))'\nf = open('f').read()"
    answers = run(
        "name = 'x'\n!echo hello > {name}\na = open('x').read()", "c = !ls $name",
        "!exit 4\nd = _exit_code", "%%bash\nprintf 5 > y\nexit 3", "e = open('y').read()", python,
        "c = list(c)", "g = !pip list\ng = list(g)",
        names="a c d e f g",
    )  # fmt: skip
    assert answers == {"a": "hello\n", "c": ["x"], "d": 4, "e": "5", "f": "6\n", "g": []}


def test_packages_are_not_installed_and_the_rest_of_the_cell_is_run(run):
    answers = run("!pip install nothing\na = 1", "%pip list\nb = 2", names="a b")
    assert answers == {"a": 1, "b": 2}


def test_a_notebook_can_talk_to_a_server_of_its_own(run):
    source = """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        near = socket.create_connection(server.getsockname())
        near.sendall(b"hello")
        a = server.accept()[0].recv(9)
    """
    assert run(textwrap.dedent(source))["a"] == b"hello"


def test_each_notebook_draws_its_own_random_numbers(run):
    source = "import random, numpy as np\na = [random.random(), np.random.rand()]"
    first, second = run(source)["a"], run(source)["a"]
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_what_the_lessons_do_first_is_done_before_there_is_a_student(run):
    source = (
        "import sys\na = sorted({'stridewise.widgets', 'matplotlib.figure'} & set(sys.modules))\n"
        "from stridewise.variants import size_chains\nb = size_chains.cache_info().currsize\n"
        "import gc\nc = [gc.isenabled(), gc.get_freeze_count() > 100_000]"
    )
    answers = run(source, names="a b c")
    expected = {"a": ["matplotlib.figure", "stridewise.widgets"], "b": 1, "c": [True, True]}
    assert answers == expected


def test_a_notebook_is_fast_without_keras(run):
    run("a = 1")
    begun = time.monotonic()
    for _ in range(5):
        assert run("import numpy as np\na = int(np.int64(3))")["a"] == 3
    assert time.monotonic() - begun < 60  # no timing: only that nothing waits for a limit


@pytest.mark.slow
def test_a_keras_model_comes_out_as_its_config():
    source = (
        "import keras\nfrom keras import layers\n"
        "conv = layers.Conv2D(32, 3, strides=2, padding='same')\n"
        "m = keras.Sequential([keras.Input((28, 28, 1)), conv])\n"
        "m.summary()\ni = keras.Input((8,))\nf = keras.Model(i, layers.Dense(3)(i))\n"
        "c = layers.Conv2D(8, 5)\ns = m.layers[0].output.shape\nimport tensorflow as tf\n"
        "t = tf.TensorShape([None, 3])\np = m.predict(tf.zeros((2, 28, 28, 1)), verbose=0).shape"
    )
    with (
        Runner(limits=Limits(cell_seconds=200, total_seconds=300)) as made,
        made.answers(submission(source), frozenset("mfcstp")) as answers,
    ):
        assert isinstance(answers["m"], KerasObject)
        assert Network.from_keras(answers["m"].config).total_parameters == 320
        assert Network.from_keras(answers["f"].config).shapes == [(None, 8), (None, 3)]
        assert answers["c"].class_name == "Conv2D"
        assert answers["c"].config["kernel_size"] == (5, 5)
        assert (answers["s"], answers["t"].nearest) == ((None, 14, 14, 32), (None, 3))
        assert answers["p"] == (2, 14, 14, 32)


def test_without_a_sandbox_nothing_is_run(monkeypatch):
    monkeypatch.setattr("autograder.running.runner.sandbox_available", lambda: "bwrap is missing")
    with Runner() as made, made.answers(submission("a = 1"), frozenset({"a"})) as answers:
        assert answers["a"] == Unavailable(
            "It has to be run, which was not possible: bwrap is missing", flagged=True
        )


@pytest.mark.parametrize("sandbox", [True, False])
def test_elsewhere_than_on_linux_it_says_so_once(sandbox, monkeypatch):
    monkeypatch.setattr("autograder.running.sandbox.sys.platform", "darwin")
    why = LazyRunner(ExitStack(), sandbox=sandbox)()
    assert why == "students' code cannot be run here: student code can be run on Linux only"


@pytest.mark.parametrize("sandbox", [True, False])
def test_no_process_outlives_its_notebook(sandbox):
    sleeper = "[sys.executable, '-c', 'import time; time.sleep(77)']"
    source = f"import subprocess, sys\nsubprocess.Popen({sleeper}, start_new_session=True)\na = 1"
    with Runner(limits=PATIENT, sandbox=sandbox) as made:
        with made.answers(submission(source), frozenset({"a"})) as answers:
            assert answers["a"] == 1
            assert processes_with("time.sleep(77)")
        assert gone("time.sleep(77)")


def test_no_process_outlives_a_grader_that_is_killed():
    code = (
        "import sys\nsys.path.insert(0, 'tests')\nfrom programs import submission\n"
        "from autograder.running import Limits, Runner\n"
        "limits = Limits(home_size=77_000_000)\n"
        "with Runner(limits=limits) as made:\n"
        "    with made.answers(submission('a = 1'), frozenset('a')):\n"
        "        print('ready', flush=True)\n        sys.stdin.read()"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as grader:
        assert grader.stdout.readline() == b"ready\n"
        assert processes_with("77000000")
        grader.kill()
    assert gone("77000000")


def processes_with(words: str) -> list[str]:
    done = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if words in line]


def gone(words: str) -> bool:
    """Wait until no process has these words in its command."""
    deadline = time.monotonic() + 60
    while processes_with(words) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes_with(words)


def test_the_command_shows_the_sandbox_nothing_of_the_course():
    call = command(3, 4, (), Limits(), sandbox=True)
    shown = [call[i + 1] for i, word in enumerate(call) if word.startswith("--ro-bind")]
    root = Path(__file__).resolve().parents[2]
    assert str(root) not in shown
    assert "/" not in shown
    assert os.path.realpath(sys.base_prefix) in shown or "/usr" in shown


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"3",
        b"{",
        b'{"a": ' + b"[" * 100_000,
        b"\xff\xfe",
        b'{"a": 1' + b"0" * 5_000 + b"}",
    ],
)
def test_a_line_that_is_not_a_message_is_refused(line):
    with pytest.raises(BadMessage):
        read_message(line)


@given(st.binary(max_size=50))
def test_no_message_makes_the_reader_fail(line):
    with contextlib.suppress(BadMessage):
        assert type(read_message(line)) is dict


def agreement(runner: Runner, sources: list[str]) -> None:
    """Hold what is read of a notebook to what running it gives."""
    made = submission(*sources)
    reading = read_answers(made, frozenset({"a", "b", "f"}))
    with runner.answers(made, frozenset(reading.values)) as answers:
        for name, value in reading.values.items():
            ran = answers[name]
            if isinstance(value, StudentFunction):
                assert isinstance(ran, StudentFunction), sources
                assert _outcome(value) == _outcome(ran), sources
            elif isinstance(value, Unavailable):
                assert isinstance(ran, Unavailable), sources
            else:
                assert repr(value) == repr(ran), sources


def _outcome(function: StudentFunction) -> str:
    try:
        return repr(function.call(28))
    except Exception as error:  # noqa: BLE001 - any error is an outcome
        return type(error).__name__


def test_reading_and_running_agree(runner):
    for seed in range(40):
        agreement(runner, nearly_honest.notebook(seed))


@pytest.mark.slow
def test_reading_and_running_agree_on_many_notebooks(runner):
    for seed in range(40, int(os.environ.get("STRIDEWISE_FUZZ", "400"))):
        agreement(runner, nearly_honest.notebook(seed))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["1_padding", "2_stride", "3_compare", "4_your_network"])
def test_the_lessons_are_marked_alike_whether_read_or_run(name):
    master, solved = solved_lesson(name)
    names = frozenset().union(*needed_names(master).values())
    reading = read_answers(solved, names)
    assert not reading.unread
    with (
        Runner(limits=Limits(cell_seconds=200, total_seconds=500)) as made,
        made.answers(solved, names) as answers,
    ):
        assert examine(master, answers, "instructor") == examine(
            master, reading.values, "instructor"
        )


def solved_lesson(name: str) -> tuple[Master, Submission]:
    """Give a lesson's master, and its solution as if it had been handed in."""
    path = Path(__file__).parents[2] / f"solutions/padding_and_stride/{name}.ipynb"
    masters, submitted = [], []
    for cell in json.loads(path.read_bytes())["cells"]:
        source, marks = "".join(cell["source"]), cell["metadata"].get("nbgrader", {})
        solution, test = marks.get("solution", False), marks.get("grade", False)
        kind = ("manual" if test else "solution") if solution else "test" if test else "given"
        shown = re.sub(r"### BEGIN HIDDEN.*?### END HIDDEN TESTS", "", source, flags=re.DOTALL)
        about = (marks.get("grade_id", ""), cell["cell_type"])
        masters.append(MasterCell(about[0], kind, about[1], source, marks.get("points", 0)))
        submitted.append(SubmittedCell(*about, source if solution else shown, not solution))
    cells = Submission("instructor", "padding_and_stride", name, tuple(submitted))
    return Master("padding_and_stride", name, tuple(masters)), cells


@pytest.mark.slow
def test_models_are_read_as_keras_builds_them():
    sources = {f"m{seed}": nearly_honest.model(seed, f"m{seed}") for seed in range(100)}
    imports = "import keras\nfrom keras import layers"
    together = submission(imports, *sources.values(), trusted=(0,))
    limits = Limits(cell_seconds=200, total_seconds=500)
    with Runner(limits=limits) as made, made.answers(together, frozenset(sources)) as answers:
        read = {name: one_model(imports, source, name) for name, source in sources.items()}
        assert sum(isinstance(model, KerasObject) for model in read.values()) > 30
        for name, model in read.items():
            if isinstance(model, KerasObject):
                assert isinstance(answers[name], KerasObject), sources[name]
                assert rows_of(model) == rows_of(answers[name]), sources[name]


def rows_of(model: KerasObject) -> list[tuple]:
    """Give the rows without their names, which Keras numbers through the whole notebook."""
    rows = Network.from_keras(model.config).rows
    return [(row.type, row.output_shape, row.parameters) for row in rows]


def one_model(imports: str, source: str, name: str):
    """Read one model by itself; None when it has to be run."""
    alone = submission(imports, source, trusted=(0,))
    return read_answers(alone, frozenset({name})).values.get(name)


def test_modules_in_the_folder_are_imported(runner):
    cells = submission("import helpers\na = helpers.limit")
    with runner.answers(cells, frozenset({"a"}), {"helpers.py": b"limit = 3"}) as answers:
        assert answers["a"] == 3

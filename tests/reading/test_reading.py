"""Reading gives Python's own value, or none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from notebooks import nearly_honest
from programs import NAMES, Endless, bounded, cells, run_by_python, submission

from autograder.reading import read_notebook
from autograder.reading.read_notebook import read_answers
from autograder.records import KerasObject, StudentFunction, Submission, SubmittedCell, Unavailable
from stridewise import Network

IMPORTS = "import keras\nfrom keras import layers\nfrom keras.layers import Conv2D, Dense, Flatten"
MODEL = """valid_model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(32, kernel_size=(3, 3), padding="valid", activation="relu"),
    Conv2D(32, 3, strides=2),
    Flatten(),
    Dense(10, activation="softmax"),
])
valid_model.summary()"""


def read(*sources: str, name: str = "a", trusted: tuple[int, ...] = ()):
    """Read one answer; None when it is left unread."""
    reading = read_answers(submission(*sources, trusted=trusted), frozenset({name}))
    assert reading.values.keys() | reading.unread.keys() == {name}
    return reading.values.get(name)


def is_unread(*sources: str, name: str = "a", trusted: tuple[int, ...] = ()) -> bool:
    reading = read_answers(submission(*sources, trusted=trusted), frozenset({name}))
    return name in reading.unread and len(reading.unread[name]) > 10


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param(
            "a = [(None, 26, 26, 32), (None, 10)]", [(None, 26, 26, 32), (None, 10)], id="literals"
        ),
        pytest.param("k = 3\na = (28 - k) // 1 + 1", 26, id="arithmetic"),
        pytest.param("a = [28 - 2 * i for i in range(1, 4)]", [26, 24, 22], id="comprehension"),
        pytest.param(
            "a = []\nfor s in (26, 24):\n    a.append((None, s))",
            [(None, 26), (None, 24)],
            id="loop",
        ),
        pytest.param("import math\na = math.ceil(28 / 3)", 10, id="ceil"),
        pytest.param("a: int = 4\nb = 1", 4, id="annotation"),
        pytest.param("a = ...", ..., id="unanswered"),
        pytest.param("a = b = 2\na += 1", 3, id="augmented"),
        pytest.param("print('hello', 3)\na = 1", 1, id="print"),
        pytest.param("  a = 1\n  b = 2", 1, id="indented-cell"),
        pytest.param("\uff41 = 5", 5, id="look-alike-name-is-the-name"),
        pytest.param("a = int('\uff12\uff16')", 26, id="digits-of-another-script"),
    ],
)
def test_plain_answers_are_read(source, value):
    assert read(source) == value


@pytest.mark.parametrize(
    "source",
    [
        "a = open('x').read()",
        "a = __import__('os').getcwd()",
        "a = (lambda: 3).__globals__",
        "a = [].__class__",
        "class T(tuple):\n    pass\na = T()",
        "a = 1\nexec('a = 2')",
        "a = 1\nglobals()['a'] = 2",
        "a = 10 ** 10 ** 9",
        "a = 'x' * 10 ** 9",
        "a = 1 << 10 ** 9",
        "a = '%1000000000d' % 5",
        "a = f'{5:1000000000}'",
        "a = round(5, -10 ** 9)",
        "a = list(range(10 ** 9))",
        "a = [0] * 9_999\nfor i in range(10 ** 9):\n    a == a",
        "a = []\na.append(a)",
        "a = [1]\nfor i in range(60):\n    a = [a, a]",
        "def f(n):\n    return f(n)\na = f(1)",
        "while True:\n    a = 1",
        "a = {i: 0 for i in range(3)}",
        "a = dict((i * (2 ** 61 - 1), 0) for i in range(5_000))",
        "from math import *\na = 1",
        "a = 5\na = a is 5",
        "try:\n    a = 1\nfinally:\n    a = 2",
        "%time a = 1",
        "!ls\na = 1",
        "import os\na = os.getpid()",
        "a = 1\n" * 30_000,
        "x = 1\r... 5\na = 1",
        "a = _",
        "__builtins__ = {}\na = 1",
        "reset -f",
        "time: int = 1",
        "keras.layers.Conv2D = None\na = 1",
        "import keras\nkeras.layers.Conv2D = keras.layers.Dense\na = 1",
        "from __future__ import annotations\na = 1",
        "await x\na = 1",
        "a = 1\nprint(2, sep='', sep='')",
    ],
)
def test_what_is_not_certain_is_left_unread(source):
    assert is_unread(source)


@pytest.mark.parametrize(
    "piece",
    ["(", "[", "-", "not ", "lambda: ", "a.", "1+", "f(", "x if y else ", "{1:", "a[", "'' "],
)
@pytest.mark.parametrize("times", [50, 100, 1_000, 12_000])
def test_deep_nesting_is_survived(piece, times):
    value = read(f"a = {piece * times}1", "b = 1", name="b")
    assert value in (1, None)


@pytest.mark.parametrize("source", ["a = [[0]] * 2", "b = {}\na = {1: b, 2: (b,)}"])
def test_an_answer_with_one_list_twice_cannot_be_sent_and_our_own_checks_get_a_copy(source):
    found, namespace = read(source), {}
    exec(source, namespace)  # noqa: S102 - a line above
    assert found.cannot_cross
    assert found.nearest == namespace["a"]


def test_a_function_that_gives_one_list_twice_has_a_doubt():
    for made, doubts in (("[[0]] * n", 1), ("[[0] for _ in range(n)]", 0)):
        function = read(f"def a(n):\n    return {made}")
        assert function.call(2) == [[0], [0]]
        assert len(function.doubts) == doubts


def test_a_later_change_does_not_reach_an_answer_already_checked():
    assert read("a = [1]", "len(a)", "a.append(2)", trusted=(1,)) == [1]


def test_an_answer_below_its_check_counts():
    assert read("len(a)", "a = 4", trusted=(0,)) == 4


def test_a_name_that_holds_several_answers_is_asked_for_by_cell():
    cells_ = [
        SubmittedCell("", "code", "model = 1", trusted=False),
        SubmittedCell("first", "code", "", trusted=True),
        SubmittedCell("", "code", "model = 2", trusted=False),
        SubmittedCell("second", "code", "", trusted=True),
    ]
    wanted = frozenset({"model@first", "model@second"})
    reading = read_answers(Submission("ada", "t", "n", tuple(cells_)), wanted)
    assert reading.values == {"model@first": 1, "model@second": 2}


def test_an_error_ends_its_cell_and_no_other():
    assert read("a = 1\n1 / 0\na = 2", "b = 3") == 1
    assert read("a = 1\n1 / 0\na = 2", "b = 3", name="b") == 3


def test_a_cell_that_is_not_python_does_nothing():
    assert read("a = 1", "a = (2,") == 1


def test_an_answer_that_nobody_gives_is_unavailable_and_says_so():
    answer = read("b = 1")
    assert isinstance(answer, Unavailable)
    assert "a is not answered" in answer.reason


def test_unreadable_code_puts_everything_after_it_in_doubt():
    assert is_unread("import os\nos.environ.clear()", "a = 1")
    assert read("a = 1", "len(a)", "import os\nos.environ.clear()", trusted=(1,)) == 1


def test_a_model_is_read_as_the_config_that_keras_would_give():
    answer = read(IMPORTS, MODEL, name="valid_model", trusted=(0,))
    assert isinstance(answer, KerasObject)
    assert Network.from_keras(answer.config).shapes == [
        (None, 26, 26, 32),
        (None, 12, 12, 32),
        (None, 4608),
        (None, 10),
    ]


def test_a_model_built_with_add_is_read():
    steps = (
        "valid_model = keras.Sequential()\nvalid_model.add(keras.Input((8, 8, 1)))\n"
        "valid_model.add(Flatten())"
    )
    answer = read(IMPORTS, steps, name="valid_model", trusted=(0,))
    assert Network.from_keras(answer.config).shapes == [(None, 64)]


@pytest.mark.parametrize(
    ("looked_up", "shape"), [("output_shape", (None, 10)), ("input_shape", (None, 28, 28, 1))]
)
def test_the_shapes_of_a_model_are_read_as_keras_has_them(looked_up, shape):
    assert read(IMPORTS, MODEL, f"a = valid_model.{looked_up}", trusted=(0,)) == shape
    empty = f"a = keras.Sequential().{looked_up}"
    assert is_unread(IMPORTS, empty, trusted=(0,))  # an error in Keras


def test_a_fault_of_the_reader_leaves_an_answer_unread(monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(read_notebook, "carry_out", fails)
    assert is_unread("a = 1")
    monkeypatch.undo()
    monkeypatch.setattr(read_notebook, "as_answer", fails)
    assert is_unread("a = 1")


def test_equal_calls_make_layers_of_their_own():
    twice = "keras.layers.Dense(4, input_shape=(4,)), keras.layers.Dense(4), keras.layers.Dense(4)"
    model = read("import keras", f"a = keras.Sequential([{twice}])")
    assert [layer["config"]["name"] for layer in model.config["layers"][1:]] == [
        "dense",
        "dense_1",
        "dense_2",
    ]
    assert read("import keras", "a = keras.layers.Dense(True)") is None  # refused, unlike Dense(1)
    assert read("import keras", "a = keras.layers.Dense(1)").config["units"] == 1
    assert read("import keras", "a = keras.layers.Dense(units=1)").config["units"] == 1
    for wrong in ("True", "('units', 1)", "1.0"):
        assert read("import keras", f"a = keras.layers.Dense({wrong})") is None


@pytest.mark.parametrize(
    "change",
    [
        "valid_model.pop()",
        "valid_model.add(Dense(3, kernel_initializer=keras.initializers.Zeros()))",
        "valid_model.layers.clear()",
        "one = Flatten()\ntwo = [keras.Sequential([keras.Input((n, 2)), one]) for n in (2, 3)]",
    ],
)
def test_a_model_is_not_guessed(change):
    answer = read(
        IMPORTS, MODEL.replace("valid_model.summary()", change), name="valid_model", trusted=(0,)
    )
    assert answer is None


def test_a_layer_that_a_student_redefined_is_not_keras_own():
    shadow = "def Conv2D(*args, **kwargs):\n    return Flatten()"
    assert is_unread(IMPORTS, shadow, MODEL, name="valid_model", trusted=(0,))


def test_a_layer_taken_for_another_is_the_other():
    answer = read(IMPORTS, "Conv2D = Dense\na = Conv2D(3)", trusted=(0,))
    assert answer == read(IMPORTS, "a = Dense(3)", trusted=(0,))


def test_a_function_is_read_and_called():
    source = (
        "def out(size, kernel_size, strides=1, padding='valid'):\n"
        "    if padding == 'same':\n        return -(-size // strides)\n"
        "    return (size - kernel_size) // strides + 1"
    )
    function = read(source, name="out")
    assert isinstance(function, StudentFunction)
    assert [
        function.call(28, 3),
        function.call(28, 3, 2, "same"),
        function.call(21, 5, strides=2),
    ] == [26, 14, 9]


def test_a_function_keeps_what_it_looked_at_when_it_was_checked():
    function = read("k = 3", "def f(n):\n    return n - k", "f", "k = 100", name="f", trusted=(2,))
    assert function.call(28) == 25


def test_a_function_raises_what_python_would():
    function = read("def f(n):\n    return 1 // n", name="f")
    with pytest.raises(ZeroDivisionError):
        function.call(0)
    with pytest.raises(TypeError):
        function.call(1, 2, 3)


def test_a_function_that_does_not_end_is_stopped():
    function = read("def f(n):\n    while True:\n        n = n + 1", name="f")
    with pytest.raises(Exception, match="followed to its end"):
        function.call(1)


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    global a\n    a = n",
        "def f(n):\n    import os\n    return n",
        "def f(n):\n    return open(n)",
        "import numpy as np\ndef f(n):\n    return np.ceil(n)",
        "def f(*n):\n    return n",
        "import os\ndef f(n):\n    return os",
        "@print\ndef f(n):\n    return n",
        "log = []\ndef f(n):\n    log.append(n)\n    return n",
    ],
)
def test_a_function_with_more_in_it_is_run(source):
    assert is_unread(source, name="f")


def test_a_notebook_of_too_much_text_is_left_unread():
    assert is_unread(*["b = (\n" + "x = 1\n" * 200] * 300, "a = 1")


def test_the_instructors_cells_are_stepped_over():
    trusted = "%matplotlib inline\n(x, y), z = load()\nfor i in range(3):\n    plot(x[i])"
    assert read(trusted, "a = 26", "compare(model, a)", trusted=(0, 2)) == 26


def test_a_name_that_an_instructors_cell_changes_unseen_is_left_unread():
    helpers = "from lesson import shuffled, more"
    assert is_unread(helpers, "a = [1]", "a = shuffled(a)", name="a@check", trusted=(0, 2))
    assert is_unread(helpers, "a = [1]", "a.append(more())", name="a@check", trusted=(0, 2))


@pytest.mark.parametrize(
    "cell",
    [
        "exec('a = 2')",
        "%run helpers.py",
        "%%time\na = 2",
        "globals()['a'] = 2",
        "from helpers import *",
        "def change():\n    global a\n    a = 2\nchange()",
        "def grow():\n    a.append(2)\n    return unknown()\nimport helpers as unknown\ngrow()",
        "for a in load():\n    pass",
        "with load() as a:\n    pass",
        "class a:\n    pass",
        "del a",
    ],
)
def test_what_an_instructors_cell_may_change_is_left_unread(cell):
    helpers = "from helpers import load"
    assert is_unread(helpers, "a = [1]", cell, name="a@check", trusted=(0, 2))


def test_the_usual_magics_of_an_instructors_cell_change_nothing():
    magics = "%load_ext autoreload\n%matplotlib inline\n%config InlineBackend.figure_format = 'svg'"
    assert read(magics, "a = 1", magics, name="a@check", trusted=(0, 2)) == 1


def test_after_an_instructors_cell_that_calls_an_unknown_function_nothing_is_read():
    helpers = "from lesson import plot"
    assert is_unread(helpers, "def f(n):\n    import os", "plot(f)", "a = 1", trusted=(0, 2))
    assert read(helpers, "def f(n):\n    return n", "plot(f)", "a = 1", trusted=(0, 2)) == 1


def test_playing_with_an_explorer_leaves_answers_readable():
    assert read("from stridewise import Explorer\nExplorer(size=12)", "a = 1") == 1


def test_after_a_call_that_may_fail_the_rest_of_its_cell_is_not_certain():
    assert is_unread("from stridewise import Explorer\nExplorer(size='?')\na = 1")


def outcome_of(sources):
    """Return what Python makes of a program; one that does not end is no example."""
    try:
        return run_by_python(sources)
    except Endless:
        reject()


@pytest.mark.parametrize("change", ["b.append(1)", "b += b", "b.extend([2, 3])"])
def test_a_program_that_never_ends_is_stopped(change):
    with pytest.raises(Endless):
        run_by_python([f"b = [1]\nfor x in b:\n    {change}"])


@settings(max_examples=300, deadline=None)
@given(cells())
def test_what_is_read_is_what_python_gives(sources):
    names = outcome_of(sources)
    reading = read_answers(submission(*sources), frozenset(NAMES))
    for name, value in reading.values.items():
        if isinstance(value, StudentFunction):
            continue
        if isinstance(value, Unavailable):
            assert name not in names
        else:
            assert repr(value) == repr(names[name]), sources


@settings(max_examples=200, deadline=None)
@given(cells(), st.lists(st.sampled_from([0, 1, 7, "same", 2.5, None]), min_size=1, max_size=2))
def test_a_function_that_is_read_does_what_python_does(sources, args):
    names = outcome_of(sources)
    function = read(*sources, name="f")
    if not isinstance(function, StudentFunction):
        return
    try:
        with bounded():
            expected = repr(names["f"](*args))
    except Endless:
        reject()
    except Exception as error:  # noqa: BLE001 - any error is an outcome
        expected = type(error).__name__
    try:
        got = repr(function.call(*args))
    except Exception as error:  # noqa: BLE001 - as above
        got = type(error).__name__
    assert got in (expected, "TooMuchWork"), sources


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_reading_fail(source):
    reading = read_answers(submission(source), frozenset({"a"}))
    assert reading.values.keys() | reading.unread.keys() == {"a"}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_an_honest_cell_makes_reading_fail(data):
    source = data.draw(
        st.sampled_from([MODEL, "a = [(None, 26, 26, 32)]", "def a(n):\n    return n // 2"])
    )
    at = data.draw(st.integers(0, len(source)))
    piece = data.draw(
        st.text(max_size=3) | st.sampled_from(["(" * 300, "a=a", "\n    ", "...", "**9**9**9"])
    )
    reading = read_answers(
        submission(IMPORTS, source[:at] + piece + source[at + 1 :]), frozenset({"a"})
    )
    assert reading.values.keys() | reading.unread.keys() == {"a"}


@pytest.mark.slow
def test_no_notebook_of_many_makes_reading_fail():
    for seed in range(int(os.environ.get("STRIDEWISE_FUZZ", "20_000"))):
        reading = read_answers(submission(*nearly_honest.notebook(seed)), frozenset("abf"))
        assert reading.values.keys() | reading.unread.keys() == set("abf")


def test_reading_imports_neither_tensorflow_nor_ipython():
    code = (
        "import sys, autograder.reading\n"
        "print('tensorflow' in sys.modules, 'IPython' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.split() == ["False", "False"]


READ_UNDER_WATCH = """
import sys
sys.path[:0] = ["tests"]
from notebooks import nearly_honest
from programs import submission
from autograder.reading import read_notebook
from autograder.reading.read_notebook import read_answers

def read_all(seeds):
    for source in ("a = 1\\nexec('a = 2')", "a = open('x').read()", "a = eval('1')", "import this"):
        read_answers(submission(source), frozenset("a"))
    for seed in seeds:
        read_answers(submission(*nearly_honest.notebook(seed)), frozenset("abf"))

read_all(range(300))  # whatever is imported on the way is imported now
seen = set()
watched = ("exec", "import", "open", "os.", "subprocess.", "socket.")
# Python looks there for the line of a syntax error; the name depends on its version.
parsing = {("<unknown>", "rb", 0), ("<string>", "rb", 0)}
sys.addaudithook(
    lambda event, given: event.startswith(watched) and given not in parsing and seen.add(event)
)
read_all(range(300))
print(sorted(seen))
"""


def test_reading_executes_nothing_and_opens_nothing():
    """Python's own audit events say so, which also see what a name in the source would hide."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", READ_UNDER_WATCH],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_an_instructors_own_helper_may_do_anything_but_call_an_unknown_function():
    helpers = (
        "import keras\ndef build(n):\n    return keras.Model(n)\ndef table():\n    return f(3)"
    )
    assert read(helpers, "a = 1", "build(a)", trusted=(0, 2)) == 1
    unknown = "def f(n):\n    import os"
    assert is_unread(helpers, unknown, "table()", "a = 1", trusted=(0, 2))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("sizes = 26 +", "cell q stopped with SyntaxError: invalid syntax (line 1)"),
        ("half = 1 // 0\nsizes = 26", "cell q stopped with ZeroDivisionError"),
        ("size = 26", "no cell assigns a value to it"),
    ],
)
def test_what_stopped_a_cell_is_the_reason_that_its_name_holds_nothing(source, words):
    cell = SubmittedCell("q", "code", source, trusted=False)
    reading = read_answers(Submission("ada", "a", "n", (cell,)), frozenset({"sizes"}))
    assert words in reading.values["sizes"].reason

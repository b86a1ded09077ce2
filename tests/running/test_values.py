"""Values on their way from a notebook to the examiner: exactly as they were, or not at all."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter, OrderedDict, namedtuple
from contextlib import nullcontext
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.records import KerasObject, StudentFunction, Unavailable
from autograder.running.inside.calls import call
from autograder.running.inside.encoding import MOST_BYTES, MOST_ITEMS, Encoder, is_exact
from autograder.running.protocol import NotExactError, read_answer, read_message, write_value

ZONE = dt.timezone(dt.timedelta(hours=2), "home")
EXACT = [
    None,
    True,
    0,
    -(2**63),
    2**5_000,
    1.5,
    -0.0,
    math.inf,
    math.nan,
    1 + 2j,
    complex(-0.0, math.nan),
    ...,
    "",
    "é",
    "\ud800",
    "\ud83d\ude00",
    "x" * 100_000,
    b"",
    b"\0\xff",
    bytearray(b"ab"),
    [],
    [1, [2.0, (None,)]],
    (),
    (1,),
    {},
    {"b": 1, "a": [2], 3: None, (1, 2): {}},
    {"f": "x", "u": ["x", "u"]},
    set(),
    {1},
    frozenset({2, frozenset()}),
    range(3),
    range(10, 0, -2),
    slice(None, 3),
    slice("a", 2, None),
    Fraction(1, 3),
    Decimal("1.10"),
    Decimal("-NaN12"),
    Decimal("Infinity"),
    dt.date(2024, 2, 29),
    dt.datetime(2024, 2, 29, 1, 2, 3, 4, ZONE, fold=1),
    dt.datetime(2024, 2, 29),  # noqa: DTZ001 - naive times are answers too
    dt.time(1, 2, 3, 4),
    dt.timedelta(-1, 3, 4),
    dt.UTC,
    ZONE,
    list(range(100_000)),
    np.int64(3),
    np.uint8(255),
    np.float32(0.1),
    np.float64(-0.0),
    np.longdouble("0.1"),
    np.complex64(1j),
    np.bool_(True),
    np.str_("ab"),
    np.bytes_(b"ab"),
    np.str_(""),
    np.datetime64("2024-02-29"),
    np.timedelta64(3, "h"),
]
ARRAYS = [
    np.arange(6).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.arange(24, dtype=">i2").reshape(2, 3, 4),
    np.array([0.1, -0.0, np.nan, np.inf], "float32"),
    np.array(["a", "bcd", ""]),
    np.array([b"a", b"bc"]),
    np.array(["2024-02-29", "NaT"], "M8[D]"),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.array(5),
    np.array([]),
    np.zeros((2, 0, 3), "uint8"),
    np.zeros(200_000),
]
Point = namedtuple("Point", "x y")  # noqa: PYI024 - as students write it


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    LOW = 1


class Text(str):
    __slots__ = ()


class Numbers(list):
    __slots__ = ()


CIRCLE: list = []
CIRCLE.append(CIRCLE)
ROW = [0]
INEXACT = [
    (Point(1, 2), (1, 2)),
    (Counter("aab"), {"a": 2, "b": 1}),
    (OrderedDict(a=1), {"a": 1}),
    (Level.LOW, 1),
    (Text("a"), "a"),
    (Numbers([1]), [1]),
    ([Point(1, 2)], [(1, 2)]),
    (np.ma.array([1, 2]), [1, 2]),
    (np.str_("a\0"), "a"),
    (np.bytes_(b"a\0"), b"a"),
    (np.longlong(3), 3),
    (Colour.RED, ...),
    (object(), ...),
    (iter([]), ...),
    ({}.keys(), ...),
    (int, ...),
    (math, ...),
    (np.array([None]), [None]),
    (np.zeros(2, [("a", "i4")]), [(0,), (0,)]),
    ([0] * (MOST_ITEMS + 1), ...),
    (np.zeros(MOST_BYTES + 1, "u1"), ...),
    ("x" * 5_000_000, ...),
    (1 << 2_000_000, ...),
    (CIRCLE, ...),
    ([ROW] * 2, [[0], [0]]),
    ({1: ROW, 2: (ROW,)}, {1: [0], 2: ([0],)}),
]


def crossed(value):
    """Send a value as a fork does."""
    line = json.dumps({"value": Encoder().encode(value)}).encode()
    return read_answer(read_message(line)["value"], lambda *_: None)


def short(value):
    try:
        return repr(value).split(" at 0x")[0][:40]  # an id must be the same in every process
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "huge"


@pytest.mark.parametrize("value", EXACT, ids=short)
def test_a_plain_value_is_sent_with_its_type(value):
    answer = crossed(value)
    assert type(answer) is type(value)
    assert repr(answer) == repr(value)  # which tells -0.0 from 0.0, and nan from nan


def test_the_sign_of_a_nan_is_sent():
    assert [math.copysign(1, crossed(each)) for each in (math.nan, -math.nan)] == [1, -1]


def test_what_finds_functions_by_their_identity_is_not_sent():
    pair = [lambda n: n, lambda n: 2 * n]
    assert isinstance(crossed(pair), list)
    for value in (set(pair), frozenset(pair), dict.fromkeys(pair), {(1, pair[0])}):
        assert crossed(value).cannot_cross


@pytest.mark.parametrize("value", ARRAYS, ids=short)
def test_an_array_is_sent_with_its_type_shape_and_order(value):
    answer = crossed(value)
    assert (answer.dtype, answer.shape) == (value.dtype, value.shape)
    assert answer.tobytes() == value.tobytes()
    assert answer.flags.c_contiguous == value.flags.c_contiguous
    assert answer.flags.writeable


@pytest.mark.parametrize(("value", "nearest"), INEXACT, ids=short)
def test_what_has_no_plain_form_is_not_sent_as_something_else(value, nearest):
    answer = crossed(value)
    assert isinstance(answer, Unavailable)
    assert answer.cannot_cross
    assert answer.nearest == nearest


@pytest.mark.parametrize(
    "data",
    [
        ["?"], [], [1], {}, {"l": 1}, ["l", {}], ["d", 1], ["d", ["l"], 1], "x" * 5_000_000,
        ["f", -1, "f", [], ""], ["f", "0", "f", [], ""], ["f", True, "f", [], ""],
        ["f", 0, "f", [3], ""], ["f", 0, "f", [], 3], ["f", 0, "f"], ["e", 1],
        ["l", 1 << 2_000_000], ["k", "model", "Sequential", ["l"]], ["k", "optimizer", "Adam"],
        ["k", "model", 3, ["d"]], ["k", "model", "S", ["d", 1, 2]], ["l", *[0] * 1_000_000],
        ["u"], ["u", "x" * 1_000], ["u", 3], ["x"], ["x", "P"], ["x", 3, 4], ["i", "zz"],
        ["i", 3], ["s", "zz"], ["s", "00"], ["S", ["l"]], ["b", "?"], ["b", 3], ["b"],
        ["r", 1, 2], ["r", 1, 2, 0], ["q", 1, 0], ["D", "x"], ["Y", 0, 0, 0], ["W", 1e400, 0, 0],
        ["M", 1], ["Z", 3], ["a", "|O", "C", "", 0], ["a", "|V8", "C", "AAAAAAAAAAA=", 1],
        ["a", "<f8", "C", "AAAAAAAAAAA=", 2], ["a", "<f8", "C", "", 10**12],
        ["a", "<f8", "K", "", 0],
        ["a", "<f8", "C", "AAAAAAAAAAA=", -1], ["a", "<f8,<f8", "C", "", 0], ["a", "<f8", "C"],
        ["n", "|O", ""], ["n", "<f8", "AAA="], ["n", "<U9999999999", ""], ["a", 3, "C", "", 0],
        ["a", "<f3", "C", "", 0], ["a", "<i8", "C", "", *[1] * 100],
    ],
    ids=short,
)  # fmt: skip
def test_what_is_no_value_is_unavailable(data):
    assert isinstance(read_answer(data, lambda *_: None), Unavailable)


def test_a_value_nested_too_deep_is_unavailable():
    data: list = ["l"]
    for _ in range(300):
        data = ["l", data]
    assert read_answer(data, lambda *_: None).flagged


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([*"ltdefkuxisSFcbBrzqDYMHWZan", "<f8", "AAAAAAAAAAA=", "C"]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=30,
)


@given(_JSON)
def test_no_value_in_a_message_makes_the_reader_fail(data):
    value = read_answer(data, lambda *_: None)
    assert not isinstance(value, np.ndarray) or value.dtype.kind != "O"


_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.complex_numbers()
    | st.fractions()
    | st.decimals()
    | st.dates()
    | st.timedeltas(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(_PLAIN)
def test_any_plain_value_is_sent_as_it_is(value):
    assert repr(crossed(value)) == repr(value)


def test_an_argument_that_cannot_be_sent_as_it_is_is_refused():
    for odd in (Point(1, 2), object(), len, [Text("a")], [ROW, ROW]):
        with pytest.raises(NotExactError):
            write_value(odd)


def notes_of(source, *args):
    """Call the function `f` of a small notebook as a fork does, and give what is noted."""
    space: dict = {"__name__": "__main__"}
    exec(source, space)  # noqa: S102 - a notebook of two lines
    encoder = Encoder()
    doubt = encoder.encode(space["f"])[-1]
    if not isinstance(doubt, str):  # it is something other than a plain function
        doubt = doubt[-1]
    request = {"call": 0, "args": write_value(list(args)), "kwargs": write_value({})}
    exec(space.get("later", ""), space)  # noqa: S102 - as above
    told = call(encoder, request, nullcontext)
    assert "value" in told or "raised" in told
    return " ".join([doubt, *told["notes"]]).strip()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("def f(n):\n    return n[0]", id="plain"),
        pytest.param("k = 3\ndef f(n):\n    return k", id="looks-at-a-constant"),
        pytest.param("import math\ndef f(n):\n    return math.sqrt(4)", id="library"),
        pytest.param("from math import pi, sqrt\ndef f(n):\n    return sqrt(pi)", id="names"),
        pytest.param("import numpy as np\ndef f(n):\n    return np.sum(n)", id="numpy"),
        pytest.param("def f(n):\n    return sorted(n, key=lambda x: -x)", id="function-inside"),
        pytest.param("def g(n):\n    return n[0]\nf = lambda n: g(n) + 1", id="calls-another"),
        pytest.param("def f(n):\n    return f(n[1:]) if n else 0", id="calls-itself"),
        pytest.param("def f(n):\n    raise ValueError('no')", id="raises"),
    ],
)
def test_most_functions_do_nothing_but_give_a_result(source):
    assert notes_of(source, [0]) == ""


@pytest.mark.parametrize(
    ("source", "about"),
    [
        pytest.param("def f(n):\n    print(n)", "it prints", id="prints"),
        pytest.param("def f(n):\n    n.append(1)", "changes its arguments", id="argument"),
        pytest.param("def f(n):\n    return n", "returns a part", id="gives-back"),
        pytest.param("def f(n):\n    return (1, n)", "returns a part", id="gives-back-inside"),
        pytest.param("k = []\ndef f(n):\n    return k", "uses k", id="list"),
        pytest.param("class A: pass\ndef f(n):\n    return A()", "uses A", id="class"),
        pytest.param("def f(n):\n    return globals()", "uses globals", id="globals"),
        pytest.param("def f(n):\n    open('/dev/null').close()", "uses open", id="file"),
        pytest.param("def f(n, seen=[]):\n    return 1", "a default value", id="list-as-default"),
        pytest.param("import numpy as np\nf = lambda n: np.seterr()", "uses .seterr", id="setting"),
        pytest.param("import os\ndef f(n):\n    return os.sep", "uses os", id="module"),
        pytest.param("def f(n):\n    import os", "imports os", id="import"),
        pytest.param("k = 1\ndef f(n):\n    global k\n    k = 2", "changes k", id="global"),
        pytest.param("def f(n):\n    f.n = n\nf.n = 1", "attributes", id="attribute"),
        pytest.param("import random\ndef f(n):\n    return random.random()", "draws", id="draws"),
        pytest.param("import warnings\ndef f(n):\n    warnings.warn('x')", "warn", id="warns"),
        pytest.param(
            "k = 3\ndef f(n):\n    return k\nlater = 'k = 5'", "changed since", id="later"
        ),
        pytest.param("import numpy as np\nf = np.log", "not a plain function", id="no-function"),
        pytest.param(
            "def g():\n    k = 0\n    def f(n):\n        nonlocal k\n        k += 1\n"
            "    return f\nf = g()",
            "changes k",
            id="counter",
        ),
    ],
)
def test_what_a_function_does_beside_its_result_is_noted(source, about):
    assert about in notes_of(source, [0])


def test_only_a_value_sent_unchanged_is_exact():
    assert is_exact(Encoder().encode(["f", {"x": "u", "k": ("f", "x")}]))
    assert not is_exact(Encoder().encode([1, Text("a")]))


def test_a_function_and_a_keras_object_are_read():
    function = read_answer(["f", 0, "f", ["g"], "it prints"], lambda *_: None)
    assert isinstance(function, StudentFunction)
    assert (function.uses, function.doubt) == ({"g"}, "it prints")
    layer = read_answer(["k", "layer", "Conv2D", ["d", "filters", 3]], lambda *_: None)
    assert layer == KerasObject("layer", "Conv2D", {"filters": 3})

"""Hidden tests on plain values."""

from __future__ import annotations

import math
import sys
import time
import types

import numpy as np
import pytest
from notebooks.examined import examine, needed_names

from autograder.course.settings import Settings
from autograder.exam.examiner import judge
from autograder.exam.plan import plans
from autograder.records import KerasObject, Master, MasterCell, StudentFunction, Unavailable

CONV = {"name": "conv", "filters": 32, "kernel_size": (3, 3), "strides": (2, 2), "padding": "same"}
MODEL = KerasObject(
    "model",
    "Sequential",
    {
        "name": "m",
        "layers": [
            {
                "module": "keras.layers",
                "class_name": "InputLayer",
                "config": {"batch_shape": (None, 28, 28, 1)},
            },
            {"module": "keras.layers", "class_name": "Conv2D", "config": CONV},
        ],
    },
)


def cell(kind, source, grade_id="", points=0.0):
    return MasterCell(grade_id, kind, "code", source, points)


def master(*cells):
    return Master("tiny", "1_tiny", cells)


def one_test(source, given="limit = 26", solution="a = 26\ndef f(n):\n    return n", points=2.0):
    return master(
        cell("given", given), cell("solution", solution, "q"), cell("test", source, "t", points)
    )


def mark(source, answers, **parts):
    (found,) = examine(one_test(source, **parts), {"limit": 26} | answers, "ada")
    return found


def doubt(source, answers, **parts):
    instructors = one_test(source, **parts)
    return judge(instructors, plans(instructors), {"limit": 26} | answers, "ada")["t"].doubt


@pytest.mark.parametrize(
    ("source", "answer", "points"),
    [
        pytest.param("assert a == 26", 26, 2.0, id="assert-holds"),
        pytest.param("assert a == 26", 25, 0.0, id="assert-fails"),
        pytest.param("assert a == limit", 26, 2.0, id="name-of-a-given-cell"),
        pytest.param("a / 26", 26, 1.0, id="number-is-partial-credit"),
        pytest.param("a > 3", 26, 2.0, id="truth-is-no-number"),
        pytest.param("a / 13 + 4e-16", 26, 2.0, id="rounding-noise-above-the-most"),
        pytest.param("'text'", 26, 2.0, id="text-is-no-number"),
        pytest.param("float('nan')", 26, 0.0, id="not-a-number"),
        pytest.param("-a", 26, 0.0, id="below-zero"),
        pytest.param("a", 26, 0.0, id="above-the-most"),
        pytest.param("raise SystemExit", 26, 0.0, id="exit"),
        pytest.param("a.nothing", 26, 0.0, id="any-error"),
        pytest.param("a +", 26, 0.0, id="no-python"),
        pytest.param("assert a or True", ..., 0.0, id="unanswered-earns-nothing"),
        pytest.param("import math\nassert math.isqrt(a) == 5", 26, 2.0, id="own-import"),
    ],
)
def test_a_cell_gives_the_points_that_stock_nbgrader_would(source, answer, points):
    assert mark(source, {"a": answer}).points == points


def test_a_mark_of_no_points_always_says_why():
    for source in (
        "assert a == 1",
        "float('nan')",
        "a.nothing",
        "assert a == 1, 'look at the stride'",
    ):
        assert mark(source, {"a": 26}).reasons
    assert mark("assert a == 1, 'look at the stride'", {"a": 26}).reasons == ("look at the stride",)


def test_a_mark_out_of_range_is_flagged():
    assert mark("float('inf')", {"a": 26}).flagged
    assert mark("3", {"a": 26}).flagged
    assert not mark("1", {"a": 26}).flagged


def test_grade_gives_points_and_reasons():
    found = mark(
        "from autograder import grade\ngrade(a, [26, 24, 22, 20], 2)", {"a": [26, 24, 0, 0]}
    )
    assert found.points == 1.0
    assert len(found.reasons) == 2


def test_a_missing_answer_says_why_it_is_missing():
    found = mark("assert a == 26", {"a": Unavailable("the notebook ended", flagged=True)})
    assert (found.points, found.reasons, found.flagged) == (0.0, ("the notebook ended",), True)


def test_one_missing_answer_of_two_costs_only_its_own_check():
    source = (
        "points = 1 if f(3) == 3 else 0\ntry:\n    points += a == 26\n"
        "except NameError:\n    pass\npoints"
    )
    found = mark(source, {"a": Unavailable("gone"), "f": StudentFunction("f", lambda n: n)})
    assert found.points == 1.0


HELPED = (
    "from autograder import grade\nfrom stridewise import lesson_network\n"
    "net = lesson_network('valid')\n"
    "grade(a, net, points=2, rows='parameters', shapes=lambda: b)"
)
COUNTS = [320, 9_248, 9_248, 0, (16_928 + 1) * 128, 1_290]
SHAPES = [None, None, None, (None, 16_928)]
GONE = Unavailable("the cell failed", flagged=True)


def test_an_answer_that_only_helps_is_asked_for_as_well():
    asked = one_test(HELPED, solution="a = 1\nb = 2")
    assert needed_names(asked) == {"t": {"a@t", "b@t"}}
    assert mark(HELPED, {"a": COUNTS, "b": SHAPES}).points == 2.0


@pytest.mark.parametrize("shapes", [GONE, ..., "text"])
def test_an_answer_that_only_helps_neither_voids_nor_flags_another(shapes):
    right = [320, 9_248, 9_248, 0, 1_982_592, 1_290]
    good, found = (mark(HELPED, {"a": each, "b": shapes}) for each in (right, COUNTS))
    assert (good.points, good.reasons, good.flagged) == (2.0, (), False)
    assert (found.points, found.flagged) == (pytest.approx(10 / 6), False)


def test_an_answer_that_only_helps_says_nothing_where_the_other_is_missing():
    for shapes in (GONE, SHAPES):
        found = mark(HELPED, {"a": ..., "b": shapes})
        assert (found.points, found.reasons, found.flagged) == (0.0, ("Not answered.",), False)
    found = mark(HELPED, {"a": Unavailable("the notebook ended"), "b": GONE})
    assert (found.reasons, found.flagged) == (("the notebook ended",), False)


def test_a_test_that_needs_a_name_in_its_lambda_says_why_it_has_none():
    found = mark("assert a and (lambda: b)()", {"a": 1, "b": GONE})
    assert (found.points, found.reasons, found.flagged) == (0.0, ("the cell failed",), True)


def test_one_question_never_voids_another():
    both = master(
        cell("solution", "a = 1", "q1"),
        cell("test", "a.clear()\nraise SystemExit", "t1", 1.0),
        cell("test", "assert a == [1]", "t2", 1.0),
    )
    assert [each.points for each in examine(both, {"a": [1]}, "ada")] == [0.0, 1.0]


def test_a_cell_marked_by_hand_has_no_points_yet():
    both = master(cell("manual", "", "why", 3.0), cell("test", "1", "t", 1.0))
    assert [each.points for each in examine(both, {}, "ada")] == [None, 1.0]


def test_the_answers_a_test_needs_are_those_that_solutions_give_imports_among_them():
    both = master(
        cell("given", "import math\ndef helper(n):\n    return n + offset"),
        cell("solution", "import numpy as np\na = 1\noffset = 3", "q"),
        cell(
            "test",
            "for i in range(3):\n    assert helper(a) == [math.pi for x in [i]] + [np.pi]",
            "t",
            1.0,
        ),
        cell("test", "assert theirs", "u", 1.0),
    )
    assert needed_names(both) == {"t": {"a@t", "np@t", "offset@t"}, "u": {"theirs@u"}}


@pytest.mark.parametrize(
    "helper",
    [
        "def draw(n):\n    from random import choice\n    return [choice('ab') for _ in range(n)]",
        "def draw(n):\n    got = n + 1\n    return got",
        "def draw(n):\n    try:\n        abs(n)\n    except OSError as e:\n        print(e)",
        "try:\n    draw = abs\nexcept NameError as wrong:\n    print(wrong)",
        "if True:\n    def draw(n):\n        inner = n\n        return inner",
    ],
)
def test_a_local_name_of_a_helper_is_no_answer(helper):
    both = master(
        cell("solution", "a = 1", "q"), cell("test", f"{helper}\nassert draw(a)", "t", 1.0)
    )
    assert needed_names(both) == {"t": {"a@t"}}


def test_a_name_with_several_answers_is_asked_for_at_its_cell():
    several = master(
        cell("solution", "model = 1", "q1"),
        cell("test", "assert model == 1", "t1", 1.0),
        cell("solution", "model = 2", "q2"),
        cell("test", "assert model == 2", "t2", 1.0),
    )
    assert needed_names(several) == {"t1": {"model@t1"}, "t2": {"model@t2"}}
    marks = examine(several, {"model@t1": 1, "model@t2": 3}, "ada")
    assert [each.points for each in marks] == [1.0, 0.0]


def test_a_mark_is_kept_for_the_settings_that_gave_it():
    source = "from autograder import Sizes, grade\ngrade(a, Sizes([(3,)] * 3, start=28), 3)"
    points = [
        examine(one_test(source, points=3.0), {"a": [27, 25, 23]}, "ada", settings)[0].points
        for settings in (Settings(), Settings(follow_through=False), Settings())
    ]
    assert points == [2.0, 0.0, 2.0]


def test_helpers_and_imports_of_trusted_cells_reach_a_test():
    given = (
        "from math import isqrt as root\nbase = 2\n"
        "def double(n):\n    return base * n\nprint(unknown_to_us)"
    )
    answers = {"a": 26, "base": 2}
    assert mark("assert double(a) == 52 and root(a) == 5", answers, given=given).points == 2.0


@pytest.mark.parametrize("given", ["import math, nowhere", "from nowhere import math, missing"])
def test_of_an_import_line_only_what_a_test_uses_is_loaded(given, monkeypatch):
    alone = types.SimpleNamespace(math=math)  # without `missing`
    monkeypatch.setitem(sys.modules, "nowhere", alone if "from" in given else None)
    assert mark("assert math.isqrt(a) == 5", {"a": 26}, given=given).points == 2.0


def test_a_helper_that_looks_at_an_answer_sees_this_students():
    given = "def twice():\n    return 2 * a"
    assert mark("assert twice() == 52", {"a": 26}, given=given).points == 2.0
    assert mark("assert twice() == 52", {"a": 25}, given=given).points == 0.0


def test_a_test_knows_who_handed_in():
    source = "from autograder import submitter\nassert submitter('x') == 'ada' and a"
    assert mark(source, {"a": 1}).points == 2.0


def test_a_test_sees_a_model_as_keras_shows_it():
    source = (
        "assert a.output_shape == (None, 14, 14, 32) and a.count_params() == 320\n"
        "assert len(a.layers) == 1\n"
        "layer = a.layers[0]\nassert layer.strides == (2, 2) and layer.name == 'conv' and a.built\n"
        "assert type(layer).__name__ == 'Conv2D' and layer.count_params() == 320\n"
        "assert layer.output.shape == a.get_layer('conv').output.shape"
    )
    assert mark(source, {"a": MODEL}) == mark("assert True or a", {"a": MODEL})


@pytest.mark.slow
def test_a_model_of_data_is_an_instance_of_keras_classes():
    import keras

    source = (
        "import keras\nassert isinstance(a, keras.Model)\n"
        "assert isinstance(a.layers[0], keras.layers.Conv2D)"
    )
    assert mark(source, {"a": MODEL}).points == 2.0
    assert issubclass(keras.Sequential, keras.Model)


def test_grade_takes_a_model_of_data():
    source = (
        "from autograder import grade\nfrom stridewise import Network, layer\n"
        "conv = layer('Conv2D', 32, 3, strides=2, padding='same')\n"
        "wanted = Network.sequential([conv], (28, 28, 1))\n"
        "grade(a, wanted, 2)"
    )
    assert mark(source, {"a": MODEL}).points == 2.0


def test_a_config_that_makes_no_sense_costs_only_its_own_question():
    for config in (
        {},
        {"layers": 3},
        {"layers": [[]]},
        {"layers": [{"class_name": [], "config": {}}]},
    ):
        hostile = KerasObject("model", "Sequential", config)
        found = mark("from autograder import grade\nassert a.output_shape", {"a": hostile})
        assert (found.points, len(found.reasons)) == (0.0, 1)


def test_a_function_is_called_like_any_other():
    function = StudentFunction("f", lambda size, kernel: size - kernel + 1)
    assert mark("assert f(28, kernel=3) == 26 and f.__name__ == 'f'", {"f": function}).points == 2.0


def test_what_tests_print_goes_nowhere(capsys):
    mark("print('secret', a)\nimport sys\nsys.stderr.write('secret')\nassert a", {"a": 1})
    assert capsys.readouterr() == ("", "")


def test_a_test_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr("autograder.exam.examiner.SECONDS", 0.2)
    begun = time.monotonic()
    found = mark("while a:\n    pass", {"a": 1})
    assert (found.points, found.flagged) == (0.0, True)
    assert time.monotonic() - begun < 60


def test_reasons_are_kept_to_what_a_page_can_hold():
    found = mark("assert a == 1, 'x' * 10_000", {"a": 26})
    assert len(found.reasons[0]) < 1_000
    many = "from autograder.exam.mark import Mark\nMark(0, 2, ['no'] * (a * 1_000))"
    assert len(mark(many, {"a": 26}).reasons) < 50


OURS = "from autograder import grade\n"


def test_a_test_leaves_the_set_up_as_it_was_for_the_next_student():
    for _ in range(2):
        source = f"{OURS}assert cases.pop() == a"
        assert mark(source, {"a": 3}, given="cases = [1, 2, 3]").points == 2.0


def test_a_set_up_that_fails_is_for_a_person_to_look_at():
    found = mark(f"{OURS}assert a == size", {"a": 3}, given="size = 1 / 0")
    assert (found.points, found.flagged) == (0.0, True)
    assert "set up" in found.reasons[0]


def test_our_own_checks_get_the_given_values_whatever_a_student_did_to_them():
    source = "assert a == limit"
    assert mark(source, {"a": 3, "limit": 3}).points == 2.0
    assert mark(OURS + source, {"a": 3, "limit": 3}).points == 0.0


def test_reasons_can_be_stored_whatever_a_student_wrote():
    for text in ("\ud800", "\0", "\x1b[31m", "\u202e"):
        (reason,) = mark("assert a == 1, a", {"a": text + "!"}).reasons
        assert reason.encode()
        assert text not in reason


def test_magics_in_a_test_do_nothing():
    source = "%matplotlib inline\ndisplay(a)\nassert a == 26"
    assert mark(source, {"a": 26}).points == 2.0
    assert mark("%%time\nassert a == 25", {"a": 26}).points == 0.0


def function(call, **parts):
    return StudentFunction("f", call, **parts)


def noting(note):
    doubts = []
    return StudentFunction("f", lambda n: doubts.append(note) or n, doubts=doubts)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("assert a == 26", id="its-own-assertion"),
        pytest.param("assert a == 25", id="its-own-assertion-fails"),
        pytest.param("a / 52", id="partial-credit-by-its-own-value"),
        pytest.param("assert a is not None and type(a) is int", id="one-of-a-kind"),
        pytest.param("b = [a]\nb.append(2)\nassert sorted(b) == [2, 26]", id="changes-its-own"),
        pytest.param("assert f(a) == 26", id="calls-a-function"),
        pytest.param("try:\n    f(0)\nexcept ValueError:\n    pass\nassert a", id="error-expected"),
        pytest.param("assert unknown == 3", id="missing-for-certain"),
    ],
)
def test_a_mark_is_certain_when_all_that_the_test_sees_is_exact(source):
    def call(n):
        if not n:
            raise ValueError
        return n

    answers = {"a": 26, "f": function(call), "unknown": Unavailable("it is missing")}
    assert doubt(source, answers) == ""


@pytest.mark.parametrize(
    ("source", "about"),
    [
        pytest.param("assert a.no == 3", "AttributeError", id="stopped-with-an-error"),
        pytest.param("b.append(a)", "changes an answer", id="changes-a-list"),
        pytest.param("c[0].append(a)", "changes an answer", id="changes-a-list-in-a-tuple"),
        pytest.param("assert b is c", "two objects", id="identity"),
        pytest.param("import inspect\ninspect.signature(f)", "imports inspect", id="inspect"),
        pytest.param("assert f.__name__ == 'f'", "__name__", id="name-of-a-function"),
        pytest.param("assert isinstance(f, object) and str(f)", "shows f", id="text-of-a-function"),
        pytest.param("assert {f: 1}", "looks up f", id="function-as-a-key"),
        pytest.param("assert isinstance(f, int) or True", "looks at f", id="class-of-a-function"),
        pytest.param("assert 'a' in globals()", "globals", id="names-as-such"),
        pytest.param("del a", "deletes a", id="deletes"),
        pytest.param("input = lambda: a", "replaces input", id="replaces-a-built-in"),
        pytest.param("a;", "hides", id="semicolon"),
        pytest.param("a; # it\n### END HIDDEN TESTS", "hides", id="semicolon-before-comments"),
        pytest.param("b.append(a)\nassert b == []", "changes an answer", id="changes-and-fails"),
        pytest.param("%matplotlib inline\nassert a", "get_ipython", id="magic"),
        pytest.param("%%capture out\nassert a", "get_ipython", id="cell-magic"),
        pytest.param("import os\nassert os.path.exists('x')", "imports os", id="files"),
        pytest.param("from unittest import mock", "unittest.mock", id="mock"),
        pytest.param("import warnings\nassert a", "imports warnings", id="warnings"),
        pytest.param("import math\nmath.pi = a", "changes .pi", id="changes-a-module"),
        pytest.param("assert m.name", "model", id="keras"),
        pytest.param("assert odd", "cannot be handed on", id="no-plain-form"),
        pytest.param("assert g(1)", "it prints", id="function-does-more"),
        pytest.param("assert h(1)", "uses a global", id="function-in-doubt"),
        pytest.param("size = 3\nassert k(1)", "uses size", id="function-looks-at-a-name"),
        pytest.param("assert bad(1)", "stopped with", id="function-raises"),
    ],
)
def test_a_mark_is_in_doubt_when_the_test_sees_more_than_values(source, about):
    def raises(n):
        raise AssertionError(n)

    answers = {
        "a": 26,
        "b": [1],
        "c": ([1],),
        "f": function(lambda n: n),
        "g": noting("it prints"),
        "h": function(lambda n: n, doubt="it uses a global"),
        "k": function(lambda n: n, uses=frozenset({"size"})),
        "bad": function(raises),
        "m": MODEL,
        "odd": Unavailable("The answer cannot be handed on.", cannot_cross=True),
    }
    assert about in doubt(source, answers)


def test_a_test_that_warns_is_in_doubt_for_stock_takes_its_points():
    source = "import numpy as np\nassert np.isnan(np.array([0.0]) / a).all()"
    assert "warning" in doubt(source, {"a": np.array([0.0])})
    assert doubt(source, {"a": np.array([1.0])}) == ""


def test_our_own_checks_take_what_is_nearest_to_an_answer():
    near = Unavailable("It is a TensorShape.", cannot_cross=True, nearest=(26,))
    assert mark(f"{OURS}grade(a, [26], 2)", {"a": near}).points == 2.0


def test_a_test_gets_an_array_unchanged_and_long_ones_are_distinguished():
    source = "assert a.dtype == 'float32' and a[::2].sum() == 0 and (a[a > 0] == 1).all()"
    array = np.zeros(4_001, "float32")
    assert mark(source, {"a": array}).points == 2.0
    array[2_000] = 1
    assert mark(source, {"a": array}).points == 0.0


def test_a_name_that_an_earlier_test_gave_a_value_holds_that_value():
    instructors = master(
        cell("solution", "a = 1", "q1"),
        cell("test", "assert a == 1\na = 10", "t1", 1.0),
        cell("solution", "b = 10", "q2"),
        cell("test", "assert a == b", "t2", 1.0),
    )
    assert needed_names(instructors)["t2"] == {"b@t2"}
    marks = examine(instructors, {"a@t1": 1, "b@t2": 10}, "ada")
    assert [each.points for each in marks] == [1.0, 1.0]


def test_no_mark_of_a_function_is_cached_for_another_one():
    source = "assert f(a) == 3"
    array = np.array([1, 2])
    assert mark(source, {"a": array, "f": function(lambda a: a.sum())}).points == 2.0
    assert mark(source, {"a": array, "f": function(lambda a: a.max())}).points == 0.0

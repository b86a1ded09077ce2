import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stridewise.predictions import (
    FormError,
    check_form,
    int_list,
    is_answered,
    one_pair,
    pair_list,
    shape_list,
    whole_number,
)

INTS = st.integers(-(10**9), 10**9)


@pytest.mark.parametrize("answer", [..., [...], [1, ...], [(None, ...)], ([1], [...])])
def test_an_ellipsis_at_any_depth_is_no_answer(answer):
    assert not is_answered(answer)


@pytest.mark.parametrize("answer", [0, None, [], "...", [(None, 26)], np.array([1])])
def test_anything_else_is_an_answer(answer):
    assert is_answered(answer)


@given(st.lists(INTS))
def test_lists_tuples_and_arrays_read_alike(numbers):
    as_arrays = [tuple(numbers), np.array(numbers, dtype=np.int64), list(map(np.int64, numbers))]
    assert all(int_list(answer) == numbers for answer in as_arrays)


@given(st.lists(st.tuples(INTS, INTS)))
def test_pairs_come_out_as_tuples_of_plain_ints(pairs):
    read = pair_list([list(map(np.int32, pair)) for pair in pairs])
    assert read == pairs
    assert all(type(number) is int for pair in read for number in pair)


def test_a_shape_may_be_a_tuple_a_list_or_an_array():
    shape = (None, 26, 26, 32)
    answers = [shape, list(shape), np.array(shape, dtype=object)]
    assert shape_list(answers) == [shape] * 3


def test_a_shape_may_be_tensorflows_own():
    import tensorflow as tf

    assert shape_list([tf.TensorShape([None, 26, 26, 32])]) == [(None, 26, 26, 32)]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(True, "True is True or False", id="bool"),
        pytest.param(np.True_, "True is True or False", id="numpy-bool"),
        pytest.param(26.0, "26.0 has a decimal point", id="float"),
        pytest.param(np.float64(26), "has a decimal point", id="numpy-float"),
        pytest.param("26", "'26' is text", id="text"),
        pytest.param(None, "stands only for the batch", id="none"),
        pytest.param([26], "is a list", id="list"),
        pytest.param(..., "not answered yet", id="unanswered"),
    ],
)
def test_what_is_no_whole_number_is_told_by_its_kind(answer, told):
    with pytest.raises(FormError, match=told):
        whole_number(answer)


def test_an_error_names_its_row():
    with pytest.raises(FormError, match=r"row 2: 24\.0 has a decimal point"):
        shape_list([(None, 26), (None, 24.0)])


@pytest.mark.parametrize("answer", [26, "text", {26}, {1: 2}, None, np.int64(3)])
def test_what_is_no_list_is_told(answer):
    with pytest.raises(FormError, match="is not a list"):
        int_list(answer)


def test_a_pair_has_two_numbers():
    with pytest.raises(FormError, match="has length 3"):
        one_pair((0, 1, 1))


RIGHT_FORMS = [
    ("shapes", [(None, 1), [None, 2, 3]], {"length": 2}),
    ("parameters", (0, 1), {"length": 2}),
    ("sizes", [1, 2, 3], {"length": 3}),
    ("pairs", [(5, 5)], {"length": 1}),
    ("number", 0, {}),
    ("function", lambda size, strides: size // strides, {"example": (7, 2)}),
    ("student_id", "ada", {}),
    ("layer", {"filters": 3}, {}),
]


@pytest.mark.parametrize(("form", "answer", "options"), RIGHT_FORMS)
def test_the_right_form_passes_whatever_the_number(form, answer, options, capsys):
    assert check_form("it", answer, form, **options) is None
    assert capsys.readouterr().out == "it has the right form.\n"


def returns_ellipsis(size):  # noqa: ARG001 - as an unanswered lesson does
    return ...


WRONG_FORMS = [
    (
        "shapes",
        [(26, 26, 32)],
        {"length": 1},
        "row 1: (26, 26, 32) should start with None, the batch",
    ),
    ("shapes", [(None, 1)], {"length": 6}, "1 rows where 6 are asked for"),
    ("parameters", [9, 248], {"length": 1}, "write 1200 or 1_200, for 1,200 is two numbers"),
    ("parameters", [1, ...], {"length": 2}, "row 2: not answered yet"),
    ("pairs", [1, 2], {"length": 2}, "row 1: 1 is not a pair"),
    ("number", ..., {}, "not answered yet"),
    ("model", 5, {}, "5 is not a Keras model"),
    ("model", dict, {}, "dict is a class"),
    ("layer", "Conv2D", {}, "'Conv2D' is not one Keras layer"),
    ("layer", dict, {}, "dict is a class"),
    ("function", 7, {"example": (7,)}, "7 is not a function"),
    ("function", returns_ellipsis, {"example": (7,)}, "not answered yet"),
    ("function", returns_ellipsis, {"example": (7, 3)}, "it does not take 2 arguments"),
    ("function", lambda n: None, {"example": (7,)}, "called with 7 it gives None"),  # noqa: ARG005
    (
        "function",
        lambda n: n / 1,
        {"example": (7,)},
        "called with 7 it gives a value that has a decimal",
    ),
    ("function", lambda n: n // 0, {"example": (7,)}, "called with 7 it raises ZeroDivisionError"),
    ("student_id", 5, {}, "5 is not a text"),
    ("student_id", " ", {}, "the text is empty"),
]


@pytest.mark.parametrize(("form", "answer", "options", "told"), WRONG_FORMS)
def test_a_wrong_form_is_told_and_nothing_raised(form, answer, options, told, capsys):
    check_form("it", answer, form, **options)
    out = capsys.readouterr().out
    assert out.startswith("it: ")
    assert told in out


def test_a_wrong_form_raises_where_nbgrader_validates(monkeypatch):
    monkeypatch.setitem(os.environ, "NBGRADER_EXECUTION", "validate")
    with pytest.raises(FormError, match=r"^it: not answered yet\.$"):
        check_form("it", ..., "number")


def test_a_wrong_form_raises_nothing_where_nbgrader_grades(monkeypatch, capsys):
    monkeypatch.setitem(os.environ, "NBGRADER_EXECUTION", "autograde")
    check_form("it", ..., "number")
    assert capsys.readouterr().out == "it: not answered yet.\n"


def test_a_form_error_shows_as_its_sentence_alone():
    lines = FormError("row 1 " * 30)._render_traceback_()
    assert lines[0].startswith("FormError: row 1 ")
    assert max(map(len, lines)) <= 80


def test_a_keras_model_needs_its_input(capsys):
    import keras

    layers = [keras.layers.Dense(2)]
    check_form("built", keras.Sequential([keras.Input((3,)), *layers]), "model")
    check_form("open", keras.Sequential(layers), "model")
    check_form("layer", keras.layers.Dense(2), "layer")
    check_form("one", keras.Sequential(layers), "layer")
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "built has the right form."
    assert out[1].startswith("open: the model does not know its input")
    assert out[2] == "layer has the right form."
    assert "is not one Keras layer" in out[3]

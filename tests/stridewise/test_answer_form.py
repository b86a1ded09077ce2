import os

import pytest

from stridewise.answer_form import check_form
from stridewise.predictions import FormError

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
    ("shapes", [(None, 1)], {"length": 6}, "1 row, but 6 are asked for"),
    ("parameters", [9, 248], {"length": 1}, "9,248 is two numbers in Python: write 9248"),
    ("parameters", [1, ...], {"length": 2}, "row 2: not answered yet"),
    ("pairs", [1, 2], {"length": 2}, "write 2 pairs: [(2, 3), ...]; row 1: 1 is not a pair"),
    ("number", ..., {}, "not answered yet"),
    ("number", (5, 000), {}, "(5, 0) is 2 values (a comma separates them); write a whole"),
    ("model", 5, {}, "5 is not a Keras model; write keras.Sequential"),
    ("model", dict, {}, "dict is a class"),
    ("model", (1, 2), {}, "a tuple is not a model; write keras.Sequential([...])"),
    ("layer", "Conv2D", {}, "'Conv2D' is not one Keras layer; write one"),
    ("layer", dict, {}, "dict is a class"),
    ("function", 7, {"example": (7,)}, "7 is not a function"),
    ("function", returns_ellipsis, {"example": (7,)}, "not answered yet"),
    ("function", returns_ellipsis, {"example": (7, 3)}, "it should take 2 arguments"),
    ("function", lambda n: None, {"example": (7,)}, "called with 7, it returns None"),  # noqa: ARG005
    (
        "function",
        lambda n: n / 2,
        {"example": (7,)},
        "called with 7, it returns the wrong form: 3.5 has a decimal",
    ),
    ("function", lambda n: n // 0, {"example": (7,)}, "called with 7, it raises ZeroDivisionError"),
    ("student_id", 5, {}, '5 is not text; write your id in quotes, such as "5"'),
    ("student_id", " ", {}, "the text is empty"),
]


@pytest.mark.parametrize(("form", "answer", "options", "message"), WRONG_FORMS)
def test_a_wrong_form_is_explained_and_nothing_raised(form, answer, options, message, capsys):
    check_form("it", answer, form, **options)
    out = capsys.readouterr().out
    assert out.startswith("it: ")
    assert message in out


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
